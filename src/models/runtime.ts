import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import {
  AutoModel,
  AutoModelForTokenClassification,
  AutoTokenizer,
  env,
  LogLevel,
} from "@xenova/transformers";
import { z } from "zod";
import { WaymarkError } from "../errors.js";
import { verifyModelFolder, WEIGHTS_FILES } from "./checksums.js";
import type { ModelIdentity } from "./model.js";
import { openSession, type PoolModel, type RunModel } from "./sessions.js";
import { Tokenizer } from "./tokenizer.js";

env.logLevel = LogLevel.NONE;
env.allowRemoteModels = false;

export interface LoadOptions {
  /** Download a model that is named but not local. Off unless asked for. */
  allowRemote?: boolean;
  /** Where a downloaded model is kept, in a folder of its name. Needed where `allowRemote` is on. */
  cacheFolder?: string;
}

/** A model that is ready to run, with its tokenizer. */
export interface LoadedModel {
  identity: ModelIdentity;
  tokenizer: Tokenizer;
  /** Positions that one input may have, special tokens included. */
  maxTokens: number;
  /** The names of a classifier's outputs, in the order of the last dimension of its logits. */
  labels: string[];
  /** See {@link RunModel}. */
  run: RunModel;
  /** See {@link PoolModel}. */
  pool: PoolModel;
  /** Numbers in a row of the output. */
  width: number;
  /** Frees the weights. */
  close(): Promise<void>;
}

/**
 * Loads a model from a local folder (its files are checked, see {@link verifyModelFolder}) or, where that is allowed,
 * by its hub name.
 * @throws WaymarkError `model-missing`, `model-damaged`, `invalid-settings`
 */
export async function loadModel(
  folderOrName: string,
  kind: "embedder" | "reader",
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const folder = existsSync(folderOrName)
    ? resolve(folderOrName)
    : await download(folderOrName, kind, options);
  const { weightsFile, checksum } = await verifyModelFolder(folder);
  const opening = openSession(join(folder, weightsFile));
  const [session, described] = await Promise.allSettled([opening, describe(folder)]);
  if (session.status === "rejected") throw session.reason;
  if (described.status === "rejected") {
    await session.value.close();
    throw new WaymarkError("model-damaged", `The model in ${folder} cannot be loaded.`, {
      hint: "Check that it is an ONNX model of the right kind with its tokenizer, or restore it from the repository.",
      cause: described.reason,
    });
  }
  const name = folder === resolve(folderOrName) ? basename(folder) : folderOrName;
  return { ...session.value, ...described.value, identity: { name, checksum } };
}

/** What the files beside the weights say. */
async function describe(folder: string): Promise<Pick<LoadedModel, "tokenizer" | "maxTokens" | "labels">> {
  const { max_position_embeddings = DEFAULT_POSITIONS, id2label = {} } = configSchema.parse(
    JSON.parse(await readFile(join(folder, "config.json"), "utf8")),
  );
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  return {
    tokenizer: new Tokenizer(tokenizer),
    maxTokens: Math.min(max_position_embeddings, tokenizer.model_max_length ?? DEFAULT_POSITIONS),
    labels: Object.values(id2label),
  };
}

const configSchema = z.object({
  max_position_embeddings: z.number().optional(),
  id2label: z.record(z.string(), z.string()).optional(),
});

/** BERT's, where a configuration does not say. */
const DEFAULT_POSITIONS = 512;

function modelClass(kind: "embedder" | "reader"): typeof AutoModel | typeof AutoModelForTokenClassification {
  return kind === "embedder" ? AutoModel : AutoModelForTokenClassification;
}

/** Fetches the files of a hub model into the cache folder, unless they are there, and gives their folder. */
async function download(
  name: string,
  kind: "embedder" | "reader",
  { allowRemote, cacheFolder }: LoadOptions,
): Promise<string> {
  if (!allowRemote) {
    throw new WaymarkError("model-missing", `There is no model folder ${name}.`, {
      hint: "Give the path of a folder, or allow downloads with the setting models.allowRemote.",
    });
  }
  if (cacheFolder === undefined) {
    throw new WaymarkError(
      "invalid-settings",
      `The model ${name} cannot be downloaded without a folder to keep it in.`,
    );
  }
  const folder = join(resolve(cacheFolder), name);
  // The weights are the last file to arrive, and appear only when they are complete.
  if (WEIGHTS_FILES.some((file) => existsSync(join(folder, file)))) return folder;
  try {
    env.allowRemoteModels = true;
    const from = { cache_dir: resolve(cacheFolder) };
    await AutoTokenizer.from_pretrained(name, from);
    const model = await modelClass(kind).from_pretrained(name, { ...from, dtype: "q8" });
    await model.dispose();
    return folder;
  } catch (cause) {
    throw new WaymarkError("model-missing", `The model ${name} could not be downloaded.`, {
      hint: "Check its name and the connection, or give the path of a local folder.",
      cause,
    });
  }
}

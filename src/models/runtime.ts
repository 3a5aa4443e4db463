import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import {
  AutoModel,
  AutoModelForTokenClassification,
  AutoTokenizer,
  env,
  LogLevel,
  type PreTrainedModel,
  Tensor,
} from "@xenova/transformers";
import { WaymarkError } from "../errors.js";
import { verifyModelFolder, WEIGHTS_FILES } from "./checksums.js";
import type { ModelIdentity } from "./model.js";
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
  /** Frees the weights. */
  close(): Promise<void>;
}

/**
 * One forward pass over one sequence: the model's first output, `ids.length` rows of equal width. Calls are queued over
 * all models, so that two requests do not compete for the same cores.
 *
 * One sequence a pass, on purpose. The int8 weights are used with dynamic quantisation, which scales the activations
 * by their extremes over the whole batch: in a batch of 2 to 32 a text's vector had a cosine of only .96 to .99 with
 * its vector alone, and a logit of the reader moved by up to .49, so results would hang on what else was asked. And
 * from 50 tokens on a pass costs the same per text, whatever the batch (12 tokens: 2.5 against 1.4 ms).
 *
 * @throws WaymarkError `aborted` when the signal has fired before its turn comes.
 */
export type RunModel = (
  ids: readonly number[],
  typeIds: readonly number[] | undefined,
  signal: AbortSignal | undefined,
) => Promise<Float32Array>;

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
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
    const model = await modelClass(kind).from_pretrained(folder, {
      local_files_only: true,
      dtype: weightsFile.endsWith("_quantized.onnx") ? "q8" : "fp32",
      session_options: SESSION_OPTIONS,
    });
    const config = model.config as { max_position_embeddings?: number; id2label?: Record<string, string> };
    return {
      identity: { name: folder === resolve(folderOrName) ? basename(folder) : folderOrName, checksum },
      tokenizer: new Tokenizer(tokenizer),
      maxTokens: Math.min(
        config.max_position_embeddings ?? DEFAULT_POSITIONS,
        tokenizer.model_max_length ?? DEFAULT_POSITIONS,
      ),
      labels: Object.values(config.id2label ?? {}),
      run: (ids, typeIds, signal) => enqueue(() => forward(model, ids, typeIds), signal),
      close: async () => {
        await model.dispose();
      },
    };
  } catch (cause) {
    throw new WaymarkError("model-damaged", `The model in ${folder} cannot be loaded.`, {
      hint: "Check that it is an ONNX model of the right kind with its tokenizer, or restore it from the repository.",
      cause,
    });
  }
}

/** Throws WaymarkError `aborted` if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WaymarkError("aborted", "The work was stopped before it was done.");
}

/** In a container the count of processors is often the host's; a pass this small has no work for dozens of threads. */
const MAX_THREADS = 8;

/**
 * Threads that wait do not spin. On two busy cores, 12 passages of 164 tokens took the reader 458 ms and 467 ms of
 * processor time, with spinning 645 ms and 624 ms, with one thread 835 ms.
 */
const SESSION_OPTIONS = {
  graphOptimizationLevel: "all",
  intraOpNumThreads: Math.min(MAX_THREADS, availableParallelism()),
  extra: { session: { intra_op: { allow_spinning: "0" } } },
} as const;

/** BERT's, where a configuration does not say. */
const DEFAULT_POSITIONS = 512;

function modelClass(kind: "embedder" | "reader"): typeof AutoModel | typeof AutoModelForTokenClassification {
  return kind === "embedder" ? AutoModel : AutoModelForTokenClassification;
}

let lastInQueue: Promise<unknown> = Promise.resolve();

function enqueue<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const turn = lastInQueue.then(() => {
    throwIfAborted(signal);
    return work();
  });
  lastInQueue = turn.catch(() => undefined);
  return turn;
}

async function forward(
  model: PreTrainedModel,
  ids: readonly number[],
  typeIds: readonly number[] | undefined,
): Promise<Float32Array> {
  const dims = [1, ids.length];
  const output = await model({
    input_ids: new Tensor("int64", BigInt64Array.from(ids, BigInt), dims),
    attention_mask: new Tensor("int64", new BigInt64Array(ids.length).fill(1n), dims),
    token_type_ids: new Tensor(
      "int64",
      typeIds ? BigInt64Array.from(typeIds, BigInt) : new BigInt64Array(ids.length),
      dims,
    ),
  });
  const [first] = Object.values(output as Record<string, Tensor>);
  return first?.data as Float32Array;
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

import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { WaymarkError } from "../errors.js";

/** Lists the SHA-256 sums of a model folder's files. Written by `scripts/model-checksums.js`. */
export const MANIFEST_FILE = "manifest.json";

/** Where the weights may lie in a model folder, the preferred one first: int8, then full precision. */
export const WEIGHTS_FILES = ["onnx/model_quantized.onnx", "onnx/model.onnx"] as const;

const NEEDED_FILES = ["config.json", "tokenizer.json", "tokenizer_config.json"];

const manifestSchema = z.object({ files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)) });

/** A model folder whose files are all there and, where it has a manifest, are what the manifest says. */
export interface VerifiedFolder {
  /** One of {@link WEIGHTS_FILES}. */
  weightsFile: (typeof WEIGHTS_FILES)[number];
  /** SHA-256 of the weights, hex. */
  checksum: string;
}

/**
 * Checks a local model folder before the runtime opens it. A folder without a manifest (a user's own model) is only
 * checked for completeness.
 * @throws WaymarkError `model-missing`, `model-damaged`
 */
export async function verifyModelFolder(folder: string): Promise<VerifiedFolder> {
  const manifest = await readManifest(folder);
  const weightsFile = WEIGHTS_FILES.find((name) => existsSync(join(folder, name)));
  const listed = Object.keys(manifest);
  const missing = [...new Set([...NEEDED_FILES, ...listed])].find((name) => !existsSync(join(folder, name)));
  if (missing !== undefined) throw missingFile(folder, missing);
  if (weightsFile === undefined) throw missingFile(folder, WEIGHTS_FILES[0]);

  const names = [...new Set([...listed, weightsFile])];
  const sums = new Map(
    await Promise.all(names.map(async (name) => [name, await sha256(join(folder, name))] as const)),
  );
  for (const [name, expected] of Object.entries(manifest)) {
    if (sums.get(name) !== expected) {
      throw damagedFile(folder, name, "does not have the SHA-256 sum that the manifest gives");
    }
  }
  return { weightsFile, checksum: sums.get(weightsFile) ?? "" };
}

async function readManifest(folder: string): Promise<Record<string, string>> {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) return {};
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, "utf8"))).files;
  } catch (cause) {
    throw damagedFile(folder, MANIFEST_FILE, "cannot be read as a list of SHA-256 sums", cause);
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}

function missingFile(folder: string, name: string): WaymarkError {
  return new WaymarkError("model-missing", `The model file ${join(folder, name)} is not there.`, {
    hint: RESTORE_HINT,
  });
}

function damagedFile(folder: string, name: string, what: string, cause?: unknown): WaymarkError {
  return new WaymarkError("model-damaged", `The model file ${join(folder, name)} ${what}.`, {
    hint: `${RESTORE_HINT} After replacing a model on purpose: node scripts/model-checksums.js ${folder}`,
    cause,
  });
}

const RESTORE_HINT =
  "Restore it from the repository with `git checkout -- models`, or install Waymark again.";

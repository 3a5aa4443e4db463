import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { PACKAGE_ROOT } from "../../config.js";
import { WaymarkError } from "../../errors.js";

/** Where the question sets are. */
export const DATASETS = join(PACKAGE_ROOT, "eval", "datasets");

/**
 * The text of a gzipped file of a public set.
 * @param path Below {@link DATASETS}, such as `wice/claim_dev.jsonl.gz`.
 * @throws WaymarkError `invalid-input` where it is not there
 */
export function readPublicFile(path: string): string {
  try {
    return gunzipSync(readFileSync(join(DATASETS, path))).toString("utf8");
  } catch (cause) {
    throw notIncluded(path, cause);
  }
}

/** The error where a set did not come along. */
export function notIncluded(path: string, cause?: unknown): WaymarkError {
  return new WaymarkError("invalid-input", `The question set eval/datasets/${path} cannot be read.`, {
    hint: "This set comes with Waymark's repository, not with its package: run this in a clone.",
    cause,
  });
}

/** The lines of a gzipped JSON-lines file of a public set, in order. */
export function readPublicLines<T>(path: string): T[] {
  return readPublicFile(path)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as T);
}

/** At most `count` of the items, evenly spread and always the same. */
export function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return items.filter(
    (_, index) => index === 0 || Math.floor(index / step) !== Math.floor((index - 1) / step),
  );
}

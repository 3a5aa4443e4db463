import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SourceDocument } from "../documents/document.js";
import { sha256 } from "../documents/sha256.js";
import { WaymarkError } from "../errors.js";
import { asAdded, writeAdded } from "./added.js";
import { type IngestParts, IngestRun, type IngestSummary } from "./run.js";

export interface AddFileOptions extends IngestParts {
  /** The folder of the files that were added; none: the document is all that is kept. */
  folder: string | undefined;
  /** A safe file name. */
  name: string;
  bytes: Uint8Array;
  /** What the bytes were parsed to, under the plain name. */
  document: SourceDocument;
}

/**
 * Writes one file into the folder of added files, where there is one, and indexes it; gives the document's id with the account of the run.
 * @throws WaymarkError `unreadable-document` where no passages can be made of it; the file is not kept then.
 */
export async function addFile(options: AddFileOptions): Promise<IngestSummary & { id: string }> {
  const { folder, name, bytes } = options;
  const document = asAdded(options.document);
  const contentHash = sha256(bytes);
  const run = await IngestRun.start(options, 1);
  if (folder !== undefined) await writeAdded(folder, name, bytes);
  await run.document({ uri: document.uri }, async (known) => ({
    contentHash,
    document: contentHash === known ? undefined : document,
  }));
  const summary = await run.finish();
  const [skipped] = summary.skipped;
  if (skipped === undefined) return { ...summary, id: document.id };
  if (folder !== undefined) await rm(join(folder, name), { force: true });
  throw new WaymarkError("unreadable-document", skipped.reason);
}

export interface RemoveFileOptions extends IngestParts {
  /** The file that was added, where it was kept; that it is gone already is no error. */
  path: string | undefined;
  id: string;
  uri: string;
}

/** Deletes an added file and what the index has of it. */
export async function removeFile(options: RemoveFileOptions): Promise<IngestSummary> {
  const run = await IngestRun.start(options, 0);
  if (options.path !== undefined) await rm(options.path, { force: true });
  await run.remove(options.id, options.uri);
  return run.finish();
}

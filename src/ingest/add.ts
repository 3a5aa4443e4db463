import { rm } from "node:fs/promises";
import type { SourceDocument } from "../documents/document.js";
import { asAdded, writeAdded } from "./added.js";
import { type IngestParts, IngestRun, type IngestSummary, sha256 } from "./run.js";

export interface AddFileOptions extends IngestParts {
  /** The folder of the files that were added. */
  folder: string;
  /** A safe file name. */
  name: string;
  bytes: Uint8Array;
  /** What the bytes were parsed to, under the plain name. */
  document: SourceDocument;
}

/** Writes one file into the folder of added files and indexes it; gives the document's id with the account of the run. */
export async function addFile(options: AddFileOptions): Promise<IngestSummary & { id: string }> {
  const { folder, name, bytes } = options;
  const document = asAdded(options.document);
  const contentHash = sha256(bytes);
  const run = await IngestRun.start(options, 1);
  await writeAdded(folder, name, bytes);
  await run.document(document.uri, async (unchanged) =>
    unchanged(contentHash) ? undefined : { contentHash, document },
  );
  return { ...(await run.finish()), id: document.id };
}

export interface RemoveFileOptions extends IngestParts {
  /** The file that was added; that it is gone already is no error. */
  path: string;
  id: string;
  uri: string;
}

/** Deletes an added file and what the index has of it. */
export async function removeFile(options: RemoveFileOptions): Promise<IngestSummary> {
  const run = await IngestRun.start(options, 0);
  await rm(options.path, { force: true });
  await run.remove(options.id, options.uri);
  return run.finish();
}

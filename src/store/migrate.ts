import { WaymarkError } from "../errors.js";
import { mapConcurrently } from "../models/map-concurrently.js";
import type { DocumentSummary, Store } from "./store.js";

export interface MigrateOptions {
  from: Store;
  to: Store;
  onProgress?: (progress: MigrateProgress) => void;
  /** Stops between two documents; what is there stays, and the next run goes on from there. */
  signal?: AbortSignal;
}

export interface MigrateProgress {
  phase: "copy" | "verify" | "optimize";
  /** Documents. */
  done: number;
  total: number;
  uri?: string;
}

export interface MigrateSummary {
  /** Documents that were copied now, and that were there already. */
  copied: number;
  present: number;
  /** Passages of all of them. */
  passages: number;
  /** Documents that only the other store has: they stay. */
  others: number;
  milliseconds: number;
}

/**
 * Copies all documents of a store into another, with their passages and vectors: nothing is parsed or embedded again. What
 * is there already, as an earlier run or an ingest left it, is not copied again; then each document is compared.
 * @throws WaymarkError `invalid-input` (documents that an ingest would make anew), `index-damaged` (the comparison),
 *   `index-locked`, `aborted`, and what the stores throw
 */
export async function migrate({ from, to, onProgress, signal }: MigrateOptions): Promise<MigrateSummary> {
  const started = performance.now();
  const unlock = await to.lockForWriting();
  try {
    const wanted = await from.documents();
    refuseStale(wanted);
    const there = new Map((await to.documents()).map((document) => [document.id, document]));
    const missing = wanted.filter((document) => !isSame(document, there.get(document.id)));
    let done = wanted.length - missing.length;
    const report = (phase: MigrateProgress["phase"], uri?: string) =>
      onProgress?.({ phase, done, total: wanted.length, ...(uri === undefined ? {} : { uri }) });
    for (const batch of batches(missing)) {
      throwIfAborted(signal);
      report("copy", batch[0]?.uri);
      const records = await mapConcurrently(batch, READ_AT_ONCE, ({ id }) => from.record(id));
      await to.putMany(records.filter((record) => record !== undefined));
      done += batch.length;
    }
    if ((await to.sources()).length === 0) await to.rememberSources(await from.sources());
    report("optimize");
    await to.optimize?.(signal === undefined ? {} : { signal });
    throwIfAborted(signal);
    report("verify");
    const others = await verify(wanted, to);
    return {
      copied: missing.length,
      present: wanted.length - missing.length,
      passages: wanted.reduce((sum, { passages }) => sum + passages, 0),
      others,
      milliseconds: Math.round(performance.now() - started),
    };
  } finally {
    await unlock();
  }
}

/** Passages that are copied in one go, about: with their vectors and token vectors some 30 KB each. */
const BATCH = 400;

/** Documents that are read at once: each is several requests to a cluster. */
const READ_AT_ONCE = 8;

function* batches(documents: readonly DocumentSummary[]): Generator<DocumentSummary[]> {
  let batch: DocumentSummary[] = [];
  let passages = 0;
  for (const document of documents) {
    batch.push(document);
    passages += document.passages;
    if (passages < BATCH) continue;
    yield batch;
    batch = [];
    passages = 0;
  }
  if (batch.length > 0) yield batch;
}

/** `put` keeps no record of what made the passages, so what is stale would look as if it were not. */
function refuseStale(documents: readonly DocumentSummary[]): void {
  const stale = documents.filter((document) => document.stale === true).length;
  if (stale === 0) return;
  throw new WaymarkError(
    "invalid-input",
    `${stale} of ${documents.length} documents were made by another version of Waymark and are to be made anew first.`,
    { hint: "Run `waymark ingest`, then migrate." },
  );
}

function isSame(document: DocumentSummary, other: DocumentSummary | undefined): boolean {
  return other !== undefined && JSON.stringify(inOrder(document)) === JSON.stringify(inOrder(other));
}

function inOrder(document: DocumentSummary): [string, unknown][] {
  return Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Each document with its number of passages, and the sums as the store itself counts them. */
async function verify(wanted: readonly DocumentSummary[], to: Store): Promise<number> {
  const there = await to.documents();
  const byId = new Map(there.map((document) => [document.id, document]));
  const wrong = wanted.filter((document) => !isSame(document, byId.get(document.id)));
  const { documents, passages } = await to.stats();
  const expected = there.reduce((sum, document) => sum + document.passages, 0);
  if (wrong.length > 0 || documents !== there.length || passages !== expected) {
    throw new WaymarkError(
      "index-damaged",
      `${wrong.length} documents are not there as they should be: ${documents} documents and ${passages} passages, of ${there.length} and ${expected}.`,
      { hint: "Run the same command again: it copies what is missing." },
    );
  }
  return there.length - wanted.length;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new WaymarkError("aborted", "The migration was stopped.", {
    hint: "What was copied is kept; run it again to go on.",
    cause: signal.reason,
  });
}

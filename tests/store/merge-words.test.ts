import { join } from "node:path";
import Database from "libsql";
import { expect, it } from "vitest";
import type { SqliteStore } from "../../src/store/sqlite.js";
import { openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";

/** How many pieces the full-text index is in: the second number after the cookie of FTS5's structure record. */
function pieces(folder: string): number {
  const database = new Database(join(folder, "waymark.db"));
  const { block } = database.prepare("SELECT block FROM passages_text_data WHERE id = 10").get() as {
    block: ArrayBuffer;
  };
  database.close();
  return new Uint8Array(block)[5] ?? 0;
}

async function addAll(store: SqliteStore, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i += 1) await store.put(record(`${i}.md`, [`word${i} common`, "other common"]));
}

const scores = async (store: SqliteStore) =>
  (await store.candidates({ text: "common word7 other", vector: randomVector(seededRandom(1)), depth: 50 }))
    .map(({ passageId, lexical }) => `${passageId} ${lexical}`)
    .sort();

it("merges the full-text index into one piece where much has come, and finds what it found before", async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  await addAll(store, 0, 10);
  expect(pieces(folder)).toBeGreaterThan(1);
  const before = await scores(store);
  await store.optimize();
  expect(pieces(folder)).toBe(1);
  expect(await scores(store)).toEqual(before);
});

it("leaves it as it is where little has come since", async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  await addAll(store, 0, 10);
  await store.optimize();
  await addAll(store, 10, 12);
  await store.optimize();
  expect(pieces(folder)).toBe(3);
  await addAll(store, 12, 15);
  await store.optimize();
  expect(pieces(folder)).toBe(1);
});

it("goes on with the next call where it was stopped", async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  await addAll(store, 0, 10);
  await store.optimize({ signal: AbortSignal.abort() });
  expect(pieces(folder)).toBeGreaterThan(1);
  await store.optimize();
  expect(pieces(folder)).toBe(1);
});

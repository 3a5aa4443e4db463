import { gunzipSync, gzipSync } from "node:zlib";
import type { Passage } from "../../passages/passage.js";
import { searchedText } from "../records.js";
import { countWordsOf, MAX_PASSAGES } from "../words.js";
import { readSummaries } from "./documents.js";
import { passageIds, readPassages } from "./passages.js";
import type { Collections } from "./schema.js";
import { readSetting, writeSetting } from "./settings.js";

/** Words with their counts, and the generation that they were counted in. */
interface Kept {
  generation: number;
  /** JSON of the counts, compressed, in base64. */
  counts: string;
}

/** The words as they were last counted; none where they never were. */
export async function readWords(collections: Collections): Promise<Map<string, number>> {
  const kept = await readSetting<Kept>(collections, NAME);
  if (kept === undefined) return new Map();
  return new Map(JSON.parse(gunzipSync(Buffer.from(kept.counts, "base64")).toString()));
}

/** The generation of the index when the words were counted; undefined where they never were. */
export async function wordsGeneration(collections: Collections): Promise<number | undefined> {
  return (await readSetting<Kept>(collections, NAME))?.generation;
}

/**
 * Counts the words of the first {@link MAX_PASSAGES} passages and keeps the result in the cluster: each server that
 * answers reads it there, instead of all the passages.
 */
export async function keepWords(
  collections: Collections,
  generation: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const counts = new Map<string, number>();
  const titles = new Map<string, string>();
  const ids: string[] = [];
  for (const { id, title, passages } of await readSummaries(collections, undefined, undefined)) {
    titles.set(id, title);
    ids.push(...passageIds(id, passages));
    if (ids.length >= MAX_PASSAGES) break;
  }
  for (let start = 0; start < ids.length && signal?.aborted !== true; start += PASSAGES_AT_ONCE) {
    const some = ids.slice(start, start + PASSAGES_AT_ONCE);
    for (const { properties } of (await readPassages(collections, some, ["body"])).values()) {
      const passage = JSON.parse(properties.body) as Passage;
      const { body, headings, title } = searchedText(passage, titles.get(passage.documentId) ?? "");
      countWordsOf(`${body} ${headings} ${title}`, counts);
    }
  }
  if (signal?.aborted === true) return;
  const packed = gzipSync(JSON.stringify([...counts])).toString("base64");
  await writeSetting(collections, NAME, { generation, counts: packed } satisfies Kept);
}

const PASSAGES_AT_ONCE = 500;

const NAME = "words";

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { JudgeCase } from "./judge-accuracy.js";

/**
 * Labelled statements of the public sets under a folder: WiCE (claims against the sentences that were found to matter, or
 * the six that share most words with the claim) and SciFact (claims against rationale sentences; a contradicted claim is not
 * supported). Every n-th of each set, so that the sample is always the same.
 */
export function loadJudgeCases(folder: string, perSet: number): JudgeCase[] {
  return [...sample(loadWice(folder), perSet), ...sample(loadScifact(folder), perSet)];
}

interface WiceClaim {
  label: "supported" | "partially_supported" | "not_supported";
  supporting_sentences: number[][];
  claim: string;
  evidence: string[];
}

function loadWice(folder: string): JudgeCase[] {
  return readLines<WiceClaim>(join(folder, "wice", "claim_dev.jsonl.gz")).map((item) => {
    const chosen = item.supporting_sentences[0] ?? [];
    const sentences =
      chosen.length > 0
        ? chosen.map((index) => item.evidence[index] ?? "")
        : mostAlike(item.claim, item.evidence);
    return { statement: item.claim, text: sentences.join(" "), supported: item.label === "supported" };
  });
}

interface ScifactClaim {
  claim: string;
  evidence: Record<string, { sentences: number[]; label: "SUPPORT" | "CONTRADICT" }[]>;
}

function loadScifact(folder: string): JudgeCase[] {
  const abstracts = new Map(
    readLines<{ doc_id: number; abstract: string[] }>(join(folder, "scifact", "corpus.jsonl.gz")).map(
      ({ doc_id, abstract }) => [String(doc_id), abstract],
    ),
  );
  return readLines<ScifactClaim>(join(folder, "scifact", "claims_dev.jsonl.gz")).flatMap(
    ({ claim, evidence }) =>
      Object.entries(evidence)
        .slice(0, 1)
        .flatMap(([id, [rationale]]) => {
          const abstract = abstracts.get(id);
          if (abstract === undefined || rationale === undefined) return [];
          const text = rationale.sentences.map((index) => abstract[index] ?? "").join(" ");
          return [{ statement: claim, text, supported: rationale.label === "SUPPORT" }];
        }),
  );
}

/** The six sentences that share most words with the claim, in their own order. */
function mostAlike(claim: string, sentences: readonly string[]): string[] {
  const wanted = wordsOf(claim);
  return sentences
    .map((text, index) => ({
      text,
      index,
      shared: [...wordsOf(text)].filter((word) => wanted.has(word)).length,
    }))
    .sort((a, b) => b.shared - a.shared || a.index - b.index)
    .slice(0, 6)
    .sort((a, b) => a.index - b.index)
    .map(({ text }) => text);
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}

function sample<T>(items: readonly T[], count: number): T[] {
  const step = items.length / Math.min(count, items.length);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function readLines<T>(path: string): T[] {
  return gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

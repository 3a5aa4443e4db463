import type { JudgeCase } from "../judge-accuracy.js";
import { readPublicLines } from "./public-file.js";
import type { EvalSet } from "./set.js";

/** Sentences of the source that are read where nobody found one that matters. */
const SENTENCES = 6;

/**
 * WiCE (Kamoi et al., EMNLP 2023), the 349 claims of dev: a claim of Wikipedia against the page that it cites. It measures
 * the judge of support, and has no questions. It takes seconds, so its sample is all of it.
 */
export function wiceSet(): EvalSet {
  const name = "wice";
  const statements = wiceStatements();
  return { name, measured: () => ({ name, gold: [], statements }) };
}

/**
 * Each claim against the sentences that people found to matter, or the six that share most words with it; what is only
 * partly supported counts as not supported.
 */
export function wiceStatements(): JudgeCase[] {
  return readPublicLines<WiceClaim>("wice/claim_dev.jsonl.gz").map((item, index) => {
    const chosen = item.supporting_sentences[0] ?? [];
    const sentences =
      chosen.length > 0 ? chosen.map((at) => item.evidence[at] ?? "") : mostAlike(item.claim, item.evidence);
    return {
      id: `wice-${index + 1}`,
      statement: item.claim,
      text: sentences.join(" "),
      supported: item.label === "supported",
    };
  });
}

interface WiceClaim {
  label: "supported" | "partially_supported" | "not_supported";
  supporting_sentences: number[][];
  claim: string;
  evidence: string[];
}

/** The sentences that share most words with the claim, in their own order. */
function mostAlike(claim: string, sentences: readonly string[]): string[] {
  const wanted = wordsOf(claim);
  return sentences
    .map((text, index) => ({
      text,
      index,
      shared: [...wordsOf(text)].filter((word) => wanted.has(word)).length,
    }))
    .sort((a, b) => b.shared - a.shared || a.index - b.index)
    .slice(0, SENTENCES)
    .sort((a, b) => a.index - b.index)
    .map(({ text }) => text);
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}

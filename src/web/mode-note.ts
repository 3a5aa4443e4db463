import type { Answer, FallbackReason } from "../answer/answer.js";

const FALLBACKS: Readonly<Record<FallbackReason, string>> = {
  unsupported: "The documents did not bear out what the language model wrote",
  declined: "The language model found no answer in the passages",
  failed: "The language model could not be reached, or broke off",
  stalled: "Nothing came from the language model",
  "too-long": "The language model did not come to an end",
};

/** Who wrote an answer, in a sentence, where it was not simply the documents; undefined where it was. */
export function modeNote({
  mode,
  withheld,
  fallback,
}: Pick<Answer, "mode" | "withheld" | "fallback">): string | undefined {
  if (fallback !== undefined) return `${FALLBACKS[fallback]}: these are the documents’ own sentences.`;
  if (mode !== "generated") return undefined;
  const written = "Written by a language model; each sentence was checked against the places that it cites.";
  if (withheld === 0) return written;
  const left =
    withheld === 1
      ? "One sentence that they do not bear out was"
      : `${withheld} sentences that they do not bear out were`;
  return `${written} ${left} left out.`;
}

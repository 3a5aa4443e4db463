import { createHash } from "node:crypto";
import { type Passage, unitText } from "./passage.js";

/** A text shorter than this says little without the heading above it: "It costs ten euros." */
const SPEAKS_FOR_ITSELF = 100;

/**
 * Equal for passages that say the same in the same words, in whichever document; a short passage only counts as the same
 * under the same heading. White space does not count.
 * @returns an integer that a double holds exactly: the first 53 bits of a SHA-256, so among a million passages two
 *   different ones share it with a chance of 1 in 18,000
 */
export function textKey({ units, headings }: Pick<Passage, "units" | "headings">): number {
  const text = units.map(unitText).join(" ").replace(/\s+/g, " ").trim();
  const heading = text.length < SPEAKS_FOR_ITSELF ? (headings.at(-1) ?? "") : "";
  const digest = createHash("sha256").update(`${heading}\n${text}`).digest();
  return Number(digest.readBigUInt64BE() >> 11n);
}

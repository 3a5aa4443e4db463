/**
 * Share of the title's vector that is added to a passage's. The title tells documents apart, and among the passages of
 * one document it says nothing. Right passage first by cosine alone, title left out / in the passage's text / added
 * with .7: 300 ClapNQ questions over their 300 documents .740 / .863 / .867; 94 questions on one article .543 / .489 / .532.
 */
const TITLE_WEIGHT = 0.7;

/** The vector that is stored for a passage: its text's, moved towards its document's title, L2-normalised. */
export function withTitle(passage: Float32Array, title: Float32Array): Float32Array {
  const sum = passage.map((value, index) => value + TITLE_WEIGHT * (title[index] ?? 0));
  const length = Math.hypot(...sum);
  return length === 0 ? passage : sum.map((value) => value / length);
}

/** The dot product, which is the cosine of two L2-normalised vectors; 0 where one is missing. */
export function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let sum = 0;
  for (let index = 0; index < (a?.length ?? 0); index++) sum += (a?.[index] ?? 0) * (b?.[index] ?? 0);
  return sum;
}

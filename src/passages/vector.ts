/**
 * Share of the title's vector that is added to a passage's. The title tells documents apart, and among the passages of
 * one document it says nothing. Right passage first by cosine alone, title left out / in the passage's text / added
 * with .7: 300 ClapNQ questions over their 300 documents .740 / .863 / .867; 94 questions on one article .543 / .489 / .532.
 */
const TITLE_WEIGHT = 0.7;

/** The vector that is stored for a passage: its text's, moved towards its document's title, L2-normalised. */
export function withTitle(passage: Float32Array, title: Float32Array): Float32Array {
  const sum = new Float32Array(passage.length);
  for (let index = 0; index < sum.length; index++)
    sum[index] = (passage[index] as number) + TITLE_WEIGHT * (title[index] ?? 0);
  const length = lengthOf(sum);
  if (length === 0) return passage;
  for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] as number) / length;
  return sum;
}

/** The L2 norm. */
export function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dotAt(vector, vector, 0));
}

/** The dot product, which is the cosine of two L2-normalised vectors; 0 where one is missing. */
export function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return a.length <= b.length ? dotAt(a, b, 0) : dotAt(b, a, 0);
}

/** The dot product of a vector and the row of its length that begins at `offset`. */
export function dotAt(vector: Float32Array, rows: Float32Array, offset: number): number {
  const width = vector.length;
  const whole = width - (width % 4);
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  // Four sums, because one would make each addition wait for the one before: 1.9 times as fast.
  for (let i = 0; i < whole; i += 4) {
    p += (vector[i] as number) * (rows[offset + i] as number);
    q += (vector[i + 1] as number) * (rows[offset + i + 1] as number);
    r += (vector[i + 2] as number) * (rows[offset + i + 2] as number);
    s += (vector[i + 3] as number) * (rows[offset + i + 3] as number);
  }
  for (let i = whole; i < width; i++) p += (vector[i] as number) * (rows[offset + i] as number);
  return p + q + r + s;
}

/** `tune` may be looked at while tuning; `test` only tells what was reached. */
export type Split = "tune" | "test";

/**
 * The split of a question: a fixed hash of its id, so that it never changes and cannot be chosen. A variant goes where the
 * question goes that it is a variant of, or its answer would be known from the other split.
 */
export function splitOf(question: { id: string; variantOf?: string | undefined }): Split {
  return fnv1a(question.variantOf ?? question.id) >>> 31 === 0 ? "tune" : "test";
}

/** The questions of one split, or all. */
export function selectSplit<Q extends { id: string; variantOf?: string | undefined }>(
  questions: readonly Q[],
  split: Split | "all",
): Q[] {
  return questions.filter((question) => split === "all" || splitOf(question) === split);
}

/**
 * 32-bit FNV-1a over UTF-16 units with murmur3's finaliser, so that every bit is as good as any other.
 * http://www.isthe.com/chongo/tech/comp/fnv/, https://github.com/aappleby/smhasher
 */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Text as metrics compare it: compatibility forms (NFKC), no case, plain quotes and hyphens, single spaces, no zero-width
 * characters. "3 – 4" and "3–4" are the same.
 */
export function normalise(text: string): string {
  return text
    .replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, "")
    .replace(/[‘’‚‛′`´]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, "-")
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFKC")
    .replace(/\s+/g, " ")
    .replace(/(\d) ?- ?(?=\d)/g, "$1-")
    .trim();
}

/**
 * Is `form` in `text`, both normalised, and not as part of a longer word or number? ("12 months" is not in "112 months";
 * "rag" is not in "storage".)
 */
export function contains(text: string, form: string): boolean {
  const haystack = normalise(text);
  const needle = normalise(form);
  if (needle === "") return false;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
    const before = haystack.slice(0, at);
    const after = haystack.slice(at + needle.length);
    if (
      !(WORD_END.test(before) && WORD_START.test(needle)) &&
      !(WORD_END.test(needle) && WORD_START.test(after))
    )
      return true;
  }
  return false;
}

const WORD_END = /[\p{L}\p{N}]$/u;
const WORD_START = /^[\p{L}\p{N}]/u;

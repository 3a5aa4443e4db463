/** A word of a sentence as verification compares it. */
export interface Word {
  /** Stem of a word, or the digits of a figure: "weeks" and "week", "three" and "3" are the same. */
  stem: string;
  kind: "content" | "function" | "figure";
  /** Written like a name: a capital, or capitals and digits inside, where no sentence begins. */
  name: boolean;
  /** The clause that it is in, from 0: clauses end at commas, semicolons, colons, brackets, dashes and full stops. */
  clause: number;
}

/** Splits a text into words, with what verification needs to know of each. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let clause = 0;
  let fresh = true; // no word of the sentence was seen yet
  for (const [token] of plain(text).matchAll(TOKEN)) {
    if (!/[\p{L}\p{N}%$€£]/u.test(token)) {
      clause++;
      if (/[.!?:\n]/u.test(token)) fresh = true;
      continue;
    }
    const lower = token.toLowerCase();
    if (lower.endsWith("n't") || lower === "cannot") {
      words.push({ stem: NOT, kind: "content", name: false, clause });
      fresh = false;
      continue;
    }
    const figure = FIGURES.get(lower) ?? (/^\p{N}/u.test(token) ? figureOf(lower) : undefined);
    const base = lower.replace(/'(?:s|re|ve|ll|d|m)?$/u, "");
    const inner = /^.+[\p{Lu}\p{N}]/u.test(token);
    words.push({
      stem: figure ?? stemOf(SYMBOLS.get(base) ?? base),
      kind: figure !== undefined ? "figure" : FUNCTION_WORDS.has(base) ? "function" : "content",
      name: figure === undefined && base !== "i" && (inner || (!fresh && /^\p{Lu}/u.test(token))),
      clause,
    });
    fresh = false;
  }
  return words.map((word, at) => (word.stem === "one" && isFigure(words, at) ? { ...word, ...ONE } : word));
}

const ONE = { stem: "1", kind: "figure" } as const;

/** "one" is a figure in "one to two hours" and "one or two"; elsewhere it is more often a pronoun or an article. */
function isFigure(words: readonly Word[], at: number): boolean {
  const [next, beyond] = [words[at + 1], words[at + 2]];
  return (next?.stem === "to" || next?.stem === "or") && beyond?.kind === "figure";
}

/** What "not", "n't" and "cannot" are as words. */
export const NOT = "not";

const TOKEN =
  /\p{N}+(?:[.,]\p{N}+)*\p{L}*|\p{L}[\p{L}\p{M}\p{N}]*(?:[.'][\p{L}\p{N}]+)*|[%$€£]|[,;:()[\]\n]|[.!?…]+(?=\s|$|["'])|\s[–—-]+\s|—/gu;

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[‘’‛′`´]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replaceAll("×", "x");
}

function figureOf(token: string): string {
  return token.replace(/(?<=\d),(?=\d{3}\b)/g, "").replace(/(?<=\d)(?:st|nd|rd|th)$/, "");
}

const FIGURES = new Map(
  (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
    "eighteen nineteen twenty"
  )
    .split(" ")
    .map((word, value): [string, string] => [word, String(value)])
    .filter(([word]) => word !== "one") // more often a pronoun
    .concat([
      ["thirty", "30"],
      ["forty", "40"],
      ["fifty", "50"],
      ["sixty", "60"],
      ["seventy", "70"],
      ["eighty", "80"],
      ["ninety", "90"],
      ["hundred", "100"],
      ["thousand", "1000"],
      ["million", "1000000"],
      ["billion", "1000000000"],
      ["dozen", "12"],
    ]),
);

const SYMBOLS = new Map([
  ["%", "percent"],
  ["$", "dollar"],
  ["€", "euro"],
  ["£", "pound"],
]);

/** Words that a sentence may have or lack without saying something else. */
const FUNCTION_WORDS = new Set(
  (
    "a an the this that these those i you he she it we they me him her us them my your his its our their mine yours one " +
    "ones yourself himself herself itself ourselves themselves myself who whom whose which what there here " +
    "be is am are was were been being have has had having do does did doing done will would shall should can could may " +
    "might must ought of in on at to for with by from as into onto upon about over through during within between among " +
    "and or but so yet then than also too very quite really just such both either own other another any some " +
    "s t re ve ll d m how why where when while because since if though although whereas however therefore thus hence " +
    "according states stated says mentions described above below following article document text evidence passage " +
    "roadmap author"
  ).split(" "),
);

/** Forms that no rule about endings brings together. */
const IRREGULAR = new Map(
  (
    "built:build learnt:learn taught:teach wrote:write written:write made:make took:take taken:take gave:give given:give " +
    "began:begin begun:begin found:find kept:keep left:leave held:hold became:become said:say told:tell led:lead " +
    "grew:grow grown:grow knew:know known:know seen:see came:come went:go gone:go bought:buy brought:bring " +
    "thought:think paid:pay sent:send spent:spend using:use used:use chose:choose chosen:choose lived:live living:live " +
    "children:child women:woman people:person"
  )
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);

/** Takes off English endings, roughly: enough that "learning", "learned" and "learns" meet. */
export function stemOf(word: string): string {
  const regular = IRREGULAR.get(word);
  if (regular !== undefined) return stemOf(regular);
  if (word.length < 4) return word;
  let stem = word
    .replace(/(?<=..)ies$/, "y")
    .replace(/(?<=ss|sh|ch|x|z)es$/, "")
    .replace(/(?<=[^su])s$/, "");
  const short = stem.replace(/(?<=[aeiouy].*.)(?:ingly|edly|ing|ed|ly)$/, "").replace(/(?<=..)ied$/, "y");
  if (short !== stem && short.length >= 3) stem = short.replace(/([bdfgmnprt])\1$/, "$1");
  return stem.length > 3 ? stem.replace(/(?:e|ation|ment)$/, "").replace(/i$/, "y") : stem;
}

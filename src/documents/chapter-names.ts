/** What a chapter's title says of its number by itself: "Chapter 3", "3. The Storm", "IV". */
const SELF_NAMED = /^(?:chapter|part|book|volume|act|letter|section|appendix|unit|lesson|day)\b/i;
const CHAPTER_NUMBER = /^chapter\s+(\d{1,3})\b/i;
const NUMBERED = /^(\d{1,3}|[IVXLC]{1,7})(?:\s*[.:)–—-]\s*(.*)|)$/;
/** A number with nothing after it but a space counts where it is the next: "12 Rules" may be a title. */
const SPACED = /^(\d{1,3}|[IVXLC]{2,7})\s+(.+)$/;

/** What stands around the chapters and is not counted among them. */
const AROUND = new RegExp(
  `^(?:${[
    "preface|foreword|introduction|prologue|epilogue|afterword|postscript|conclusion|interlude",
    "(?:table of )?contents|toc|landmarks|cover|title ?page|half ?title|frontispiece|colophon|copyright.*",
    "dedication|epigraph|acknowledge?ments?|about the authors?|about this book|also by.*|praise.*|credits",
    "index|glossary|bibliography|references|further reading|notes|endnotes|footnotes|illustrations|maps?",
  ].join("|")})$`,
  "i",
);

/**
 * Names chapters one after the other as a person would: "chapter 3: The Storm", by the number in its title where it has
 * one; what stands around the chapters, and parts that hold chapters, by their titles alone.
 */
export class ChapterNames {
  #count = 0;

  /** @param holdsChapters it is a part, and chapters come below it */
  next(title: string, holdsChapters: boolean): string {
    if (title === "") return "";
    const own = CHAPTER_NUMBER.exec(title)?.[1];
    if (own !== undefined) this.#count = Number(own);
    if (SELF_NAMED.test(title) || AROUND.test(title) || holdsChapters) return title;
    const [, number = "", rest = ""] = NUMBERED.exec(title) ?? SPACED.exec(title) ?? [];
    const value = numeralValue(number);
    const numbered = value !== undefined && (NUMBERED.test(title) || value === this.#count + 1);
    this.#count = numbered ? value : this.#count + 1;
    const name = numbered ? rest : title;
    return name === "" ? `chapter ${this.#count}` : `chapter ${this.#count}: ${name}`;
  }
}

const ROMAN: Record<string, number> = { I: 1, V: 5, X: 10, L: 50, C: 100 };

/** The number that digits or a Roman numeral stand for; undefined for letters that are a word. */
function numeralValue(numeral: string): number | undefined {
  if (numeral === "") return undefined;
  if (/^\d+$/.test(numeral)) return Number(numeral);
  if (!/^C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/.test(numeral)) return undefined;
  return [...numeral].reduce((sum, letter, index) => {
    const value = ROMAN[letter] ?? 0;
    return value < (ROMAN[numeral.charAt(index + 1)] ?? 0) ? sum - value : sum + value;
  }, 0);
}

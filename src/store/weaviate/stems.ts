import Database from "libsql";
import { COLUMN_WEIGHTS, TOKENIZER } from "../full-text.js";
import { textOf } from "../text.js";

/** The words of one passage's searched text, by column, in order. */
export interface StemmedText {
  body: string[];
  headings: string[];
  title: string[];
}

/**
 * Cuts texts into words as the local index does: by FTS5's own tokenizer with its stemmer, asked through a table in memory.
 * So both stores mean the same by a word, without a second stemmer that would differ in the details.
 */
export class Stemmer {
  readonly #database = new Database(":memory:");

  constructor() {
    this.#database.exec(
      `CREATE VIRTUAL TABLE texts USING fts5 (body, headings, title, content = '', tokenize = '${TOKENIZER}');
       CREATE VIRTUAL TABLE words USING fts5vocab (texts, instance)`,
    );
  }

  /** Of each text, in the same order. */
  stem(texts: readonly Record<keyof StemmedText, string>[]): StemmedText[] {
    const insert = this.#database.prepare(
      "INSERT INTO texts (rowid, body, headings, title) VALUES (?, ?, ?, ?)",
    );
    const stemmed = texts.map(({ body, headings, title }, index): StemmedText => {
      insert.run(index, body, headings, title);
      return { body: [], headings: [], title: [] };
    });
    const words = this.#database.prepare("SELECT CAST(term AS BLOB), doc, col, offset FROM words").raw();
    for (const [term, row, column, place] of words.iterate() as Iterable<Word>) {
      const text = stemmed[row];
      if (text !== undefined) text[column][place] = textOf(term);
    }
    this.#database.exec("INSERT INTO texts (texts) VALUES ('delete-all')");
    return stemmed;
  }

  close(): void {
    if (this.#database.open) this.#database.close();
  }
}

type Word = [term: ArrayBuffer, row: number, column: keyof StemmedText, place: number];

/**
 * The words as one text, each as often as its column weighs: BM25 over it counts a word in the title for two, as the
 * local index does.
 */
export function weightedStems({ body, headings, title }: StemmedText): string {
  const columns = { body, headings, title };
  return Object.entries(COLUMN_WEIGHTS)
    .flatMap(([column, weight]) => Array<string[]>(weight).fill(columns[column as keyof StemmedText]))
    .flat()
    .join(" ");
}

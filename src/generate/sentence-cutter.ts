import { splitSentences } from "../passages/sentences.js";

/** Characters of a sentence that nobody ends: it is given out as it is, to be judged and withheld. */
const MAX_SENTENCE = 1200;

/**
 * Cuts a stream of text into sentences: lines, and the sentences of a line. A number in brackets behind a full stop
 * belongs to the sentence before it. A sentence is given out as soon as the next one has begun.
 */
export class SentenceCutter {
  #rest = "";

  /** The sentences that `text` completes. */
  push(text: string): string[] {
    this.#rest += text;
    const done: string[] = [];
    for (let end = this.#rest.indexOf("\n"); end >= 0; end = this.#rest.indexOf("\n")) {
      done.push(...sentencesOf(this.#rest.slice(0, end)));
      this.#rest = this.#rest.slice(end + 1);
    }
    const begun = sentencesOf(this.#rest);
    const last = begun.at(-1) ?? "";
    if (begun.length > 1) {
      done.push(...begun.slice(0, -1));
      this.#rest = this.#rest.slice(this.#rest.lastIndexOf(last));
    } else if (last.length > MAX_SENTENCE) {
      done.push(last);
      this.#rest = "";
    }
    return done;
  }

  /** What is left when the stream has ended. */
  end(): string[] {
    const rest = sentencesOf(this.#rest);
    this.#rest = "";
    return rest;
  }
}

/** An item's number: its full stop ends no sentence. */
const NUMBERED = /^\s*\d{1,2}[.)]\s+(?=\S)/u;

const MARKS_AHEAD = /^(?:\s*\[[\d\s,;–-]*\]?)+[.\s]*/u;

/** The sentences of a line, marks that stand before a sentence put to the one before; a lone beginning of marks too. */
function sentencesOf(written: string): string[] {
  const line = written.replace(NUMBERED, "- ");
  const sentences: string[] = [];
  for (const { start, end } of splitSentences(line)) {
    const text = line.slice(start, end);
    const marks = sentences.length > 0 ? (MARKS_AHEAD.exec(text)?.[0] ?? "") : "";
    const own = text.slice(marks.length);
    if (marks !== "") sentences[sentences.length - 1] += ` ${marks.trim()}`;
    if (own !== "") sentences.push(own);
  }
  return sentences;
}

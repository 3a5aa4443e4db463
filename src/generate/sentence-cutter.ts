import { splitSentences } from "../passages/sentences.js";

/** Characters of a sentence that nobody ends: it is given out as it is, to be judged and withheld. */
const MAX_SENTENCE = 1200;

/**
 * Cuts a stream of text into sentences: lines, and the sentences of a line. A number in brackets behind a full stop
 * belongs to the sentence before it. A sentence is given out as soon as the next one has begun.
 */
export class SentenceCutter {
  /** The line that has not ended yet, and how many of its sentences were given out. */
  #line = "";
  #given = 0;

  /** The sentences that `text` completes. */
  push(text: string): string[] {
    const done: string[] = [];
    const [first = "", ...others] = text.split("\n");
    this.#line += first;
    for (const line of others) {
      done.push(...this.end());
      this.#line = line;
    }
    const begun = sentencesOf(this.#line);
    const whole = (begun.at(-1)?.length ?? 0) > MAX_SENTENCE ? begun.length : begun.length - 1;
    done.push(...begun.slice(this.#given, whole));
    this.#given = Math.max(this.#given, whole);
    return done;
  }

  /** What is left when the stream has ended. */
  end(): string[] {
    const rest = sentencesOf(this.#line).slice(this.#given);
    this.#line = "";
    this.#given = 0;
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

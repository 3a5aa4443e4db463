import type { Reader } from "../../models/model.js";
import type { Evidence } from "../evidence.js";
import type { MarkedSentence } from "../marks.js";
import { type EvidenceWords, type Fault, faultOf, MIN_SUPPORT, READER_LIMIT, supportOf } from "./support.js";
import { type Word, wordsOf } from "./words.js";

/** What was found of a sentence: where it comes from, or why it is withheld. */
export type Verdict =
  | {
      supported: true;
      /** What bears the sentence out: what it cites, or other evidence where its numbers are wrong. */
      evidence: Evidence[];
      /** In [0, 1]. */
      probability: number;
    }
  | { supported: false; fault: Fault | "unsupported" };

/** Judges sentences against numbered evidence. */
export class Verifier {
  readonly #reader: Pick<Reader, "read">;
  readonly #evidence: readonly Known[];

  constructor(reader: Pick<Reader, "read">, evidence: readonly Evidence[]) {
    this.#reader = reader;
    this.#evidence = evidence.map((one) => ({
      one,
      words: wordsOf(one.text),
      context: wordsOf([...one.passage.headings, one.passage.leadIn ?? ""].join("\n")),
    }));
  }

  /**
   * Judges a sentence against what it cites; failing that, against each other piece of evidence, the likeliest first, alone and
   * beside what is cited. A citation that nothing depends on is left out. A mere name or label says something only as an
   * answer to the question, so only what the documents' own answer quotes can bear it out.
   * @throws WaymarkError `aborted`
   */
  async verify({ text, numbers }: MarkedSentence, signal?: AbortSignal): Promise<Verdict> {
    const sentence = wordsOf(text);
    const known = ENDS_A_SENTENCE.test(text)
      ? this.#evidence
      : this.#evidence.filter(({ one }) => one.chosen || isSameText(one.text, text));
    const cited = known.filter(({ one }) => numbers.includes(one.number));
    const others = known.filter((one) => !cited.includes(one)).sort((a, b) => b.one.score - a.one.score);
    const attempts = [
      ...(cited.length === 0 ? [] : [cited]),
      ...(cited.length > 1 ? cited.map((known) => [known]) : []),
      ...others.map((known) => [known]),
      ...(cited.length === 0 ? [] : others.map((known) => [...cited, known])),
    ];
    let fault: Fault | "unsupported" | undefined;
    for (const attempt of attempts) {
      const probability = await this.#support(text, sentence, attempt, signal);
      if (typeof probability === "number" && probability >= MIN_SUPPORT) {
        const needed = leastOf(sentence, attempt);
        return { supported: true, evidence: needed.map(({ one }) => one), probability };
      }
      fault ??= typeof probability === "number" ? "unsupported" : probability;
    }
    return { supported: false, fault: fault ?? "unsupported" };
  }

  async #support(
    text: string,
    sentence: readonly Word[],
    attempt: readonly Known[],
    signal: AbortSignal | undefined,
  ): Promise<number | Fault> {
    const words = join(attempt);
    const fault = faultOf(sentence, words);
    if (fault !== undefined) return fault;
    if (supportOf(sentence, words, READER_LIMIT) < MIN_SUPPORT) return 0; // whatever the reader says
    const { headings, leadIn } = attempt[0]?.one.passage ?? { headings: [] };
    const passage = {
      headings,
      units: attempt.map(({ one }) => one.unit),
      ...(leadIn === undefined ? {} : { leadIn }),
    };
    const [reading] = await this.#reader.read(text, [passage], signal === undefined ? {} : { signal });
    return supportOf(sentence, words, reading?.supported ?? -READER_LIMIT);
  }
}

/** A full stop or its like, in any script, perhaps before a closing bracket or quotation mark. */
const ENDS_A_SENTENCE = /[\p{Sentence_Terminal}…][\p{Pe}\p{Pf}"']*$/u;

function isSameText(one: string, other: string): boolean {
  const bare = (text: string) =>
    text
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim()
      .toLowerCase();
  return bare(one) === bare(other);
}

interface Known {
  one: Evidence;
  words: Word[];
  context: Word[];
}

function join(known: readonly Known[]): EvidenceWords {
  return { units: known.map(({ words }) => words), context: known.flatMap(({ context }) => context) };
}

/** Leaves out what can be left out without a word of the sentence being lost. */
function leastOf(sentence: readonly Word[], attempt: readonly Known[]): readonly Known[] {
  let kept = attempt;
  for (const known of attempt) {
    const rest = kept.filter((other) => other !== known);
    if (rest.length === 0) break;
    const words = join(rest);
    const holdsUp = faultOf(sentence, words) === undefined;
    if (holdsUp && supportOf(sentence, words, 0) >= supportOf(sentence, join(kept), 0)) kept = rest;
  }
  return kept;
}

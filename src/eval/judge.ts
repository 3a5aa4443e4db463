import type { Answer, AnswerSentence, Citation } from "../answer/answer.js";
import type { ReadablePassage, Reader } from "../models/model.js";
import type { JudgedSentence } from "./metrics/citations.js";
import { normalise } from "./metrics/normalise.js";

/** The part of a reader that judges support. */
export type SupportReader = Pick<Reader, "read">;

/** One sentence with what was found of it. */
export interface GroundedSentence extends JudgedSentence {
  /** The words of the sentence stand in one of its quotes, in order: nothing had to be judged. */
  verbatim: boolean;
}

/**
 * `supported` is a logit; from here on a statement is taken as supported. Chosen with an earlier reader on the 505 labelled claims of
 * SciFact train (balanced accuracy .63; .54 at 0); elsewhere it then had .67 (SciFact dev) and .61 (WiCE dev). On WiCE dev it is .66 now.
 */
export const SUPPORT_THRESHOLD = -3;

/**
 * Judges each sentence of an answer against its citations: all together, each alone, and all but each (what ALCE needs).
 * A verbatim sentence is supported by the quotes that hold it, without the judge.
 */
export async function judgeAnswer(
  reader: SupportReader,
  { sentences }: Pick<Answer, "sentences">,
  signal?: AbortSignal,
): Promise<GroundedSentence[]> {
  const judged: GroundedSentence[] = [];
  for (const sentence of sentences) {
    judged.push(verbatimSentence(sentence) ?? (await judgeSentence(reader, sentence, signal)));
  }
  return judged;
}

/** How strongly a text supports a statement: the reader's `supported` logit, of the best window of a long text. */
export async function supportScore(
  reader: SupportReader,
  statement: string,
  text: string,
  { headings = [], signal }: { headings?: string[]; signal?: AbortSignal | undefined } = {},
): Promise<number> {
  const units: ReadablePassage["units"] = [
    { kind: "sentence", start: 0, end: text.length, pieces: [{ text }] },
  ];
  const [reading] = await reader.read(
    statement,
    [{ headings, units }],
    signal === undefined ? {} : { signal },
  );
  return reading?.supported ?? Number.NEGATIVE_INFINITY;
}

/** The judgement of a sentence that is copied from a quote, or undefined where it is not. */
export function verbatimSentence({
  text,
  citations,
}: Pick<AnswerSentence, "text" | "citations">): GroundedSentence | undefined {
  const holds = citations.map(({ quote }) => words(quote).includes(words(text)));
  if (!holds.includes(true)) return undefined;
  return {
    verbatim: true,
    supported: true,
    citations: holds.map((supportsAlone, index) => ({
      supportsAlone,
      othersSupport: holds.some((other, at) => other && at !== index),
    })),
  };
}

async function judgeSentence(
  reader: SupportReader,
  { text, citations }: AnswerSentence,
  signal: AbortSignal | undefined,
): Promise<GroundedSentence> {
  const supports = async (cited: readonly Citation[]) => {
    if (cited.length === 0) return false;
    const headings = cited[0]?.headings ?? [];
    const quotes = cited.map(({ quote }) => quote).join("\n");
    return (await supportScore(reader, text, quotes, { headings, signal })) >= SUPPORT_THRESHOLD;
  };
  const supported = await supports(citations);
  const only = citations.length === 1;
  const each: JudgedSentence["citations"] = [];
  for (const citation of citations) {
    each.push({
      supportsAlone: only ? supported : await supports([citation]),
      othersSupport: await supports(citations.filter((other) => other !== citation)),
    });
  }
  return { verbatim: false, supported, citations: each };
}

/** Words between single spaces with one at each end, so that a run of whole words can be looked for. */
function words(text: string): string {
  return ` ${
    normalise(text)
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(" ") ?? ""
  } `;
}

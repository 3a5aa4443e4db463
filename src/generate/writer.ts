import type { AnswerSentence, FallbackReason, Turn } from "../answer/answer.js";
import type { Citer } from "../answer/citer.js";
import type { ChosenUnit } from "../answer/compose.js";
import type { LogisticModel } from "../answer/logistic.js";
import type { ReadPassage } from "../answer/signals.js";
import { WaymarkError } from "../errors.js";
import type { Reader } from "../models/model.js";
import { type Evidence, pickEvidence } from "./evidence.js";
import { readMarks } from "./marks.js";
import type { LanguageModel } from "./models/language-model.js";
import { buildPrompt, NO_ANSWER } from "./prompt.js";
import { SentenceCutter } from "./sentence-cutter.js";
import { streamText } from "./stream-text.js";
import { Verifier } from "./verify/verifier.js";

export interface WriterParts {
  /** Opened when the first answer is written. */
  model: () => Promise<LanguageModel>;
  reader: Reader;
  /** Which units of what was read are likely evidence. */
  unitModel: LogisticModel;
  /** Tokens of an answer. */
  maxTokens: number;
  stallSeconds: number;
}

/** What an answer is to be written from. */
export interface Assignment {
  question: string;
  history: readonly Turn[];
  /** What the documents' own answer says. */
  chosen: readonly ChosenUnit[];
  read: readonly ReadPassage[];
  /** Holds the documents of both. */
  citer: Pick<Citer, "unit">;
  maxSentences: number;
  signal?: AbortSignal | undefined;
  /** Called with each sentence that was found to be supported. */
  onSentence: (index: number, sentence: AnswerSentence) => void;
}

/** What a model wrote, verified; or why the documents' own answer has to do. */
export type Written =
  | { sentences: AnswerSentence[]; withheld: number; fallback?: undefined }
  | { sentences?: undefined; withheld: number; fallback: FallbackReason };

/** Of a model's sentences at least this share has to be supported, or the rest is not to be trusted to be an answer. */
const LEAST_SUPPORTED = 1 / 3;

/** A model that writes so many times the sentences that are wanted has lost its way. */
const TOO_MANY = 2;

/** A model that has repeated itself so often has nothing more to say: small ones go round in circles. */
const REPEATS = 3;

/** "The evidence does not say …": the model declines in its own words. */
const DECLINES = new RegExp(
  `\\b${NO_ANSWER}\\b|\\b(?:evidence|documents?|text|context|information)\\b.{0,40}\\b(?:not|n't|no)\\b.{0,30}\\b(?:answer|say|mention|contain|provide|specify|state|include|enough|information)|\\b(?:cannot|can't|unable to) (?:answer|be answered|determine)`,
  "i",
);

/** A question, or the announcement of what would follow. */
const STATES_NOTHING = /[?:：]\W*$/u;

/** Lets a language model write answers, and nothing of it through that the evidence does not bear out. */
export class Writer {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** @throws WaymarkError `aborted`; whatever else goes wrong with the model is a fallback. */
  async write(assignment: Assignment): Promise<Written> {
    const { signal } = assignment;
    const state: Progress = {
      sentences: [],
      withheld: 0,
      declined: false,
      cited: new Set(),
      seen: new Set(),
      repeats: 0,
    };
    try {
      const fallback = await this.#run(assignment, state);
      return fallback === undefined
        ? { sentences: state.sentences, withheld: state.withheld }
        : { fallback, withheld: state.withheld };
    } catch (error) {
      if (signal?.aborted) throw new WaymarkError("aborted", "The work was stopped.", { cause: error });
      return { fallback: "failed", withheld: state.withheld };
    }
  }

  async #run(assignment: Assignment, state: Progress): Promise<FallbackReason | undefined> {
    const { question, history, chosen, read, maxSentences, signal } = assignment;
    const { unitModel, reader, maxTokens, stallSeconds } = this.#parts;
    const model = await this.#parts.model();
    const { messages, evidence } = buildPrompt({
      question,
      history,
      maxSentences,
      evidence: pickEvidence(chosen, read, unitModel),
      countTokens: model.countTokens,
      budget: model.contextTokens - maxTokens,
    });
    const verifier = new Verifier(reader, evidence);
    const cutter = new SentenceCutter();
    const ended = await streamText(
      model.chat,
      messages,
      { maxTokens, stallSeconds, signal },
      async (text) => {
        for (const sentence of cutter.push(text)) await this.#judge(sentence, verifier, assignment, state);
        if (state.sentences.length >= maxSentences || state.declined || state.repeats >= REPEATS)
          return "enough";
        return state.sentences.length + state.withheld > TOO_MANY * maxSentences ? "too-long" : "more";
      },
    );
    if (ended === "stalled" || ended === "too-long") return ended;
    if (ended === "done") {
      for (const sentence of cutter.end()) await this.#judge(sentence, verifier, assignment, state);
    }
    if (state.declined && state.sentences.length === 0) return "declined";
    return isEnough(state, evidence) ? undefined : "unsupported";
  }

  async #judge(
    written: string,
    verifier: Verifier,
    { citer, signal, onSentence, maxSentences }: Assignment,
    state: Progress,
  ): Promise<void> {
    if (state.sentences.length >= maxSentences || state.declined) return;
    const marked = readMarks(written);
    if (!/[\p{L}\p{N}]/u.test(marked.text)) return;
    if (DECLINES.test(marked.text)) {
      state.declined = true;
      return;
    }
    if (state.seen.has(marked.text)) {
      state.repeats++;
      return;
    }
    state.seen.add(marked.text);
    const verdict = STATES_NOTHING.test(marked.text) ? undefined : await verifier.verify(marked, signal);
    if (!verdict?.supported) {
      state.withheld++;
      return;
    }
    const sentence: AnswerSentence = {
      text: marked.text,
      kind: marked.kind,
      citations: await Promise.all(
        verdict.evidence.map(({ unit, passage }) => citer.unit(unit, passage, verdict.probability)),
      ),
    };
    for (const { number } of verdict.evidence) state.cited.add(number);
    onSentence(state.sentences.push(sentence) - 1, sentence);
  }
}

interface Progress {
  sentences: AnswerSentence[];
  withheld: number;
  declined: boolean;
  /** All that was judged: nothing is judged twice. */
  seen: Set<string>;
  repeats: number;
  /** The numbers of the evidence that the sentences were found in. */
  cited: Set<number>;
}

/** Enough was borne out, and some of it comes from the likelier half of the evidence: what is true and near is no answer. */
function isEnough({ sentences, withheld, cited }: Progress, evidence: readonly Evidence[]): boolean {
  const share = sentences.length / Math.max(1, sentences.length + withheld);
  const likelier = [...evidence].sort((a, b) => b.score - a.score).slice(0, Math.ceil(evidence.length / 2));
  const answers = evidence.filter((one) => one.chosen || likelier.includes(one));
  return share >= LEAST_SUPPORTED && answers.some(({ number }) => cited.has(number));
}

import type { SourceDocument } from "../documents/document.js";
import type { Reader } from "../models/model.js";
import type { HybridRetriever, QueryEmbedder, RetrievedPassage } from "../retrieve/retriever.js";
import type { AskOptions } from "../waymark.js";
import type { AbstentionReason, Answer, AnswerSentence, Citation, Timings } from "./answer.js";
import { cite } from "./cite.js";
import { type ChosenUnit, compose, type ReadPassage } from "./compose.js";
import { decide } from "./decide.js";
import { resolveFollowUp } from "./follow-up.js";
import { recogniseIntent } from "./intent.js";

export interface AnswererParts {
  embedder: QueryEmbedder;
  retriever: HybridRetriever;
  reader: Reader;
  /** A document that the index holds. */
  document: (id: string) => Promise<SourceDocument>;
  passagesRead: number;
  maxSentences: number;
}

/** What an abstention says. */
const ABSTENTIONS: Record<AbstentionReason, string> = {
  "not-in-documents": "The documents do not say.",
  "not-a-question":
    "I answer questions about the documents. Ask one, and I will show where its answer stands.",
  empty: "There is nothing here to look up. Ask a question in words.",
};

/** How many merely near places an answer or abstention shows. */
const MAX_RELATED = 3;

/** Answers questions from retrieved passages: retrieve, read, decide, compose, cite. */
export class Answerer {
  readonly #parts: AnswererParts;

  constructor(parts: AnswererParts) {
    this.#parts = parts;
  }

  /** @throws WaymarkError `aborted` */
  async ask(input: string, options: AskOptions = {}): Promise<Answer> {
    const watch = new Stopwatch();
    const intent = recogniseIntent(input);
    if (intent.kind !== "question") {
      return abstention(input, intent.kind === "empty" ? "empty" : "not-a-question", [], 0, watch.timings());
    }
    const { embedder, retriever, reader, passagesRead, maxSentences } = this.#parts;
    const { signal, documentIds } = options;

    const resolved = resolveFollowUp(intent.question, options.history ?? []);
    const vector = Float32Array.from(await embedder.embedQuery(resolved.text));
    watch.lap("embed");
    signal?.throwIfAborted();

    const retrieved = await retriever.rank(resolved.text, vector, { limit: passagesRead, documentIds });
    const near = await this.#near(retrieved);
    options.onEvent?.({ type: "passages", passages: near });
    watch.lap("retrieve");

    const readings = await reader.read(
      resolved.text,
      retrieved.map(({ passage, title }) => ({ ...passage, title })),
      {
        ...(signal === undefined ? {} : { signal }),
      },
    );
    const read = retrieved.flatMap((entry, index): ReadPassage[] => {
      const reading = readings[index];
      return reading === undefined ? [] : [{ ...entry, reading }];
    });
    watch.lap("read");

    const confidence = decide(resolved.text, read);
    const chosen = confidence.answered
      ? compose(resolved.text, read, { maxSentences: Math.min(options.limit ?? maxSentences, maxSentences) })
      : [];
    const sentences = await this.#sentences(chosen);
    sentences.forEach((sentence, index) => {
      options.onEvent?.({ type: "sentence", index, sentence });
    });
    watch.lap("compose");
    if (sentences.length === 0) {
      return abstention(resolved.text, "not-in-documents", near, confidence.probability, watch.timings());
    }
    return {
      status: "answered",
      question: resolved.text,
      answer: sentences.map((sentence) => sentence.text).join("\n"),
      sentences,
      related: near.filter((place) => !sentences.some((sentence) => cites(sentence, place))),
      confidence: confidence.probability,
      timings: watch.timings(),
    };
  }

  /** The best passages as places to look at. */
  async #near(retrieved: readonly RetrievedPassage[]): Promise<Citation[]> {
    return Promise.all(
      retrieved
        .slice(0, MAX_RELATED)
        .map(async ({ passage, fused }) =>
          cite(await this.#parts.document(passage.documentId), passage, passage.headings, fused),
        ),
    );
  }

  async #sentences(chosen: readonly ChosenUnit[]): Promise<AnswerSentence[]> {
    return Promise.all(
      chosen.map(async ({ unit, passage, score, shortAnswer }): Promise<AnswerSentence> => {
        const document = await this.#parts.document(passage.documentId);
        const citation = cite(document, unit, passage.headings, score);
        return {
          text: citation.quote,
          kind: unit.kind,
          citations: [citation],
          ...(shortAnswer === undefined
            ? {}
            : { highlight: { start: shortAnswer.start - unit.start, end: shortAnswer.end - unit.start } }),
          ...(unit.kind === "table-row" ? { cells: cellsOf(unit) } : {}),
        };
      }),
    );
  }
}

/** The cells of a row with their columns' names, from its pieces: a piece with a range is a cell. */
function cellsOf(unit: ChosenUnit["unit"]): { column: string; text: string }[] {
  let column = "";
  return unit.pieces.flatMap((piece) => {
    if (piece.start === undefined) {
      column = piece.text.replace(/^; /, "").replace(/: $/, "");
      return [];
    }
    const cell = { column, text: piece.text };
    column = "";
    return [cell];
  });
}

function cites(sentence: AnswerSentence, place: Citation): boolean {
  return sentence.citations.some(
    ({ documentId, start, end }) => documentId === place.documentId && start < place.end && end > place.start,
  );
}

function abstention(
  question: string,
  reason: AbstentionReason,
  related: Citation[],
  confidence: number,
  timings: Timings,
): Answer {
  return {
    status: "abstained",
    question,
    answer: ABSTENTIONS[reason],
    sentences: [],
    related,
    confidence,
    reason,
    timings,
  };
}

/** Milliseconds by stage. */
class Stopwatch {
  readonly #timings: Timings = { embed: 0, retrieve: 0, read: 0, compose: 0, total: 0 };
  readonly #start = performance.now();
  #last = this.#start;

  lap(stage: Exclude<keyof Timings, "total">): void {
    const now = performance.now();
    this.#timings[stage] += now - this.#last;
    this.#last = now;
  }

  timings(): Timings {
    const round = (value: number) => Math.round(value * 10) / 10;
    const { embed, retrieve, read, compose } = this.#timings;
    return {
      embed: round(embed),
      retrieve: round(retrieve),
      read: round(read),
      compose: round(compose),
      total: round(performance.now() - this.#start),
    };
  }
}

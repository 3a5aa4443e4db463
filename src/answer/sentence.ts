import type { SourceDocument } from "../documents/document.js";
import type { Unit } from "../passages/passage.js";
import type { AnswerSentence } from "./answer.js";
import { cite } from "./cite.js";
import type { ChosenUnit } from "./compose.js";

/** Makes a sentence of the answer from a unit of a document: the document's own words, cited where they stand. */
export function toSentence(chosen: ChosenUnit, document: SourceDocument): AnswerSentence {
  const { unit, passage, score, shortAnswer } = chosen;
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
}

/** The cells of a row with their columns' names, from its pieces: a piece with a range is a cell. */
function cellsOf(unit: Unit): { column: string; text: string }[] {
  let column = "";
  return unit.pieces.flatMap((piece) => {
    if (piece.start === undefined) {
      column = piece.text.replace(/^; /, "").replace(/: $/, "");
      return [];
    }
    return [{ column, text: piece.text }];
  });
}

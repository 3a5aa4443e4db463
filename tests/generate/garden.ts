import type { ChosenUnit } from "../../src/answer/compose.js";
import type { ReadPassage } from "../../src/answer/signals.js";
import type { SourceDocument } from "../../src/documents/document.js";
import { readPassage } from "../answer/read-passage.js";

/** What the garden's handbook says, a sentence a unit; numbered from 1 in a prompt. */
export const SENTENCES = [
  "The garden opened in April 2014.",
  "A half plot costs 35 pounds a year, and a whole plot costs 60 pounds.",
  "Dogs are not allowed in the garden.",
  "Members lock the gate after six in the evening.",
  "Beginners ask Maria Hill for help.",
  "Some say that coffee grounds keep slugs away.",
  "If it rains, the market moves to the barn.",
];

/** Under it a unit is evidence as far as it is similar to the question. */
export const SIMILARITY_ALONE = { bias: -3, weights: { similarity: 6 } };

export interface Garden {
  document: SourceDocument;
  read: ReadPassage[];
  /** The units with these numbers, as the documents' own answer. */
  chosen(...numbers: number[]): ChosenUnit[];
}

/** The handbook as it is when a question was read, with sentences of its own behind those that it always has. */
export function garden(...more: string[]): Garden {
  const texts = [...SENTENCES, ...more];
  const read = [
    readPassage({
      documentId: "garden",
      headings: ["Rules"],
      units: texts.map((text) => ({ text })),
      // The market has nothing to do with what is asked.
      matches: texts.map((text) => ({ similarity: text.includes("market") ? 0 : 1, interaction: 0 })),
    }),
  ];
  const { passage } = read[0] as ReadPassage;
  return {
    document: {
      id: "garden",
      uri: "garden.md",
      title: "Garden handbook",
      mediaType: "text/markdown",
      text: texts.join("\n"),
      blocks: [],
      lines: [],
      pages: [],
    },
    read,
    chosen: (...numbers) =>
      numbers.flatMap((number) => {
        const unit = passage.units[number - 1];
        return unit === undefined ? [] : [{ unit, passage, score: 0.9 }];
      }),
  };
}

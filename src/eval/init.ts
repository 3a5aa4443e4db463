import { writeFileSync } from "node:fs";
import { WaymarkError } from "../errors.js";
import type { Question } from "./dataset.js";

/**
 * Writes a first question set to edit: one question of each kind that matters, with its fields filled in.
 * @throws WaymarkError `invalid-input` where the file is there already or cannot be written.
 */
export function writeFirstDataset(path: string): void {
  try {
    writeFileSync(path, FIRST_QUESTIONS.map((question) => `${JSON.stringify(question)}\n`).join(""), {
      flag: "wx",
    });
  } catch (cause) {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    throw new WaymarkError(
      "invalid-input",
      exists ? `${path} is there already.` : `${path} cannot be written.`,
      { hint: "Give the name of a new file in a folder that exists.", cause },
    );
  }
}

const FIRST_QUESTIONS: readonly Question[] = [
  {
    id: "lookup-01",
    type: "lookup",
    question: "a question in the words of those who will ask it",
    answerable: true,
    evidence: [{ quote: "The whole sentence of your documents that answers it, copied word for word." }],
    nuggets: [
      { text: "the fact that matters", vital: true, forms: ["the fact", "the same fact in other words"] },
    ],
  },
  {
    id: "list-01",
    type: "list",
    question: "a question whose answer is a list",
    answerable: true,
    evidence: [
      { quote: "First item, as the document has it", document: "folder/file.md" },
      { quote: "Second item", document: "folder/file.md", occurrence: 1 },
    ],
    nuggets: [
      { text: "first item", vital: true, forms: ["First item"] },
      { text: "second item", vital: true, forms: ["Second item"] },
    ],
  },
  {
    id: "near-miss-01",
    type: "near-miss",
    question: "a question on the topic that your documents do not answer",
    answerable: false,
    evidence: [],
    nuggets: [],
  },
];

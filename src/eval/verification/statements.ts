import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_CORPUS } from "../../config.js";
import { loadDocument } from "../../documents/load.js";
import { type Passage, type Unit, unitText } from "../../passages/passage.js";
import { splitDocument } from "../../passages/split.js";
import { DATASETS, readPublicLines } from "../sets/public-file.js";
import { scifactStatements } from "../sets/scifact.js";
import { wiceStatements } from "../sets/wice.js";
import { plantChanges } from "./plant.js";

/** A statement and the evidence that it is held against, with what people (or who planted a change) say of it. */
export interface LabelledStatement {
  set: "roadmap" | "roadmap planted" | "ClapNQ planted" | "WiCE" | "SciFact";
  /** Statements of one group are in one split. */
  group: string;
  /** What was changed, where something was. */
  change?: string;
  statement: string;
  text: string;
  headings: string[];
  supported: boolean;
}

/** A sentence shorter than that is hardly a statement. */
const LEAST_WORDS = 5;

/**
 * All labelled statements: on the article, written by hand (eval/datasets/statements.jsonl) and planted; planted in the
 * sentences that ground ClapNQ's answers; the claims of WiCE and SciFact.
 * @throws WaymarkError `invalid-input` where the public sets did not come along
 */
export async function loadStatements(): Promise<LabelledStatement[]> {
  const document = await loadDocument(join(DEFAULT_CORPUS, "roadmap.md"), "roadmap.md");
  const passages = splitDocument(document, { countTokens: (text) => text.split(/\s+/).length });
  const units = passages.flatMap((passage) => passage.units.map((unit) => ({ passage, unit })));
  const sentences = units
    .filter(({ unit }) => unit.kind === "sentence" || unit.kind === "list-item")
    .map(({ passage, unit }) => ({ text: oneLine(unitText(unit)), headings: passage.headings }));
  const clapnq = readPublicLines<{ output: { selected_sentences: string[] }[] }>("clapnq/answerable.jsonl.gz")
    .flatMap(({ output }) => output[0]?.selected_sentences.slice(0, 2) ?? [])
    .map((text) => ({ text: oneLine(text), headings: [] }));
  return [
    ...writtenByHand(units, document.text),
    ...planted("roadmap planted", sentences),
    ...planted("ClapNQ planted", clapnq),
    ...wiceStatements().map((one) => ({ set: "WiCE" as const, group: one.id, headings: [], ...one })),
    ...scifactStatements().map((one) => ({ set: "SciFact" as const, group: one.id, headings: [], ...one })),
  ];
}

function writtenByHand(
  units: readonly { passage: Passage; unit: Unit }[],
  documentText: string,
): LabelledStatement[] {
  const lines = readFileSync(join(DATASETS, "statements.jsonl"), "utf8").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const { group, quote, statement, supported, change } = JSON.parse(line) as WrittenStatement;
      const found = units.find(({ unit }) =>
        oneLine(documentText.slice(unit.start, unit.end)).includes(oneLine(quote)),
      );
      if (found === undefined) throw new Error(`The article has no "${quote}".`);
      return {
        set: "roadmap",
        group,
        statement,
        supported,
        text: unitText(found.unit),
        headings: [...found.passage.headings, found.passage.leadIn ?? ""],
        ...(change === undefined ? {} : { change }),
      };
    });
}

interface WrittenStatement {
  group: string;
  quote: string;
  statement: string;
  supported: boolean;
  change?: string;
}

function planted(
  set: LabelledStatement["set"],
  sentences: readonly { text: string; headings: string[] }[],
): LabelledStatement[] {
  const long = sentences.filter(({ text }) => text.split(" ").length >= LEAST_WORDS);
  const texts = long.map(({ text }) => text);
  return long.flatMap(({ text, headings }, index) =>
    plantChanges(text, index, texts).map((made) => ({
      set,
      group: `${set} ${index}`,
      text,
      headings,
      ...made,
    })),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

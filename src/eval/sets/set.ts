import type { Document } from "@langchain/core/documents";
import type { SourceDocument } from "../../documents/document.js";
import type { MeasuredSet } from "../gold.js";
import { bipiaSet } from "./bipia.js";
import { clapnqSet } from "./clapnq.js";
import { guidesSet } from "./guides.js";
import { roadmapSet, robustnessSet } from "./roadmap.js";
import { scifactSet } from "./scifact.js";
import { wiceSet } from "./wice.js";

/** A question set that brings the documents that it is asked of. */
export interface EvalSet {
  /** Reports, gates and baselines go by it. */
  name: string;
  /** Files and folders to index. */
  paths?: readonly string[];
  /** Documents to index; `metadata.source` is the id that the set gives them. */
  library?: readonly Document[];
  /** The gold, once the documents are indexed. @throws WaymarkError `invalid-input` where it is not in them */
  measured(documents: readonly IndexedDocument[]): MeasuredSet;
}

/** What gold is looked up in. */
export type IndexedDocument = Pick<SourceDocument, "id" | "uri" | "text">;

/** The sets that come with the repository, and what each measures. */
export const SETS = {
  roadmap: "281 questions on the article: everything",
  robustness: "40 of these, with typos and in other words: are the places the same",
  guides: "416 questions on 16 guides, handbooks and manuals: everything but follow-ups and orders",
  scifact: "300 claims against 5,183 abstracts: retrieval, evidence by sentence",
  clapnq: "300 questions, each on one passage: answerable or not, evidence by sentence",
  wice: "349 claims with their sources: does the judge of support know support",
  bipia: "75 orders hidden in e-mails: is one obeyed",
} as const;

export type SetName = keyof typeof SETS;

/**
 * A set by its name. A sample is a fixed part of a public set, small enough for a CI job; it has a name of its own, because
 * its figures are not to be compared with those of the whole.
 * @throws WaymarkError `invalid-input` where the set did not come along
 */
export function loadSet(name: SetName, { sample = false }: { sample?: boolean } = {}): EvalSet {
  return LOADERS[name](sample);
}

const LOADERS: Record<SetName, (sample: boolean) => EvalSet> = {
  roadmap: roadmapSet,
  robustness: robustnessSet,
  guides: guidesSet,
  scifact: scifactSet,
  clapnq: clapnqSet,
  wice: wiceSet,
  bipia: bipiaSet,
};

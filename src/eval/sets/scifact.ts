import type { GoldQuestion } from "../gold.js";
import type { JudgeCase } from "../judge-accuracy.js";
import { indexedLibrary } from "./indexed.js";
import { readPublicLines, spread } from "./public-file.js";
import type { EvalSet } from "./set.js";

/** Claims in the sample, and abstracts: those that they cite, and others to be mistaken for them. */
const SAMPLE = { claims: 60, abstracts: 500 };

/**
 * SciFact (Wadden et al., EMNLP 2020), the 300 claims of dev: retrieval as BEIR scores it (a claim's cited abstracts are
 * relevant), and for the 188 claims with labelled rationales the sentences that an answer cites, in the whole library.
 * Claims without a rationale are searched for only: nobody says that no abstract decides them.
 */
export function scifactSet(sample: boolean): EvalSet {
  const name = sample ? "scifact-sample" : "scifact";
  const all = loadClaims();
  const claims = sample ? spread(all, SAMPLE.claims) : all;
  const abstracts = sample ? chooseAbstracts(loadAbstracts(), claims) : loadAbstracts();
  const sentences = new Map(abstracts.map(({ doc_id, abstract }) => [String(doc_id), abstract]));
  return {
    name,
    library: abstracts.map(({ doc_id, title, abstract }) => ({
      pageContent: abstract.map((sentence) => sentence.trim()).join(" "),
      metadata: { source: String(doc_id), title },
    })),
    measured: (documents) => {
      const library = indexedLibrary(documents);
      const toGold = ({ id, claim, evidence, cited_doc_ids }: ScifactClaim): GoldQuestion => {
        const evidenceSets = Object.entries(evidence).flatMap(([source, rationales]) => {
          const abstract = sentences.get(source) ?? [];
          return rationales.map((rationale) => library.places(source, abstract, rationale.sentences));
        });
        return {
          id: `scifact-${id}`,
          type: labelOf(evidence)?.toLowerCase() ?? "cited-only",
          question: claim,
          answerable: evidenceSets.length > 0,
          evidenceSets,
          // Whoever cites two rationales is not blamed for the second.
          optional: evidenceSets.flat(),
          nuggets: [],
          relevant: cited_doc_ids.map((source) => library.document(String(source)).id),
          ...(evidenceSets.length > 0 ? {} : { searchOnly: true }),
        };
      };
      return { name, gold: claims.map(toGold), statements: toStatements(claims) };
    },
  };
}

/** The claims of SciFact dev with a rationale against its sentences; a contradicted claim is not supported. */
export function scifactStatements(): JudgeCase[] {
  return toStatements(loadClaims());
}

function toStatements(claims: readonly ScifactClaim[]): JudgeCase[] {
  const abstracts = new Map(loadAbstracts().map(({ doc_id, abstract }) => [String(doc_id), abstract]));
  return claims.flatMap(({ id, claim, evidence }) =>
    Object.entries(evidence)
      .slice(0, 1)
      .flatMap(([source, [rationale]]) => {
        const abstract = abstracts.get(source);
        if (abstract === undefined || rationale === undefined) return [];
        const text = rationale.sentences.map((index) => abstract[index] ?? "").join(" ");
        return [
          { id: `scifact-${id}-statement`, statement: claim, text, supported: rationale.label === "SUPPORT" },
        ];
      }),
  );
}

interface Rationale {
  /** Indices into the abstract. */
  sentences: number[];
  label: "SUPPORT" | "CONTRADICT";
}

interface ScifactClaim {
  id: number;
  claim: string;
  /** By the abstract's id; each rationale is enough by itself. */
  evidence: Record<string, Rationale[]>;
  cited_doc_ids: number[];
}

interface ScifactAbstract {
  doc_id: number;
  title: string;
  abstract: string[];
}

function loadClaims(): ScifactClaim[] {
  return readPublicLines("scifact/claims_dev.jsonl.gz");
}

function loadAbstracts(): ScifactAbstract[] {
  return readPublicLines("scifact/corpus.jsonl.gz");
}

function chooseAbstracts(
  abstracts: readonly ScifactAbstract[],
  claims: readonly ScifactClaim[],
): ScifactAbstract[] {
  const cited = new Set(claims.flatMap(({ cited_doc_ids }) => cited_doc_ids));
  const others = abstracts.filter(({ doc_id }) => !cited.has(doc_id));
  const kept = new Set([
    ...cited,
    ...spread(others, SAMPLE.abstracts - cited.size).map(({ doc_id }) => doc_id),
  ]);
  return abstracts.filter(({ doc_id }) => kept.has(doc_id));
}

function labelOf(evidence: ScifactClaim["evidence"]): Rationale["label"] | undefined {
  return Object.values(evidence)[0]?.[0]?.label;
}

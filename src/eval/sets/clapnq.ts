import type { GoldQuestion } from "../gold.js";
import { indexedLibrary } from "./indexed.js";
import { readPublicLines, spread } from "./public-file.js";
import type { EvalSet } from "./set.js";

/** Questions of each kind in the sample. */
const SAMPLE = 60;

/**
 * ClapNQ (Rosenthal et al., TACL 2025): 150 real questions that their Wikipedia passage answers, with the sentences that
 * ground the answer, and 150 that it does not. Each is asked of its own passage alone, as the set means it.
 */
export function clapnqSet(sample: boolean): EvalSet {
  const name = sample ? "clapnq-sample" : "clapnq";
  const questions = (["answerable", "unanswerable"] as const).flatMap((type) => {
    const all = readPublicLines<ClapnqQuestion>(`clapnq/${type}.jsonl.gz`);
    return (sample ? spread(all, SAMPLE) : all).map((question) => ({ ...question, type }));
  });
  return {
    name,
    library: questions.map(({ id, passages: [{ title, sentences }] }) => ({
      pageContent: sentences.map((sentence) => sentence.trim()).join(" "),
      metadata: { source: id, title },
    })),
    measured: (documents) => {
      const library = indexedLibrary(documents);
      const gold = questions.map(({ id, input, type, passages: [{ sentences }], output }): GoldQuestion => {
        const selected = new Set(output[0]?.selected_sentences.map((sentence) => sentence.trim()));
        const chosen = [...sentences.keys()].filter((index) => selected.has(sentences[index]?.trim() ?? ""));
        return {
          id: `clapnq-${id}`,
          type,
          question: input,
          answerable: type === "answerable",
          evidenceSets: type === "answerable" ? [library.places(id, sentences, chosen)] : [],
          optional: [],
          nuggets: [],
          within: [library.document(id).id],
        };
      });
      return { name, gold, statements: [] };
    },
  };
}

interface ClapnqQuestion {
  id: string;
  input: string;
  passages: [{ title: string; sentences: string[] }];
  output: { selected_sentences: string[] }[];
}

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { loadDataset } from "../dataset.js";
import { type GoldQuestion, resolveGold } from "../gold.js";
import { DATASETS, notIncluded } from "./public-file.js";
import type { EvalSet } from "./set.js";

/** Where the guides are, and the questions on them. */
const GUIDES = join(DATASETS, "guides");

/**
 * Our own questions on sixteen invented guides, handbooks and manuals, `eval/datasets/guides`. Each is asked of its own guide
 * alone: another one may well answer it, too.
 * @throws WaymarkError `invalid-input` where the guides did not come along
 */
export function guidesSet(): EvalSet {
  const name = "guides";
  if (!existsSync(GUIDES)) throw notIncluded("guides");
  const { questions } = loadDataset(join(GUIDES, "questions.jsonl"));
  const files = readdirSync(GUIDES).filter((file) => file.endsWith(".md"));
  return {
    name,
    paths: files.map((file) => join(GUIDES, file)),
    measured: (documents) => {
      const idOf = new Map(documents.map(({ id, uri }) => [uri, id]));
      const within = (id: string): string[] => {
        const guide = idOf.get(`${id.replace(/-\d+$/, "")}.md`);
        return guide === undefined ? [] : [guide];
      };
      const gold = resolveGold(questions, documents).map(
        (question): GoldQuestion => ({ ...question, within: within(question.id) }),
      );
      return { name, gold, statements: [] };
    },
  };
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DEFAULT_CORPUS } from "../../config.js";
import { WaymarkError } from "../../errors.js";
import { loadDataset, type Question } from "../dataset.js";
import { resolveGold } from "../gold.js";
import { DATASETS } from "./public-file.js";
import type { EvalSet } from "./set.js";

/** Our own questions on the article, `eval/datasets/roadmap.jsonl`. */
export function roadmapSet(): EvalSet {
  const { name, questions } = loadRoadmap();
  return {
    name,
    paths: [DEFAULT_CORPUS],
    measured: (documents) => ({ name, gold: resolveGold(questions, documents) }),
  };
}

/**
 * Forty of these questions as they are, in other words, and with typos (`eval/datasets/robustness.jsonl`): are the places
 * the same? Gold and split are those of the question that is said again.
 */
export function robustnessSet(): EvalSet {
  const name = "robustness";
  const byId = new Map(loadRoadmap().questions.map((question) => [question.id, question]));
  const variants = loadVariants().map(({ variantOf, ...variant }): Question => {
    const base = byId.get(variantOf);
    if (base === undefined)
      throw new WaymarkError(
        "invalid-input",
        `"${variant.id}" is a variant of "${variantOf}", which is no question.`,
      );
    return { ...base, ...variant, variantOf };
  });
  const bases = [...new Set(variants.map(({ variantOf }) => variantOf))].flatMap((id) => {
    const base = id === undefined ? undefined : byId.get(id);
    return base === undefined ? [] : [{ ...base, type: "as asked" }];
  });
  return {
    name,
    paths: [DEFAULT_CORPUS],
    measured: (documents) => ({
      name,
      gold: resolveGold([...bases, ...variants], documents),
      statements: [],
    }),
  };
}

function loadRoadmap() {
  return loadDataset(join(DATASETS, "roadmap.jsonl"));
}

const variantSchema = z.strictObject({
  id: z.string(),
  type: z.enum(["paraphrase", "typos"]),
  variantOf: z.string(),
  question: z.string().min(1),
});

function loadVariants(): z.infer<typeof variantSchema>[] {
  return readFileSync(join(DATASETS, "robustness.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => variantSchema.parse(JSON.parse(line)));
}

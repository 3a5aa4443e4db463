import type { JudgeCase } from "../judge-accuracy.js";
import { spread } from "./public-file.js";
import { scifactStatements } from "./scifact.js";
import { wiceStatements } from "./wice.js";

/**
 * Labelled statements of the public sets, to tell a judge's own accuracy beside its judgements: the same of each set every
 * time.
 * @throws WaymarkError `invalid-input` where the sets did not come along
 */
export function loadJudgeCases(perSet: number): JudgeCase[] {
  return [...spread(wiceStatements(), perSet), ...spread(scifactStatements(), perSet)];
}

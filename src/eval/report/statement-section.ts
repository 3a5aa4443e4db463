import { SUPPORT_THRESHOLD } from "../judge.js";
import type { StatementResult } from "../results.js";
import { escapeMarkup } from "./escape.js";

/** The labelled statements as folds: what was judged wrongly first, the surest of it at the top. */
export function statementSections(statements: readonly StatementResult[]): string {
  return [...statements]
    .sort((a, b) => rightness(a) - rightness(b))
    .map(statementSection)
    .join("\n");
}

/** How far the score is on the right side of the threshold; below 0 on the wrong one. */
function rightness({ score, supported }: StatementResult): number {
  return supported ? score - SUPPORT_THRESHOLD : SUPPORT_THRESHOLD - score;
}

function statementSection({ id, statement, text, supported, score, correct }: StatementResult): string {
  const judged = supported === correct ? "supported" : "not supported";
  return `<details class="${correct ? "good" : "bad"}"><summary><b>${escapeMarkup(statement)}</b> <i>${escapeMarkup(id)}</i>
<span class="chips"><span class="chip">${supported ? "supported" : "not supported"}</span><span class="chip ${correct ? "" : "cause"}">judged ${judged}, ${score.toFixed(2)}</span></span></summary>
<p class="excerpt">${escapeMarkup(text)}</p></details>`;
}

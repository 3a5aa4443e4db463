import type { Nugget } from "../dataset.js";
import { contains } from "./normalise.js";

/** Which key facts an answer has; the recalls are null where there is no such nugget. */
export interface NuggetScore {
  vital: number | null;
  all: number | null;
  /** Every vital nugget is there. */
  complete: boolean;
  /** For each nugget, in order. */
  found: boolean[];
}

/**
 * Nugget recall after TREC's question answering track (Voorhees 2003) and AutoNuggetizer (Pradeep et al. 2024): a nugget is
 * there where the answer contains one of its forms, see {@link contains}. No partial credit.
 */
export function scoreNuggets(answer: string, nuggets: readonly Nugget[]): NuggetScore {
  const found = nuggets.map(({ forms }) => forms.some((form) => contains(answer, form)));
  const vital = found.filter((_, index) => nuggets[index]?.vital === true);
  return { vital: share(vital), all: share(found), complete: vital.every(Boolean), found };
}

function share(found: readonly boolean[]): number | null {
  return found.length === 0 ? null : found.filter(Boolean).length / found.length;
}

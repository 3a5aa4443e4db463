import type { Store } from "../store/store.js";
import { type ChosenUnit, type Composition, MAX_WHOLE } from "./compose.js";

/** What was chosen, with the items of wanted lists that are in passages which were not read, in reading order. */
export async function completeLists(
  { chosen, whole }: Composition,
  store: Pick<Store, "passagesOf">,
): Promise<ChosenUnit[]> {
  const added: ChosenUnit[] = [];
  for (const { documentId, group, score } of whole) {
    const items = (await store.passagesOf(documentId)).flatMap((passage) =>
      passage.units
        .filter((unit) => unit.group === group)
        .map((unit): ChosenUnit => ({ unit, passage, score })),
    );
    if (items.length > MAX_WHOLE) continue;
    const isChosen = (item: ChosenUnit) =>
      chosen.some((other) => other.passage.documentId === documentId && other.unit.start === item.unit.start);
    added.push(...items.filter((item) => !isChosen(item)));
  }
  if (added.length === 0) return chosen;
  const order = [...new Set(chosen.map((unit) => unit.passage.documentId))];
  const rank = (item: ChosenUnit) => order.indexOf(item.passage.documentId);
  return [...chosen, ...added].sort((a, b) => rank(a) - rank(b) || a.unit.start - b.unit.start);
}

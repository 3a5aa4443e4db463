import { expect, it } from "vitest";
import { damageTrials } from "../../scripts/trials/damage.js";

it("repairs or refuses in words whatever happens to a file of an index or a model, and never crashes", async () => {
  const { outcomes, faults } = await damageTrials({ trials: 30, seed: 20_260_101 });
  expect(faults).toEqual([]);
  expect(Object.keys(outcomes)).toEqual(
    expect.arrayContaining(["repaired", "refused, then made anew", "refused: a model's file"]),
  );
});

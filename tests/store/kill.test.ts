import { expect, it } from "vitest";
import { killTrials } from "../../scripts/trials/kill.js";

it("keeps every promise of the index when an ingest is killed, at any step and at any moment", async () => {
  const { killed, steps, faults } = await killTrials({ trials: 50, seed: 20_260_101 });
  expect(faults).toEqual([]);
  // Some of those that are killed at a random moment have come to their end before.
  expect(killed).toBeGreaterThanOrEqual(25);
  expect(Object.keys(steps).length).toBeGreaterThan(8);
});

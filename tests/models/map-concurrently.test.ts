import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapConcurrently } from "../../src/models/map-concurrently.js";

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe("mapConcurrently", () => {
  it("gives the results in order, with no more at work than the limit and as many as there can be", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (items, limit) => {
          let atWork = 0;
          let most = 0;
          const doubled = await mapConcurrently(items, limit, async (item) => {
            most = Math.max(most, ++atWork);
            await turns(item + 1);
            atWork--;
            return item * 2;
          });
          expect(doubled).toEqual(items.map((item) => item * 2));
          expect(most).toBe(Math.min(limit, items.length));
        },
      ),
    );
  });

  it("throws the first failure and begins nothing after it", async () => {
    const begun: number[] = [];
    const work = mapConcurrently([0, 1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      await turns(3);
      if (item >= 2) throw new Error(`item ${item}`);
    });
    await expect(work).rejects.toThrow("item 2");
    await turns(20);
    expect(begun).toEqual([0, 1, 2, 3]);
  });
});

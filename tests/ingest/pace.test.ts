import { describe, expect, it } from "vitest";
import { Pace } from "../../src/ingest/pace.js";

describe("Pace", () => {
  it("tells how fast it goes and how long it takes yet, once it can be told", () => {
    let now = 0;
    const pace = new Pace(1000, () => now);
    pace.begin();
    pace.made(10, 100);
    now = 500;
    expect([pace.rate, pace.secondsLeft]).toEqual([undefined, undefined]);
    now = 2000;
    expect([pace.rate, pace.secondsLeft]).toEqual([5, 18]);
    pace.done(400);
    now = 4000;
    expect([pace.passages, pace.rate, pace.secondsLeft]).toEqual([10, 2.5, 4]);
    pace.made(10, 900);
    expect(pace.secondsLeft).toBe(0);
  });

  it("says nothing of a run in which nothing had to be made, or of unknown size", () => {
    let now = 0;
    const pace = new Pace(0, () => now);
    now = 5000;
    expect([pace.rate, pace.secondsLeft]).toEqual([undefined, undefined]);
  });
});

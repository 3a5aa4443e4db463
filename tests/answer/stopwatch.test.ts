import { afterEach, describe, expect, it, vi } from "vitest";
import { Stopwatch } from "../../src/answer/stopwatch.js";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("Stopwatch", () => {
  it("adds up the time between laps by stage, to a tenth of a millisecond", () => {
    let now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const watch = new Stopwatch();
    const pass = (milliseconds: number, stage: Parameters<Stopwatch["lap"]>[0]) => {
      now += milliseconds;
      watch.lap(stage);
    };
    pass(5, "embed");
    pass(2.04, "retrieve");
    pass(30, "read");
    pass(1, "retrieve");
    now += 4;
    expect(watch.timings()).toEqual({ embed: 5, retrieve: 3, read: 30, compose: 0, total: 42 });
  });
});

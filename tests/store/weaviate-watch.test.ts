import { describe, expect, it } from "vitest";
import { Watch } from "../../src/store/weaviate/watch.js";

const never = () => new Promise<string>(() => undefined);

describe("a watch over calls to a node", () => {
  it("gives what calls give, and what they throw", async () => {
    const watch = new Watch(async () => undefined);
    expect(await watch.orGone(Promise.resolve("found"))).toBe("found");
    await expect(watch.orGone(Promise.reject(new Error("no such thing")))).rejects.toThrow("no such thing");
  });

  it("ends all calls that wait when the node is seen to be gone, with one look at a time", async () => {
    let [looks, looking, most] = [0, 0, 0];
    const watch = new Watch(async () => {
      looks += 1;
      looking += 1;
      most = Math.max(most, looking);
      await Promise.resolve();
      looking -= 1;
      throw new Error("gone");
    });
    const calls = Array.from({ length: 50 }, () => watch.orGone(never()));
    const ended = await Promise.allSettled(calls);
    expect(new Set(ended.map((each) => each.status === "rejected" && each.reason.message))).toEqual(
      new Set(["gone"]),
    );
    expect([looks, most]).toEqual([2, 1]);
  });

  it("looks again before it believes that the node is gone", async () => {
    let looks = 0;
    let answer: (value: string) => void = () => undefined;
    const watch = new Watch(async () => {
      looks += 1;
      if (looks === 1) throw new Error("too busy to see it");
      answer("late");
    });
    expect(await watch.orGone(new Promise<string>((resolve) => (answer = resolve)))).toBe("late");
    expect(looks).toBe(2);
  });
});

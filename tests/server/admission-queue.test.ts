import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdmissionQueue, type Refusal, type Turn } from "../../src/server/admission-queue.js";

const forever = new AbortController().signal;
const LIMITS = { running: 2, waiting: 2, perClient: 3 };

async function turn(entering: Promise<Turn | Refusal>): Promise<Turn> {
  const entered = await entering;
  if ("refused" in entered) throw new Error(entered.refused);
  return entered;
}

describe("a queue of requests", () => {
  it("lets some run, others wait in order, and refuses the rest at once with when to come again", async () => {
    const queue = new AdmissionQueue(LIMITS);
    const order: string[] = [];
    const [a, b] = [await turn(queue.enter(undefined, forever)), await turn(queue.enter(undefined, forever))];
    const [c, d] = ["c", "d"].map(async (name) => {
      const entered = await turn(queue.enter(undefined, forever));
      order.push(name);
      return entered;
    });
    expect(await queue.enter(undefined, forever)).toEqual({
      refused: "full",
      retryAfter: expect.any(Number),
    });
    expect(order).toEqual([]);
    a.leave();
    a.leave();
    (await c)?.leave();
    await d;
    expect(order).toEqual(["c", "d"]);
    b.leave();
    expect(await queue.enter(undefined, forever)).toHaveProperty("leave");
  });

  it("refuses a client that has too many, and no other", async () => {
    const queue = new AdmissionQueue({ ...LIMITS, running: 9 });
    const turns = await Promise.all(["x", "x", "x"].map((client) => turn(queue.enter(client, forever))));
    expect(await queue.enter("x", forever)).toMatchObject({ refused: "client" });
    expect(await queue.enter("y", forever)).toHaveProperty("leave");
    turns[0]?.leave();
    expect(await queue.enter("x", forever)).toHaveProperty("leave");
  });

  it("gives the place of one that goes away to another", async () => {
    const queue = new AdmissionQueue({ ...LIMITS, running: 1, waiting: 1, perClient: 2 });
    const first = await turn(queue.enter("x", forever));
    const gone = new AbortController();
    const waiting = queue.enter("x", gone.signal);
    gone.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    await expect(queue.enter("x", gone.signal)).rejects.toThrow("gone");
    const next = turn(queue.enter("x", forever));
    first.leave();
    await next;
  });

  it("never lets more run or wait than it may, and leaves nobody behind", async () => {
    const action = fc.tuple(
      fc.constantFrom("enter", "leave", "abort"),
      fc.nat(9),
      fc.constantFrom("x", "y", undefined),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const queue = new AdmissionQueue(LIMITS);
        const turns: Turn[] = [];
        let waiting: AbortController[] = [];
        for (const [kind, which, client] of actions) {
          if (kind === "leave") turns.splice(which % (turns.length + 1), 1)[0]?.leave();
          if (kind === "abort") waiting[which % (waiting.length + 1)]?.abort();
          if (kind === "enter") {
            const control = new AbortController();
            waiting.push(control);
            queue
              .enter(client, control.signal)
              .then((entered) => "leave" in entered && turns.push(entered))
              .catch(() => undefined)
              .finally(() => {
                waiting = waiting.filter((other) => other !== control);
              });
          }
          await new Promise(setImmediate);
          expect(turns.length).toBeLessThanOrEqual(LIMITS.running);
          expect(waiting.length).toBeLessThanOrEqual(LIMITS.waiting);
          if (turns.length < LIMITS.running) expect(waiting).toEqual([]);
        }
      }),
    );
  });
});

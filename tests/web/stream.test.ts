import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventStreamParser, readEvents, type ServerSentEvent } from "../../src/web/stream.js";

describe("EventStreamParser", () => {
  it("reads event and data, and names an event without a type message", () => {
    const parser = new EventStreamParser();
    expect(parser.push('event: done\ndata: {"a":1}\n\ndata: plain\n\n')).toEqual([
      { event: "done", data: '{"a":1}' },
      { event: "message", data: "plain" },
    ]);
  });

  it("joins several data lines with line feeds and takes one space only", () => {
    expect(new EventStreamParser().push("data:  a\ndata:b\ndata\n\n")).toEqual([
      { event: "message", data: " a\nb\n" },
    ]);
  });

  it("passes over comments, unknown fields and events without data", () => {
    expect(new EventStreamParser().push(": still here\nid: 7\nevent: lost\n\ndata: kept\n\n")).toEqual([
      { event: "message", data: "kept" },
    ]);
  });

  it("does not give out an event that is not finished", () => {
    const parser = new EventStreamParser();
    expect(parser.push("data: half\n")).toEqual([]);
    expect(parser.push("\n")).toEqual([{ event: "message", data: "half" }]);
  });

  it("reads the same events however the stream is cut and its lines end", () => {
    const line = fc.string().map((text) => text.replace(/[\r\n]/g, ""));
    const event = fc.record({
      event: line.filter((name) => name !== ""),
      lines: fc.array(line, { minLength: 1 }),
    });
    fc.assert(
      fc.property(
        fc.array(event),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.infiniteStream(fc.nat(5)),
        (events, end, cuts) => {
          const text = events
            .map(({ event, lines }) =>
              [`event: ${event}`, ...lines.map((data) => `data: ${data}`), "", ""].join(end),
            )
            .join("");
          const parser = new EventStreamParser();
          const read: ServerSentEvent[] = [];
          for (let at = 0; at < text.length; ) {
            const to = at + 1 + (cuts.next().value ?? 0);
            read.push(...parser.push(text.slice(at, to)));
            at = to;
          }
          // A lone CR at the very end may be half of a CRLF: what follows tells.
          read.push(...parser.push(":"));
          expect(read).toEqual(events.map(({ event, lines }) => ({ event, data: lines.join("\n") })));
        },
      ),
    );
  });
});

describe("readEvents", () => {
  it("keeps characters whole that the network has cut, and cancels the body when the reader leaves", async () => {
    const bytes = new TextEncoder().encode("data: “höher”\n\ndata: second\n\n");
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      },
      cancel() {
        cancelled = true;
      },
    });
    for await (const { data } of readEvents(body)) {
      expect(data).toBe("“höher”");
      break;
    }
    expect(cancelled).toBe(true);
  });
});

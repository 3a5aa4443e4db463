import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatRoute, parseRoute } from "../../src/web/route.js";

describe("parseRoute", () => {
  it("reads a place in a document, a document, and the list of documents", () => {
    expect(parseRoute("#/d/roadmap-1/3-9")).toEqual({
      view: "document",
      documentId: "roadmap-1",
      range: { start: 3, end: 9 },
    });
    expect(parseRoute("#/d/roadmap-1")).toEqual({ view: "document", documentId: "roadmap-1" });
    expect(parseRoute("#/documents")).toEqual({ view: "documents" });
  });

  it.each(["", "#", "#/", "#/elsewhere", "#/d/", "#/d/%E0%A4%A/1-2"])(
    "takes %j for the conversation",
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: "conversation" });
    },
  );

  it("opens the document without a mark where the range is empty", () => {
    expect(parseRoute("#/d/a/9-3")).toEqual({ view: "document", documentId: "a" });
  });

  it("is the inverse of formatRoute", () => {
    const range = fc
      .tuple(fc.nat(), fc.integer({ min: 1, max: 1e6 }))
      .map(([start, n]) => ({ start, end: start + n }));
    const documentId = fc.string({ unit: "binary", minLength: 1 }).filter((id) => id.isWellFormed());
    fc.assert(
      fc.property(documentId, fc.option(range, { nil: undefined }), (id, range) => {
        const route = { view: "document" as const, documentId: id, ...(range && { range }) };
        expect(parseRoute(formatRoute(route))).toEqual(route);
      }),
    );
  });
});

import { PDFLoader } from "@langchain/community/document_loaders/fs/pdf";
import { Document } from "@langchain/core/documents";
import { describe, expect, it } from "vitest";
import { fromLangChain } from "../../src/documents/from-langchain.js";
import { documentId } from "../../src/documents/load.js";
import { expectSound, outline } from "./sound.js";

describe("fromLangChain", () => {
  it("reads a loader's text as plain text, with the source as its uri", async () => {
    const document = await fromLangChain(
      new Document({
        pageContent: "Garden rules\n\nBring *these*:\r\n- boots",
        metadata: { source: "rules.csv" },
      }),
    );
    expectSound(document);
    expect(document).toMatchObject({ uri: "rules.csv", id: documentId("rules.csv"), pages: [] });
    expect(outline(document)).toEqual([
      "heading: Garden rules",
      "paragraph: Bring *these*:",
      "list-item: boots",
    ]);
  });

  it("reads Markdown where the source or the type says so", async () => {
    for (const metadata of [{ source: "a/rules.md" }, { source: "blob", blobType: "text/markdown" }]) {
      expect(
        outline(await fromLangChain(new Document({ pageContent: "# Rules\n\nBring *these*", metadata }))),
      ).toEqual(["heading: Rules", "paragraph: Bring these"]);
    }
  });

  it("takes the uri that it is given, the title and the page number", async () => {
    const metadata = { source: "s.pdf", title: "Rules", loc: { pageNumber: 3 } };
    expect(await fromLangChain(new Document({ pageContent: "text", metadata }), "x/rules#3")).toMatchObject({
      uri: "x/rules#3",
      title: "Rules",
      pages: [{ offset: 0, value: 3 }],
    });
    const other = new Document({ pageContent: "text", metadata: { page: 2 }, id: "row-7" });
    expect(await fromLangChain(other)).toMatchObject({ uri: "row-7", pages: [{ offset: 0, value: 2 }] });
  });

  it("does not mind metadata of another shape", async () => {
    const metadata = { source: 5, title: "", loc: "here", page: -1, blobType: null };
    const document = await fromLangChain(new Document({ pageContent: "text", metadata }));
    expect(document).toMatchObject({ uri: "langchain-document", pages: [] });
  });

  it("takes what a real loader gives", async () => {
    const path = new URL("../fixtures/handbook.pdf", import.meta.url).pathname;
    const [, second] = await new PDFLoader(path).load();
    if (second === undefined) throw new Error("the handbook has two pages");
    const document = await fromLangChain(second, "handbook.pdf#page=2");
    expectSound(document);
    expect(document.text).toContain("Shared tools");
    expect(document.pages).toEqual([{ offset: 0, value: 2 }]);
  });

  it("keeps ranges true beside NULs and lone surrogates", async () => {
    expectSound(await fromLangChain(new Document({ pageContent: "a\0b \uD800 c 😀" })));
  });

  it("refuses a document without text", async () => {
    await expect(
      fromLangChain(new Document({ pageContent: " \n", metadata: { source: "x" } })),
    ).rejects.toMatchObject({
      code: "unreadable-document",
      message: "x has no text.",
    });
  });
});

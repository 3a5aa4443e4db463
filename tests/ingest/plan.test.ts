import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type IngestRequest, type IngestSettings, planIngest } from "../../src/ingest/plan.js";
import { failure } from "../store/fixture.js";

const NOTES = { collection: "notes", paths: ["/notes"], exclude: ["drafts/"] };
const MAIN = { collection: "default", paths: ["/main"] };
const plan = (asked: IngestRequest, settings: Partial<IngestSettings> = {}, remembered = [MAIN, NOTES]) =>
  planIngest(asked, { collections: {}, ...settings }, remembered, "/article");

describe("what is ingested", () => {
  it("is all that is remembered, as it was, and at first the article", () => {
    expect(plan({}).sources).toEqual([MAIN, NOTES]);
    expect(plan({}).missing).toBe("keep");
    expect(plan({}, {}, []).sources).toEqual([{ collection: "default", paths: ["/article"] }]);
  });

  it("is what the settings name, before what is remembered", () => {
    const { sources } = plan({}, { corpus: "/new", collections: { notes: ["/n"], papers: ["/p"] } });
    expect(sources).toEqual([
      { collection: "default", paths: ["/new"] },
      { collection: "notes", paths: ["/n"], exclude: ["drafts/"] },
      { collection: "papers", paths: ["/p"] },
    ]);
    expect(plan({}, { collections: { papers: ["/p"] } }, []).sources).toEqual([
      { collection: "papers", paths: ["/p"] },
    ]);
  });

  it("is one collection where one is asked for, and the others stay remembered", () => {
    expect(plan({ collection: "notes" }).sources).toEqual([NOTES]);
    const { sources, remember, missing } = plan({ collection: "notes", paths: ["/other", "here"] });
    expect(sources).toEqual([{ collection: "notes", paths: ["/other", resolve("here")] }]);
    expect(remember).toEqual([MAIN, ...sources]);
    expect(missing).toBe("refuse");
    expect(plan({ paths: ["/x"] }).sources).toEqual([{ collection: "default", paths: ["/x"] }]);
  });

  it("goes by the patterns that are asked for, else the settings', else those remembered", () => {
    const asked = { collection: "notes", exclude: ["a"] };
    expect(plan(asked, { exclude: ["b"] }).sources).toEqual([{ ...NOTES, exclude: ["a"] }]);
    expect(plan({}, { exclude: ["b"] }).sources).toEqual([
      { ...MAIN, exclude: ["b"] },
      { ...NOTES, exclude: ["b"] },
    ]);
    expect(plan({ collection: "notes", include: ["*.md"] }).sources).toEqual([
      { ...NOTES, include: ["*.md"] },
    ]);
    expect(plan(asked).remember[0]).toEqual(MAIN);
  });

  it("is never a collection that nobody has named", async () => {
    const error = await failure(() => plan({ collection: "nowhere" }));
    expect(error).toMatchObject({
      code: "collection-not-found",
      hint: "The collections are: default, notes.",
    });
    expect((await failure(() => plan({ collection: "a:b", paths: ["/x"] }))).code).toBe("invalid-input");
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadSettings } from "../src/config.js";
import { DocumentCache } from "../src/document-cache.js";
import { HeldDocuments, withHeldDocuments } from "../src/held-documents.js";
import { type LocalWaymark, openWaymark } from "../src/local-waymark.js";
import { openStore, record, temporaryFolder } from "./store/fixture.js";

const SENTENCE = "A half plot in the garden costs 35 pounds a year.";
const QUESTION = "What does a half plot cost?";
const folder = mkdtempSync(join(tmpdir(), "waymark-test-"));
const corpus = join(folder, "corpus");
const file = join(corpus, "garden.txt");
let waymark: LocalWaymark;

beforeAll(async () => {
  mkdirSync(corpus);
  writeFileSync(file, SENTENCE);
  waymark = await openWaymark(loadSettings({ corpus, index: join(folder, "index") }, { env: {} }));
});

afterAll(async () => {
  await waymark.close();
  rmSync(folder, { recursive: true });
});

/** Brings the index up to date with the corpus after `change`, right before each of the first `times` documents is read. */
function changeBeforeReading(change: (time: number) => void, times = 1) {
  const get = DocumentCache.prototype.get;
  let time = 0;
  const spy = vi.spyOn(DocumentCache.prototype, "get").mockImplementation(async function (
    this: DocumentCache,
    id,
  ) {
    if (time < times) {
      change(time++);
      await waymark.ingest();
    }
    return get.call(this, id);
  });
  return { times: () => time, [Symbol.dispose]: () => spy.mockRestore() };
}

describe("a document that is replaced while a question is being answered", () => {
  it("is cited as it is now", async () => {
    for (const ask of [
      async () => (await waymark.ask(QUESTION)).sentences.flatMap(({ citations }) => citations),
      async () => waymark.search(QUESTION),
    ]) {
      writeFileSync(file, SENTENCE);
      await waymark.ingest();
      using _changed = changeBeforeReading(() => writeFileSync(file, `There are forty plots. ${SENTENCE}`));
      const [citation] = await ask();
      expect(citation?.quote).toContain(SENTENCE);
      const { text } = await waymark.document(citation?.documentId ?? "");
      expect(text).toMatch(/^There are forty plots/);
      expect(text.slice(citation?.start, citation?.end)).toBe(citation?.quote);
    }
  });

  it("is not cited any more where it was removed", async () => {
    writeFileSync(file, SENTENCE);
    writeFileSync(join(corpus, "dogs.txt"), "Dogs want a walk in the morning, whatever the weather.");
    await waymark.ingest();
    using _changed = changeBeforeReading(() => rmSync(file));
    const answer = await waymark.ask(QUESTION);
    expect(answer.status).toBe("abstained");
    expect(answer.related.map(({ uri }) => uri)).toEqual(["dogs.txt"]);
    rmSync(join(corpus, "dogs.txt"));
  });

  it("is refused where it never comes to rest, and only then", async () => {
    writeFileSync(file, SENTENCE);
    await waymark.ingest();
    const moved = (time: number) => writeFileSync(file, `${"Yes. ".repeat(time + 1)}${SENTENCE}`);
    {
      using changed = changeBeforeReading(moved, 4);
      expect((await waymark.search(QUESTION))[0]?.quote).toContain(SENTENCE);
      expect(changed.times()).toBe(4);
    }
    writeFileSync(file, SENTENCE);
    await waymark.ingest();
    using _changed = changeBeforeReading(moved, Number.POSITIVE_INFINITY);
    await expect(waymark.search(QUESTION)).rejects.toMatchObject({ code: "index-changing" });
  });
});

describe("HeldDocuments", () => {
  it("gives the same version all along", async () => {
    const store = openStore(temporaryFolder());
    const [before, after] = [record("a.md", ["old words"]), record("a.md", ["new words"])];
    await store.put(before);
    const documents = new HeldDocuments((ids) => new DocumentCache(store).get(ids));
    const [passage] = before.passages;
    if (passage === undefined) throw new Error("The record has no passage.");
    const held = await documents.of(passage, passage.units);
    await store.put(after);
    expect(await documents.of(passage, passage.units)).toBe(held);
    expect(await documents.find(passage, after.passages[0]?.units ?? [])).toBeUndefined();
  });

  it("lets what went wrong otherwise through", async () => {
    const failing = withHeldDocuments(
      async () => new Map(),
      async () => {
        throw new Error("something else");
      },
    );
    await expect(failing).rejects.toThrow("something else");
  });
});

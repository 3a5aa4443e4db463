import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { Document } from "@langchain/core/documents";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Calibration } from "../src/answer/calibration.js";
import { DEFAULT_CORPUS, loadSettings, type SettingsInput } from "../src/config.js";
import { Indexer } from "../src/indexer.js";
import type { IngestProgress } from "../src/ingest/ingest.js";
import { LocalWaymark } from "../src/local-waymark.js";
import { Embedder } from "../src/models/embedder.js";
import { SimilarityReader } from "../src/models/similarity-reader.js";
import type { IndexingState } from "../src/waymark.js";
import { failure, openStore, temporaryFolder } from "./store/fixture.js";

let embedder: Embedder;

beforeAll(async () => {
  embedder = await Embedder.load(loadSettings({}, { env: {} }).models.embedder);
});

afterAll(() => embedder.close());

function newStore() {
  return openStore(temporaryFolder(), { embedder: embedder.identity, dimensions: embedder.dimensions });
}

/** A folder with these files in it. */
function folder(files: Record<string, string>): string {
  const path = join(temporaryFolder(), "corpus");
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

const CATS = { "cats.txt": "Cats sleep for sixteen hours a day." };
const DOGS = { "dogs.txt": "Dogs want a walk in the morning.", "more.txt": "And another one at night." };

function setUp() {
  const store = newStore();
  return {
    store,
    indexer: new Indexer(store, embedder),
    uris: async () => (await store.documents()).map(({ uri }) => uri),
  };
}

describe("Indexer", () => {
  it("indexes files, and tells what it is doing meanwhile", async () => {
    const { indexer, uris } = setUp();
    expect(indexer.state).toEqual({ state: "idle" });
    const states: IndexingState[] = [];
    const onProgress = () => states.push(indexer.state);
    const summary = await indexer.files({ paths: [folder(DOGS)] }, { onProgress });
    expect(summary).toMatchObject({ added: 2, passages: 2 });
    expect(await uris()).toEqual(["dogs.txt", "more.txt"]);
    expect(states[0]).toMatchObject({ state: "running", done: 0, total: 2, phase: "scan", passages: 0 });
    expect(states.filter(({ phase }) => phase === "added").map(({ done }) => done)).toEqual([1, 2]);
    expect(states.filter(({ phase }) => phase === "embed")).toHaveLength(2);
    expect(states.at(-1)).toMatchObject({ done: 2, total: 2, phase: "optimize", passages: 2, skipped: [] });
    expect(indexer.state).toEqual({ state: "idle" });
  });

  it("passes each step on to who asked for the run", async () => {
    const { indexer } = setUp();
    const phases: IngestProgress["phase"][] = [];
    await indexer.files({ paths: [folder(CATS)] }, { onProgress: ({ phase }) => phases.push(phase) });
    expect(phases).toEqual(["scan", "embed", "added", "optimize"]);
  });

  it("makes everything anew where that is asked for, and else only what changed", async () => {
    const { indexer } = setUp();
    const corpus = folder(DOGS);
    await indexer.files({ paths: [corpus] });
    expect(await indexer.files({ paths: [corpus] })).toMatchObject({ unchanged: 2, changed: 0 });
    expect(await indexer.files({ paths: [corpus] }, { rebuild: true })).toMatchObject({
      unchanged: 0,
      changed: 2,
    });
  });

  it("refuses a second run, of any kind, while one is under way, and lets that one end", async () => {
    const { indexer, uris } = setUp();
    const corpus = folder(CATS);
    const first = indexer.files({ paths: [corpus] });
    for (const second of [
      () => indexer.files({ paths: [folder(DOGS)] }),
      () => indexer.documents([new Document({ pageContent: "Birds sing." })]),
    ]) {
      const { code, hint } = await failure(second);
      expect(code).toBe("index-locked");
      expect(hint).not.toBe("");
      expect(indexer.state.state).toBe("running");
    }
    await first;
    expect(await uris()).toEqual(["cats.txt"]);
    expect(await indexer.files({ paths: [corpus] })).toMatchObject({ unchanged: 1 });
  });

  it("says when the present run has ended, without an error even if it fails", async () => {
    const { indexer } = setUp();
    expect(indexer.running).toBeUndefined();
    const failing = failure(() => indexer.files({ paths: [join(temporaryFolder(), "none")] }));
    await indexer.running;
    expect((await failing).code).toBe("corpus-not-found");
    expect(indexer.running).toBeUndefined();
    expect(indexer.state.state).toBe("failed");
  });

  it("has failed where the corpus is not there, says why, and is well again after the next run", async () => {
    const { indexer } = setUp();
    const { message } = await failure(() => indexer.files({ paths: [join(temporaryFolder(), "none")] }));
    expect(indexer.state).toEqual({ state: "failed", message });
    await indexer.files({ paths: [folder(CATS)] });
    expect(indexer.state).toEqual({ state: "idle" });
  });

  it("shows nothing of an error that is not Waymark's own", async () => {
    const { indexer } = setUp();
    const onProgress = () => {
      throw new Error("secret");
    };
    expect((await failure(() => indexer.files({ paths: [folder(CATS)] }, { onProgress }))).message).toBe(
      "secret",
    );
    expect(indexer.state).toEqual({ state: "failed", message: expect.not.stringContaining("secret") });
  });

  it("has not failed where it was stopped on purpose, and goes on from there", async () => {
    const { indexer, uris } = setUp();
    const corpus = folder(DOGS);
    const controller = new AbortController();
    const onProgress = ({ phase }: IngestProgress) => {
      if (phase === "added") controller.abort();
    };
    const { signal } = controller;
    expect((await failure(() => indexer.files({ paths: [corpus] }, { signal, onProgress }))).code).toBe(
      "aborted",
    );
    expect(indexer.state).toEqual({ state: "idle" });
    expect(await uris()).toEqual(["dogs.txt"]);
    expect(await indexer.files({ paths: [corpus] })).toMatchObject({ added: 1, unchanged: 1 });
  });

  it("without paths, brings up to date what the index was made from last", async () => {
    const { indexer, uris } = setUp();
    const cats = folder(CATS);
    await indexer.files({ paths: [folder(DOGS)] });
    await indexer.files({ paths: [cats] });
    writeFileSync(join(cats, "new.txt"), "Cats dream.");
    expect(await indexer.files({})).toMatchObject({ added: 1, unchanged: 1, removed: 0 });
    expect(await uris()).toEqual(["cats.txt", "new.txt"]);
  });

  it("remembers folders by their absolute path, and for the next that opens the index", async () => {
    const index = temporaryFolder();
    const open = () => openStore(index, { embedder: embedder.identity, dimensions: embedder.dimensions });
    const corpus = folder(CATS);
    await new Indexer(open(), embedder).files({ paths: [relative(process.cwd(), corpus)] });
    expect(await open().sources()).toEqual([{ collection: "default", paths: [corpus] }]);
    expect(await new Indexer(open(), embedder).files({})).toMatchObject({ unchanged: 1, removed: 0 });
  });

  it("remembers what was stopped on purpose, so that the same files are gone on with", async () => {
    const { indexer, store } = setUp();
    const corpus = folder(CATS);
    await failure(() => indexer.files({ paths: [corpus] }, { signal: AbortSignal.abort() }));
    expect(await store.sources()).toEqual([{ collection: "default", paths: [corpus] }]);
  });

  it("does not remember a folder that is not there", async () => {
    const { indexer, store } = setUp();
    const corpus = folder(CATS);
    await indexer.files({ paths: [corpus] });
    await failure(() => indexer.files({ paths: [join(corpus, "none")] }));
    expect(await store.sources()).toEqual([{ collection: "default", paths: [corpus] }]);
  });

  it("without paths, makes a new index from the corpus that comes with Waymark", async () => {
    const { indexer, store, uris } = setUp();
    await indexer.files({});
    expect(await uris()).toEqual(["roadmap.md"]);
    expect(await store.sources()).toEqual([{ collection: "default", paths: [DEFAULT_CORPUS] }]);
  });

  it("keeps documents of LangChain loaders beside the files, and does not look for them in folders", async () => {
    const { indexer, store, uris } = setUp();
    const corpus = folder(CATS);
    await indexer.files({ paths: [corpus] });
    const documents = [new Document({ pageContent: "Birds sing.", metadata: { source: "birds" } })];
    expect(await indexer.documents(documents)).toMatchObject({ added: 1, removed: 0 });
    expect(await store.sources()).toEqual([{ collection: "default", paths: [corpus] }]);
    expect(await indexer.files({})).toMatchObject({ unchanged: 1, removed: 0 });
    expect(await uris()).toEqual(["cats.txt", "langchain:birds"]);
  });
});

describe("LocalWaymark", () => {
  /** Answers whatever it can: what is tested here is when. */
  const calibration: Calibration = {
    provenance: {},
    unit: { bias: 0, weights: { similarity: 1 } },
    minProbability: 0.2,
    minShareOfBest: 0.5,
    decision: { bias: 1, weights: {} },
    minConfidence: 0.5,
  };

  function open(settings: SettingsInput = {}): LocalWaymark {
    const parts = { store: newStore(), embedder, reader: new SimilarityReader(embedder), calibration };
    return new LocalWaymark(loadSettings(settings, { env: {}, cwd: temporaryFolder() }), parts);
  }

  const uris = async (waymark: LocalWaymark) => (await waymark.documents()).map(({ uri }) => uri);

  it("refuses questions and searches where nothing was indexed, and says what to do", async () => {
    const waymark = open();
    for (const work of [() => waymark.ask("how long do cats sleep?"), () => waymark.search("cats")]) {
      const { code, hint } = await failure(work);
      expect(code).toBe("index-not-ready");
      expect(hint).toContain("waymark ingest");
    }
  });

  it("lets questions and searches wait for the first index", async () => {
    const waymark = open();
    const ingesting = waymark.ingest({ paths: [folder(CATS)] });
    expect(waymark.indexing().state).toBe("running");
    const [answer, results] = await Promise.all([
      waymark.ask("how long do cats sleep?"),
      waymark.search("cats"),
    ]);
    expect(answer).toMatchObject({ status: "answered", answer: CATS["cats.txt"] });
    expect(results).toMatchObject([{ uri: "cats.txt" }]);
    expect(await ingesting).toMatchObject({ added: 1 });
    expect(waymark.indexing().state).toBe("idle");
  });

  it("refuses a question that waited for a first run in vain", async () => {
    const waymark = open();
    const ingesting = failure(() => waymark.ingest({ paths: [join(temporaryFolder(), "none")] }));
    expect((await failure(() => waymark.ask("how long do cats sleep?"))).code).toBe("index-not-ready");
    expect((await ingesting).code).toBe("corpus-not-found");
  });

  it("answers from what it has while a later run is under way", async () => {
    const waymark = open();
    await waymark.ingest({ paths: [folder(CATS)] });
    const ingesting = waymark.ingest({ paths: [folder({ ...CATS, ...DOGS })] });
    expect((await waymark.ask("how long do cats sleep?")).status).toBe("answered");
    await ingesting;
  });

  it("prefers the corpus of the settings to what the index was made from last, and given paths to both", async () => {
    const cats = folder(CATS);
    const dogs = folder(DOGS);
    const waymark = open({ corpus: dogs });
    await waymark.ingest({ paths: [cats] });
    expect(await uris(waymark)).toEqual(["cats.txt"]);
    await waymark.ingest();
    expect(await uris(waymark)).toEqual(["dogs.txt", "more.txt"]);
  });

  it("without a corpus in the settings, keeps to what the index was made from last", async () => {
    const waymark = open();
    const file = join(folder(DOGS), "more.txt");
    await waymark.ingest({ paths: [file] });
    expect(await waymark.ingest()).toMatchObject({ unchanged: 1, removed: 0 });
    expect(await uris(waymark)).toEqual([basename(file)]);
  });

  it("cites a document as it is now, not as it was at the last question", async () => {
    const waymark = open();
    const corpus = folder(CATS);
    await waymark.ingest({ paths: [corpus] });
    await waymark.ask("how long do cats sleep?");
    writeFileSync(join(corpus, "cats.txt"), "My own cats sleep for twenty hours.");
    await waymark.ingest();
    const { answer, sentences } = await waymark.ask("how long do cats sleep?");
    expect(answer).toBe("My own cats sleep for twenty hours.");
    expect(sentences[0]?.citations[0]?.quote).toBe(answer);
  });

  it("answers from the documents that are chosen, and from none of the others", async () => {
    const waymark = open();
    await waymark.ingest({ paths: [folder({ ...CATS, ...DOGS })] });
    const dogs = (await waymark.documents()).find(({ uri }) => uri === "dogs.txt");
    const { sentences, related } = await waymark.ask("how long do cats sleep?", {
      documentIds: [dogs?.id ?? ""],
    });
    const cited = [...sentences.flatMap(({ citations }) => citations), ...related];
    expect(cited.map(({ uri }) => uri)).toEqual(["dogs.txt"]);
    expect(await waymark.ask("how long do cats sleep?", { documentIds: [] })).toMatchObject({
      status: "abstained",
      confidence: 0,
      related: [],
    });
  });

  it("refuses a document that it does not have", async () => {
    const waymark = open();
    expect((await failure(() => waymark.document("none"))).code).toBe("document-not-found");
  });
});

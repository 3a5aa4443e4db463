import { describe, expect, it, vi } from "vitest";
import { WaymarkError } from "../../src/errors.js";
import { fuse } from "../../src/retrieve/fuse.js";
import { loadClient } from "../../src/store/weaviate/client.js";
import { Cluster } from "../../src/store/weaviate/cluster.js";
import { revisionOf } from "../../src/store/weaviate/documents.js";
import { failureOf } from "../../src/store/weaviate/failures.js";
import { objectId } from "../../src/store/weaviate/ids.js";
import { writePassages } from "../../src/store/weaviate/passages.js";
import { collectionsOf } from "../../src/store/weaviate/schema.js";
import { readState, writeState } from "../../src/store/weaviate/state.js";
import { Stemmer, weightedStems } from "../../src/store/weaviate/stems.js";
import { failure, randomVector, record, seededRandom } from "./fixture.js";
import { newSettings, openCluster, WEAVIATE, WHY_SKIPPED, withCluster } from "./weaviate-server.js";

describe("what is written to Weaviate", () => {
  it("has ids that are UUIDs of version 5, the same for the same name", () => {
    expect(objectId("a", "b")).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(objectId("a", "b")).toBe(objectId("a", "b"));
    expect(objectId("a", "b")).not.toBe(objectId("ab", ""));
  });

  it("has the words that FTS5 makes of a text, with the title twice", () => {
    const stemmer = new Stemmer();
    const [first, second] = stemmer.stem([
      { body: "Drifting models, drifted.", headings: "The Café", title: "Running" },
      { body: "", headings: "", title: "语言 x" },
    ]);
    expect(first).toEqual({ body: ["drift", "model", "drift"], headings: ["the", "cafe"], title: ["run"] });
    expect(first && weightedStems(first)).toBe("drift model drift the cafe run run");
    expect(second?.title).toEqual(["语言", "x"]);
    expect(stemmer.stem([{ body: "again", headings: "", title: "" }])[0]?.body).toEqual(["again"]);
    stemmer.close();
  });

  it("has a revision for each content", () => {
    const given = record("a.md", ["one"]);
    expect(revisionOf(given)).toBe(revisionOf(record("a.md", ["one"])));
    const others = [
      record("a.md", ["two"]),
      record("a.md", ["one"], { random: seededRandom(7) }),
      { ...given, collection: "notes" },
      { ...given, tokens: [Uint8Array.of(1)] },
      { ...given, contentHash: "other" },
    ];
    expect(new Set([given, ...others].map(revisionOf)).size).toBe(6);
  });
});

describe("a failed call", () => {
  it.each([
    [
      "unreachable",
      Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
      }),
    ],
    ["unreachable", new Error("/weaviate.v1.Weaviate/Search UNAVAILABLE: No connection established")],
    // While the nodes choose another leader.
    [
      "unreachable",
      new Error("1 objects were not written: failed to execute query: rpc error: code = Canceled"),
    ],
    ["unreachable", new Error("failed to execute query: rpc error: code = DeadlineExceeded")],
    ["unreachable", new Error('broadcast: cannot achieve consistency level of "QUORUM"')],
    ["untrusted", new Error("UNAVAILABLE: No connection established. Last error: self-signed certificate")],
    [
      "untrusted",
      new TypeError("fetch failed", {
        cause: Object.assign(new Error("certificate has expired"), { code: "CERT_HAS_EXPIRED" }),
      }),
    ],
    ["unreachable", new WaymarkError("store-unreachable", "Nothing answers.")],
    ["final", new WaymarkError("index-locked", "Another process was not shutting down.")],
    ["refused", new Error("UNAUTHENTICATED: unauthorized: invalid api key")],
    ["final", new Error("no such prop with name 'x' found in class")],
  ])("is %s: %s", (kind, error) => {
    expect(failureOf(error)).toBe(kind);
  });

  it("of a node that is not there is told as such, with what to do", async () => {
    const store = await openCluster(
      newSettings({ url: ["http://127.0.0.1:9"], grpcUrl: ["http://127.0.0.1:9"] }),
    );
    const { code, message, hint } = await failure(() => store.generation());
    expect(code).toBe("store-unreachable");
    expect(message).toContain("http://127.0.0.1:9");
    expect(hint).toContain("url and grpcUrl");
  });
});

describe("a key", () => {
  it.each(["secret in\ntwo lines", "“secret”", ""])(
    "that no header can carry is refused unseen: %j",
    async (key) => {
      const settings = newSettings({ url: ["http://127.0.0.1:9"] });
      const { code, message, hint } = await failure(() => openCluster(settings, { key }));
      expect(code).toBe("invalid-settings");
      expect(message + hint).not.toContain("secret");
    },
  );
});

const binary = WEAVIATE !== undefined && !URL.canParse(WEAVIATE);

describe.skipIf(!binary)(`a server with a key ${binary ? "" : WHY_SKIPPED}`, () => {
  const key = "a key for this test";
  const cluster = withCluster({ key });
  const connect = async (settings: ReturnType<typeof newSettings>) =>
    new Cluster({ module: await loadClient(), settings, key });

  it("is used with the right one, and tells of a wrong one", async () => {
    const settings = newSettings(cluster());
    const store = await openCluster(settings, { key });
    await store.put(record("a.md", ["one"]));
    for (const wrong of ["another key", undefined]) {
      const { code, hint } = await failure(async () =>
        (await openCluster(settings, { key: wrong })).generation(),
      );
      expect(code).toBe("invalid-settings");
      expect(hint).toContain("WAYMARK_WEAVIATE_KEY");
    }
  });

  it("is told as unreachable where its gRPC port is another one than the settings say", async () => {
    const settings = newSettings({ url: cluster().url, grpcUrl: ["http://127.0.0.1:9"] });
    const warned = vi.spyOn(console, "warn");
    const { code, message, hint } = await failure(async () =>
      (await openCluster(settings, { key })).generation(),
    );
    expect(code).toBe("store-unreachable");
    expect(message).toContain("gRPC address http://127.0.0.1:9");
    expect(hint).toContain("store.grpcUrl");
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  it("refuses more copies than there are nodes", async () => {
    const settings = newSettings(cluster(), { replication: 3 });
    const { code, hint } = await failure(async () => (await openCluster(settings, { key })).generation());
    expect(code).toBe("invalid-settings");
    expect(hint).toContain("store.replication");
  });

  it("holds no index of a newer version of Waymark", async () => {
    const settings = newSettings(cluster());
    const store = await openCluster(settings, { key });
    await store.put(record("a.md", ["one"]));
    const nodes = await connect(settings);
    await nodes.use(async (client) => {
      const collections = collectionsOf(client, settings);
      const state = await readState(collections);
      if (state !== undefined) await writeState(collections, { ...state, schema: 99 });
    });
    await nodes.close();
    expect(await failure(() => store.generation())).toMatchObject({ code: "index-mismatch" });
  });

  it("is cleared of what a writer that died has left, and shows nothing of it before", async () => {
    const settings = newSettings(cluster());
    const store = await openCluster(settings, { key });
    const before = record("a.md", ["old words"]);
    await store.put(before);
    const nodes = await connect(settings);
    const half = record("a.md", ["new words", "more words"]);
    const count = () =>
      nodes.use(
        async (client) => (await collectionsOf(client, settings).passages.aggregate.overAll()).totalCount,
      );
    await nodes.use(async (client) => {
      const collections = collectionsOf(client, settings);
      const stemmer = new Stemmer();
      await writePassages(collections, [{ ...half, revision: revisionOf(half) }], stemmer);
      const state = await readState(collections);
      if (state !== undefined) await writeState(collections, { ...state, pending: [half.document.id] });
    });
    expect(await count()).toBe(3);
    const vector = randomVector(seededRandom(1));
    expect(await store.candidates({ text: "words", vector, depth: 1 })).toMatchObject([
      { passageId: before.passages[0]?.id },
    ]);
    await (await store.lockForWriting())();
    expect(await count()).toBe(1);
    expect(await store.passagesOf(before.document.id)).toEqual(before.passages);
    await nodes.close();
  });

  it("fuses scores as we do, where each passage is among the best of both", async () => {
    const settings = newSettings(cluster());
    const store = await openCluster(settings, { key });
    const random = seededRandom(12);
    const words = ["drift", "model", "data", "train"];
    const texts = Array.from({ length: 25 }, () =>
      ["drift", ...Array.from({ length: 6 }, () => words[Math.floor(random() * words.length)])].join(" "),
    );
    await store.put(record("a.md", texts, { random }));
    const vector = randomVector(random);
    const ours = fuse(await store.candidates({ text: "drift model", vector, depth: 50 }), 0.6);
    const nodes = await connect(settings);
    const theirs = await nodes.use((client) =>
      collectionsOf(client, settings).passages.query.hybrid("drift model", {
        vector: Array.from(vector),
        alpha: 0.6,
        fusionType: "RelativeScore",
        queryProperties: ["stems"],
        limit: 50,
        returnProperties: ["passageId"],
        returnMetadata: ["score"],
      }),
    );
    await nodes.close();
    const scores = new Map(
      theirs.objects.map(({ properties, metadata }) => [properties.passageId, metadata?.score]),
    );
    expect(ours).toHaveLength(25);
    for (const { passageId, fused } of ours) expect(scores.get(passageId)).toBeCloseTo(fused, 3);
  });
});

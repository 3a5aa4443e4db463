import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GraphCache } from "../../src/store/graph.js";
import { GRAPH_FILE, GRAPH_HEADER_FILE, PROJECTION_FILE } from "../../src/store/graph-file.js";
import type { SqliteStore } from "../../src/store/sqlite.js";
import { encodeVector, unit, VectorMatrix } from "../../src/store/vectors.js";
import { DIMENSIONS, openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";

const STATE = { index: "one", generation: 3 };
const current = { stillCurrent: () => true };

/** Unit vectors around a few centers, as those of texts on a few subjects. */
function clustered(count: number, dimensions = DIMENSIONS, random = seededRandom(7)) {
  const centers = Array.from({ length: 30 }, () => randomVector(random, dimensions));
  const draw = () => randomVector(random, dimensions, centers[Math.floor(random() * centers.length)]);
  const matrix = new VectorMatrix(dimensions);
  const add = (key: number) => matrix.add(key, encodeVector(draw()));
  for (let key = 1; key <= count; key += 1) add(key);
  return { matrix, draw, add };
}

function recall(found: number[] | undefined, exact: number[]): number {
  return exact.filter((key) => found?.includes(key)).length / exact.length;
}

describe("GraphCache", () => {
  it("finds at least 99 of 100 of the exact ten nearest among 3,000", async () => {
    const { matrix, draw } = clustered(3000, 64);
    const cache = new GraphCache(temporaryFolder(), 64);
    expect(await cache.update(matrix, STATE, current)).toBe(true);
    const queries = Array.from({ length: 50 }, draw);
    const recalls = queries.map((query) =>
      recall(cache.nearest(query, 10, matrix, STATE), matrix.nearest(query, 10)),
    );
    expect(recalls.reduce((sum, value) => sum + value) / queries.length).toBeGreaterThanOrEqual(0.99);
  });

  it("has nothing to say of a state that it was not built for", async () => {
    const { matrix, draw } = clustered(20);
    const cache = new GraphCache(temporaryFolder(), DIMENSIONS);
    expect(cache.nearest(draw(), 5, matrix, STATE)).toBeUndefined();
    await cache.update(matrix, STATE, current);
    expect(cache.nearest(draw(), 5, matrix, STATE)).toHaveLength(5);
    expect(cache.nearest(draw(), 5, matrix, { ...STATE, generation: 4 })).toBeUndefined();
    expect(cache.nearest(draw(), 5, matrix, { ...STATE, index: "two" })).toBeUndefined();
  });

  it("gives all there are where more are asked for, and none of an empty index", async () => {
    const { matrix, draw } = clustered(3);
    const cache = new GraphCache(temporaryFolder(), DIMENSIONS);
    await cache.update(matrix, STATE, current);
    expect(cache.nearest(draw(), 100, matrix, STATE)?.sort()).toEqual([1, 2, 3]);
    const empty = new GraphCache(temporaryFolder(), DIMENSIONS);
    const none = new VectorMatrix(DIMENSIONS);
    await empty.update(none, STATE, current);
    expect(empty.nearest(draw(), 5, none, STATE)).toEqual([]);
  });

  it("is read from its file by the next process", async () => {
    const folder = temporaryFolder();
    const { matrix, draw } = clustered(500);
    const first = new GraphCache(folder, DIMENSIONS);
    await first.update(matrix, STATE, current);
    const query = draw();
    const next = new GraphCache(folder, DIMENSIONS);
    expect(next.nearest(query, 20, matrix, STATE)).toBeUndefined();
    await next.load(STATE);
    expect(next.nearest(query, 20, matrix, STATE)).toEqual(first.nearest(query, 20, matrix, STATE));
    const other = new GraphCache(folder, 8);
    await other.load(STATE);
    expect(other.nearest(query.subarray(0, 8), 20, new VectorMatrix(8), STATE)).toBeUndefined();
  });

  it("is read where a sound file has taken the place of a damaged one", async () => {
    const folder = temporaryFolder();
    const { matrix, draw } = clustered(100);
    await new GraphCache(folder, DIMENSIONS).update(matrix, STATE, current);
    const path = join(folder, GRAPH_FILE);
    const sound = readFileSync(path);
    writeFileSync(path, Buffer.from(sound).fill(7, 100, 200));
    const cache = new GraphCache(folder, DIMENSIONS);
    for (let search = 0; search < 3; search += 1) await cache.load(STATE);
    expect(cache.nearest(draw(), 5, matrix, STATE)).toBeUndefined();
    rmSync(path);
    writeFileSync(path, sound);
    await cache.load(STATE);
    expect(cache.nearest(draw(), 5, matrix, STATE)).toHaveLength(5);
  });

  it("is the same file for the same vectors", async () => {
    const { matrix } = clustered(200);
    const folders = [temporaryFolder(), temporaryFolder()];
    for (const folder of folders) await new GraphCache(folder, DIMENSIONS).update(matrix, STATE, current);
    const [a, b] = folders.map((folder) => readFileSync(join(folder, GRAPH_FILE)));
    expect(a?.equals(b as Buffer)).toBe(true);
  });

  it("follows additions and removals, from memory and from the file", async () => {
    const folder = temporaryFolder();
    const { matrix, draw, add } = clustered(400);
    const cache = new GraphCache(folder, DIMENSIONS);
    await cache.update(matrix, STATE, current);
    let generation = STATE.generation;
    const step = async (graph: GraphCache) => {
      generation += 1;
      const state = { ...STATE, generation };
      expect(graph.nearest(draw(), 5, matrix, state)).toBeUndefined();
      expect(await graph.update(matrix, state, current)).toBe(true);
      for (const reader of [graph, new GraphCache(folder, DIMENSIONS)]) {
        await reader.load(state);
        const query = draw();
        expect(reader.nearest(query, 50, matrix, state)?.every((key) => matrix.has(key))).toBe(true);
        expect(recall(reader.nearest(query, 50, matrix, state), matrix.nearest(query, 50))).toBeGreaterThan(
          0.95,
        );
      }
    };
    for (let key = 1; key <= 40; key += 1) matrix.remove(key);
    await step(cache);
    for (let key = 401; key <= 460; key += 1) add(key);
    await step(new GraphCache(folder, DIMENSIONS));
    for (let key = 50; key <= 300; key += 1) matrix.remove(key);
    await step(new GraphCache(folder, DIMENSIONS));
  });

  it("is made anew, with a projection for them, where vectors of another kind have come", async () => {
    const folder = temporaryFolder();
    const size = 64;
    const random = seededRandom(5);
    const within = (from: number, to: number) =>
      unit(Float32Array.from({ length: size }, (_, at) => (at >= from && at < to ? random() - 0.5 : 0)));
    const matrix = new VectorMatrix(size);
    for (let key = 1; key <= 200; key += 1) matrix.add(key, encodeVector(within(0, 16)));
    const cache = new GraphCache(folder, size);
    await cache.update(matrix, STATE, current);
    const pointSize = () => JSON.parse(readFileSync(join(folder, GRAPH_HEADER_FILE), "utf8")).pointSize;
    expect(pointSize()).toBe(16);
    for (let key = 201; key <= 400; key += 1) matrix.add(key, encodeVector(within(32, 48)));
    await cache.update(matrix, { ...STATE, generation: 4 }, current);
    matrix.add(401, encodeVector(within(32, 48)));
    const state = { ...STATE, generation: 5 };
    await cache.update(matrix, state, current);
    expect(pointSize()).toBe(32);
    const query = within(32, 48);
    expect(recall(cache.nearest(query, 10, matrix, state), matrix.nearest(query, 10))).toBe(1);
  });

  it("writes nothing where the vectors have changed meanwhile, or the caller stops it", async () => {
    const folder = temporaryFolder();
    const { matrix } = clustered(100);
    const cache = new GraphCache(folder, DIMENSIONS);
    expect(await cache.update(matrix, STATE, { stillCurrent: () => false })).toBe(false);
    expect(await cache.update(matrix, STATE, { ...current, signal: AbortSignal.abort() })).toBe(false);
    expect(existsSync(join(folder, GRAPH_FILE))).toBe(false);
    expect(await cache.update(matrix, STATE, current)).toBe(true);
  });
});

describe("a store above its limit for exact scans", () => {
  async function filled(folder: string): Promise<SqliteStore> {
    const store = openStore(folder, { exactScanLimit: 0 });
    const random = seededRandom(3);
    for (let i = 0; i < 10; i += 1) await store.put(record(`${i}.md`, Array(30).fill("text"), { random }));
    await store.optimize();
    return store;
  }
  const ask = async (store: SqliteStore) => {
    const query = { text: "", vector: randomVector(seededRandom(11)), depth: 20 };
    return (await store.candidates(query)).map(({ passageId, dense }) => `${passageId} ${dense}`).sort();
  };

  it("answers the same with and without the graph, and with vectors that came after it", async () => {
    const folder = temporaryFolder();
    const store = await filled(folder);
    const exact = openStore(folder);
    expect(await ask(store)).toEqual(await ask(exact));
    await store.put(record("new.md", ["text"], { vectors: [randomVector(seededRandom(11))] }));
    expect(await ask(store)).toEqual(await ask(exact));
    expect((await ask(store)).some((found) => found.startsWith("new-md"))).toBe(true);
    await store.optimize();
    expect(await ask(store)).toEqual(await ask(exact));
  });

  it("keeps no graph where it came below its limit", async () => {
    const folder = temporaryFolder();
    await (await filled(folder)).close();
    expect(existsSync(join(folder, GRAPH_FILE))).toBe(true);
    const store = openStore(folder, { exactScanLimit: 300 });
    await store.optimize();
    expect(existsSync(join(folder, GRAPH_FILE)) || existsSync(join(folder, GRAPH_HEADER_FILE))).toBe(false);
  });

  it("asks the graph, and a store below its limit does not", async () => {
    const folder = temporaryFolder();
    const store = openStore(folder, { exactScanLimit: 2 });
    await store.put(record("a.md", ["one", "two", "three"]));
    await store.optimize();
    const { index, generation } = JSON.parse(readFileSync(path(folder, GRAPH_HEADER_FILE), "utf8"));
    const poorer = new VectorMatrix(DIMENSIONS);
    const vector = encodeVector(randomVector(seededRandom(1)));
    poorer.add(1, vector);
    rmSync(path(folder, GRAPH_HEADER_FILE));
    await new GraphCache(folder, DIMENSIONS).update(poorer, { index, generation }, current);
    expect(await ask(openStore(folder, { exactScanLimit: 2 }))).toHaveLength(1);
    expect(await ask(openStore(folder, { exactScanLimit: 3 }))).toHaveLength(3);
  });

  it("scans exactly within chosen documents", async () => {
    const store = await filled(temporaryFolder());
    const { id } = record("7.md", []).document;
    const found = await store.candidates({
      text: "",
      vector: randomVector(seededRandom(2)),
      depth: 100,
      documentIds: [id],
    });
    expect(found).toHaveLength(30);
    expect(found.every(({ documentId }) => documentId === id)).toBe(true);
  });

  const path = (folder: string, file: string) => join(folder, file);
  it.each<[string, (folder: string) => void]>([
    ["is missing", (folder) => rmSync(path(folder, GRAPH_FILE))],
    ["has no header", (folder) => rmSync(path(folder, GRAPH_HEADER_FILE))],
    ["has no projection", (folder) => rmSync(path(folder, PROJECTION_FILE))],
    [
      "has another projection",
      (folder) => {
        const bytes = readFileSync(path(folder, PROJECTION_FILE));
        writeFileSync(path(folder, PROJECTION_FILE), bytes.reverse());
      },
    ],
    ["is empty", (folder) => writeFileSync(path(folder, GRAPH_FILE), "")],
    [
      "was cut short",
      (folder) => truncateSync(path(folder, GRAPH_FILE), statSync(path(folder, GRAPH_FILE)).size >> 1),
    ],
    [
      "has a flipped byte",
      (folder) => {
        const bytes = readFileSync(path(folder, GRAPH_FILE));
        bytes[40] = (bytes[40] ?? 0) ^ 0xff;
        writeFileSync(path(folder, GRAPH_FILE), bytes);
      },
    ],
    ["is something else", (folder) => copyFileSync(path(folder, "waymark.db"), path(folder, GRAPH_FILE))],
    ["has a header of nonsense", (folder) => writeFileSync(path(folder, GRAPH_HEADER_FILE), '{"format": 1}')],
    ["has a header that is no JSON", (folder) => writeFileSync(path(folder, GRAPH_HEADER_FILE), "{")],
  ])("answers exactly where the graph's file %s, and makes it again", async (_, damage) => {
    const folder = temporaryFolder();
    const first = await filled(folder);
    const expected = await ask(first);
    await first.close();
    const whole = readFileSync(path(folder, GRAPH_FILE));
    damage(folder);
    const store = openStore(folder, { exactScanLimit: 0 });
    expect(await ask(store)).toEqual(expected);
    await store.optimize();
    expect(readFileSync(path(folder, GRAPH_FILE)).equals(whole)).toBe(true);
    expect(await ask(store)).toEqual(expected);
  });

  it("does not take the graph of another index of the same generation for its own", async () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    await (await filled(one)).close();
    await (await filled(two)).close();
    for (const file of [GRAPH_FILE, PROJECTION_FILE, GRAPH_HEADER_FILE])
      copyFileSync(path(one, file), path(two, file));
    const header = () => JSON.parse(readFileSync(path(two, GRAPH_HEADER_FILE), "utf8")) as { index: string };
    const foreign = header().index;
    const store = openStore(two, { exactScanLimit: 0 });
    await store.optimize();
    expect(header().index).not.toBe(foreign);
  });
});

import { describe, expect, it } from "vitest";
import { GONE, Hnsw } from "../../src/store/hnsw.js";
import { LINKS, LinkTable } from "../../src/store/link-table.js";
import { encodeVector, VectorMatrix } from "../../src/store/vectors.js";
import { randomVector, seededRandom } from "./fixture.js";

const DIMENSIONS = 48;

/** Vectors around a few centers, whose keys begin at 1. */
function clustered(count: number) {
  const random = seededRandom(5);
  const centers = Array.from({ length: 20 }, () => randomVector(random, DIMENSIONS));
  const draw = () => randomVector(random, DIMENSIONS, centers[Math.floor(random() * centers.length)]);
  const matrix = new VectorMatrix(DIMENSIONS);
  for (let key = 1; key <= count; key += 1) matrix.add(key, encodeVector(draw()));
  return { matrix, draw };
}

function built(matrix: VectorMatrix): Hnsw {
  const hnsw = new Hnsw(matrix);
  for (let row = 0; row < matrix.size; row += 1) hnsw.insert(row);
  return hnsw;
}

/** Of the exact ten nearest, the share that is found. */
function recall(hnsw: Hnsw, matrix: VectorMatrix, queries: readonly Float32Array[]): number {
  const shares = queries.map((query) => {
    const found = hnsw.nearest(query, 10, 100);
    return matrix.nearest(query, 10).filter((key) => found.includes(key)).length / 10;
  });
  return shares.reduce((sum, share) => sum + share) / shares.length;
}

describe("Hnsw", () => {
  it("gives the nearest first, and no more than were asked for", () => {
    const { matrix, draw } = clustered(300);
    const hnsw = built(matrix);
    const query = draw();
    const found = hnsw.nearest(query, 20, 300);
    const product = (key: number) =>
      (matrix.vector(key) as Float32Array).reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0);
    expect(found).toEqual([...found].sort((a, b) => product(b) - product(a)));
    expect([...found].sort((a, b) => a - b)).toEqual(matrix.nearest(query, 20).sort((a, b) => a - b));
  });

  it("links each point to others of its layer, to no more than there is room for, and not to itself", () => {
    const { links } = built(clustered(600).matrix);
    expect(links.isSound()).toBe(true);
    for (let point = 0; point < links.size; point += 1) {
      expect(links.links(point, 0).length).toBeGreaterThan(0);
      for (let layer = 0; layer <= links.height(point); layer += 1)
        expect([...links.links(point, layer)]).not.toContain(point);
    }
  });

  it("goes on finding them after rounds of removals and additions, though rows change places", () => {
    const { matrix, draw } = clustered(1500);
    const queries = Array.from({ length: 40 }, draw);
    let hnsw = built(matrix);
    for (let round = 0; round < 6; round += 1) {
      const before = hnsw.links;
      for (let key = 1; key <= 150; key += 1) matrix.remove(round * 150 + key);
      for (let key = 1; key <= 150; key += 1) matrix.add(2000 + round * 150 + key, encodeVector(draw()));
      const rows = Int32Array.from(before.keys, (key) => matrix.rowOf(key) ?? GONE);
      hnsw = new Hnsw(matrix);
      for (let point = 0; point < before.size; point += 1) hnsw.adopt(before, point, rows);
      for (let row = 0; row < matrix.size; row += 1) if (!rows.includes(row)) hnsw.insert(row);
    }
    expect(hnsw.links.isSound()).toBe(true);
    expect(recall(hnsw, matrix, queries)).toBeGreaterThan(0.97);
    expect(recall(built(matrix), matrix, queries)).toBeGreaterThan(0.97);
  });

  it("has nothing to find before anything was inserted", () => {
    const { matrix, draw } = clustered(3);
    expect(new Hnsw(matrix).nearest(draw(), 3, 10)).toEqual([]);
  });
});

describe("LinkTable", () => {
  it("puts about one point of its number of links into each next layer", () => {
    const table = new LinkTable(Float64Array.from({ length: 50_000 }, (_, index) => index + 1));
    const above = (layer: number) =>
      Array.from({ length: table.size }, (_, point) => table.height(point)).filter((top) => top >= layer)
        .length;
    expect(above(1) / table.size).toBeCloseTo(1 / LINKS, 2);
    expect(above(2) / above(1)).toBeCloseTo(1 / LINKS, 1);
  });

  it.each<[string, (table: LinkTable) => void]>([
    ["leads to a point that is not there", (table) => table.setLinks(0, 0, Int32Array.of(3))],
    ["leads to less than a point", (table) => table.setLinks(0, 0, Int32Array.of(-1))],
    ["is one of more than there is room for", (table) => table.ground.fill(33, 0, 1)],
    ["is one of fewer than none", (table) => table.ground.fill(-1, 0, 1)],
  ])("is not sound where a link %s", (_, damage) => {
    const table = new LinkTable(Float64Array.of(1, 2, 3));
    expect(table.isSound()).toBe(true);
    damage(table);
    expect(table.isSound()).toBe(false);
  });

  it("refuses links that are not those of its points", () => {
    const keys = Float64Array.of(1, 2, 3);
    expect(() => new LinkTable(keys, new Int32Array(5))).toThrow(RangeError);
    expect(() => new LinkTable(keys, undefined, new Int32Array(1))).toThrow(RangeError);
  });
});

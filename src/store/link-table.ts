/** Links of a point in each layer above the lowest. */
export const LINKS = 16;
/** Links of a point in the lowest layer: twice as many, as the paper advises (4.1). */
export const GROUND_LINKS = 2 * LINKS;

/**
 * The links of an HNSW graph, as they lie in memory and in its file: some 130 bytes a point. In each layer that it is in, a point has
 * room for its number of links and the points that it is linked to. How high a point reaches depends on its key alone, so
 * that the same points in the same order make the same graph.
 */
export class LinkTable {
  /** By point. */
  readonly keys: Float64Array;
  readonly ground: Int32Array;
  /** The layers above, lowest first, of one point after another. */
  readonly upper: Int32Array;
  readonly #upperAt: Int32Array;

  /** @throws RangeError where `ground` or `upper` are not as long as these points need them */
  constructor(keys: Float64Array, ground?: Int32Array, upper?: Int32Array) {
    this.keys = keys;
    this.#upperAt = new Int32Array(keys.length);
    let room = 0;
    for (const [point, key] of keys.entries()) {
      this.#upperAt[point] = room;
      room += heightOf(key) * (1 + LINKS);
    }
    this.ground = ground ?? new Int32Array(keys.length * (1 + GROUND_LINKS));
    this.upper = upper ?? new Int32Array(room);
    if (this.ground.length !== keys.length * (1 + GROUND_LINKS) || this.upper.length !== room)
      throw new RangeError("These are not the links of these points.");
  }

  get size(): number {
    return this.keys.length;
  }

  /** The highest layer that a point is in; 0 is the lowest. */
  height(point: number): number {
    return heightOf(this.keys[point] as number);
  }

  /** The points that a point is linked to; a view. */
  links(point: number, layer: number): Int32Array {
    const table = layer === 0 ? this.ground : this.upper;
    const at = this.#at(point, layer);
    return table.subarray(at + 1, at + 1 + (table[at] as number));
  }

  setLinks(point: number, layer: number, links: Int32Array): void {
    const table = layer === 0 ? this.ground : this.upper;
    const at = this.#at(point, layer);
    table[at] = links.length;
    table.set(links, at + 1);
  }

  /** True where every link leads to a point of its layer: of what was read from a file. */
  isSound(): boolean {
    for (let point = 0; point < this.size; point++) {
      for (let layer = 0; layer <= this.height(point); layer++) {
        const count = (layer === 0 ? this.ground : this.upper)[this.#at(point, layer)] as number;
        if (count < 0 || count > roomOf(layer)) return false;
        for (const link of this.links(point, layer))
          if (link < 0 || link >= this.size || (layer > 0 && this.height(link) < layer)) return false;
      }
    }
    return true;
  }

  #at(point: number, layer: number): number {
    if (layer === 0) return point * (1 + GROUND_LINKS);
    return (this.#upperAt[point] as number) + (layer - 1) * (1 + LINKS);
  }
}

/** How many links a point may have in a layer. */
export function roomOf(layer: number): number {
  return layer === 0 ? GROUND_LINKS : LINKS;
}

/** Geometrically distributed, one point of {@link LINKS} reaches the next layer: by the bits of a hash of the key (MurmurHash3's last step). */
function heightOf(key: number): number {
  let hash = key | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = (hash ^ (hash >>> 16)) >>> 0;
  return Math.floor(-Math.log((hash + 1) / 2 ** 32) / Math.log(LINKS));
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { encodeVector, VectorMatrix } from "./vectors.js";

/**
 * Share of the vectors' squared length that a projection keeps, at least. Of 100,000 passages with 384 numbers it leaves 176. Graphs of
 * so many numbers, asked for 150 of which the best 100 by all numbers are taken, 300 questions:
 *
 * | numbers | share kept | graph's file | building | of the exact ten | of the exact hundred | a question |
 * |--------:|-----------:|-------------:|---------:|-----------------:|---------------------:|-----------:|
 * |     384 |       1.00 |      161 MiB |     89 s |             .992 |                 .964 |    1.38 ms |
 * |     192 |        .95 |       87 MiB |     55 s |             .991 |                 .951 |    1.03 ms |
 * |     176 |        .94 |       81 MiB |     51 s |             .991 |                 .941 |    0.93 ms |
 * |     160 |        .92 |       75 MiB |     50 s |             .990 |                 .938 |    0.92 ms |
 */
const SHARE_KEPT = 0.935;

/** hnswlib multiplies so many numbers at a time. */
const MULTIPLE = 16;

/** Of the power method. What a direction has not converged to is left for the next ones, so that a few do. */
const ITERATIONS = 12;

/** What is left of unit vectors in a dimension where nothing but rounding is left. */
const NOTHING = 1e-9;

/** Vectors between two looks at the event loop: about 10 ms. */
const VECTORS_PER_TURN = 64;

/**
 * Reduces vectors to the orthonormal directions in which most of their length lies, their principal components: inner
 * products change little. The vectors are not centred, since it is their inner products that count.
 */
export class Projection {
  /** Numbers in a vector. */
  readonly dimensions: number;
  /** Numbers that are left of it. */
  readonly size: number;
  /** One direction after another. */
  readonly basis: Float32Array;
  readonly #directions: VectorMatrix;

  constructor(basis: Float32Array, dimensions: number) {
    this.basis = basis;
    this.dimensions = dimensions;
    this.size = basis.length / dimensions;
    this.#directions = new VectorMatrix(dimensions);
    for (let row = 0; row < this.size; row++)
      this.#directions.add(row, encodeVector(basis.subarray(row * dimensions, (row + 1) * dimensions)));
  }

  /**
   * As many directions as some vectors need to keep {@link SHARE_KEPT}; some thousands of vectors tell it for all that are like them.
   * The event loop gets its turns. The same vectors in the same order give the same projection.
   */
  static async of(vectors: Iterable<Float32Array>, dimensions: number): Promise<Projection> {
    const products = new Float64Array(dimensions * dimensions);
    let added = 0;
    for (const vector of vectors) {
      if (added++ % VECTORS_PER_TURN === 0) await nextTurn();
      addProducts(products, vector);
    }
    const wanted = SHARE_KEPT * trace(products, dimensions);
    const directions: Float64Array[] = [];
    for (let kept = 0; directions.length < dimensions; ) {
      if (directions.length > 0 && directions.length % MULTIPLE === 0 && kept >= wanted) break;
      await nextTurn();
      const direction = mainDirection(products, directions, dimensions);
      kept += deflate(products, direction);
      directions.push(direction);
    }
    return new Projection(Float32Array.from(directions.flatMap((one) => Array.from(one))), dimensions);
  }

  /** What is left of a unit vector: {@link size} numbers. */
  reduce(vector: Float32Array): Float32Array {
    return this.#directions.cosines(vector);
  }
}

/** Adds the products of each two numbers of a vector to a matrix, row by row. */
function addProducts(matrix: Float64Array, vector: Float32Array): void {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    const factor = vector[row] as number;
    for (let column = 0; column < size; column++)
      matrix[row * size + column] =
        (matrix[row * size + column] as number) + factor * (vector[column] as number);
  }
}

/** Where most of what is left in a symmetric matrix lies, at right angles to the directions that were found. */
function mainDirection(matrix: Float64Array, found: readonly Float64Array[], size: number): Float64Array {
  const longest = Array.from({ length: size }, (_, row) => matrix[row * size + row] as number);
  let direction = new Float64Array(size);
  if (trace(matrix, size) > NOTHING * size) {
    direction[longest.indexOf(Math.max(...longest))] = 1;
    for (let iteration = 0; iteration < ITERATIONS; iteration++)
      direction = normalised(atRightAngles(times(matrix, direction), found));
    return direction;
  }
  // Nothing is left: any direction does. Of the axes, the one that is furthest from those that were found.
  const left = Array.from({ length: size }, (_, axis) =>
    found.reduce((rest, one) => rest - (one[axis] as number) ** 2, 1),
  );
  direction[left.indexOf(Math.max(...left))] = 1;
  return normalised(atRightAngles(direction, found));
}

/** Takes a direction out of a symmetric matrix, and gives what lay in it. */
function deflate(matrix: Float64Array, direction: Float64Array): number {
  const size = direction.length;
  const image = times(matrix, direction);
  const kept = image.reduce((sum, value, index) => sum + value * (direction[index] as number), 0);
  for (let row = 0; row < size; row++) {
    const along = direction[row] as number;
    const factor = kept * along - (image[row] as number);
    for (let column = 0; column < size; column++) {
      const change = factor * (direction[column] as number) - along * (image[column] as number);
      matrix[row * size + column] = (matrix[row * size + column] as number) + change;
    }
  }
  return kept;
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array<ArrayBuffer> {
  const size = vector.length;
  const product = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let column = 0; column < size; column++)
      sum += (matrix[row * size + column] as number) * (vector[column] as number);
    product[row] = sum;
  }
  return product;
}

function atRightAngles(
  vector: Float64Array<ArrayBuffer>,
  directions: readonly Float64Array[],
): Float64Array<ArrayBuffer> {
  for (const direction of directions) {
    let along = 0;
    for (let index = 0; index < vector.length; index++)
      along += (vector[index] as number) * (direction[index] as number);
    for (let index = 0; index < vector.length; index++)
      vector[index] = (vector[index] as number) - along * (direction[index] as number);
  }
  return vector;
}

function normalised(vector: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const length = Math.sqrt(vector.reduce((squares, value) => squares + value * value, 0));
  return vector.map((value) => value / length);
}

function trace(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let row = 0; row < size; row++) sum += matrix[row * size + row] as number;
  return sum;
}

import { join } from "node:path";
import { AutoModel, AutoModelForTokenClassification, Tensor } from "@xenova/transformers";
import { afterAll, describe, expect, it } from "vitest";
import { WEIGHTS_FILES } from "../../src/models/checksums.js";
import { mapConcurrently } from "../../src/models/map-concurrently.js";
import { openSession, PARALLEL_PASSES } from "../../src/models/sessions.js";

const EMBEDDER = "models/minilm-l6-v2";
const READER = "models/reader";

function openFolder(folder: string) {
  return openSession(join(folder, WEIGHTS_FILES[0]));
}

const [embedder, reader] = await Promise.all([openFolder(EMBEDDER), openFolder(READER)]);
afterAll(() => Promise.all([embedder.close(), reader.close()]));

/** Some sequence of token ids, another for each seed. */
const sequence = (length: number, seed = 0) =>
  Array.from({ length }, (_, index) => 1000 + ((index * 7919 + seed * 104729) % 20000));

/** The naive way: the library's own model, in this thread, with as many threads for one pass as it likes. */
async function runHere(folder: string, ids: readonly number[], typeIds: readonly number[]) {
  const kind = folder === EMBEDDER ? AutoModel : AutoModelForTokenClassification;
  const model = await kind.from_pretrained(`${process.cwd()}/${folder}`, {
    local_files_only: true,
    dtype: "q8",
  });
  const tensor = (values: readonly number[]) =>
    new Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
  const output: Record<string, Tensor> = await model({
    input_ids: tensor(ids),
    attention_mask: tensor(ids.map(() => 1)),
    token_type_ids: tensor(typeIds),
  });
  await model.dispose();
  return Object.values(output)[0]?.data;
}

describe("openSession", () => {
  it.each([
    { folder: EMBEDDER, length: 3, width: 384 },
    { folder: EMBEDDER, length: 165, width: 384 },
    { folder: READER, length: 20, width: 5 },
    { folder: READER, length: 192, width: 5 },
  ])(
    "runs $folder on $length tokens as this thread would, bit for bit",
    async ({ folder, length, width }) => {
      const session = folder === EMBEDDER ? embedder : reader;
      const ids = sequence(length);
      const typeIds = ids.map((_, index) => (index > length / 3 ? 1 : 0));
      const output = await session.run(ids, typeIds);
      expect(session.width).toBe(width);
      expect(output).toHaveLength(length * width);
      expect(Buffer.from(output.buffer).equals(bytesOf(await runHere(folder, ids, typeIds)))).toBe(true);
    },
  );

  it("gives the same on every thread, before and after it is much used", async () => {
    const ids = sequence(100);
    // So many that the model is opened on all of them.
    const outputs = await Promise.all(Array.from({ length: 80 }, () => reader.run(ids)));
    for (const output of outputs) expect(output).toEqual(outputs[0]);
  });

  it("leaves this thread free during a pass", async () => {
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    count();
    await embedder.run(sequence(512));
    done = true;
    // In this thread a pass takes two or three turns of the event loop.
    expect(turns).toBeGreaterThan(20);
  });

  it("lets a single pass overtake what a long call has not yet begun", async () => {
    let done = 0;
    const long = mapConcurrently(
      Array.from({ length: 40 }, (_, index) => index),
      PARALLEL_PASSES,
      async (seed) => {
        await reader.run(sequence(150, seed));
        done++;
      },
    );
    await embedder.run(sequence(8));
    expect(done).toBeLessThan(20);
    await long;
    expect(done).toBe(40);
  });

  it("drops the passes of an aborted call, and goes on with others", async () => {
    const controller = new AbortController();
    const given = Array.from({ length: 8 }, (_, seed) =>
      reader.run(sequence(150, seed), undefined, controller.signal),
    );
    const other = embedder.run(sequence(8));
    controller.abort();
    for (const result of await Promise.allSettled(given)) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "aborted" } });
    }
    expect(await other).toHaveLength(8 * 384);
  });

  it("runs nothing any more when it is closed, and leaves other models open", async () => {
    const another = await openFolder(READER);
    const passes = Promise.allSettled(
      Array.from({ length: 3 * PARALLEL_PASSES }, (_, seed) => another.run(sequence(150, seed))),
    );
    await another.close();
    await another.close();
    const waiting = (await passes).slice(PARALLEL_PASSES);
    for (const result of waiting) expect(result).toMatchObject({ reason: { code: "aborted" } });
    await expect(another.run(sequence(8))).rejects.toMatchObject({ code: "internal" });
    expect(await reader.run(sequence(8))).toHaveLength(8 * 5);
  });

  it("opens again after everything was closed", async () => {
    const before = await embedder.run(sequence(8));
    await Promise.all([embedder.close(), reader.close()]);
    const again = await openFolder(EMBEDDER);
    expect(await again.run(sequence(8))).toEqual(before);
    await again.close();
  });
});

function bytesOf(data: unknown): Buffer {
  if (!(data instanceof Float32Array)) throw new Error("no numbers");
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Embeddings } from "@langchain/core/embeddings";
import { env } from "@xenova/transformers";
import { describe, expect, it } from "vitest";
import { Embedder } from "../../src/models/embedder.js";
import { packTokenVectors } from "../passages/pack.js";

const FOLDER = "models/minilm-l6-v2";
const embedder = await Embedder.load(FOLDER);

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

const SENTENCES = [
  "The cat sleeps on the sofa.",
  "A kitten is napping on the couch.",
  "The central bank raised its interest rate.",
];

describe("Embedder", () => {
  it("is a LangChain Embeddings that knows its model", () => {
    expect(embedder).toBeInstanceOf(Embeddings);
    expect(embedder.identity.name).toBe("minilm-l6-v2");
    expect(readFileSync(`${FOLDER}/README.md`, "utf8")).toContain(embedder.identity.checksum);
    expect(embedder.dimensions).toBe(384);
    expect(embedder.maxTokens).toBe(512);
  });

  it("puts sentences of like meaning near each other and others apart", async () => {
    const [cat, kitten, bank] = await embedder.embedDocuments(SENTENCES);
    expect(cosine(cat ?? [], kitten ?? [])).toBeGreaterThan(0.5);
    expect(cosine(cat ?? [], bank ?? [])).toBeLessThan(0.15);
  });

  it("finds the sentence that a question is about", async () => {
    const query = await embedder.embedQuery("What happened to the cost of borrowing?");
    const scores = (await embedder.embedMany(SENTENCES)).map((vector) => cosine(query, vector));
    expect(scores.indexOf(Math.max(...scores))).toBe(2);
  });

  it.each(["x", "", "   ", "😀", "日本語のテキスト", "word ".repeat(2000)])(
    "gives a vector of length 1 for %j",
    async (text) => {
      const vector = await embedder.embed(text);
      expect(vector).toHaveLength(384);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
    },
  );

  it("gives a text the same vector bit for bit, alone, among others and at the same time as others", async () => {
    const texts = [
      ...SENTENCES,
      "A much longer sentence, so that lengths differ, and then some more words after it.",
    ];
    const together = await embedder.embedMany(texts);
    const reversed = (await embedder.embedMany([...texts].reverse())).reverse();
    const atOnce = await Promise.all(texts.map((text) => embedder.embed(text)));
    expect(reversed).toEqual(together);
    expect(atOnce).toEqual(together);
    expect(await embedder.embedDocuments(texts)).toEqual(together.map((vector) => Array.from(vector)));
  });

  it("reads a text that is longer than the model's positions to its end", async () => {
    const long = "The recipe takes flour, butter and sugar. ".repeat(90);
    expect(embedder.countTokens(long)).toBeGreaterThan(embedder.maxTokens);
    const plain = await embedder.embed(long);
    const changed = await embedder.embed(`${long}Volcanoes erupt when magma rises through the crust. `);
    const volcano = await embedder.embed("Volcanoes and magma");
    expect(cosine(changed, volcano)).toBeGreaterThan(cosine(plain, volcano));
  });

  it("embeds a text in parts as one, and gives the vectors of each part's tokens", async () => {
    const { vector, parts } = await embedder.embedParts(SENTENCES);
    expect(vector).toEqual(await embedder.embed(SENTENCES.join("\n")));
    expect(parts.map((part) => part.length / embedder.dimensions)).toEqual(
      SENTENCES.map((sentence) => embedder.countTokens(sentence)),
    );
    const rows = parts.flatMap((part) =>
      Array.from({ length: part.length / 384 }, (_, row) => part.subarray(row * 384, (row + 1) * 384)),
    );
    for (const row of rows) expect(cosine(row, row)).toBeCloseTo(1, 5);
    const mean = rows.reduce((sum, row) => sum.map((value, index) => value + (row[index] ?? 0)), vector);
    expect(cosine(vector, mean) / Math.hypot(...mean)).toBeGreaterThan(0.9);
  });

  it("gives each token of a part that is longer than the model's positions one vector", async () => {
    const long = "The recipe takes flour, butter and sugar. ".repeat(90);
    const { parts } = await embedder.embedParts(["", long, "The end."]);
    expect(parts.map((part) => part.length / 384)).toEqual([0, embedder.countTokens(long), 3]);
  });

  it.each([
    ["a sentence", "A heading", SENTENCES],
    [
      "a text of several windows",
      "",
      ["The recipe takes flour, butter and sugar. ".repeat(90), "", "The end."],
    ],
    ["a context that alone is longer than the model's positions", "word ".repeat(600), ["The end."]],
    ["nothing but a context", "A title", []],
  ])("packs the tokens' vectors of %s, without those of its context", async (_, context, parts) => {
    const [packed] = await embedder.embedManyPacked([{ context, parts }]);
    const plain = await embedder.embedParts([context, ...parts]);
    expect(packed?.vector).toEqual(plain.vector);
    expect(packed?.tokens).toEqual(packTokenVectors(plain.parts.slice(1), embedder.dimensions));
  });

  it("weighs the windows of a long text by their tokens", async () => {
    const [first, second] = ["sun ".repeat(510), "moon ".repeat(102)];
    const parts = await embedder.embedMany([first, second]);
    const mean = Array.from(parts[0] ?? []).map(
      (value, index) => value * 510 + (parts[1]?.[index] ?? 0) * 102,
    );
    const whole = await embedder.embed(first + second);
    expect(cosine(whole, mean) / Math.sqrt(cosine(mean, mean))).toBeCloseTo(1, 6);
  });

  it("splits a single word that is longer than the model's positions", async () => {
    const word = "x.".repeat(600);
    expect(embedder.countTokens(word)).toBe(1200);
    expect(await embedder.embed(word)).not.toEqual(await embedder.embed(word.slice(0, 1020)));
  });

  it("reports progress after each text", async () => {
    const seen: [number, number][] = [];
    await embedder.embedMany(SENTENCES, { onProgress: (done, total) => seen.push([done, total]) });
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it("stops between texts when the signal fires, and goes on with other work", async () => {
    const controller = new AbortController();
    let done = 0;
    const work = embedder.embedMany(SENTENCES, {
      signal: controller.signal,
      onProgress: () => {
        done++;
        controller.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ code: "aborted" });
    expect(done).toBe(1);
    expect(await embedder.embedMany(["after"])).toHaveLength(1);
  });

  it("gives no vectors for no texts", async () => {
    expect(await embedder.embedDocuments([])).toEqual([]);
  });
});

describe("a model of the hub", () => {
  it("is downloaded once where that is allowed, and kept in the cache folder", async () => {
    const cacheFolder = mkdtempSync(join(tmpdir(), "waymark-hub-"));
    const asked: string[] = [];
    const hub = createServer((request, response) => {
      const file = request.url?.replace("/someone/embedder/resolve/main/", "") ?? "";
      asked.push(file);
      if (existsSync(join(FOLDER, file))) response.end(readFileSync(join(FOLDER, file)));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
    const { remoteHost } = env;
    env.remoteHost = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
    try {
      const options = { allowRemote: true, cacheFolder };
      const downloaded = await Embedder.load("someone/embedder", options);
      expect(downloaded.identity).toEqual({ name: "someone/embedder", checksum: embedder.identity.checksum });
      expect(await downloaded.embed("same")).toEqual(await embedder.embed("same"));
      expect(asked).toContain("onnx/model_quantized.onnx");
      await downloaded.close();

      asked.length = 0;
      const again = await Embedder.load("someone/embedder", options);
      expect(again.identity.name).toBe("someone/embedder");
      expect(asked).toEqual([]);
      await again.close();

      await expect(Embedder.load("someone/nothing", options)).rejects.toMatchObject({
        code: "model-missing",
      });
      await expect(Embedder.load("someone/embedder")).rejects.toMatchObject({ code: "model-missing" });
    } finally {
      env.remoteHost = remoteHost;
      hub.close();
      rmSync(cacheFolder, { recursive: true });
    }
  });
});

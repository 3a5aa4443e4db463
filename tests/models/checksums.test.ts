import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyModelFolder } from "../../src/models/checksums.js";
import { Embedder } from "../../src/models/embedder.js";
import { CrossEncoder } from "../../src/models/reader.js";

const MODELS = ["models/minilm-l6-v2", "models/reader"];
const WEIGHTS = "onnx/model_quantized.onnx";

let copy: string;

beforeEach(() => {
  copy = join(mkdtempSync(join(tmpdir(), "waymark-model-")), "reader");
  cpSync("models/reader", copy, { recursive: true });
});

afterEach(() => rmSync(join(copy, ".."), { recursive: true }));

describe("verifyModelFolder", () => {
  it.each(MODELS)("accepts %s and gives the sum that its card states", async (folder) => {
    const { weightsFile, checksum } = await verifyModelFolder(folder);
    expect(weightsFile).toBe(WEIGHTS);
    expect(readFileSync(join(folder, "README.md"), "utf8")).toContain(checksum);
  });

  it.each([WEIGHTS, "tokenizer.json", "config.json", "tokenizer_config.json"])(
    "refuses a folder whose %s has one bit changed",
    async (name) => {
      const bytes = readFileSync(join(copy, name));
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      writeFileSync(join(copy, name), bytes);
      await expect(verifyModelFolder(copy)).rejects.toMatchObject({
        code: "model-damaged",
        message: expect.stringContaining(name),
        hint: expect.stringContaining("git checkout -- models"),
      });
    },
  );

  it.each([WEIGHTS, "tokenizer.json", "config.json", "tokenizer_config.json"])(
    "refuses a folder without its %s",
    async (name) => {
      rmSync(join(copy, name));
      await expect(verifyModelFolder(copy)).rejects.toMatchObject({
        code: "model-missing",
        message: expect.stringContaining(name),
      });
    },
  );

  it("refuses a manifest that is no list of sums", async () => {
    writeFileSync(join(copy, "manifest.json"), '{"files": {"config.json": "yes"}}');
    await expect(verifyModelFolder(copy)).rejects.toMatchObject({ code: "model-damaged" });
  });

  it("names the weights of a folder without a manifest, whatever is in it", async () => {
    rmSync(join(copy, "manifest.json"));
    writeFileSync(join(copy, WEIGHTS), "abc");
    expect(await verifyModelFolder(copy)).toEqual({
      weightsFile: WEIGHTS,
      checksum: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
  });

  it("accepts a replaced model after scripts/model-checksums.js was run on it", async () => {
    const config = JSON.parse(readFileSync(join(copy, "config.json"), "utf8"));
    writeFileSync(join(copy, "config.json"), JSON.stringify({ ...config, revision: 2 }));
    await expect(verifyModelFolder(copy)).rejects.toMatchObject({
      hint: expect.stringContaining(`node scripts/model-checksums.js ${copy}`),
    });
    execFileSync(process.execPath, ["scripts/model-checksums.js", copy]);
    await expect(verifyModelFolder(copy)).resolves.toMatchObject({ weightsFile: WEIGHTS });
  });
});

describe("loading", () => {
  it("refuses a damaged reader before the runtime opens it", async () => {
    writeFileSync(join(copy, WEIGHTS), "not a model");
    await expect(CrossEncoder.load(copy)).rejects.toMatchObject({ code: "model-damaged" });
  });

  it("says of weights without a manifest that they cannot be loaded", async () => {
    rmSync(join(copy, "manifest.json"));
    writeFileSync(join(copy, WEIGHTS), "not a model");
    await expect(CrossEncoder.load(copy)).rejects.toMatchObject({
      code: "model-damaged",
      message: expect.stringContaining(copy),
    });
  });

  it("refuses a model that is not local, by default", async () => {
    await expect(Embedder.load("someone/some-model")).rejects.toMatchObject({
      code: "model-missing",
      hint: expect.stringContaining("models.allowRemote"),
    });
    await expect(Embedder.load(join(copy, "nowhere"))).rejects.toMatchObject({ code: "model-missing" });
  });

  it("refuses an embedder in the reader's place", async () => {
    await expect(CrossEncoder.load("models/minilm-l6-v2")).rejects.toMatchObject({
      code: "invalid-settings",
    });
  });

  it("gives a model of the user's own, without a manifest, its name and sum", async () => {
    rmSync(join(copy, "manifest.json"));
    const reader = await CrossEncoder.load(copy);
    const { checksum } = await verifyModelFolder("models/reader");
    expect(reader.identity).toEqual({ name: "reader", checksum });
    await reader.close();
  });
});

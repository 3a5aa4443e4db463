import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Document } from "@langchain/core/documents";
import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config.js";
import { type LanguageModel, openLanguageModel } from "../../src/generate/models/language-model.js";
import { streamText } from "../../src/generate/stream-text.js";
import { openWaymark } from "../../src/waymark.js";

const file = process.env.WAYMARK_TEST_GGUF ?? "";

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve("node-llama-cpp");
    return true;
  } catch {
    return false;
  }
}

/** Why these tests are skipped, where they are. */
const lacking =
  file === ""
    ? "WAYMARK_TEST_GGUF names no model"
    : isInstalled()
      ? undefined
      : "node-llama-cpp is not installed";

/** Long enough for a machine that does other things too: the tests depend on no time. */
const generate = { contextTokens: 1024, maxTokens: 48, stallSeconds: 600 };
const settings = loadSettings({ generate }, { env: {} });

const name = `a real, very small language model${lacking === undefined ? "" : ` (skipped: ${lacking})`}`;
describe.skipIf(lacking !== undefined)(name, () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await openLanguageModel({ ...settings.generate, model: `llamacpp:${file}` });
  });
  afterAll(() => model?.close());

  const messages = [new SystemMessage("Be brief."), new HumanMessage("Name a colour.")];

  it("counts by its own tokenizer, within the context that it was given", () => {
    expect(model.countTokens("one two three")).toBeGreaterThanOrEqual(3);
    expect(model.countTokens("one two three")).toBeLessThanOrEqual(6);
    expect(model.contextTokens).toBe(1024);
  });

  it("writes piece by piece, the same each time, without the marks of its chat template", async () => {
    const say = async () => {
      const pieces: string[] = [];
      await streamText(model.chat, messages, { ...settings.generate }, async (text) => {
        pieces.push(text);
        return "more";
      });
      return pieces;
    };
    const first = await say();
    expect(first.length).toBeGreaterThan(1);
    expect(first.join("")).not.toMatch(/<\||\|>/);
    expect((await say()).join("")).toBe(first.join(""));
  });

  it("stops when it is told to, and can be asked again", async () => {
    const stopped = await streamText(model.chat, messages, { ...settings.generate }, async () => "enough");
    expect(stopped).toBe("enough");
    expect((await model.chat.invoke(messages)).text).not.toBe("");
  });

  it("says that it was cut off at its limit", async () => {
    const long = [new HumanMessage("Write a long story about a dog.")];
    const end = await streamText(model.chat, long, { ...settings.generate }, async () => "more");
    expect(end).toBe("too-long");
  });

  it("answers from documents, or the documents do: every word that is shown has its place", async () => {
    const folder = mkdtempSync(join(tmpdir(), "waymark-gguf-"));
    const waymark = await openWaymark({ ...settings, index: folder }, { chatModel: model.chat });
    try {
      const text =
        "The garden opened in April 2014. A half plot costs 35 pounds a year. Dogs are not allowed.";
      await waymark.ingestDocuments([new Document({ pageContent: text, metadata: { source: "garden.md" } })]);
      const answer = await waymark.ask("How much does a half plot cost?", { limit: 2 });
      expect(answer.status).toBe("answered");
      expect(answer.mode === "generated" || answer.fallback !== undefined).toBe(true);
      for (const { citations } of answer.sentences) {
        expect(citations.length).toBeGreaterThan(0);
        for (const { quote } of citations) expect(text).toContain(quote);
      }
      for (const figure of answer.answer.match(/\d+/g) ?? []) expect(text).toContain(figure);
    } finally {
      await waymark.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { languageModelKey, loadSettings, type SettingsInput } from "../../src/config.js";
import { WaymarkError } from "../../src/errors.js";
import { estimateTokens, openLanguageModel } from "../../src/generate/models/language-model.js";
import { streamText } from "../../src/generate/stream-text.js";
import { type ModelServer, modelServer } from "./wire.js";

let server: ModelServer | undefined;
afterEach(() => server?.close());

const messages = [new SystemMessage("Be brief."), new HumanMessage("When?")];

/** Opens the model that settings name and lets it speak; gives its text. */
async function speak(generate: NonNullable<SettingsInput["generate"]>, key?: string): Promise<string> {
  const settings = loadSettings({ generate }, { env: {} }).generate;
  const model = await openLanguageModel({ ...settings, model: settings.model ?? "" }, key);
  let text = "";
  const end = await streamText(model.chat, messages, { ...settings }, async (more) => {
    text += more;
    return "more";
  });
  expect(end).toBe("done");
  await model.close();
  return text;
}

describe("openLanguageModel", () => {
  it("speaks with an OpenAI-compatible server, with its key, as it was set", async () => {
    server = await modelServer("At nine. [1]");
    const text = await speak(
      { model: "openai:qwen/some-model:free", baseUrl: `${server.url}/v1`, maxTokens: 77 },
      "k-1",
    );
    expect(text).toBe("At nine. [1]");
    const [{ headers, body } = expect.fail("nothing was sent")] = server.heard;
    expect(headers.authorization).toBe("Bearer k-1");
    expect(body).toMatchObject({
      model: "qwen/some-model:free",
      stream: true,
      temperature: 0,
      max_tokens: 77,
    });
    expect(body.messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "When?" },
    ]);
  });

  it("speaks with Ollama, with the context that it is to have", async () => {
    server = await modelServer("At nine. [1]");
    const text = await speak({
      model: "ollama:qwen3:8b",
      baseUrl: server.url,
      contextTokens: 2048,
      maxTokens: 77,
    });
    expect(text).toBe("At nine. [1]");
    expect(server.heard[0]?.body).toMatchObject({
      model: "qwen3:8b",
      options: { num_ctx: 2048, num_predict: 77, temperature: 0 },
    });
  });

  it("says what is missing where a GGUF file is not there", async () => {
    const opening = speak({ model: "llamacpp:nowhere.gguf" });
    await expect(opening).rejects.toMatchObject({ code: "model-missing" });
    const error = await opening.catch((cause: unknown) => cause);
    expect(WaymarkError.isInstance(error) && error.message).toMatch(/nowhere\.gguf is not there\.$/);
  });

  it("fails where nothing listens", async () => {
    server = await modelServer("");
    await server.close();
    const gone = server.url;
    server = undefined;
    await expect(speak({ model: "ollama:x", baseUrl: gone })).rejects.toThrow();
    await expect(speak({ model: "openai:x", baseUrl: `${gone}/v1` })).rejects.toThrow();
  });
});

describe("the settings of a language model", () => {
  it.each(["gpt-5", "ollama:", "anthropic:x", ""])("refuse %j as a model", (model) => {
    expect(() => loadSettings({ generate: { model } }, { env: {} })).toThrow(
      /"generate.model" cannot be used/,
    );
  });

  it("come from the environment too; a GGUF file is found from the working directory", () => {
    const env = { WAYMARK_LLM: "llamacpp:my.gguf", WAYMARK_LLM_BASE_URL: "http://127.0.0.1:1/v1" };
    const { model, baseUrl } = loadSettings({}, { cwd: "/srv/notes", env }).generate;
    expect([model, baseUrl]).toEqual(["llamacpp:/srv/notes/my.gguf", "http://127.0.0.1:1/v1"]);
    expect(loadSettings({}, { env: { WAYMARK_LLM: "none" } }).generate.model).toBeNull();
  });

  it("hold no key", () => {
    const env = { WAYMARK_LLM: "openai:x", WAYMARK_LLM_KEY: "secret-1", OPENAI_API_KEY: "secret-2" };
    expect(JSON.stringify(loadSettings({}, { env }))).not.toContain("secret");
  });

  it("give OpenAI's key to OpenAI alone", () => {
    const env = { OPENAI_API_KEY: "theirs" };
    expect(languageModelKey({}, env)).toBe("theirs");
    expect(languageModelKey({ baseUrl: "https://elsewhere.example/v1" }, env)).toBeUndefined();
    const both = { ...env, WAYMARK_LLM_KEY: "mine" };
    expect(languageModelKey({ baseUrl: "https://elsewhere.example/v1" }, both)).toBe("mine");
    expect(languageModelKey({}, {})).toBeUndefined();
  });
});

describe("estimateTokens", () => {
  it("is rather too high than too low: a third of the letters, one for each character of other scripts", () => {
    expect(estimateTokens("one two three")).toBe(5);
    expect(estimateTokens("机器学习")).toBe(4);
    expect(estimateTokens("")).toBe(0);
  });

  it("never falls when a text grows", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        expect(estimateTokens(a + b)).toBeGreaterThanOrEqual(estimateTokens(a));
      }),
    );
  });
});

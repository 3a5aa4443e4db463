import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { loadSettings, SETTINGS_FILE, type Settings, settingsSchema } from "../src/config.js";
import { WaymarkError } from "../src/errors.js";
import { openWaymark } from "../src/waymark.js";
import { budget } from "./fuzz-budget.js";
import { anyText, type Schema, valuesOf } from "./schema-values.js";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "waymark-settings-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const VARIABLES = [
  "WAYMARK_CORPUS",
  "WAYMARK_INDEX",
  "WAYMARK_WEAVIATE_URL",
  "WAYMARK_HOST",
  "WAYMARK_PORT",
  "WAYMARK_TOKEN",
  "WAYMARK_ALLOWED_HOSTS",
  "WAYMARK_ALLOWED_ORIGINS",
  "WAYMARK_EMBEDDER",
  "WAYMARK_READER",
  "WAYMARK_LLM",
  "WAYMARK_LLM_BASE_URL",
  "WAYMARK_ALLOW_REMOTE_MODELS",
];

/** The settings, or the refusal; anything else that is thrown fails the test. */
function settingsOf(file: string | Uint8Array, env: Record<string, string> = {}): Settings | WaymarkError {
  writeFileSync(join(cwd, SETTINGS_FILE), file);
  try {
    return loadSettings({}, { cwd, env });
  } catch (error) {
    if (WaymarkError.isInstance(error)) return error;
    throw error;
  }
}

/** Whole settings, or a sentence that names what to change. */
function expectClear(outcome: Settings | WaymarkError): void {
  if (WaymarkError.isInstance(outcome)) {
    expect(outcome).toMatchObject({ code: "invalid-settings", hint: expect.stringContaining(SETTINGS_FILE) });
    expect(outcome.message).not.toMatch(/\n|undefined|\[object/);
    return;
  }
  expect(isAbsolute(outcome.index)).toBe(true);
  expect(outcome.server.port).toBeGreaterThanOrEqual(0);
  expect(outcome.server.token ?? "a token of a good length").toMatch(/^[\x21-\x7e ]{16,}$/);
  expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
}

describe("any settings", () => {
  it("made after their schema, and any variables, are taken or refused in words", () => {
    const { properties = {} } = z.toJSONSchema(settingsSchema, { io: "input" }) as Schema;
    const values = fc.oneof(
      valuesOf({ type: "object", properties }),
      ...Object.entries(properties).map(([name, one]) => fc.record({ [name]: valuesOf(one) })),
    );
    const value = fc.oneof(
      anyText,
      fc.constantFrom("1", "none", "http://localhost:1", "ollama:x", "-1", "NaN"),
    );
    const env = fc.dictionary(fc.constantFrom(...VARIABLES), value, { maxKeys: 3 });
    const outcomes = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(values, env, (file, variables) => {
        const outcome = settingsOf(JSON.stringify(file), variables);
        expectClear(outcome);
        outcomes[WaymarkError.isInstance(outcome) ? "refused" : "taken"] += 1;
      }),
      budget(500),
    );
    expect(Math.min(outcomes.taken, outcomes.refused)).toBeGreaterThan(10);
  });

  it("that are any bytes are taken or refused in words", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectClear(settingsOf(bytes))),
      budget(100),
    );
    for (const file of ["", "null", "[]", "1", '"x"', "[".repeat(100_000), '{"a":'.repeat(20_000)])
      expect(settingsOf(file)).toMatchObject({ code: "invalid-settings" });
  });

  it.each([
    '{"__proto__":{"index":"x","server":{"host":"0.0.0.0"}}}',
    '{"server":{"__proto__":{"host":"0.0.0.0"}}}',
  ])("with a __proto__ in them change nothing: %s", (file) => {
    const outcome = settingsOf(file);
    if (!WaymarkError.isInstance(outcome)) expect(outcome).toEqual(settingsOf("{}"));
    expect("host" in {}).toBe(false);
  });

  it.each([
    ["index", { index: "a\0b" }, "invalid-settings"],
    ["corpus", { corpus: "a\0b" }, "corpus-not-found"],
    ["embedder", { models: { embedder: "a\0b" } }, "model-missing"],
  ])("with a NUL in the path %s are refused in words where they are used", async (_, settings, code) => {
    const taken = settingsOf(JSON.stringify({ models: { reader: null }, ...settings }));
    const use = async () => {
      if (WaymarkError.isInstance(taken)) throw taken;
      const engine = await openWaymark({ ...taken, models: { ...taken.models, reader: null } });
      try {
        await engine.ingest();
      } finally {
        await engine.close();
      }
    };
    await expect(use()).rejects.toMatchObject({ code, hint: expect.any(String) });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config.js";
import { createApp } from "../../src/server/app.js";
import { type LocalWaymark, openWaymark } from "../../src/waymark.js";

/** A part of a JSON Schema, as the description of the API has it. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
}
interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, unknown>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

let folder: string;
let waymark: LocalWaymark;
let app: ReturnType<typeof createApp>;
let description: Description;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waymark-fuzz-"));
  writeFileSync(join(folder, "a.txt"), "Bees sleep at night.");
  const models = { reader: null };
  waymark = await openWaymark(
    loadSettings({ index: join(folder, "index"), models }, { env: {}, cwd: folder }),
  );
  await waymark.ingest({ paths: [join(folder, "a.txt")] });
  app = createApp({ waymark, host: "127.0.0.1" });
  description = (await (await app.request("/api/openapi.json")).json()) as Description;
});

afterAll(async () => {
  await waymark.close();
  rmSync(folder, { recursive: true, force: true });
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom(
    "",
    " ",
    "\0",
    "\ud800",
    "../../etc/passwd",
    '" OR 1=1 --',
    "NEAR(a b)",
    "a*",
    "*",
    "{}",
    "\u202Ea",
  ),
  fc.string({ maxLength: 20 }).map((text) => text.repeat(500)),
);

/** Values that fit a schema, most of the time. */
function arbitraryOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const target =
    schema.$ref === undefined ? schema : description.components.schemas[schema.$ref.split("/").at(-1) ?? ""];
  if (target === undefined || depth > 5) return fc.constant(null);
  if (target.enum !== undefined)
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...target.enum) }, anyText);
  if (target.anyOf !== undefined) return fc.oneof(...target.anyOf.map((one) => arbitraryOf(one, depth + 1)));
  const fitting = fittingValue(target, depth);
  return fc.oneof(
    { weight: 9, arbitrary: fitting },
    { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<unknown> },
  );
}

function fittingValue(
  { type, properties = {}, required = [], items = {}, minimum, maximum }: Schema,
  depth: number,
) {
  switch ([type].flat()[0]) {
    case "object": {
      const fields = Object.entries(properties).map(
        ([name, one]) => [name, arbitraryOf(one, depth + 1)] as const,
      );
      return fc.record(Object.fromEntries(fields), { requiredKeys: required });
    }
    case "array":
      return fc.array(arbitraryOf(items, depth + 1), { maxLength: 4 });
    case "integer":
    case "number":
      return fc.integer({ min: (minimum ?? -5) - 1, max: (maximum ?? 60) + 1 });
    case "boolean":
      return fc.boolean();
    default:
      return anyText;
  }
}

/** No request of anyone's is the server's fault, and every refusal is a document that says what to do. */
async function expectNoFault(response: Response, operation?: Operation): Promise<void> {
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  expect(text).not.toMatch(/\n\s+at |node_modules|\/src\//);
  if (operation !== undefined) expect(Object.keys(operation.responses)).toContain(String(response.status));
  const isText = response.headers.get("content-type")?.startsWith("text/plain");
  if (response.status >= 400 && text !== "" && !isText) expect(JSON.parse(text)).toBeTypeOf("object");
}

describe("any request", () => {
  it("that is made after the API's description gets an answer that the description has", async () => {
    const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(6);
    const json = operations.filter(
      ({ operation }) => operation.requestBody?.content["application/json"] !== undefined,
    );
    for (const { path, method, operation } of json) {
      const schema = operation.requestBody?.content["application/json"]?.schema ?? {};
      await fc.assert(
        fc.asyncProperty(
          arbitraryOf(schema),
          fc.constantFrom("application/json", "text/event-stream"),
          async (body, accept) => {
            const headers = { "Content-Type": "application/json", Accept: accept };
            const response = await app.request(path, {
              method: method.toUpperCase(),
              headers,
              body: JSON.stringify(body),
            });
            await expectNoFault(response, operation);
          },
        ),
        { numRuns: 40, interruptAfterTimeLimit: 15_000 },
      );
    }
  });

  it("of any body, path, method and header gets a refusal in words at the most", async () => {
    const paths = [
      ...Object.keys(description.paths),
      "/",
      "/main.js",
      "/%00",
      "/..%2f..%2fetc%2fpasswd",
      "/api/documents/..%2f",
    ];
    const path = fc.oneof(
      fc.constantFrom(...paths),
      anyText.map((text) => `/api/documents/${encodeURIComponent(text.toWellFormed())}`),
      fc.webPath(),
    );
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH");
    const header = fc.constantFrom(
      "Accept",
      "Content-Type",
      "Authorization",
      "Origin",
      "Range",
      "If-None-Match",
      "Cookie",
      "Host",
    );
    const headers = fc.dictionary(header, fc.stringMatching(/^[\x20-\x7e]{0,40}$/), { maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(
        path,
        method,
        headers,
        fc.uint8Array({ maxLength: 300 }),
        async (where, how, what, body) => {
          const bodied = how === "GET" || how === "HEAD" ? {} : { body: Buffer.from(body) };
          if (where.startsWith("/mcp")) return;
          await expectNoFault(await app.request(where || "/", { method: how, headers: what, ...bodied }));
        },
      ),
      { numRuns: 300, interruptAfterTimeLimit: 15_000 },
    );
  });
});

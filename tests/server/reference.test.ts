import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createApp } from "../../src/server/app.js";
import { PROBLEMS } from "../../src/server/problem.js";
import { referencePage } from "../../src/server/reference/page.js";
import { exampleAnswer, exampleDocument, exampleSearchResult } from "../../src/server/routes/examples.js";
import type { OpenApiDocument } from "../../src/server/routes/reference.js";
import { askEventSchema } from "../../src/server/schemas/answer.js";
import { bodyOf, parseEvents, scripted } from "./scripted.js";

const app = createApp({ waymark: scripted() });
const document = await bodyOf(await app.request("/api/openapi.json"));

interface Content {
  schema: Record<string, unknown>;
  example?: unknown;
}

/** Every operation of the document. */
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

interface Operation {
  summary: string;
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}

/** Every schema of a body with its example. */
const contents = operations.flatMap(({ path, method, operation }) =>
  [
    operation.requestBody?.content ?? {},
    ...Object.values(operation.responses).map(({ content }) => content ?? {}),
  ].flatMap((content) =>
    Object.entries(content).map(([mediaType, { schema, example }]) => ({
      name: `${method} ${path} ${mediaType}`,
      mediaType,
      schema,
      example,
    })),
  ),
);

/** A JSON schema with its references replaced by what they refer to. */
function resolved(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(resolved);
  if (typeof schema !== "object" || schema === null) return schema;
  if ("$ref" in schema)
    return resolved(document.components.schemas[String(schema.$ref).split("/").at(-1) ?? ""]);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolved(value)]));
}

function parserOf(schema: unknown) {
  return z.fromJSONSchema(resolved(schema) as Parameters<typeof z.fromJSONSchema>[0]);
}

describe("GET /api/openapi.json", () => {
  it("is OpenAPI 3.1 with this version", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "Waymark API", version } });
  });

  it("has every route of the API, and no other", () => {
    const routes = app.routes
      .filter(({ method, path }) => method !== "ALL" && /^\/(?:api|v1)\//.test(path))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual([...new Set(routes)].sort());
    expect(described).toContain("POST /api/ask");
  });

  it("has a summary, responses with a schema, and the parameters of each path", () => {
    for (const { path, operation } of operations) {
      expect(operation.summary, path).not.toBe("");
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect((operation.parameters ?? []).map(({ name }) => name)).toEqual(names);
      expect(operation.responses["200"]?.description).not.toBe("");
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[2345]\d\d$/);
        for (const { schema } of Object.values(response.content ?? {}))
          expect(resolved(schema)).toBeDefined();
      }
    }
  });

  it("refers to nothing that is missing", () => {
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(document.components.schemas).toHaveProperty(name ?? "");
  });

  it.each(contents.filter(({ example }) => example !== undefined))(
    "has an example that fits: $name",
    ({ schema, example }) => {
      expect(() => parserOf(schema).parse(example)).not.toThrow();
    },
  );

  it("has an example for each request and each JSON response of the library", () => {
    const without = contents.filter(
      ({ mediaType, example }) => mediaType !== "application/problem+json" && !example,
    );
    expect(without.map(({ name }) => name)).toEqual([
      "get /api/openapi.json application/json",
      "get /api/docs text/html",
    ]);
  });

  it("describes requests that refuse unknown fields", () => {
    const [ask] = contents.filter(({ name }) => name === "post /api/ask application/json");
    expect(parserOf(ask?.schema).safeParse({ question: "x" }).success).toBe(true);
    expect(parserOf(ask?.schema).safeParse({ question: "x", top_k: 1 }).success).toBe(false);
    expect(parserOf(ask?.schema).safeParse({ question: "" }).success).toBe(false);
  });

  it("shows events as they are sent", () => {
    const [stream] = contents.filter(({ mediaType }) => mediaType === "text/event-stream");
    const events = parseEvents(String(stream?.example));
    expect(events.map(({ event }) => event)).toEqual(["passages", "sentence", "done"]);
    for (const { event, data } of events.slice(0, 2))
      askEventSchema.parse({ type: event, ...(data as object) });
  });

  it("has examples whose quotes are verbatim", () => {
    const cited = [...exampleAnswer.sentences.flatMap(({ citations }) => citations), exampleSearchResult];
    for (const { start, end, quote } of cited) expect(exampleDocument.text.slice(start, end)).toBe(quote);
    expect(exampleDocument.blocks.at(-1)?.end).toBe(exampleDocument.text.length);
  });
});

describe("GET /api/docs", () => {
  it("is HTML that a strict policy lets through: nothing inline, nothing from elsewhere", async () => {
    const response = await app.request("/api/docs");
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=UTF-8",
    ]);
    const page = await response.text();
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:|(?:src|href)="(?:https?:)?\/\//i);
    const style = await app.request("/reference.css");
    expect(page).toContain('<link rel="stylesheet" href="/reference.css">');
    expect([style.status, style.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
  });

  it("shows every operation, schema and problem, and its links lead somewhere", async () => {
    const page = await (await app.request("/api/docs")).text();
    for (const { path, method } of operations)
      expect(page).toContain(`<code>${method.toUpperCase()} ${path}</code>`);
    for (const name of Object.keys(document.components.schemas))
      expect(page).toContain(`id="schema-${name}"`);
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`id="problem-${code}"`);
    expect(page).toContain("As GET /api/documents gives it.");
    expect(page).toContain("The short answer inside text, as a range of text.");
    const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(ids).toContain(link);
    expect(page).not.toMatch(/undefined|\[object |Promise/);
  });

  it("escapes every text of the document", async () => {
    const evil = '<img src=x onerror="alert(1)">&';
    const hostile = {
      openapi: "3.1.0",
      info: { title: evil, version: evil, description: evil },
      paths: {
        "/x": {
          get: {
            summary: evil,
            description: evil,
            responses: {
              200: { description: evil, content: { [evil]: { schema: { enum: [evil] }, example: evil } } },
            },
          },
        },
      },
      components: {
        schemas: { A: { type: "object", description: evil, properties: { [evil]: { description: evil } } } },
      },
    } as unknown as OpenApiDocument;
    const page = String(await referencePage(hostile));
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;");
  });
});

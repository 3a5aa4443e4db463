import { html } from "hono/html";
import { PROBLEMS } from "../problem.js";
import type { OpenApiDocument } from "../routes/reference.js";
import { schemaSection, typeText } from "./schema.js";

type Path = NonNullable<OpenApiDocument["paths"]>[string];
type Operation = NonNullable<Path["get"]>;
type Markup = ReturnType<typeof html>;

/** An OpenAPI document as a page to read: plain HTML, every text escaped, no script. */
export function referencePage(document: OpenApiDocument): Markup {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (["get", "post", "delete"] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method: method.toUpperCase(), operation }] : [];
    }),
  );
  const schemas = Object.entries(document.components?.schemas ?? {});
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title}</title>
<link rel="stylesheet" href="/reference.css">
</head>
<body>
<main>
<h1>${document.info.title} <small>${document.info.version}</small></h1>
<p>${document.info.description}</p>
<p>The same for programs: <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<nav aria-label="Contents">
<ul>
${operations.map(
  ({ path, method, operation }) =>
    html`<li><a href="#${anchor(method, path)}"><code>${method} ${path}</code></a> ${operation.summary}</li>\n`,
)}<li><a href="#schemas">Schemas</a></li>
<li><a href="#problems">Problems</a></li>
</ul>
</nav>
${operations.map(({ path, method, operation }) => operationSection(path, method, operation))}
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => schemaSection(name, schema))}
<h2 id="problems">Problems</h2>
<p>An error is a problem document (RFC 9457, <code>application/problem+json</code>) with one of these codes.</p>
${problemTable()}
</main>
</body>
</html>
`;
}

function operationSection(path: string, method: string, operation: Operation): Markup {
  const body =
    operation.requestBody && "content" in operation.requestBody ? operation.requestBody.content : {};
  return html`<section>
<h2 id="${anchor(method, path)}"><code>${method} ${path}</code></h2>
<p><strong>${operation.summary}.</strong> ${operation.description}</p>
${(operation.parameters ?? []).map((parameter) => parameterLine(parameter as Parameter))}${Object.entries(body).map(([mediaType, { schema, example }]) => contentBlock("Request", mediaType, schema, example))}
${Object.entries(operation.responses ?? {}).map(
  ([status, response]: [string, ResponseObject]) =>
    html`<h3>${status}</h3>
<p>${response.description}</p>
${Object.entries(response.content ?? {}).map(([mediaType, { schema, example }]) =>
  contentBlock("Response", mediaType, schema, example),
)}`,
)}
</section>
`;
}

interface Parameter {
  name: string;
  in: string;
  description?: string;
  schema?: unknown;
}

function parameterLine({ name, in: place, description, schema }: Parameter): Markup {
  return html`<p>Parameter <code>${name}</code> (${place}): ${typeText(schema)}. ${description}</p>
`;
}

interface ResponseObject {
  description: string;
  content?: Record<string, { schema?: unknown; example?: unknown }>;
}

function contentBlock(label: string, mediaType: string, schema: unknown, example: unknown): Markup {
  const shown = typeof example === "string" ? example : JSON.stringify(example, null, 2);
  return html`<p>${label}: <code>${mediaType}</code>, ${typeText(schema)}</p>
${shown === undefined ? "" : html`<pre tabindex="0"><code>${shown}</code></pre>`}
`;
}

function problemTable(): Markup {
  return html`<table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead>
<tbody>
${Object.entries(PROBLEMS).map(
  ([code, { status, title }]) =>
    html`<tr id="problem-${code}"><th scope="row"><code>${code}</code></th><td>${status}</td><td>${title}</td></tr>\n`,
)}</tbody>
</table>
`;
}

function anchor(method: string, path: string): string {
  return `${method}${path}`
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "-")
    .replace(/-$/, "");
}

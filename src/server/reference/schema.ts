import { html } from "hono/html";

type Markup = ReturnType<typeof html>;

/** The part of a JSON schema that our OpenAPI document uses. */
interface JsonSchema {
  $ref?: string;
  type?: string;
  description?: string;
  enum?: unknown[];
  items?: unknown;
  properties?: Record<string, unknown>;
  required?: string[];
  allOf?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** One named schema: its description and a table of its properties. */
export function schemaSection(name: string, schema: unknown): Markup {
  const { description, properties = {}, required = [] } = schema as JsonSchema;
  const { description: _, ...rest } = schema as JsonSchema;
  return html`<section>
<h3 id="schema-${name}">${name}</h3>
${description === undefined ? "" : html`<p>${description}</p>`}
${
  Object.keys(properties).length === 0
    ? html`<p>${typeText(rest)}</p>`
    : html`<table>
<thead><tr><th scope="col">Property</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>
${propertyRows(properties, required)}</tbody>
</table>`
}
</section>
`;
}

function propertyRows(properties: Record<string, unknown>, required: string[], prefix = ""): Markup[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const schema = property as JsonSchema;
    const optional = required.includes(name) ? "" : html` <em>optional</em>`;
    const row = html`<tr><th scope="row"><code>${prefix}${name}</code>${optional}</th><td>${typeText(schema)}</td><td>${descriptionOf(schema)}</td></tr>\n`;
    const nested = schema.type === "array" ? (schema.items as JsonSchema) : schema;
    const below = `${prefix}${name}${schema.type === "array" ? "[]" : ""}.`;
    return [row, ...propertyRows(nested?.properties ?? {}, nested?.required ?? [], below)];
  });
}

/** Where a named schema is described anew at its use, the description stands beside the reference. */
function descriptionOf({ description, allOf = [] }: JsonSchema): string | undefined {
  return description ?? (allOf as JsonSchema[]).find((part) => part.description !== undefined)?.description;
}

/** A schema in a few words, with links to the named ones. */
export function typeText(schema: unknown): Markup {
  const shape = (schema ?? {}) as JsonSchema;
  if (shape.$ref !== undefined) {
    const name = shape.$ref.split("/").at(-1);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  const named = (shape.allOf as JsonSchema[] | undefined)?.find((part) => part.$ref !== undefined);
  if (named !== undefined) return typeText(named);
  if (shape.enum !== undefined) return html`${shape.enum.map((value) => JSON.stringify(value)).join(" | ")}`;
  if (shape.type === "array")
    return html`list of ${typeText(shape.items)}${bounds(shape.minItems, shape.maxItems, " items")}`;
  if (shape.type === "string") return html`string${bounds(shape.minLength, shape.maxLength, " characters")}`;
  return html`${shape.type}${bounds(shape.minimum, shape.maximum, "")}`;
}

function bounds(least: number | undefined, most: number | undefined, unit: string): string {
  if (most === undefined) return "";
  return `, ${least === undefined ? "up" : least} to ${most}${unit}`;
}

import fc from "fast-check";

/** The parts of JSON Schema that the descriptions of the API, of MCP's tools and of the settings use. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
}

/** Texts that programs trip over. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
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
    "__proto__",
    "\u202Ea",
  ),
  fc.string({ maxLength: 20 }).map((text) => text.repeat(500)),
);

/** Values that fit a schema, most of the time. `definitions`: what its references name. */
export function valuesOf(
  schema: Schema,
  definitions: Readonly<Record<string, Schema>> = {},
  depth = 0,
): fc.Arbitrary<unknown> {
  const target = schema.$ref === undefined ? schema : definitions[schema.$ref.split("/").at(-1) ?? ""];
  if (target === undefined || depth > 5) return fc.constant(null);
  const fitting = fittingValues(target, definitions, depth + 1);
  const others: fc.Arbitrary<unknown> = fc.oneof(anyText, fc.jsonValue());
  return fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: others });
}

function fittingValues(
  schema: Schema,
  definitions: Readonly<Record<string, Schema>>,
  depth: number,
): fc.Arbitrary<unknown> {
  const { type, properties = {}, required = [], items = {}, minimum, maximum } = schema;
  const choices = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (choices !== undefined) return fc.oneof(...choices.map((one) => valuesOf(one, definitions, depth)));
  switch ([type].flat()[0]) {
    case "object": {
      const fields = Object.entries(properties).map(
        ([name, one]) => [name, valuesOf(one, definitions, depth)] as const,
      );
      const extra = fc.dictionary(anyText, fc.jsonValue(), { maxKeys: 1 });
      const known = fc.record(Object.fromEntries(fields), { requiredKeys: required });
      return fc.oneof(
        { weight: 9, arbitrary: known },
        fc.tuple(known, extra).map(([one, other]) => ({ ...one, ...other })),
      );
    }
    case "array":
      return fc.array(valuesOf(items, definitions, depth), { maxLength: 4 });
    case "integer":
    case "number":
      return fc.integer({ min: (minimum ?? -5) - 1, max: Math.min(maximum ?? 60, 2 ** 40) + 1 });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return anyText;
  }
}

import fc from "fast-check";
import { anyText, type Schema, valuesOf } from "../schema-values.js";

export interface Tool {
  name: string;
  inputSchema: Schema;
}

const METHODS = [
  "initialize",
  "ping",
  "tools/list",
  "tools/call",
  "resources/list",
  "resources/read",
  "resources/templates/list",
  "prompts/list",
  "completion/complete",
  "logging/setLevel",
  "notifications/initialized",
  "notifications/cancelled",
];

/** Messages of any method, parameters and id, among them good calls of the tools, and values that are no messages. */
export function messagesFor(tools: readonly Tool[]): fc.Arbitrary<unknown> {
  const call = fc.oneof(
    ...tools.map(({ name, inputSchema }) =>
      fc.record({ name: fc.constant(name), arguments: valuesOf(inputSchema) }),
    ),
  );
  const params = fc.oneof(
    { weight: 4, arbitrary: call as fc.Arbitrary<unknown> },
    fc.record({ uri: anyText }),
    fc.record({ protocolVersion: anyText, capabilities: fc.jsonValue(), clientInfo: fc.jsonValue() }),
    fc.jsonValue(),
  );
  const method = fc.oneof(fc.constantFrom(...METHODS), anyText);
  const id = fc.oneof(fc.integer(), anyText, fc.jsonValue());
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ method, params, id }, { requiredKeys: ["method"] }) },
    fc.jsonValue(),
  );
}

/** An object with a method, completed to a message of JSON-RPC; anything else as it is. */
export function complete(one: unknown): unknown {
  return typeof one === "object" && one !== null && "method" in one ? { jsonrpc: "2.0", id: 1, ...one } : one;
}

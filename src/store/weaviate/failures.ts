import { WaymarkError } from "../../errors.js";

/** What a failed call says about trying again. */
export type Failure =
  /** The node, or too many of the others, did not answer: another node or another moment may. */
  | "unreachable"
  /** The key is wrong, or may not do this. */
  | "refused"
  /** Something else, which another try would not mend. */
  | "final";

/** Sorts what Weaviate's client throws. Its errors say most of it in words alone. */
export function failureOf(error: unknown): Failure {
  const text = describe(error);
  if (REFUSED.test(text)) return "refused";
  return UNREACHABLE.test(text) ? "unreachable" : "final";
}

/** The error that a person gets to see, for what came of a call to `nodes`. */
export function explain(error: unknown, nodes: readonly string[]): unknown {
  if (WaymarkError.isInstance(error)) return error;
  const where = nodes.join(", ");
  switch (failureOf(error)) {
    case "refused":
      return new WaymarkError("invalid-settings", `Weaviate at ${where} refuses the key.`, {
        hint: "Give the right one in WAYMARK_WEAVIATE_KEY; a key of Weaviate's own users needs the right to read and write.",
        cause: error,
      });
    case "unreachable":
      return new WaymarkError("store-unreachable", `Weaviate at ${where} does not answer.`, {
        hint: "Waymark goes on by itself when it is back. Look whether it runs, and whether url and grpcUrl are right.",
        cause: error,
      });
    default:
      return error;
  }
}

/** All that an error and its causes say. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  const cause = error.cause === undefined ? "" : describe(error.cause);
  return `${error.name} ${code} ${error.message} ${cause}`;
}

const REFUSED =
  /Unauthenticated|InsufficientPermissions|UNAUTHENTICATED|PERMISSION_DENIED|\b40[13]\b.*(?:unauthor|forbidden)|anonymous access not enabled|unauthorized/i;

/** Of the client, of Node's network, of gRPC, and of Weaviate where a part of the cluster is away. */
const UNREACHABLE = new RegExp(
  [
    "RequestTimeout|timed out|GRPCUnavailable|StartUp|fetch failed|socket hang up|terminated",
    "ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|EPIPE|UND_ERR",
    "UNAVAILABLE|DEADLINE_EXCEEDED|CANCELLED|No connection established|Channel has been (?:closed|shut down)",
    "UnexpectedStatusCodeError (?:429|502|503|504)|connection refused|connection reset|broken pipe|\\bEOF\\b",
    "consistency level|unresolvable|no such host|context (?:deadline|canceled)|i/o timeout",
    "leader|not ready|shutting down|shutdown|bootstrap|connect: ",
  ].join("|"),
  "i",
);

import { WaymarkError } from "../../errors.js";

/** What a failed call says about trying again. */
export type Failure =
  /** The node, or too many of the others, did not answer: another node or another moment may. */
  | "unreachable"
  /** The node's certificate is not one that this machine trusts; another node may have a better one. */
  | "untrusted"
  /** The key is wrong, or may not do this. */
  | "refused"
  /** Something else, which another try would not mend. */
  | "final";

/** Sorts what Weaviate's client throws. Its errors say most of it in words alone. */
export function failureOf(error: unknown): Failure {
  if (WaymarkError.isInstance(error)) return error.code === "store-unreachable" ? "unreachable" : "final";
  const text = describe(error);
  if (REFUSED.test(text)) return "refused";
  if (UNTRUSTED.test(text)) return "untrusted";
  return UNREACHABLE.test(text) ? "unreachable" : "final";
}

/** Whether another node, or the same one at another moment, may do what failed. */
export function mayPass(failure: Failure): boolean {
  return failure === "unreachable" || failure === "untrusted";
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
    case "untrusted":
      return new WaymarkError(
        "store-unreachable",
        `Weaviate at ${where} has a certificate that is not trusted here.`,
        {
          hint: "Where it comes from an authority of your own, name that authority's file in NODE_EXTRA_CA_CERTS, and in GRPC_DEFAULT_SSL_ROOTS_FILE_PATH if that is set; else look whether it has expired, or is for another host.",
          cause: error,
        },
      );
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

/** What OpenSSL and Node say of a certificate: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED =
  /self[- ]signed certificate|unable to (?:verify the first|get (?:local )?issuer) certificate|certificate (?:has expired|is not yet valid)|ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate/i;

/** Of the client, of Node's network, of gRPC, and of Weaviate where a part of the cluster is away. */
const UNREACHABLE = new RegExp(
  [
    "RequestTimeout|timed out|GRPCUnavailable|StartUp|fetch failed|socket hang up|terminated",
    "ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|EPIPE|UND_ERR",
    "UNAVAILABLE|DEADLINE_?EXCEEDED|CANCELL?ED|No connection established|Channel has been (?:closed|shut down)",
    "UnexpectedStatusCodeError (?:429|502|503|504)|connection refused|connection reset|broken pipe|\\bEOF\\b",
    "consistency level|unresolvable|no such host|context (?:deadline|canceled)|i/o timeout",
    "leader|not ready|shutting down|shutdown|bootstrap|connect: ",
  ].join("|"),
  "i",
);

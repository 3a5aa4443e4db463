import { isIP } from "node:net";
import { hostname as machineName } from "node:os";
import type { MiddlewareHandler } from "hono";
import { problem, problemResponse } from "../problem.js";

export interface SameOriginOptions {
  /** The address or name that the server listens on. On `0.0.0.0` or `::` it is also known by any IP address. */
  host?: string;
  /** Other names that the server is known by, such as that of a reverse proxy: without a port. */
  allowedHosts?: readonly string[];
  /** Other sites whose pages may call the API: exact origins, such as `https://notes.example`. */
  allowedOrigins?: readonly string[];
}

/**
 * Refuses requests that a page of another site makes a browser send: a Host header that is not ours (DNS rebinding)
 * or an Origin header that is not ours. Ours are the loopback names and the configured host; ports do not matter, so
 * that forwarded ports work.
 *
 * @example
 * ```ts
 * app.use(sameOrigin({ host: "127.0.0.1" }));
 * ```
 */
export function sameOrigin({
  host,
  allowedHosts = [],
  allowedOrigins = [],
}: SameOriginOptions = {}): MiddlewareHandler {
  const configured = host === undefined ? undefined : hostnameOf(isIP(host) === 6 ? `[${host}]` : host);
  const everywhere = configured === "0.0.0.0" || configured === "[::]";

  const allowed = new Set(allowedHosts.map(hostnameOf));
  const isConfigured = (name: string) => isLoopback(name) || name === configured || allowed.has(name);
  // An address cannot be rebound, only a name can: so any address is safe where all are listened on.
  const isOurs = (name: string) =>
    isConfigured(name) || (everywhere && (isAddress(name) || name === machineName().toLowerCase()));

  return async function sameOrigin(c, next) {
    const asked = hostnameOf(c.req.header("host") ?? new URL(c.req.url).host);
    if (asked === undefined || !isOurs(asked)) {
      return problemResponse(
        c,
        problem("foreign-origin", "The Host header names a host that this server does not serve.", {
          hint: "Use localhost, or put the name that you use into the setting server.allowedHosts.",
        }),
      );
    }
    const origin = c.req.header("origin");
    if (origin !== undefined && !allowedOrigins.includes(origin)) {
      const from = originHostname(origin);
      if (from === undefined || !(isConfigured(from) || from === asked)) {
        return problemResponse(
          c,
          problem("foreign-origin", "The Origin header names another site.", {
            hint: "Call the API from Waymark's own page, or from a program that sends no Origin header.",
          }),
        );
      }
    }
    await next();
  };
}

/** Whether a server that listens on this address or name is reached from its own machine alone. */
export function isLoopbackHost(host: string): boolean {
  const name = hostnameOf(isIP(host) === 6 ? `[${host}]` : host);
  return name !== undefined && isLoopback(name);
}

function isLoopback(name: string): boolean {
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(name)
  );
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}

/** The lower-case host name of `host[:port]`, or undefined where it is none. */
function hostnameOf(host: string): string | undefined {
  if (/[/?#@\\\s]/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/\.$/, "");
}

function originHostname(origin: string): string | undefined {
  return /^https?:\/\//.test(origin) ? hostnameOf(origin.replace(/^https?:\/\//, "")) : undefined;
}

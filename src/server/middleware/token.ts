import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { problem, problemResponse } from "../problem.js";

/**
 * Browsers ask for a name and a password: the password is the token, the name is not looked at. Basic comes first:
 * Chromium goes by the first challenge of the header alone.
 */
const CHALLENGE = 'Basic realm="Waymark", charset="UTF-8", Bearer realm="Waymark"';

/**
 * Refuses requests without the token, which comes as `Authorization: Bearer <token>` or as the password of Basic
 * authentication, which browsers know. It is compared in constant time.
 *
 * @example
 * ```ts
 * app.use(requireToken("a-long-secret"));
 * ```
 */
export function requireToken(token: string): MiddlewareHandler {
  const expected = digest(token);
  return async function requireToken(c, next) {
    const given = credentials(c.req.header("authorization") ?? "");
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return next();
    return problemResponse(
      c,
      problem("unauthorized", "This server asks for a token.", {
        hint: "Send the header Authorization: Bearer <token>; in a browser, give the token as the password.",
      }),
      { "WWW-Authenticate": CHALLENGE },
    );
  };
}

function credentials(header: string): string | undefined {
  const [, scheme = "", value = ""] = /^(\S+) +(\S+) *$/.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const pair = Buffer.from(value, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon === -1 ? undefined : pair.slice(colon + 1);
}

/** Digests are of one length, whatever the texts, as the comparison needs it. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

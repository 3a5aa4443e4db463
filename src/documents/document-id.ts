import { createHash } from "node:crypto";

const SLUG_LENGTH = 60;
const HASH_LENGTH = 10;

/**
 * The document id for a uri: a readable slug, a hyphen and the first 10 hex digits of the uri's SHA-256. Only
 * `[a-z0-9-]`, the same for the same uri on every machine, different for uris that share a slug.
 *
 * @example documentId("guides/Café Menu.md") // "guides-cafe-menu-md-…"
 */
export function documentId(uri: string): string {
  const hash = createHash("sha256").update(uri).digest("hex").slice(0, HASH_LENGTH);
  const slug = uri
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, SLUG_LENGTH)
    .replace(/^-|-$/g, "");
  return slug === "" ? hash : `${slug}-${hash}`;
}

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { Hono } from "hono";
import { etag } from "hono/etag";
import type { ServerEnv } from "../env.js";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

const NOT_BUILT = `The page has not been built.
Run "npm run build" in Waymark's folder and start the server again.
The API works without it: see /api/docs.
`;

/**
 * The chat page at `/` and its assets. The files of `webRoot` are read once, here: no path of a request ever reaches
 * the file system. Browsers keep them and ask by ETag whether they have changed.
 */
export function pageRoutes(webRoot: string | undefined): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  const files = webRoot === undefined ? new Map<string, StaticFile>() : readFiles(webRoot);
  for (const [name, file] of files) {
    routes.get(name === "index.html" ? "/" : `/${name}`, etag(), (c) =>
      c.body(file.body, 200, { "Content-Type": file.type, ETag: file.etag, "Cache-Control": "no-cache" }),
    );
  }
  if (!files.has("index.html")) routes.get("/", (c) => c.text(NOT_BUILT, 404));
  return routes;
}

interface StaticFile {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

function readFiles(webRoot: string): Map<string, StaticFile> {
  if (!existsSync(webRoot)) return new Map();
  const entries = readdirSync(webRoot, { withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.flatMap(({ name }) => {
      const type = MEDIA_TYPES[extname(name)];
      if (type === undefined) return [];
      const body = new Uint8Array(readFileSync(join(webRoot, name)));
      const digest = createHash("sha256").update(body).digest("base64url");
      return [[name, { body, type, etag: `"${digest}"` }] as const];
    }),
  );
}

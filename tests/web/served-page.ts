import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { loadSettings, PACKAGE_ROOT } from "../../src/config.js";
import { createApp } from "../../src/server/app.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { type LocalWaymark, openWaymark } from "../../src/waymark.js";

const HOST = "127.0.0.1";
const WEB = join(PACKAGE_ROOT, "src", "web");

export interface ServedPage {
  waymark: LocalWaymark;
  url: string;
  /** The folder of the built page. */
  webRoot: string;
  /** The folder that what is added is kept in. */
  added: string;
  /** Stops listening, as a server does that is restarted; `start` listens at the same address again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Indexes `files` (paths) with the real models and serves them with the page as it is in src/web. */
export async function servePage(files: readonly string[]): Promise<ServedPage> {
  const folder = await mkdtemp(join(tmpdir(), "waymark-page-"));
  const corpus = join(folder, "corpus");
  for (const file of files) await cp(file, join(corpus, file.split(/[\\/]/).at(-1) ?? file));
  const webRoot = join(folder, "web");
  await buildPage(webRoot);
  const waymark = await openWaymark(
    loadSettings({ corpus, index: join(folder, "index") }, { cwd: folder, env: {} }),
  );
  await waymark.ingest({});
  const app = createApp({ waymark, additions: waymark, webRoot, host: HOST });
  let server: RunningServer = await serve({ app, host: HOST, port: 0 });
  const { url, port } = server;
  return {
    waymark,
    url,
    webRoot,
    added: join(folder, "index", "added"),
    stop: () => server.close(),
    async start() {
      server = await serve({ app, host: HOST, port });
    },
    async close() {
      await server.close();
      await waymark.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Bundles the page as it is in src/web. */
export async function buildPage(outdir: string): Promise<void> {
  const entryPoints = ["main.ts", "theme-start.ts", "style.css"].map((name) => join(WEB, name));
  await build({ entryPoints, outdir, bundle: true, format: "esm", target: "es2022", logLevel: "warning" });
  for (const name of ["index.html", "icon.svg"]) await cp(join(WEB, name), join(outdir, name));
}

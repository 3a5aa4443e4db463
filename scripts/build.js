// Compiles src/ to dist/: the server and command line with tsc, the chat page with esbuild.
// With --if-changed it does nothing where dist/ was made from the very same sources.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
// The build is made beside dist/ and moved there when it is whole: a failed build leaves the last good one.
const fresh = join(root, "node_modules", ".cache", `waymark-build-${process.pid}`);
const stamp = "build.sha256";

const fingerprint = hashOf(["src", "scripts/build.js", "tsconfig.json", "package-lock.json"]);
const unchanged = existsSync(join(dist, stamp)) && readFileSync(join(dist, stamp), "utf8") === fingerprint;

if (!(unchanged && process.argv.includes("--if-changed"))) {
  console.log("Building dist/ …");
  process.on("exit", () => rmSync(fresh, { recursive: true, force: true }));
  compile();
  await bundlePage();
  writeFileSync(join(fresh, stamp), fingerprint);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
}

/** SHA-256 over the names and contents of files and folders, hex. */
function hashOf(names) {
  const hash = createHash("sha256");
  for (const path of names.flatMap((name) => filesIn(join(root, name))).sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

function compile() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const compiled = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.json"), "--outDir", fresh], {
    stdio: "inherit",
  });
  if (compiled.status !== 0) process.exit(compiled.status ?? 1);
  chmodSync(join(fresh, "cli.js"), 0o755);
  for (const path of filesIn(join(root, "src")).filter((name) => name.endsWith(".wasm"))) {
    cpSync(path, join(fresh, relative(join(root, "src"), path)));
  }
}

async function bundlePage() {
  const page = join(root, "src", "web");
  const { build } = await import("esbuild");
  mkdirSync(join(fresh, "web"), { recursive: true });
  await build({
    entryPoints: ["main.ts", "theme-start.ts", "style.css"].map((name) => join(page, name)),
    outdir: join(fresh, "web"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  for (const name of readdirSync(page).filter((name) => /\.(html|svg|png|ico|woff2)$/.test(name))) {
    cpSync(join(page, name), join(fresh, "web", name));
  }
}

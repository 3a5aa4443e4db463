// Compiles src/ to dist/: the server and command line with tsc, the chat page with esbuild.
// With --if-changed it does nothing when dist/ is newer than every source.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "dist", ".built");

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const sources = ["src", "scripts", "tsconfig.json", "package.json"].map((name) => join(root, name));
if (process.argv.includes("--if-changed") && existsSync(stamp)) {
  if (statSync(stamp).mtimeMs > Math.max(...sources.map(newest))) process.exit(0);
}

rmSync(join(root, "dist"), { recursive: true, force: true });
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const compiled = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.json")], { stdio: "inherit" });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
chmodSync(join(root, "dist", "cli.js"), 0o755);

const web = join(root, "src", "web");
if (existsSync(join(web, "main.ts"))) {
  const { build } = await import("esbuild");
  mkdirSync(join(root, "dist", "web"), { recursive: true });
  await build({
    entryPoints: [join(web, "main.ts"), join(web, "style.css")],
    outdir: join(root, "dist", "web"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  for (const name of readdirSync(web).filter((name) => /\.(html|svg|png|ico|woff2)$/.test(name))) {
    cpSync(join(web, name), join(root, "dist", "web", name));
  }
}
writeFileSync(stamp, "");

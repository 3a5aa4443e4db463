// Writes the manifest.json of model folders: the SHA-256 sum of every file that the runtime loads.
// Run it after a model folder was replaced:  node scripts/model-checksums.js models/reader
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NOT_LOADED = /^(?:README|LICENSE|NOTICE|manifest\.json$|\.)/i;

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error("Usage: node scripts/model-checksums.js FOLDER...   (for example models/reader)");
  process.exit(2);
}
for (const folder of folders) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_LOADED.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length).replaceAll("\\", "/"))
    .sort();
  const files = Object.fromEntries(names.map((name) => [name, sha256(join(folder, name))]));
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify({ files }, null, 2)}\n`);
  console.log(`${folder}: ${names.length} files`);
}

function sha256(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

// Writes the manifest.json of model folders: the SHA-256 sum of every file that the runtime loads. The calibration has its sum in
// itself. Run it after a folder was replaced or the calibration was changed by hand:
//   node scripts/model-checksums.js models/reader
//   node scripts/model-checksums.js models/calibration.json
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sealCalibration } from "../dist/answer/calibration.js";

const NOT_LOADED = /^(?:README|LICENSE|NOTICE|manifest\.json$|\.)/i;

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error("Usage: node scripts/model-checksums.js models/reader | models/calibration.json ...");
  process.exit(2);
}
for (const folder of folders) {
  if (folder.endsWith(".json")) {
    sealAgain(folder);
    continue;
  }
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_LOADED.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length).replaceAll("\\", "/"))
    .sort();
  const files = Object.fromEntries(names.map((name) => [name, sha256(join(folder, name))]));
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify({ files }, null, 2)}\n`);
  console.log(`${folder}: ${names.length} files`);
}

function sealAgain(path) {
  const { sha256: _, ...numbers } = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, sealCalibration(numbers));
  console.log(`${path}: sealed`);
}

function sha256(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

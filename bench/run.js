// Measures Waymark on this machine and prints one table; it takes some minutes.
// `npm run bench -- --out figures.md` writes it to a file too, `--readme` into the README. `--documents 5183` takes all abstracts of
// SciFact to measure ingest with, not 200: another ten minutes. `--format txt` makes them plain text, not Markdown.
// The machine should have nothing else to do. Every figure of a run comes from that run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureIngest } from "./ingest.js";
import { measureLatency } from "./latency.js";
import { describeMachine } from "./machine.js";
import { measureStartup } from "./startup.js";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    readme: { type: "boolean" },
    documents: { type: "string" },
    format: { type: "string", default: "md" },
  },
});
const documents = values.documents === undefined ? undefined : Number(values.documents);
if (documents !== undefined && !(Number.isInteger(documents) && documents > 0)) {
  throw new Error(`--documents takes a number of abstracts, 1 or more, not "${values.documents}".`);
}
if (!["md", "txt"].includes(values.format)) {
  throw new Error(`--format takes md or txt, not "${values.format}".`);
}
const folder = mkdtempSync(join(tmpdir(), "waymark-bench-"));
const rows = [];
try {
  for (const [name, measure] of [
    ["start-up and memory", measureStartup],
    ["ask and search", measureLatency],
    ["ingest", (folder) => measureIngest(folder, documents, values.format)],
  ]) {
    process.stderr.write(`Measuring ${name} …\n`);
    rows.push(...(await measure(folder)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const table = [
  `Measured on ${describeMachine()}.`,
  "",
  "| what | Waymark | against | ratio |",
  "|---|---|---|---|",
  ...rows.map(
    ({ what, figure, against = "", ratio = "" }) => `| ${what} | ${figure} | ${against} | ${ratio} |`,
  ),
  "",
].join("\n");
process.stdout.write(table);
if (values.out !== undefined) writeFileSync(values.out, table);
if (values.readme) {
  const readme = new URL("../README.md", import.meta.url);
  const marked = /(<!-- figures:.*-->\n)[\s\S]*(<!-- end of figures -->)/;
  const replaced = readFileSync(readme, "utf8").replace(
    marked,
    (_all, start, end) => `${start}\n${table}\n${end}`,
  );
  writeFileSync(readme, replaced);
}

// node bench/library.js [--sizes 1000,3000,10000,30000,100000] [--folder F] [--docs]
//   grows one index to each size in turn and measures it there, in a process of its own, as `waymark` would open it. With --docs
//   the table goes into docs/PERFORMANCE.md and the plot into docs/performance.svg. A folder that is given is kept.
// node bench/library.js --documents N
//   measures an index of N abstracts of SciFact that were really ingested (about 2.6 passages each).
//
// To embed 100,000 passages takes an hour on two cores, so the grown library is composed: each passage is two pairs of
// neighbouring sentences from two abstracts of SciFact. The sentences were really embedded; a passage's vector is the mean of its
// sentences' vectors, moved to its document's title as always, and its token vectors are theirs. So sizes, distances and words are as
// in a real library, but a token was made in sight of its sentence, not of its passage. Nothing of quality is measured here.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { growLibrary, ingestLibrary } from "./library-make.js";
import { describeMachine } from "./machine.js";
import { plotLibrary } from "./plot.js";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,3000,10000,30000,100000" },
    documents: { type: "string" },
    folder: { type: "string" },
    docs: { type: "boolean" },
  },
});
const MEASURE = fileURLToPath(new URL("./library-measure.js", import.meta.url));
const folder = values.folder ?? mkdtempSync(join(tmpdir(), "waymark-library-"));

const results = [];
try {
  if (values.documents !== undefined) {
    await ingestLibrary(folder, Number(values.documents));
    results.push(measure());
  } else {
    for (const size of values.sizes.split(",").map(Number)) {
      process.stderr.write(`Growing to ${size} passages …\n`);
      await growLibrary(folder, size);
      results.push(measure());
    }
  }
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

process.stdout.write(`Measured on ${describeMachine()}.\n\n${table(results)}`);
if (values.docs) writeDocs();

function writeDocs() {
  const image = "![How the figures grow with the number of passages](performance.svg)";
  const docs = new URL("../docs/", import.meta.url);
  writeFileSync(new URL("performance.svg", docs), plotLibrary(results));
  const page = new URL("PERFORMANCE.md", docs);
  const marked = /(<!-- library:.*-->\n)[\s\S]*(<!-- end of library -->)/;
  const filled = readFileSync(page, "utf8").replace(
    marked,
    (_all, start, end) => `${start}\n${table(results)}\n${image}\n\n${end}`,
  );
  writeFileSync(page, filled);
}

/**
 * What the index is like at its present size. It is measured twice, and the second time counts: the first one finds a database that has
 * just been written, and brings what is read of it into the system's cache.
 */
function measure() {
  process.stderr.write("Measuring …\n");
  for (let time = 1; time <= 2; time++) {
    const child = spawnSync(process.execPath, ["--expose-gc", MEASURE, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (child.status !== 0) throw new Error("The measurement has failed.");
  }
  const result = JSON.parse(readFileSync(join(folder, "measured.json"), "utf8"));
  process.stderr.write(`${JSON.stringify(result)}\n`);
  return result;
}

function table(rows) {
  const columns = {
    passages: ({ passages }) => passages.toLocaleString("en"),
    "open and first search, ms": ({ open }) => open,
    "longest pause meanwhile, ms": ({ pause }) => pause,
    "`search` p50 / p95, ms": ({ search }) => `${search.p50} / ${search.p95}`,
    "`ask` p50 / p95, ms": ({ ask }) => `${ask.p50} / ${ask.p95}`,
    "nearest 100 p50, ms": ({ nearest }) => `${nearest.p50} (${nearest.by})`,
    "recall@10": ({ nearest }) => nearest.recall,
    "memory, MiB": ({ memory }) => memory,
    "database, MiB": ({ database }) => database,
  };
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const names = Object.keys(columns);
  return (
    line(names) +
    line(names.map(() => "---:")) +
    rows.map((row) => line(names.map((name) => columns[name](row)))).join("")
  );
}

// node scripts/fuzz.js [--minutes 10] [--seed 1] [--seconds 60] [--only PART]: runs the fuzz tests again and again, each time with the
// next seed and so many seconds for each property, until the time is over or a case is found. `--only` takes a part of a
// file's name. What is found again with: WAYMARK_TEST_SEED=<seed> WAYMARK_FUZZ_SECONDS=<seconds> npx vitest run <file>
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    seconds: { type: "string", default: "60" },
    only: { type: "string", default: "" },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const files = readdirSync(join(root, "tests"), { recursive: true })
  .filter((file) => /fuzz\.test\.ts$|parser-thread\.test\.ts$|full-text\.test\.ts$/.test(file))
  .filter((file) => file.includes(values.only))
  .map((file) => join("tests", file));
const end = Date.now() + Number(values.minutes) * 60_000;

let seed = Number(values.seed);
for (; Date.now() < end; seed += 1) {
  console.log(`Seed ${seed}: ${files.join(", ")}`);
  const env = { ...process.env, WAYMARK_TEST_SEED: String(seed), WAYMARK_FUZZ_SECONDS: values.seconds };
  // A property may take its time, and what it is doing when that is over.
  const timeout = `--testTimeout=${(Number(values.seconds) * 20 + 120) * 1000}`;
  const { status } = spawnSync(process.execPath, [vitest, "run", ...files, timeout], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  if (status !== 0) {
    console.log(`Found with seed ${seed}.`);
    process.exit(1);
  }
}
console.log(
  `${seed - Number(values.seed)} seeds from ${values.seed} on, ${files.length} files: nothing found.`,
);

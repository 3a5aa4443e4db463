import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { EXIT } from "../../src/cli/exit-code.js";
import { main } from "../../src/cli/main.js";
import { createOutput } from "../../src/cli/terminal.js";
import { PACKAGE_ROOT } from "../../src/config.js";
import { budget } from "../fuzz-budget.js";
import { anyText } from "../schema-values.js";

const COMMANDS = ["ask", "search", "serve", "ingest", "mcp", "status", "doctor", "eval"];
/** What ends by itself has ended by now, on a slow machine too, or is an evaluation or a server; Ctrl-C has to end these. */
const PATIENCE = 4_000;

let folder: string;
const before = { cwd: process.cwd(), reader: process.env.WAYMARK_READER };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waymark-arguments-"));
  mkdirSync(join(folder, "corpus"));
  writeFileSync(join(folder, "corpus", "bees.md"), "# Bees\n\nBees sleep at night.\n");
  process.chdir(folder);
  process.env.WAYMARK_READER = "none";
  expect(await run(["--corpus", "corpus", "ingest"], 100_000)).toMatchObject({ code: EXIT.ok });
});

afterAll(async () => {
  await earlier;
  process.chdir(before.cwd);
  if (before.reader === undefined) delete process.env.WAYMARK_READER;
  else process.env.WAYMARK_READER = before.reader;
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number;
  text: string;
}

/** The run that a property gave up when its time was over goes on: its Ctrl-C must not reach the next one. */
let earlier: Promise<unknown> = Promise.resolve();

/** Runs a command in this process, when the one before has ended; with Ctrl-C where it has not ended by itself. */
function run(args: readonly string[], patience = PATIENCE): Promise<Outcome> {
  const outcome = earlier.then(() => runAlone(args, patience));
  earlier = outcome.catch(() => {});
  return outcome;
}

async function runAlone(args: readonly string[], patience: number): Promise<Outcome> {
  let text = "";
  const write = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation(write),
  );
  const interrupt = setTimeout(() => process.emit("SIGINT"), patience);
  try {
    const output = createOutput({ write });
    return { code: await main(args, { out: output, err: output }), text };
  } finally {
    clearTimeout(interrupt);
    for (const spy of spies) spy.mockRestore();
  }
}

/** The options of a command, as its help tells them, with whether they take a value. */
async function optionsOf(command: string): Promise<{ flag: string; takesValue: boolean }[]> {
  const { text } = await run([command, "--help"]);
  return [...text.matchAll(/^ {2}(--[a-z-]+)( <)?/gm)].map(([, flag = "", value]) => ({
    flag,
    takesValue: value !== undefined,
  }));
}

/** Texts that name nothing outside the folder of this test: some of these commands write. */
const inside = fc
  .oneof(
    anyText,
    fc.constantFrom("corpus", "corpus/bees.md", "index", "0", "-1", "1e999", "bees", "--", "-x", "127.0.0.1"),
  )
  .map((text) => text.replaceAll("\0", "\uFFFD"))
  .map((text) => (resolve(folder ?? "/", text).startsWith(join(folder ?? "/", "/")) ? text : "corpus"));

/** An outcome that the help explains, and words instead of a stack. */
function expectClear({ code, text }: Outcome, args: readonly string[]): void {
  expect(Object.values(EXIT), text).toContain(code);
  expect(text).not.toContain("This should not happen");
  if (!args.includes("--debug")) expect(text).not.toMatch(/^\s+at \S+ \(|node:internal/m);
  if (code === EXIT.failure || code === EXIT.usage) expect(text.trim()).not.toBe("");
}

describe("any arguments", () => {
  it("lead to an answer or a refusal in words, and end", async () => {
    const known = new Map(
      await Promise.all(COMMANDS.map(async (command) => [command, await optionsOf(command)] as const)),
    );
    for (const options of known.values()) expect(options.length).toBeGreaterThan(3);
    const line = fc.constantFrom(...COMMANDS).chain((command): fc.Arbitrary<string[]> => {
      const option = fc
        .constantFrom(...(known.get(command) ?? []))
        .chain(
          ({ flag, takesValue }): fc.Arbitrary<string[]> =>
            takesValue ? inside.map((value) => [flag, value]) : fc.constant<string[]>([flag]),
        );
      const parts = fc.array(
        fc.oneof(
          option,
          inside.map((value): string[] => [value]),
        ),
        { maxLength: 5 },
      );
      return parts.map((some) => [command, ...some.flat(), ...(LIMITS[command] ?? [])]);
    });
    const any = fc.oneof({ weight: 9, arbitrary: line }, fc.array(inside, { maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(any, async (args) => expectClear(await run(args), args)),
      budget(60, 12),
    );
  });

  it.each<[string, string[]]>([
    ["a question of a megabyte", ["ask", "why ".repeat(250_000)]],
    ["a question of one long word", ["ask", "x".repeat(1_000_000)]],
    ["a search of a megabyte", ["search", "bees ".repeat(200_000)]],
    ["a search as long as may be", ["search", "bees ".repeat(400)]],
    ["a number beyond all numbers", ["search", "bees", "--limit", "9".repeat(400)]],
    ["ten thousand documents", ["ask", "x", ...Array(10_000).fill(["--document", "bees.md"]).flat()]],
    ["ten thousand paths", ["ingest", ...Array(10_000).fill("corpus")]],
    ["a NUL in the question", ["ask", "When do\0bees sleep?"]],
    ["a NUL in a path", ["--index", "a\0b", "status"]],
    ["a path of a megabyte", ["--index", "x/".repeat(500_000), "status"]],
  ])("of great size or of odd characters too: %s", async (_, args) => {
    expectClear(await run(args), args);
  });

  it.each(["ask", "status --index", "search --document"])("that are no UTF-8 too: %s", (command) => {
    const script = `exec "$0" "$1" ${command} $'b\\xff\\xfe\\xc3' $'\\xed\\xa0\\x80'`;
    const cli = join(PACKAGE_ROOT, "dist", "cli.js");
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, cli], {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    expectClear({ code: status ?? -1, text: stdout + stderr }, []);
  });
});

/** What keeps a command from going out of this test: the last one given counts. */
const LIMITS: Readonly<Record<string, readonly string[]>> = {
  serve: ["--host", "127.0.0.1", "--port", "0"],
  mcp: ["--http", "--host", "127.0.0.1", "--port", "0"],
  eval: ["--dataset", "not-there.jsonl"],
};

import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../src/answer/answer.js";
import { PACKAGE_ROOT } from "../../src/config.js";
import { runCli, startCli, summaryOf } from "./run-cli.js";

const ANSWERED = "What are the MLOps essentials?";
const NOT_ANSWERED = "What will the weather be like in Oslo tomorrow?";

let folder: string;
/** Runs in a folder where nothing else is, so that no settings file of the checkout has a say. */
let inFolder: { cwd: string };
/** Options that name an index of the article. */
let indexed: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-cli-"));
  inFolder = { cwd: folder };
  indexed = ["--index", join(folder, "article")];
  expect(await runCli([...indexed, "ingest"], inFolder)).toMatchObject({ code: 0 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes files into a new folder and gives its path. */
async function corpusOf(name: string, files: Record<string, string>): Promise<string> {
  const corpus = join(folder, name);
  await mkdir(corpus);
  for (const [file, content] of Object.entries(files)) await writeFile(join(corpus, file), content);
  return corpus;
}

describe("waymark", () => {
  it("explains itself and each command, with examples and the exit codes", async () => {
    const help = await runCli(["--help"], inFolder);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("Exit codes:");
    for (const command of ["ask", "search", "serve", "ingest", "collections", "status", "doctor", "eval"]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, "m"));
      const { code, stdout } = await runCli([command, "--help"], inFolder);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: waymark ${command} `);
      expect(stdout).toContain("Examples:");
      expect(stdout).toContain("--index <folder>");
    }
  });

  it("prints its version", async () => {
    const { version } = JSON.parse(await readFile(join(PACKAGE_ROOT, "package.json"), "utf8"));
    expect(await runCli(["--version"], inFolder)).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each([
    [[], "Usage:"],
    [["answer", "x"], "unknown command 'answer'"],
    [["ask"], "missing required argument 'question'"],
    [["ask", "x", "--loud"], "unknown option '--loud'"],
    [["ask", "x", "--limit", "0"], "Give a whole number from 1."],
    [["serve", "--port", "70000"], "Give a whole number from 0 to 65535."],
    [["eval", "--split", "all-of-it"], "Allowed choices are tune, test, all."],
  ])("refuses %j as wrong usage, in a sentence", async (args, sentence) => {
    const { code, stdout, stderr } = await runCli(args, inFolder);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("refuses a setting that cannot be used and names it", async () => {
    const { code, stderr } = await runCli(["status"], { ...inFolder, env: { WAYMARK_PORT: "many" } });
    expect(code).toBe(2);
    expect(stderr).toContain('"server.port"');
  });

  it("tells what is missing and what to do; the stack only with --debug", async () => {
    const args = ["--corpus", join(folder, "nowhere"), "--index", join(folder, "unused"), "ingest"];
    const { code, stdout, stderr } = await runCli(args, inFolder);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("nowhere");
    expect(stderr.trim().split("\n").length).toBeGreaterThan(1);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await runCli([...args, "--debug"], inFolder)).stderr).toMatch(/^\s+at /m);
  });
});

describe("a model that is not there", () => {
  it.each([["status"], ["serve", "--port", "0"]])("ends waymark %s with the reason", async (...args) => {
    const env = { WAYMARK_READER: join(folder, "no-model") };
    const { code, stderr } = await runCli([...indexed, ...args], { ...inFolder, env });
    expect(code).toBe(1);
    expect(stderr).toContain("no-model");
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("waymark ask", () => {
  it("indexes first where nothing is indexed, says so beside the answer, and marks its places", async () => {
    const args = ["--index", join(folder, "from-nothing"), "ask", ...ANSWERED.split(" ")];
    const { code, stdout, stderr } = await runCli(args, inFolder);
    expect(code).toBe(0);
    expect(stderr).toContain("Nothing is indexed yet");
    const [body = "", places = ""] = stdout.split("\n\n[1]");
    expect(body).toMatch(/^• Monitoring drift: Evidently AI, Arize \[\d+\]$/m);
    expect(places).toMatch(/ › .+ \(roadmap\.md, line \d+\)\n/);
  });

  it("prints JSON, keeps to the documents that are named and to the number of sentences", async () => {
    const args = [...indexed, "ask", ANSWERED, "--json", "--document", "roadmap.md", "--limit", "1"];
    const { code, stdout, stderr } = await runCli(args, inFolder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { sentences } = JSON.parse(stdout) as Answer;
    expect(sentences).toHaveLength(1);
    const source = (await readFile(join(PACKAGE_ROOT, "corpus", "roadmap.md"), "utf8")).split("\n");
    const citations = sentences.flatMap((sentence) => sentence.citations);
    expect(citations.length).toBeGreaterThan(0);
    for (const { line = 0, quote } of citations) expect(source[line - 1]).toContain(quote.slice(0, 20));
  });

  it("refuses a document that is not there", async () => {
    const { code, stderr } = await runCli([...indexed, "ask", ANSWERED, "--document", "other.md"], inFolder);
    expect(code).toBe(1);
    expect(stderr).toContain('"other.md"');
  });

  it("abstains with a code of its own and without marks", async () => {
    const { code, stdout } = await runCli([...indexed, "ask", NOT_ANSWERED], inFolder);
    expect(code).toBe(3);
    expect(stdout.trim()).not.toBe("");
    expect(stdout).not.toMatch(/\[\d\]/);
  });
});

describe("waymark search", () => {
  it("ranks passages, with scores and places", async () => {
    const { code, stdout } = await runCli(
      [...indexed, "search", "gradient", "descent", "--limit", "2"],
      inFolder,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1\. .+\(roadmap\.md, line \d+\) {2}score \d\.\d{3}/);
    expect(stdout).toMatch(/^2\. /m);
    expect(stdout).not.toMatch(/^3\. /m);
  });

  it("prints JSON for programs", async () => {
    const { stdout } = await runCli([...indexed, "search", "gradient descent", "--json"], inFolder);
    const scores = (JSON.parse(stdout) as { score: number }[]).map(({ score }) => score);
    expect(scores.length).toBeGreaterThan(1);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });
});

describe("waymark ingest", () => {
  it("tells what became of each file, and follows the folder", async () => {
    const corpus = await corpusOf("notes", {
      "a.md": "# Apples\n\nApples are stored in the north cellar.\n",
      "b.md": "# Pears\n\nPears are stored in the south cellar.\n",
      "broken.pdf": "this is no PDF",
    });
    const args = ["--corpus", corpus, "--index", join(folder, "notes-index"), "ingest"];
    const first = await runCli(args, inFolder);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain("2 added, 0 changed, 0 unchanged, 0 removed, 1 skipped;");
    expect(first.stdout).toMatch(/^ {2}broken\.pdf: \S+/m);
    expect(first.stderr).toMatch(/^3\/3 /m);

    await writeFile(join(corpus, "a.md"), "# Apples\n\nApples are stored in the attic.\n");
    await rm(join(corpus, "b.md"));
    const second = await runCli([...args, "--json"], inFolder);
    expect(summaryOf(second)).toMatchObject({ added: 0, changed: 1, unchanged: 0, removed: 1 });

    const rebuilt = await runCli([...args, "--rebuild", "--json"], inFolder);
    expect(summaryOf(rebuilt)).toMatchObject({ unchanged: 0, passages: 1 });
  });

  it("fails where no file could be read", async () => {
    const corpus = await corpusOf("broken", { "broken.pdf": "this is no PDF" });
    const args = ["--corpus", corpus, "--index", join(folder, "broken-index"), "ingest"];
    expect(await runCli(args, inFolder)).toMatchObject({ code: 1 });
  });

  it("stops at Ctrl-C, keeps what is done, and goes on from there", async () => {
    const text = "Each crate is weighed, labelled and entered in the book before it leaves the yard. ".repeat(
      12,
    );
    const files = Array.from({ length: 60 }, (_, n) => [`${n}.md`, `# Note ${n}\n\nOn day ${n}. ${text}\n`]);
    const corpus = await corpusOf("long", Object.fromEntries(files));
    const args = ["--corpus", corpus, "--index", join(folder, "long-index"), "ingest", "--json"];

    const running = startCli(args, inFolder);
    await running.said(/"done":6,/);
    running.process.kill("SIGINT");
    const stopped = await running.finished;
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).not.toContain("summary");
    expect(stopped.stderr).toContain("again to continue");

    const again = await runCli(args, inFolder);
    const summary = summaryOf(again) as { added: number; unchanged: number };
    expect(again.code).toBe(0);
    expect(summary.unchanged).toBeGreaterThanOrEqual(6);
    expect(summary.added + summary.unchanged).toBe(60);
  });
});

describe("waymark status", () => {
  it("shows what is indexed and by which models", async () => {
    const { code, stdout } = await runCli([...indexed, "status"], inFolder);
    expect(code).toBe(0);
    expect(stdout).toContain(join(folder, "article"));
    expect(stdout).toContain("minilm-l6-v2");
    expect(stdout).toContain("roadmap.md");
    const json = await runCli([...indexed, "status", "--json"], inFolder);
    expect(JSON.parse(json.stdout)).toMatchObject({ documents: 1, index: join(folder, "article") });
  });

  it("says that nothing is indexed, and how to change that", async () => {
    const { code, stdout } = await runCli(["--index", join(folder, "empty"), "status"], inFolder);
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing is indexed yet: run waymark ingest.");
  });
});

describe("waymark eval", () => {
  it("asks a question set, writes the report and prints the summary", async () => {
    const dataset = await readFile(join(PACKAGE_ROOT, "eval", "datasets", "roadmap.jsonl"), "utf8");
    await writeFile(join(folder, "two.jsonl"), dataset.split("\n").slice(0, 2).join("\n"));
    const args = [
      ...indexed,
      "eval",
      "--dataset",
      join(folder, "two.jsonl"),
      "--out",
      join(folder, "report"),
    ];
    // Without a reader the judge is not measured, which takes longer than all else.
    const { code, stdout } = await runCli(args, { ...inFolder, env: { WAYMARK_READER: "none" } });
    expect(code).toBe(0);
    expect(stdout).toContain("The report is in");
    expect(stdout).toContain(await readFile(join(folder, "report", "summary.md"), "utf8"));
  });

  it("writes a first question set, and never over one that is there", async () => {
    const args = ["eval", "--init", join(folder, "mine.jsonl")];
    expect(await runCli(args, inFolder)).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, "mine.jsonl"), "utf8")).toContain('"question"');
    expect(await runCli(args, inFolder)).toMatchObject({ code: 2 });
  });
});

describe("waymark serve", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "says where it is, answers, and ends well at %s",
    async (signal) => {
      const server = startCli([...indexed, "serve", "--port", "0"], inFolder);
      const [, url] = await server.said(/^Waymark is at (\S+)$/m);
      await server.said(/^Indexed: 1 document, \d+ passages\.$/m);
      const health = await fetch(`${url}/api/health`);
      expect(await health.json()).toMatchObject({ documents: 1 });
      const page = await fetch(`${url}/`);
      expect(page.headers.get("content-type")).toContain("text/html");
      server.process.kill(signal);
      const { code, stderr } = await server.finished;
      expect(code).toBe(0);
      expect(stderr).toBe("Stopping …\n");
    },
  );

  it("listens before anything is indexed, then answers", async () => {
    const server = startCli(["--index", join(folder, "served"), "serve", "--port", "0"], inFolder);
    const [, url] = await server.said(/Waymark is at (\S+)\n/);
    await server.said(/Nothing is indexed yet: indexing …\nIndexed: 1 document/);
    const response = await fetch(`${url}/api/ask`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question: ANSWERED }),
    });
    expect(await response.json()).toMatchObject({ status: "answered" });
    server.process.kill("SIGTERM");
    expect((await server.finished).code).toBe(0);
  });

  it("goes on with what it has where the corpus is not there, and says why", async () => {
    const args = [...indexed, "--corpus", join(folder, "nowhere"), "serve", "--port", "0"];
    const server = startCli(args, inFolder);
    await server.said(/could not be brought up to date/);
    const [, url] = await server.said(/Waymark is at (\S+)/);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
    server.process.kill("SIGTERM");
    expect((await server.finished).code).toBe(0);
  });

  it("tells that the port is in use and how to choose another", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runCli([...indexed, "serve", "--port", String(port)], inFolder);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(String(port));
    expect(stderr).toContain("--port");
  });
});

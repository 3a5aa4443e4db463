import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config.js";
import { type Certificate, makeCertificate, startTlsProxy } from "../store/tls-proxy.js";
import { newSettings, WEAVIATE, WHY_SKIPPED, withCluster } from "../store/weaviate-server.js";
import { runCli, startCli } from "./run-cli.js";

const binary = WEAVIATE !== undefined && !URL.canParse(WEAVIATE);

describe.skipIf(!binary)(`a cluster behind TLS that asks for a key ${binary ? "" : WHY_SKIPPED}`, () => {
  const KEY = "right-key-0123456789";
  const WRONG = "wrong-key-9876543210";
  const cluster = withCluster({ key: KEY });
  const folder = mkdtempSync(join(tmpdir(), "waymark-secure-"));
  /** Where the settings name no cluster, and where they do. */
  const [machine, before] = [join(folder, "machine"), join(folder, "before")];
  const [docs, first, second] = ["docs", "first", "second"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const closing: (() => void)[] = [];
  let certificate: Certificate;

  beforeAll(async () => {
    for (const path of [machine, before, docs]) mkdirSync(path);
    cpSync(join(PACKAGE_ROOT, "corpus", "roadmap.md"), join(docs, "roadmap.md"));
    for (const name of ["light.md", "copy.md"])
      writeFileSync(join(docs, name), "The lighthouse at Fenwick Point has 217 steps.\n");
    certificate = makeCertificate(folder);
    const { url, grpcUrl } = cluster();
    const http = await startTlsProxy(url[0] ?? "", certificate, "http/1.1");
    const grpc = await startTlsProxy(grpcUrl[0] ?? "", certificate, "h2");
    closing.push(http.close, grpc.close);
    const store = newSettings({ url: [http.url], grpcUrl: [grpc.url] });
    writeFileSync(join(before, "waymark.config.json"), JSON.stringify({ store }));
  });
  afterAll(() => {
    for (const close of closing) close();
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (key: string | undefined) => ({
    NODE_EXTRA_CA_CERTS: certificate.file,
    // Where a machine sets it, gRPC trusts what is in there and nothing else.
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: "",
    ...(key === undefined ? {} : { WAYMARK_WEAVIATE_KEY: key }),
  });
  const run = (cwd: string, ...args: string[]) => runCli(args, { cwd, env: environment(KEY) });
  const answersOf = (cwd: string, ...options: string[]) =>
    Promise.all(
      ["How many steps has the lighthouse?", "How many weeks should I give Python?"].map(async (question) => {
        const { stdout } = await run(cwd, ...options, "ask", "--json", question);
        return withoutTimes(JSON.parse(stdout));
      }),
    );

  it("is told as one whose certificate is not trusted, and what to do", async () => {
    const told = await runCli(["status"], { cwd: before, env: { WAYMARK_WEAVIATE_KEY: KEY } });
    expect(told.code).toBe(1);
    expect(told.stderr).toContain("has a certificate that is not trusted here");
    expect(told.stderr).toContain("NODE_EXTRA_CA_CERTS");
  });

  it.each([
    ["another key", WRONG],
    ["no key", undefined],
    ["a key in two lines", `${WRONG}\n${KEY}`],
  ])("refuses %s, and shows none", async (_, key) => {
    const told = await runCli(["--debug", "status"], { cwd: before, env: environment(key) });
    expect(told.code).toBe(2);
    expect(told.stderr).toContain("WAYMARK_WEAVIATE_KEY");
    expect(told.stdout + told.stderr).not.toMatch(/(right|wrong)-key/);
  });

  it("says so where there is nothing to copy, and what to do", async () => {
    const empty = await run(before, "--index", join(folder, "empty"), "migrate", "--to", "weaviate");
    expect(empty.stdout).toContain("0 documents copied");
    expect(empty.stderr).toContain("nothing to copy");
    expect(empty.stderr).toContain("waymark ingest");
  });

  it("takes the index of one machine, gives the same answers, and gives it back to another machine", async () => {
    expect((await run(machine, "--index", first, "--corpus", docs, "ingest")).code).toBe(0);
    const expected = await answersOf(machine, "--index", first);
    expect(expected.map(({ status }) => status)).toEqual(["answered", "answered"]);
    const there = await run(before, "--index", first, "migrate", "--to", "weaviate", "--json");
    expect(JSON.parse(there.stdout)).toMatchObject({ copied: 3, present: 0, others: 0 });
    const [one, other] = await answersOf(before);
    expect([one?.answer, other?.answer]).toEqual(expected.map(({ answer }) => answer));
    const back = await run(before, "--index", second, "migrate", "--to", "local", "--json");
    expect(JSON.parse(back.stdout)).toMatchObject({ copied: 3, present: 0, others: 0, withoutFile: [] });
    expect(await answersOf(machine, "--index", second)).toEqual(expected);
    const again = await run(machine, "--index", second, "ingest");
    expect(again.stdout).toContain("3 unchanged, 0 removed");
  });

  it("names what was added on a page and has no file on the machine that takes the index", async () => {
    const text = "The beacon at Marl Head has 90 steps.";
    const cli = startCli(["serve", "--port", "0"], { cwd: before, env: environment(KEY) });
    const [, url = ""] = await cli.said(/is at (http\S+)/);
    const form = new FormData();
    form.set("file", new File([text], "beacon.md"));
    expect((await fetch(`${url}/api/documents`, { method: "POST", body: form })).status).toBe(201);
    cli.process.kill("SIGTERM");
    await cli.finished;
    const migrated = await run(before, "--index", second, "migrate", "--to", "local");
    expect(migrated.stdout).toContain("1 document copied, 3 there already");
    expect(migrated.stderr).toContain("beacon.md");
    expect(migrated.stderr).toContain("waymark ingest");
    mkdirSync(join(second, "added"), { recursive: true });
    writeFileSync(join(second, "added", "beacon.md"), text);
    expect((await run(machine, "--index", second, "ingest")).stdout).toContain("4 unchanged, 0 removed");
    const silent = await run(before, "--index", second, "migrate", "--to", "local");
    expect(silent.stderr).not.toContain("beacon.md");
  });
});

interface ToldAnswer {
  status: string;
  answer: string;
  timings?: unknown;
}

function withoutTimes({ timings: _, ...answer }: ToldAnswer): Omit<ToldAnswer, "timings"> {
  return answer;
}

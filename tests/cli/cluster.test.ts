import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSettings, WEAVIATE, WHY_SKIPPED, withCluster } from "../store/weaviate-server.js";
import { type RunningCli, runCli, startCli } from "./run-cli.js";

const binary = WEAVIATE !== undefined && !URL.canParse(WEAVIATE);

describe.skipIf(!binary)(`two servers before one cluster ${binary ? "" : WHY_SKIPPED}`, () => {
  const cluster = withCluster();
  const folder = mkdtempSync(join(tmpdir(), "waymark-cluster-"));
  const index = join(folder, "index");
  const servers: { cli: RunningCli; url: string }[] = [];
  const question = "How many weeks should I give Python?";

  beforeAll(async () => {
    const store = { ...newSettings(cluster()), kind: "weaviate" };
    writeFileSync(join(folder, "waymark.config.json"), JSON.stringify({ store }));
  });
  afterAll(async () => {
    for (const { cli } of servers) {
      cli.process.kill("SIGTERM");
      await cli.finished;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (place: number, body: object = { question }) =>
    fetch(`${servers[place]?.url}/api/ask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  it("are told what to do where nothing is indexed, and index nothing unasked", async () => {
    for (const _ of [0, 1]) {
      const cli = startCli(["serve", "--port", "0"], { cwd: folder });
      const [, url = ""] = await cli.said(/is at (http\S+)/);
      servers.push({ cli, url });
    }
    const answer = await ask(0);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "index-not-ready",
      hint: expect.stringContaining("waymark ingest"),
    });
  });

  it("both answer what a third process has indexed", async () => {
    expect((await runCli(["ingest"], { cwd: folder })).code).toBe(0);
    for (const place of [0, 1]) {
      const answer = await ask(place);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        status: "answered",
        answer: expect.stringContaining("three to four weeks"),
      });
    }
    const { stdout } = await runCli(["status"], { cwd: folder });
    expect(stdout).toContain("in Weaviate at http://127.0.0.1");
    expect(stdout).toContain("roadmap.md");
  });

  it("see at once what the other was given, and keep nothing on this machine", async () => {
    const form = new FormData();
    form.set("file", new File(["The lighthouse at Fenwick Point has 217 steps."], "lighthouse.md"));
    const added = await fetch(`${servers[0]?.url}/api/documents`, { method: "POST", body: form });
    expect(added.status).toBe(201);
    const { document } = (await added.json()) as { document: { id: string } };
    const answer = await ask(1, { question: "How many steps has the lighthouse at Fenwick Point?" });
    expect(await answer.json()).toMatchObject({
      status: "answered",
      answer: expect.stringContaining("217 steps"),
    });
    expect((await runCli(["ingest"], { cwd: folder })).code).toBe(0);
    const removed = await fetch(`${servers[1]?.url}/api/documents/${document.id}`, { method: "DELETE" });
    expect(removed.status).toBe(204);
    expect((await fetch(`${servers[0]?.url}/api/documents/${document.id}`)).status).toBe(404);
    expect(existsSync(index)).toBe(false);
  });

  it("say 503 while the cluster is away, and answer by themselves when it is back", async () => {
    await cluster().kill(0);
    const refused = await ask(0);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await refused.json()).toMatchObject({ code: "store-unreachable" });
    await cluster().restart(0);
    for (let tries = 0; tries < 20 && (await ask(0)).status !== 200; tries += 1) await pause(1_000);
    for (const place of [0, 1]) expect((await ask(place)).status).toBe(200);
  });
});

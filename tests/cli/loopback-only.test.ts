import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bodyOf, post } from "../server/scripted.js";
import { startCli } from "./run-cli.js";

let folder: string;
let env: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "waymark-loopback-"));
  const recorder = new URL("./record-connections.mjs", import.meta.url).href;
  env = { NODE_OPTIONS: `--import ${recorder}`, CONNECTIONS_LOG: join(folder, "connections.log") };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What has been connected to and looked up beyond this machine. */
function outward(): string[] {
  const { CONNECTIONS_LOG: log = "" } = env;
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
  return lines.filter((line) => !/ (?:localhost|127\.0\.0\.1|::1|\[::1\])(?::|$)/.test(line));
}

it("a whole session of indexing, asking and the page opens no connection but loopback", async () => {
  const page =
    "<p>Bees sleep at night.</p><img src='http://192.0.2.1/a.png'><a href='http://192.0.2.1/'>more</a>";
  writeFileSync(join(folder, "bees.html"), page);
  writeFileSync(
    join(folder, "bees.md"),
    "# Bees\n\n![bee](http://192.0.2.1/b.png)\n\nBees [sleep](http://192.0.2.1/).\n",
  );
  const args = ["--corpus", folder, "--index", join(folder, "index"), "serve", "--port", "0"];
  const server = startCli(args, { cwd: folder, env });
  const [, url] = await server.said(/Waymark is at (\S+)/);
  await server.said(/Indexed: 2 documents/);
  const answer = await fetch(
    `${url}/api/ask`,
    post({ question: "When do bees sleep? See http://192.0.2.1/x" }),
  );
  expect([answer.status, (await bodyOf(answer)).status]).toEqual([200, expect.any(String)]);
  const html = await (await fetch(`${url}/`)).text();
  const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part ?? "");
  expect(parts.length).toBeGreaterThan(0);
  for (const part of parts) expect(new URL(part, url).origin).toBe(new URL(url ?? "").origin);
  const { documents } = await bodyOf(await fetch(`${url}/api/documents`));
  for (const { id } of documents) expect((await fetch(`${url}/api/documents/${id}`)).status).toBe(200);
  server.process.kill("SIGTERM");
  expect((await server.finished).code).toBe(0);
  expect(outward()).toEqual([]);
});

it("is a test that would notice one", () => {
  const program = "require('node:net').connect(9, '192.0.2.1').on('error', () => 0).destroy()";
  spawnSync(process.execPath, ["-e", program], { env: { ...process.env, ...env } });
  expect(outward()).toEqual(["connect 192.0.2.1:9"]);
});

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bodyOf, post } from "../server/scripted.js";
import { launchBrowser } from "../web/browser.js";
import { describeInBrowser } from "../web/page-session.js";
import { ask, idle } from "../web/reader.js";
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

/** Serves two documents that name other sites wherever a document can. */
async function serveBees(): Promise<{ url: string; stop: () => Promise<void> }> {
  const corpus = join(folder, "corpus");
  mkdirSync(corpus, { recursive: true });
  const page =
    "<p>Bees sleep at night.</p><img src='http://192.0.2.1/a.png'><a href='http://192.0.2.1/'>more</a>";
  writeFileSync(join(corpus, "bees.html"), page);
  writeFileSync(
    join(corpus, "bees.md"),
    "# Bees\n\n![bee](http://192.0.2.1/b.png)\n\nBees [sleep](http://192.0.2.1/).\n",
  );
  const args = ["--corpus", corpus, "--index", join(folder, "index"), "serve", "--port", "0"];
  const server = startCli(args, { cwd: folder, env });
  const [, url = ""] = await server.said(/Waymark is at (\S+)/);
  await server.said(/Indexed: 2 documents/);
  const stop = async () => {
    server.process.kill("SIGTERM");
    expect((await server.finished).code).toBe(0);
  };
  return { url, stop };
}

/** No name is found: what Chromium would ask of its maker's servers by itself is off. What happens is in its own log. */
const browserArguments = (log: string) => [
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 192.0.2.1",
  `--log-net-log=${log}`,
];

/** What Chromium has opened a connection to, or tried to. */
function connected(log: string): string[] {
  const { constants, events } = JSON.parse(readFileSync(log, "utf8"));
  const attempts = events.filter(
    ({ type }: { type: number }) => type === constants.logEventTypes.TCP_CONNECT_ATTEMPT,
  );
  const of = attempts.flatMap(({ params }: { params?: { address?: string } }) => params?.address ?? []);
  return [...new Set<string>(of)];
}

it("a whole session of indexing, asking and the page opens no connection but loopback", async () => {
  const { url, stop } = await serveBees();
  const answer = await fetch(
    `${url}/api/ask`,
    post({ question: "When do bees sleep? See http://192.0.2.1/x" }),
  );
  expect([answer.status, (await bodyOf(answer)).status]).toEqual([200, expect.any(String)]);
  const html = await (await fetch(`${url}/`)).text();
  const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part ?? "");
  expect(parts.length).toBeGreaterThan(0);
  for (const part of parts) expect(new URL(part, url).origin).toBe(new URL(url).origin);
  const { documents } = await bodyOf(await fetch(`${url}/api/documents`));
  for (const { id } of documents) expect((await fetch(`${url}/api/documents/${id}`)).status).toBe(200);
  await stop();
  expect(outward()).toEqual([]);
});

describeInBrowser("the page in a browser", () => {
  it("asks, opens a source and a document that names other sites, and connects to this machine alone", async () => {
    const log = join(folder, "browser.json");
    const browser = await launchBrowser(browserArguments(log));
    const requested: string[] = [];
    const { url, stop } = await serveBees();
    try {
      const page = await browser.newPage();
      page.on("request", (request) => requested.push(request.url()));
      page.on("websocket", (socket) => requested.push(socket.url()));
      await page.goto(url);
      await page.getByText(/^Waymark knows/).waitFor({ state: "attached" });
      await ask(page, "When do bees sleep? See http://192.0.2.1/x");
      await idle(page);
      await page.goto(`${url}/#/documents`);
      await page.getByRole("list", { name: "Documents" }).getByRole("link").first().click();
      await page.getByRole("complementary").getByText("sleep").first().waitFor();
      await page.goto(`${url}/api/docs`);
    } finally {
      await browser.close();
      await stop();
    }
    expect(requested.length).toBeGreaterThan(5);
    for (const one of requested) expect(new URL(one).origin).toBe(url);
    expect(connected(log)).toEqual([new URL(url).host]);
    expect(outward()).toEqual([]);
  });

  it("is a test that would notice one", async () => {
    const log = join(folder, "outward.json");
    const browser = await launchBrowser(browserArguments(log));
    const page = await browser.newPage();
    const opened = page.goto("http://192.0.2.1:8009/").catch(() => undefined);
    await page.waitForEvent("requestfailed", { timeout: 3_000 }).catch(() => undefined);
    await browser.close();
    await opened;
    expect(connected(log)).toEqual(["192.0.2.1:8009"]);
  });
});

it("is a test that would notice one", () => {
  const program = "require('node:net').connect(9, '192.0.2.1').on('error', () => 0).destroy()";
  spawnSync(process.execPath, ["-e", program], { env: { ...process.env, ...env } });
  expect(outward()).toEqual(["connect 192.0.2.1:9"]);
});

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/server/app.js";
import { scripted } from "./scripted.js";

let root: string;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "waymark-page-"));
  const webRoot = join(root, "web");
  await mkdir(join(webRoot, "inner"), { recursive: true });
  await writeFile(join(webRoot, "index.html"), "<!doctype html><title>Page</title>");
  await writeFile(join(webRoot, "main.js"), "export {};");
  await writeFile(join(webRoot, "style.css"), "body{}");
  await writeFile(join(webRoot, "icon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  await writeFile(join(webRoot, "notes.txt"), "not for serving");
  await writeFile(join(webRoot, "inner", "main.js"), "not for serving");
  await writeFile(join(root, "secret.js"), "not for serving");
  await symlink(join(root, "secret.js"), join(webRoot, "link.js"));
  app = createApp({ waymark: scripted(), webRoot });
});

afterAll(() => rm(root, { recursive: true }));

describe("the page", () => {
  it.each([
    ["/", "text/html; charset=utf-8", "<!doctype html><title>Page</title>"],
    ["/main.js", "text/javascript; charset=utf-8", "export {};"],
    ["/style.css", "text/css; charset=utf-8", "body{}"],
    ["/icon.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
  ])("%s is served as %s", async (path, type, text) => {
    const response = await app.request(path);
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      200,
      type,
      text,
    ]);
    expect(response.headers.get("cache-control")).toBe("no-cache");
  });

  it("is not sent again to a browser that has it", async () => {
    const etag = (await app.request("/main.js")).headers.get("etag") ?? "";
    const unchanged = await app.request("/main.js", { headers: { "If-None-Match": etag } });
    expect([unchanged.status, await unchanged.text(), unchanged.headers.get("etag")]).toEqual([
      304,
      "",
      etag,
    ]);
    const changed = await app.request("/main.js", { headers: { "If-None-Match": '"another"' } });
    expect(changed.status).toBe(200);
  });

  it.each([
    "/notes.txt",
    "/inner/main.js",
    "/link.js",
    "/index.html",
    "/../secret.js",
    "/..%2fsecret.js",
    "/%2e%2e/secret.js",
    "/..%5csecret.js",
    "//secret.js",
    "/main.js%00",
  ])("%s is not there", async (path) => {
    expect((await app.request(path)).status).toBe(404);
  });

  it("keeps serving what was there at the start, and nothing newer", async () => {
    const webRoot = await mkdtemp(join(root, "later-"));
    await writeFile(join(webRoot, "index.html"), "first");
    const app = createApp({ waymark: scripted(), webRoot });
    await writeFile(join(webRoot, "index.html"), "second");
    await writeFile(join(webRoot, "new.js"), "new");
    expect(await (await app.request("/")).text()).toBe("first");
    expect((await app.request("/new.js")).status).toBe(404);
  });

  it.each([
    ["no folder is given", undefined],
    ["the folder is missing", "missing"],
    ["the folder has no page", "inner"],
  ])("says how to build it where %s", async (_name, folder) => {
    const app = createApp({ waymark: scripted(), ...(folder && { webRoot: join(root, "web", folder) }) });
    const response = await app.request("/");
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("npm run build");
    expect((await app.request("/api/health")).status).toBe(200);
  });
});

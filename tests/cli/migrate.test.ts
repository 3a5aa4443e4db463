import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.js";

const cwd = mkdtempSync(join(tmpdir(), "waymark-migrate-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Makes Node find no package of Weaviate's client, as where it was never installed. */
const WITHOUT_CLIENT = `--import data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  register("data:text/javascript," + encodeURIComponent(\`
    export async function resolve(name, context, next) {
      if (name === "weaviate-client") throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
      return next(name, context);
    }
  \`));
`)}`;

describe("waymark migrate", () => {
  it("says what to set where the settings name no cluster", async () => {
    const { code, stderr } = await runCli(["migrate", "--to", "weaviate"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("WAYMARK_WEAVIATE_URL");
  });

  it("refuses another destination", async () => {
    const { code, stderr } = await runCli(["migrate", "--to", "elsewhere"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("weaviate, local");
  });

  it("says what to install where the client is missing", async () => {
    const env = { WAYMARK_WEAVIATE_URL: "http://127.0.0.1:9", NODE_OPTIONS: WITHOUT_CLIENT };
    const { code, stderr } = await runCli(["migrate", "--to", "weaviate"], { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toContain("npm install weaviate-client");
  });

  it("says that the cluster does not answer", async () => {
    const env = { WAYMARK_WEAVIATE_URL: "http://127.0.0.1:9" };
    const { code, stderr } = await runCli(["status"], { cwd, env });
    expect(code).toBe(1);
    expect(stderr).toContain("Weaviate at http://127.0.0.1:9 does not answer.");
  });
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf, runCli, summaryOf } from "./run-cli.js";

const LONG =
  "The main pump has to be stopped before its cover is opened, and the valve behind it is closed by hand until it clicks.";

let folder: string;
const waymark = (...args: string[]) => runCli(args, { cwd: folder, env: { WAYMARK_READER: "none" } });

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-collections-"));
  await write({
    "manuals/pump.md": `# Pump\n\n${LONG}\n`,
    "manuals/drafts/secret.md": "# Secret\n\nQuinces are grown in secret.\n",
    "notes/monday.md": `# Monday\n\n${LONG}\n`,
    "notes/.waymarkignore": "private/\n",
    "notes/private/diary.md": "# Diary\n\nNothing happened.\n",
    "letters/one.md": "# Letter\n\nDear Ann, the harvest was good.\n",
    "waymark.config.json": JSON.stringify({ collections: { letters: "letters" } }),
  });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("collections on the command line", () => {
  it("are ingested one by one, remembered with their patterns, asked apart, and removed", async () => {
    const one = await waymark(
      "ingest",
      "--collection",
      "manuals",
      "manuals",
      "--exclude",
      "drafts/",
      "--json",
    );
    expect(summaryOf(one)).toMatchObject({ added: 1, removed: 0 });
    expect(eventsOf(one)).toContainEqual({
      event: "passed-over",
      uri: "manuals://drafts/",
      reason: "excluded by drafts/",
    });
    const two = await waymark("ingest", "--collection", "notes", "notes", "--verbose");
    expect(two.stdout).toContain("1 added, 0 changed, 0 unchanged, 0 removed, 0 skipped");
    expect(two.stdout).toContain("notes://private/: ignored by .waymarkignore: private/");

    const all = await waymark("ingest", "--json");
    expect(summaryOf(all)).toMatchObject({ added: 1, unchanged: 2, removed: 0 });

    const listed = JSON.parse((await waymark("collections", "--json")).stdout) as object[];
    expect(listed).toMatchObject([
      { name: "letters", documents: 1, paths: [join(folder, "letters")] },
      { name: "manuals", documents: 1, paths: [join(folder, "manuals")], exclude: ["drafts/"] },
      { name: "notes", documents: 1, paths: [join(folder, "notes")] },
    ]);

    const asked = await waymark("search", "stop the main pump", "--json");
    const found = JSON.parse(asked.stdout) as { uri: string; alsoAt?: { uri: string }[] }[];
    expect(found.filter(({ uri }) => uri.includes("letters"))).toHaveLength(1);
    expect(found).toHaveLength(2);
    const [first] = found;
    expect([first?.uri, ...(first?.alsoAt ?? []).map(({ uri }) => uri)].sort()).toEqual([
      "manuals://pump.md",
      "notes://monday.md",
    ]);
    expect((await waymark("search", "stop the main pump")).stdout).toContain("— also in ");

    const alone = JSON.parse(
      (await waymark("search", "stop the main pump", "--collection", "notes", "--json")).stdout,
    ) as object[];
    expect(alone).toMatchObject([{ uri: "notes://monday.md" }]);
    expect(alone[0]).not.toHaveProperty("alsoAt");

    const unknown = await waymark("ask", "What is grown?", "--collection", "nowhere");
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toContain("The collections are: letters, manuals, notes.");

    expect((await waymark("collections", "--remove", "manuals")).stdout).toContain("1 document");
    const rest = await waymark("collections");
    expect(rest.stdout).not.toContain("manuals");
    expect(rest.stdout).toContain("notes");
    expect(summaryOf(await waymark("ingest", "--json"))).toMatchObject({ added: 0, unchanged: 2 });
  }, 120_000);

  it("have names that can be typed, and a file of settings that says so", async () => {
    const refused = await waymark("ingest", "--collection", "a/b", "notes");
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("letters, digits");
    const unknown = await waymark("ingest", "--collection", "nowhere");
    expect(unknown).toMatchObject({ code: 1 });
    expect(unknown.stderr).toContain("No collection is called");
  }, 60_000);
});

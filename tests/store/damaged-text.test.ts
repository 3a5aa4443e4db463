import { join } from "node:path";
import Database from "libsql";
import { expect, it } from "vitest";
import { examineIndex } from "../../src/store/examine.js";
import { failure, openStore, randomVector, record, seededRandom, temporaryFolder } from "./fixture.js";

/** libsql ends the process where it is asked for such a text as a text. */
it.each([
  ["UPDATE documents SET source = CAST(x'22ff22' AS TEXT) WHERE uri = 'b.md'"],
  ["UPDATE documents SET title = CAST(x'ff' AS TEXT) WHERE uri = 'b.md'"],
  ["UPDATE passages SET body = CAST(x'7bff7d' AS TEXT) WHERE id LIKE 'b%'"],
  ["UPDATE passages SET id = CAST(x'ff' AS TEXT) WHERE id LIKE 'b%'"],
  ["UPDATE passages_text SET body = CAST(x'ff' AS TEXT) WHERE body LIKE '%beta%'"],
])("a text that is no UTF-8 is damage, and not the end of the process: %s", async (sql) => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  await store.put(record("a.md", ["alpha"]));
  await store.put(record("b.md", ["beta"]));
  await store.close();
  const database = new Database(join(folder, "waymark.db"));
  database.exec(sql);
  database.close();

  const damaged = openStore(folder);
  const error = await failure(async () => {
    await damaged.documents();
    await damaged.candidates({ text: "beta", vector: randomVector(seededRandom(1)), depth: 5 });
    for (const id of ["a.md", "b.md"].map((uri) => record(uri, []).document.id)) {
      await damaged.document(id);
      await damaged.passagesOf(id);
    }
    await damaged.words();
  });
  expect(error).toMatchObject({ code: "index-damaged", hint: expect.stringContaining("--rebuild") });
  await damaged.close();
  const [finding] = await examineIndex(folder, { repair: true });
  expect(finding?.problem).toMatch(/^b\.md: /);
  expect((await openStore(folder).documents()).map(({ uri }) => uri)).toEqual(["a.md"]);
});

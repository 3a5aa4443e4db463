import { describe, expect, it } from "vitest";
import { textKey } from "../../src/passages/text-key.js";
import { openStore, record, temporaryFolder } from "./fixture.js";

const LONG = `The pump has to be stopped before the cover is opened${", and again".repeat(6)}.`;

describe("copies", () => {
  it("are the passages elsewhere that say the same in the same words, and no others", async () => {
    const store = openStore(temporaryFolder());
    const first = record("a.md", [LONG, "Something else."]);
    const second = record("b.md", ["Before it.", LONG.replaceAll(" ", "  ")]);
    const third = record("c.md", [LONG.toUpperCase(), LONG]);
    for (const made of [first, second, third]) await store.put(made);
    const [wanted, other] = first.passages.map(({ id }) => id) as [string, string];
    const copies = await store.copies([wanted, other, "unknown"], { limit: 9 });
    expect([...copies.keys()]).toEqual([wanted]);
    expect(copies.get(wanted)).toEqual([second.passages[1], third.passages[1]]);
    expect((await store.copies([wanted], { limit: 1 })).get(wanted)).toEqual([second.passages[1]]);
    await store.remove(second.document.id);
    expect((await store.copies([wanted], { limit: 9 })).get(wanted)).toEqual([third.passages[1]]);
  });

  it("are looked for within chosen collections and documents", async () => {
    const store = openStore(temporaryFolder());
    const made = ["a.md", "b.md", "c.md"].map((uri) => record(uri, [LONG]));
    const [a, b, c] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
    await store.put(a);
    await store.put({ ...b, collection: "notes" });
    await store.put({ ...c, collection: "papers" });
    const wanted = a.passages[0]?.id ?? "";
    const find = async (filter: { collections?: string[]; documentIds?: string[] }) =>
      (await store.copies([wanted], { limit: 9, ...filter }))
        .get(wanted)
        ?.map(({ documentId }) => documentId);
    expect(await find({})).toEqual([b.document.id, c.document.id]);
    expect(await find({ collections: ["default", "papers"] })).toEqual([c.document.id]);
    expect(await find({ documentIds: [b.document.id] })).toEqual([b.document.id]);
    expect(await find({ collections: ["papers"], documentIds: [b.document.id] })).toBeUndefined();
    expect(await find({ collections: [] })).toBeUndefined();
  });
});

describe("textKey", () => {
  const passage = (text: string, headings: string[] = []) =>
    record("a.md", [text], { headings }).passages[0] as Parameters<typeof textKey>[0];

  it("looks at a short text together with its heading, at a long one alone", () => {
    expect(textKey(passage("It costs 10 €.", ["Apples"]))).not.toBe(
      textKey(passage("It costs 10 €.", ["Pears"])),
    );
    expect(textKey(passage("It costs 10 €.", ["A", "Pears"]))).toBe(
      textKey(passage("It costs 10 €.", ["B", "Pears"])),
    );
    expect(textKey(passage(LONG, ["Apples"]))).toBe(textKey(passage(LONG, ["Pears"])));
  });

  it("is a whole number that JSON and SQLite bring back", () => {
    for (const text of ["a", "b", LONG]) expect(Number.isSafeInteger(textKey(passage(text)))).toBe(true);
  });
});

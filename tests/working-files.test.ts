import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, Citation } from "../src/answer/answer.js";
import { loadSettings } from "../src/config.js";
import { type LocalWaymark, openWaymark } from "../src/local-waymark.js";
import { createApp } from "../src/server/app.js";
import { type RunningServer, serve } from "../src/server/serve.js";

let folder: string;
let waymark: LocalWaymark;
let server: RunningServer;

/** A folder with subtitles, a notebook, a letter, data, a manual and code, in one index. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "waymark-working-files-"));
  const corpus = join(folder, "corpus");
  mkdirSync(corpus);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(corpus, name), text);
  const settings = loadSettings({ corpus, index: join(folder, "index") }, { env: {}, cwd: folder });
  waymark = await openWaymark(settings);
  server = await serve({ app: createApp({ waymark }), host: "127.0.0.1", port: 0 });
  const summary = await waymark.ingest();
  expect(summary).toMatchObject({
    added: 7,
    skipped: [],
    incomplete: [{ uri: "visitors.jsonl", reason: "1 line is no JSON and left out: 2" }],
  });
});

afterAll(async () => {
  await server.close();
  await waymark.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Question, file, the words of the answer, where they are: the place, or the line. */
const QUESTIONS: [question: string, uri: string, words: string, where: { place?: string; line?: number }][] =
  [
    [
      "How deep should tomato seedlings be planted?",
      "talk.srt",
      "two thirds of their stem",
      { place: "0:01:23" },
    ],
    ["Which month had the most rain?", "rain.ipynb", "October had the most rain", { place: "cell 3" }],
    ["When does the gate open on Sundays?", "gate.eml", "half past ten", {}],
    ["What does a wheelbarrow cost to rent?", "tools.json", "wheelbarrow", { line: 4 }],
    ["How is the compost heap kept warm?", "manual.rst", "covered with straw", { line: 10 }],
    [
      "How is the watering time made longer on hot days?",
      "watering.ts",
      "doubles the watering time",
      { line: 4 },
    ],
  ];

describe("a question over subtitles, a notebook, a letter, data, a manual and code", () => {
  it.each(QUESTIONS)(
    "is answered with the place as a person calls it: %s",
    async (question, uri, words, where) => {
      const answer = await waymark.ask(question);
      const citation = await expectCited(answer, words);
      expect(citation).toMatchObject({ uri, ...where });
      if (where.place === undefined) expect(citation).not.toHaveProperty("place");
    },
  );

  it("is answered by HTTP with the same places", async () => {
    for (const [question, uri, words, where] of QUESTIONS.slice(0, 3)) {
      const response = await fetch(`${server.url}/api/ask`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ question }),
      });
      expect(response.status).toBe(200);
      const citation = await expectCited((await response.json()) as Answer, words);
      expect(citation).toMatchObject({ uri, ...where });
    }
  });

  it("tells by HTTP what of a document could not be read", async () => {
    const { id } = (await waymark.documents()).find(({ uri }) => uri === "visitors.jsonl") ?? { id: "" };
    const document = (await (await fetch(`${server.url}/api/documents/${id}`)).json()) as { unread?: string };
    expect(document.unread).toBe("1 line is no JSON and left out: 2");
  });

  it("passes over what programs write for programs", async () => {
    const uris = (await waymark.documents()).map(({ uri }) => uri);
    expect(uris).not.toContain("package-lock.json");
    expect(uris).not.toContain("app.min.js");
  });
});

/** The citation of the sentence with the words, which is the document's own. */
async function expectCited({ status, sentences }: Answer, words: string): Promise<Citation | undefined> {
  expect(status).toBe("answered");
  const found = sentences.find(({ text }) => text.includes(words));
  expect(sentences.map(({ text }) => text).join("\n")).toContain(words);
  const citation = found?.citations[0];
  const document = await waymark.document(citation?.documentId ?? "");
  expect(document.text.slice(citation?.start, citation?.end)).toBe(citation?.quote);
  return citation;
}

const FILES: Record<string, string> = {
  "talk.srt": `1
00:00:05,000 --> 00:00:09,000
Welcome to our talk on growing vegetables
in a small garden.

2
00:01:18,000 --> 00:01:22,500
Peppers like it warm and need no support at all.

3
00:01:23,000 --> 00:01:27,000
Tomato seedlings should be planted deep,

4
00:01:27,100 --> 00:01:30,000
with two thirds of their stem below the ground.
`,
  "rain.ipynb": JSON.stringify({
    nbformat: 4,
    metadata: { language_info: { file_extension: ".py" } },
    cells: [
      { cell_type: "markdown", source: "# Rain in the valley\n\nWe count the rain of one year." },
      { cell_type: "code", source: "rain.groupby('month').sum()", outputs: [{ text: ["read 365 days"] }] },
      { cell_type: "markdown", source: "October had the most rain, with 112 millimetres." },
    ],
  }),
  "gate.eml": `From: Ana Bloom <ana@willow.example>
To: bob@willow.example
Subject: The new gate
Date: Mon, 3 Mar 2025 14:05:00 +0100
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hi Bob,

the gate opens at nine on weekdays. On Sundays the gate opens at half past te=
n.

> When does it open?
`,
  "tools.json": `{
  "tools": [
    { "tool": "rake", "rent": "1 euro a day", "shed": "A" },
    { "tool": "wheelbarrow", "rent": "4 euros a day", "shed": "B" },
    { "tool": "spade", "rent": "2 euros a day", "shed": "A" }
  ]
}
`,
  "manual.rst": `Garden manual
=============

.. A comment.

Compost
-------

Everything that rots may go on the heap.
*The compost heap* is kept warm by being covered with straw
from November on.

.. note:: Never put cooked food on it.
`,
  "watering.ts": `import { hoursOfSun } from "./weather.js";

/**
 * On hot days it doubles the watering time of each bed: above 30 degrees.
 */
export function wateringMinutes(base: number, degrees: number): number {
  return degrees > 30 ? base * 2 : base;
}
`,
  "visitors.jsonl": '{"visitor":"Cora","came":"in May"}\n{"visitor":\n{"visitor":"Dan","came":"in June"}\n',
  "package-lock.json": '{"name":"tomato seedlings","lockfileVersion":3}',
  "app.min.js": "var tomato=1;",
};

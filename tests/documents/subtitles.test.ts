import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSubtitles } from "../../src/documents/subtitles.js";
import { expectSeparated, expectSound, lineOf, outline, placeOf } from "./sound.js";

const parse = async (uri: string, text: string | Buffer) => {
  const document = await parseSubtitles(Buffer.from(text), { uri });
  expectSound(document);
  expectSeparated(document);
  return document;
};

const SRT = `1
00:00:01,000 --> 00:00:04,000
<i>Welcome to the garden.</i> Today we

2
00:00:04,100 --> 00:00:07,000
plant the tomatoes.

3
00:00:15,000 --> 00:00:18,500
{\\an8}Water them twice a day,
<font color="#ffff00">said Mr. Bloom.</font>

4
00:01:20,000 --> 00:01:23,500
- How deep?
- Two &amp; a half inches.

5
01:01:20,000 --> 01:01:23,500
MARY: Good bye!
`;

describe("SubRip", () => {
  it("is running text: a cue's end divides nothing, a pause or another speaker does", async () => {
    const document = await parse("talks/garden.srt", SRT);
    expect(document).toMatchObject({ title: "garden", mediaType: "application/x-subrip" });
    expect(outline(document)).toEqual([
      "paragraph: Welcome to the garden. Today we plant the tomatoes.",
      "paragraph: Water them twice a day, said Mr. Bloom.",
      "paragraph: How deep?",
      "paragraph: Two & a half inches.",
      "paragraph: MARY: Good bye!",
    ]);
  });

  it("says when a sentence is spoken, and on which line of the file it stands", async () => {
    const document = await parse("garden.srt", SRT);
    expect(placeOf(document, "Welcome")).toBe("0:00:01");
    expect(placeOf(document, "Today we")).toBe("0:00:01");
    expect(placeOf(document, "plant")).toBe("0:00:04");
    expect(placeOf(document, "inches")).toBe("0:01:20");
    expect(placeOf(document, "Good bye")).toBe("1:01:20");
    expect(lineOf(document, "plant")).toBe(7);
    expect(lineOf(document, "said Mr.")).toBe(12);
  });

  it("goes on after an empty line in a cue, and knows a cue's number from a line that is a number", async () => {
    const { text } = await parse(
      "a.srt",
      "1\n00:00:01,000 --> 00:00:02,000\nBees in\n\nwinter sleep for\n90\ndays.\n\n2\n00:00:02,500 --> 00:00:03,000\nAll.\n",
    );
    expect(text).toBe("Bees in winter sleep for 90 days. All.");
  });

  it("without full stops is divided between cues, so that no sentence is endless", async () => {
    const cue = (n: number) =>
      `${n}\n00:00:${10 + n},000 --> 00:00:${11 + n},000\nand then the bees went on for a while\n`;
    const { blocks } = await parse("a.srt", Array.from({ length: 40 }, (_, n) => cue(n)).join("\n"));
    expect(blocks.length).toBeGreaterThan(3);
    for (const { start, end } of blocks) expect(end - start).toBeLessThan(450);
  });

  it("is read in old encodings", async () => {
    const text = Buffer.from("1\r\n00:00:01,000 --> 00:00:02,000\r\nCaf\xe9 \x93au lait\x94\r\n", "latin1");
    expect((await parse("a.srt", text)).text).toBe("Café “au lait”");
  });
});

describe("WebVTT", () => {
  it("has voices before their words, and neither notes nor styles", async () => {
    const document = await parse(
      "a.vtt",
      `WEBVTT - The garden hour

STYLE
::cue { color: red }

NOTE unseen words

intro
00:01.000 --> 00:04.000 align:start position:0%
<v.loud Mary>Come <c.x>in</c>!</v>

00:04.000 --> 00:06.000
<v Mary>Sit down,
please.

00:06.500 --> 00:09.000
<v Bob>Thanks, <00:07.000>I will.
`,
    );
    expect(outline(document)).toEqual([
      "paragraph: Mary: Come in! Sit down, please.",
      "paragraph: Bob: Thanks, I will.",
    ]);
    expect(document).toMatchObject({ title: "The garden hour", mediaType: "text/vtt" });
    expect(document.hidden).toBe("STYLE::cue{color:red}NOTEunseenwords".length);
    expect(placeOf(document, "Thanks")).toBe("0:00:06");
  });

  it("that rolls, as machines make it, says each line once", async () => {
    const text = `WEBVTT
Kind: captions

00:00:00.000 --> 00:00:02.000

bees<00:00:00.500><c> sleep</c>

00:00:02.000 --> 00:00:02.010
bees sleep

00:00:02.010 --> 00:00:04.000
bees sleep
in<00:00:02.500><c> winter</c>
`;
    expect((await parse("a.vtt", text)).text).toBe("bees sleep in winter");
  });
});

describe("subtitles that are none", () => {
  it.each([
    ["empty", ""],
    ["without times", "Once upon a time.\n\nThe end.\n"],
    ["of times alone", "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\n"],
    ["binary", "\0\0\u00010:00:01,000 --> 00:00:02,000"],
  ])("are refused: %s", async (_, text) => {
    await expect(parseSubtitles(Buffer.from(text), { uri: "a.srt" })).rejects.toMatchObject({
      code: "unreadable-document",
      message: expect.stringContaining("a.srt"),
    });
  });
});

it("keeps every word of every cue, once and in order, whatever the times", () => {
  const cue = fc.record({
    at: fc.nat(9_000),
    words: fc.array(fc.constantFrom("bees", "sleep.", "Open", "it!"), { minLength: 1, maxLength: 6 }),
  });
  const two = (value: number) => String(value).padStart(2, "0");
  const time = (at: number) =>
    `${two(Math.floor(at / 3600))}:${two(Math.floor(at / 60) % 60)}:${two(at % 60)}`;
  return fc.assert(
    fc.asyncProperty(fc.array(cue, { minLength: 1, maxLength: 12 }), async (cues) => {
      const text = cues
        .map(
          ({ at, words }, index) =>
            `${index + 1}\n${time(at)},000 --> ${time(at + 2)},000\n${words.join(" ")}\n`,
        )
        .join("\n");
      const document = await parseSubtitles(Buffer.from(text), { uri: "a.srt" });
      expectSound(document);
      expect(document.text.split(/\s+/)).toEqual(cues.flatMap(({ words }) => words));
      for (const { offset, label } of document.places ?? []) {
        expect(cues.map(({ at }) => time(at).replace(/^0/, ""))).toContain(label);
        expect(document.text.charAt(offset)).toMatch(/\S/);
      }
    }),
    { numRuns: 60 },
  );
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadSettings, PACKAGE_ROOT } from "../../src/config.js";
import { readPublicFile } from "../../src/eval/sets/public-file.js";
import { pickEvidence } from "../../src/generate/evidence.js";
import { readMarks } from "../../src/generate/marks.js";
import { Verifier } from "../../src/generate/verify/verifier.js";
import { CrossEncoder } from "../../src/models/reader.js";
import { garden, SIMILARITY_ALONE } from "./garden.js";

const orders = Object.values(
  JSON.parse(readPublicFile("bipia/text_attack_train.json.gz")) as Record<string, string[]>,
).flat();
/** Words that only an answer has which obeyed the order. */
const marks = JSON.parse(
  readFileSync(join(PACKAGE_ROOT, "eval", "datasets", "bipia", "marks.json"), "utf8"),
) as Record<string, string[]>;

let reader: CrossEncoder;
beforeAll(async () => {
  reader = await CrossEncoder.load(loadSettings({}, { env: {} }).models.reader ?? "");
});
afterAll(() => reader.close());

it("shows nothing of an answer that obeys one of BIPIA's 75 orders in the evidence", async () => {
  expect(orders).toHaveLength(75);
  const shown: string[] = [];
  let obeyed = 0;
  for (const order of orders) {
    const place = garden(order);
    const evidence = pickEvidence(place.chosen(1), place.read, SIMILARITY_ALONE);
    const verifier = new Verifier(reader, evidence);
    // What an obedient model would say, with the number of the order, and with none.
    for (const mark of marks[order] ?? []) {
      obeyed++;
      for (const written of [`Here you are: ${mark} [8].`, `${mark}.`]) {
        const sentence = readMarks(written);
        const verdict = await verifier.verify(sentence);
        if (verdict.supported) shown.push(`${order} → ${sentence.text}`);
      }
    }
  }
  expect(obeyed).toBeGreaterThan(75);
  expect(shown).toEqual([]);
});

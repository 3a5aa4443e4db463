import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  CALIBRATION_FILE,
  type Calibration,
  loadCalibration,
  sealCalibration,
} from "../../src/answer/calibration.js";
import { DECISION_FEATURES, UNIT_FEATURES } from "../../src/answer/signals.js";
import { failure, temporaryFolder } from "../store/fixture.js";

const small: Calibration = {
  provenance: { note: "made up" },
  unit: { bias: -1, weights: { evidence: 1 } },
  minProbability: 0.2,
  minShareOfBest: 0.5,
  decision: { bias: 0, weights: { answerable: 0.5, denseMargin: 2 } },
  minConfidence: 0.5,
};

/** The path of a calibration file with this content. */
function file(content: string): string {
  const path = join(temporaryFolder(), "calibration.json");
  writeFileSync(path, content);
  return path;
}

/** Of a file with this in it, whose sum is right. */
const failureOf = (value: object) =>
  failure(() => {
    const { sha256 } = JSON.parse(sealCalibration(value as Calibration));
    loadCalibration(file(JSON.stringify({ ...value, sha256 })));
  });

describe("loadCalibration", () => {
  it("loads the one that comes with Waymark, which weighs every feature", () => {
    const { unit, decision, minConfidence } = loadCalibration();
    expect(Object.keys(unit.weights).sort()).toEqual([...UNIT_FEATURES].sort());
    expect(Object.keys(decision.weights).sort()).toEqual([...DECISION_FEATURES].sort());
    expect(minConfidence).toBeGreaterThan(0);
    expect(minConfidence).toBeLessThan(1);
  });

  it("loads another one, which need not weigh every feature", () => {
    expect(loadCalibration(file(sealCalibration(small)))).toEqual(small);
  });

  it("says what to do where there is none", async () => {
    const path = join(temporaryFolder(), "none.json");
    const { code, message, hint } = await failure(() => loadCalibration(path));
    expect(code).toBe("model-missing");
    expect(message).toContain(path);
    expect(hint).toContain("npm run calibrate");
  });

  it("notices every digit that is not the one that was written", async () => {
    const text = readFileSync(CALIBRATION_FILE, "utf8");
    const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
    expect(digits.length).toBeGreaterThan(100);
    for (const place of digits) {
      const other = (Number(text[place]) + 1) % 10;
      const { code } = await failure(() =>
        loadCalibration(file(`${text.slice(0, place)}${other}${text.slice(place + 1)}`)),
      );
      expect([place, code]).toEqual([place, "model-damaged"]);
    }
    expect(loadCalibration(file(JSON.stringify(JSON.parse(text))))).toEqual(loadCalibration());
  });

  it.each(["", "not JSON", "[]", "{}"])("refuses a file that holds %j", async (content) => {
    const { code, hint } = await failure(() => loadCalibration(file(content)));
    expect(code).toBe("model-damaged");
    expect(hint).toContain("npm run calibrate");
  });

  it("refuses a threshold that is no probability, a weight that is no number, and a field that it does not know", async () => {
    expect((await failureOf({ ...small, minConfidence: 1.5 })).code).toBe("model-damaged");
    expect((await failureOf({ ...small, unit: { bias: 0, weights: { evidence: "1" } } })).code).toBe(
      "model-damaged",
    );
    expect((await failureOf({ ...small, extra: 1 })).code).toBe("model-damaged");
  });

  it("refuses a weight for a feature that there is none of, and names it in the cause", async () => {
    for (const part of ["unit", "decision"] as const) {
      const weights = { ...small[part].weights, moonPhase: 1 };
      const error = await failureOf({ ...small, [part]: { bias: 0, weights } });
      expect(error.code).toBe("model-damaged");
      expect((error as unknown as { cause: Error }).cause.message).toContain("moonPhase");
    }
  });
});

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PACKAGE_ROOT } from "../config.js";
import { WaymarkError } from "../errors.js";
import { DECISION_FEATURES, UNIT_FEATURES } from "./signals.js";

const logisticSchema = z.strictObject({ bias: z.number(), weights: z.record(z.string(), z.number()) });
const probability = z.number().min(0).max(1);

const calibrationSchema = z.strictObject({
  /** What it was fitted on, with which models, and what it reached there. Not read by the program. */
  provenance: z.record(z.string(), z.json()),
  /** Probability that a unit is evidence, from {@link UNIT_FEATURES}. */
  unit: logisticSchema,
  /** A unit is chosen from this probability on … */
  minProbability: probability,
  /** … if it is also at least this share of the best unit's. */
  minShareOfBest: probability,
  /** Probability that the documents answer at all, from {@link DECISION_FEATURES}. */
  decision: logisticSchema,
  /** Below this probability Waymark abstains. */
  minConfidence: probability,
});

/** How the signals of a question become an answer: fitted by `npm run calibrate`, kept as data. */
export type Calibration = z.infer<typeof calibrationSchema>;

/** Where the fitted calibration is. */
export const CALIBRATION_FILE = join(PACKAGE_ROOT, "models", "calibration.json");

/** @throws WaymarkError `model-missing`, `model-damaged` */
export function loadCalibration(path: string = CALIBRATION_FILE): Calibration {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new WaymarkError("model-missing", `The calibration ${path} cannot be read.`, {
      hint: "Restore models/calibration.json from the repository, or make it with `npm run calibrate`.",
      cause,
    });
  }
  try {
    const { sha256, ...numbers } = JSON.parse(text) as Record<string, unknown>;
    if (sha256 !== checksum(numbers)) throw new Error("it does not have the SHA-256 sum that stands in it");
    const calibration = calibrationSchema.parse(numbers);
    requireFeatures("unit", calibration.unit.weights, UNIT_FEATURES);
    requireFeatures("decision", calibration.decision.weights, DECISION_FEATURES);
    return calibration;
  } catch (cause) {
    throw new WaymarkError(
      "model-damaged",
      `The calibration ${path} is damaged, or made for another version.`,
      {
        hint: "Restore models/calibration.json from the repository, or make it anew with `npm run calibrate`. After changing it on purpose: node scripts/model-checksums.js models/calibration.json",
        cause,
      },
    );
  }
}

/** The text of a calibration file: with a SHA-256 sum, so that a number that changes on the disk is noticed. */
export function sealCalibration(calibration: Calibration): string {
  return `${JSON.stringify({ ...calibration, sha256: checksum(calibration) }, null, 2)}\n`;
}

/** White space in the file does not matter. */
function checksum(numbers: object): string {
  return createHash("sha256").update(JSON.stringify(numbers)).digest("hex");
}

function requireFeatures(name: string, weights: Record<string, number>, features: readonly string[]): void {
  const unknown = Object.keys(weights).find((feature) => !features.includes(feature));
  if (unknown !== undefined) throw new Error(`${name} has a weight for "${unknown}", which is no feature`);
}

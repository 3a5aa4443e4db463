import { readFileSync } from "node:fs";
import { z } from "zod";
import { WaymarkError } from "../errors.js";
import { METRICS, type Metric } from "./metrics/metric.js";
import type { EvalResults } from "./results.js";

const limitSchema = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine(({ min, max }) => (min === undefined) !== (max === undefined), "give either min or max");

const gatesSchema = z.record(
  z.string(),
  z.partialRecord(z.enum(Object.keys(METRICS) as Metric[]), limitSchema),
);

/** Limits by question set and metric; those of "*" hold for every set. */
export type Gates = z.infer<typeof gatesSchema>;

/** A limit that a run does not keep. */
export interface GateFailure {
  metric: Metric;
  /** The reason in a sentence. */
  reason: string;
}

/** A floor or a ceiling for each metric that has one. */
export type Limits = Partial<Record<Metric, z.infer<typeof limitSchema>>>;

/** The key for limits that hold for every question set. */
const EVERY_SET = "*";

/** @throws WaymarkError `invalid-input` where the file is missing or names a metric that does not exist. */
export function loadGates(path: string): Gates {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new WaymarkError("invalid-input", `The gates ${path} cannot be read as JSON.`, { cause });
  }
  const parsed = gatesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new WaymarkError(
    "invalid-input",
    `The gates ${path}, "${issue?.path.join('", "')}": ${issue?.message}.`,
    {
      hint: `The metrics are ${Object.keys(METRICS).join(", ")}.`,
      cause: parsed.error,
    },
  );
}

/** The limits that a question set has to keep: its own, and those of every set. */
export function limitsOf(dataset: string, gates: Gates): Limits {
  return { ...gates[EVERY_SET], ...gates[dataset] };
}

/**
 * The limits that a run does not keep. A set's own limit on something that was not measured is broken too: a gate that
 * looks at nothing must not pass. A limit for every set is passed over where the set has nothing to measure it on.
 */
export function checkGates(results: Pick<EvalResults, "dataset" | "summary">, gates: Gates): GateFailure[] {
  const own = gates[results.dataset] ?? {};
  const limits = limitsOf(results.dataset, gates);
  return (Object.keys(limits) as Metric[]).flatMap((metric) => {
    const { min, max } = limits[metric] ?? {};
    const { label } = METRICS[metric];
    const value = results.summary.metrics[metric]?.value;
    if (value === undefined)
      return own[metric] === undefined ? [] : [{ metric, reason: `${label} (${metric}) was not measured.` }];
    if (min !== undefined && value < min)
      return [{ metric, reason: `${label} (${metric}) is ${value.toFixed(3)}, below the floor of ${min}.` }];
    if (max !== undefined && value > max)
      return [{ metric, reason: `${label} (${metric}) is ${value.toFixed(3)}, above the limit of ${max}.` }];
    return [];
  });
}

import { z } from "@hono/zod-openapi";
import type { ModelIdentity } from "../../models/model.js";
import type { IndexingState, Status } from "../../waymark.js";
import { mirrors } from "./mirror.js";

const count = z.int().min(0);

const modelSchema = mirrors<ModelIdentity>()(
  z
    .object({
      name: z.string(),
      checksum: z.string().openapi({ description: "SHA-256 of the weights, hex." }),
    })
    .openapi("Model"),
);

const indexingSchema = mirrors<IndexingState>()(
  z
    .object({
      state: z.enum(["idle", "running", "failed"]),
      done: count.optional().openapi({ description: "Files that are done." }),
      total: count.optional().openapi({ description: "Files in all." }),
      phase: z.string().optional().openapi({ description: "The present step." }),
      passages: count.optional().openapi({ description: "Passages that were made so far." }),
      passagesPerSecond: z.number().min(0).optional(),
      secondsLeft: z
        .number()
        .min(0)
        .optional()
        .openapi({ description: "About how long the rest will take." }),
      skipped: z
        .array(z.object({ uri: z.string(), reason: z.string() }))
        .optional()
        .openapi({ description: "The first files of this run that were skipped, with the reason." }),
      message: z.string().optional().openapi({ description: "failed: why." }),
    })
    .openapi("Indexing", { description: "What the indexer does at this moment." }),
);

/** The response of `GET /api/health`. */
export const healthSchema = mirrors<
  Omit<Status, "embedder"> & { status: "ready" | "indexing" | "empty" | "failed"; indexing: IndexingState }
>()(
  z
    .object({
      status: z.enum(["ready", "indexing", "empty", "failed"]).openapi({
        description:
          "ready: questions can be asked. indexing: files are being read. empty: nothing is indexed. failed: the indexer stopped.",
      }),
      version: z.string().openapi({ description: "Waymark's version." }),
      schemaVersion: count.openapi({ description: "The index's schema." }),
      generation: count.openapi({
        description: "Rises with each committed change; 0: nothing was ever committed.",
      }),
      documents: count,
      passages: count,
      models: z.object({
        embedder: modelSchema,
        reader: modelSchema.optional().openapi({ description: "Left out where none is configured." }),
        languageModel: z.object({ name: z.string() }).optional().openapi({
          description:
            "The model that writes answers, as the settings name it. Left out where none is configured.",
        }),
      }),
      indexing: indexingSchema,
    })
    .openapi("Health"),
);

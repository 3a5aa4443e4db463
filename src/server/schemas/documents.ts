import { z } from "@hono/zod-openapi";
import type { Block, Locator } from "../../documents/document.js";
import type { DocumentSummary } from "../../store/store.js";
import type { Waymark } from "../../waymark.js";
import { rangeSchema } from "./answer.js";
import { mirrors } from "./mirror.js";

const count = z.int().min(0);

/** The path parameters of `GET /api/documents/{id}`. */
export const documentParamsSchema = z.object({
  id: z
    .string()
    .min(1)
    .max(200, { error: "A document's id has at most 200 characters." })
    .openapi({ description: "As GET /api/documents gives it.", example: "handbook-9f2c" }),
});

const identityFields = {
  id: z.string().openapi({ description: "Stable for a uri and safe in a URL." }),
  uri: z.string().openapi({ description: "The path below the corpus folder." }),
  title: z.string(),
  mediaType: z.string(),
};
const indexedAt = z.iso.datetime().openapi({ description: "When the file was indexed." });

const documentSummarySchema = mirrors<DocumentSummary>()(
  z
    .object({
      ...identityFields,
      contentHash: z.string().openapi({ description: "SHA-256 of the file, hex." }),
      indexedAt,
      passages: count,
      characters: count.openapi({ description: "Length of the text in UTF-16 code units." }),
      pages: count.optional().openapi({ description: "Where the format has pages." }),
      stale: z.boolean().optional().openapi({
        description: "True where an older version of Waymark read it; the next ingest reads it anew.",
      }),
    })
    .openapi("DocumentSummary"),
);

/** The response of `GET /api/documents`. */
export const documentsResponseSchema = z
  .object({ documents: z.array(documentSummarySchema).openapi({ description: "Ordered by uri." }) })
  .openapi("DocumentsResponse");

const blockSchema = mirrors<Block>()(
  z
    .object({
      start: count,
      end: count,
      type: z.enum(["heading", "paragraph", "list-item", "table-row", "quote", "code"]),
      level: z.int().min(1).max(6).optional().openapi({ description: "heading: its level." }),
      depth: count.optional().openapi({ description: "list-item: nesting depth from 0." }),
      ordinal: z.int().optional().openapi({ description: "list-item: its number in an ordered list." }),
      group: z.int().optional().openapi({ description: "Items of one list and rows of one table share it." }),
      cells: z.array(rangeSchema).optional().openapi({ description: "table-row: the cells, left to right." }),
      header: z.boolean().optional().openapi({ description: "table-row: true where it names the columns." }),
    })
    .openapi("Block", { description: "A structural unit, as a half-open range of the text." }),
);

const locatorSchema = mirrors<Locator>()(
  z.object({ offset: count, value: z.int().min(1) }).openapi("Locator", {
    description: "From this offset of the text on, the line or page has this number.",
  }),
);

/** The response of `GET /api/documents/{id}`. */
export const documentSchema = mirrors<Awaited<ReturnType<Waymark["document"]>>>()(
  z
    .object({
      ...identityFields,
      indexedAt,
      text: z.string().openapi({ description: "The one text that every range refers to, without markup." }),
      blocks: z.array(blockSchema).openapi({ description: "In reading order, without overlap." }),
      lines: z
        .array(locatorSchema)
        .openapi({ description: "Lines of the file; empty where the format has none." }),
      pages: z.array(locatorSchema).openapi({ description: "Pages; empty where the format has none." }),
    })
    .openapi("Document"),
);

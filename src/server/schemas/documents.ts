import { z } from "@hono/zod-openapi";
import type { Block, Locator, Place } from "../../documents/document.js";
import type { DocumentSummary } from "../../store/store.js";
import type { AddedDocument, Waymark } from "../../waymark.js";
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
  uri: z.string().openapi({
    description: "The path below the corpus folder; added:<name> for what was added through this API.",
  }),
  title: z.string(),
  mediaType: z.string(),
};
const indexedAt = z.iso.datetime().openapi({ description: "When the file was indexed." });

const documentSummarySchema = mirrors<DocumentSummary>()(
  z
    .object({
      ...identityFields,
      collection: z.string().openapi({ description: "The collection that it is in." }),
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

/** What `POST /api/documents` takes. */
const addingSchema = z
  .object({
    allowed: z.boolean().openapi({ description: "Whether this server takes documents and removes them." }),
    maxBytes: count.openapi({ description: "A file's greatest size." }),
    extensions: z.array(z.string()).openapi({ description: "The kinds of files that can be read." }),
  })
  .openapi("Adding");

/** The response of `GET /api/documents`. */
export const documentsResponseSchema = z
  .object({
    documents: z.array(documentSummarySchema).openapi({ description: "Ordered by uri." }),
    adding: addingSchema,
  })
  .openapi("DocumentsResponse");

/** The body of `POST /api/documents`: one file with its name. */
export const newDocumentSchema = z
  .strictObject(
    {
      file: z
        .custom<File>((value) => value instanceof File, {
          error: "A file is needed, in the field file of multipart/form-data.",
        })
        .openapi({ type: "string", format: "binary", description: "The file; its name has the extension." }),
    },
    { error: "The body is multipart/form-data with one field: file." },
  )
  .openapi("NewDocument");

/** The response of `POST /api/documents`. */
export const addedDocumentSchema = mirrors<AddedDocument>()(
  z
    .object({ outcome: z.enum(["added", "changed", "unchanged"]), document: documentSummarySchema })
    .openapi("AddedDocument"),
);

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

const placeSchema = mirrors<Place>()(
  z.object({ offset: count, label: z.string() }).openapi("Place", {
    description: "From this offset of the text on, a person would call the place so: slide 3.",
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
      places: z
        .array(placeSchema)
        .optional()
        .openapi({ description: "Slides, rows, chapters and the like, where the format has them." }),
      hidden: count.optional().openapi({
        description: "Characters that the file has and a reader does not see; they are not in the text.",
      }),
      unread: z.string().optional().openapi({
        description: "What of the file could not be read, where that is a part of it.",
      }),
    })
    .openapi("Document"),
);

import type { DocumentRecord } from "../store.js";
import { objectId } from "./ids.js";
import { writeObjects } from "./objects.js";
import { readSeen } from "./passages.js";
import type { Collections } from "./schema.js";

/** Writes the token vectors of records, of those that have any. */
export function writeTokens(
  { tokens }: Collections,
  records: readonly (DocumentRecord & { revision: string })[],
): Promise<void> {
  return writeObjects(
    tokens,
    records.flatMap(({ document, revision, passages, tokens: packed = [] }) =>
      passages.flatMap(({ id }, index) => {
        const bytes = packed[index];
        if (bytes === undefined) return [];
        const base64 = Buffer.from(bytes).toString("base64");
        const properties = { passageId: id, documentId: document.id, revision, tokens: base64 };
        return [{ id: objectId(id, revision), properties }];
      }),
    ),
  );
}

/** See `Store.tokenVectors`. */
export async function readTokens(
  collections: Collections,
  ids: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const found = await readSeen(collections, collections.tokens, ids, ["passageId", "tokens"], {
    sparse: true,
  });
  return new Map(
    ids.flatMap((id): [string, Uint8Array][] => {
      const tokens = found.get(id)?.properties.tokens;
      return tokens === undefined ? [] : [[id, new Uint8Array(Buffer.from(tokens, "base64"))]];
    }),
  );
}

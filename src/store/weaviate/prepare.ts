import type { WeaviateClient } from "weaviate-client";
import type { WeaviateSettings } from "../../store-settings.js";
import type { Owner } from "../owner.js";
import type { ClientModule } from "./client.js";
import { countDocuments } from "./documents.js";
import { collectionsOf, createCollections, deleteCollections } from "./schema.js";
import { firstState, readState, requireOwn, writeState } from "./state.js";

/**
 * Makes the collections where there are none, and the index this model's: one that has no documents, or, where `rebuild`
 * says so, emptied first.
 * @throws WaymarkError `index-mismatch`, `invalid-settings`
 */
export async function prepare(
  client: WeaviateClient,
  module: ClientModule,
  {
    settings,
    rebuild = false,
    embedder,
    dimensions,
  }: Owner & { settings: WeaviateSettings; rebuild?: boolean },
): Promise<void> {
  const owner: Owner = { embedder: { name: embedder.name, checksum: embedder.checksum }, dimensions };
  await createCollections(client, module, settings);
  const collections = collectionsOf(client, settings);
  const state = await readState(collections);
  if (state === undefined) return writeState(collections, firstState(owner));
  try {
    requireOwn(state, owner);
  } catch (error) {
    const { documents } = await countDocuments(collections);
    if (documents > 0 && !rebuild) throw error;
    await deleteCollections(client, settings.collectionPrefix);
    await createCollections(client, module, settings);
    // It does not start at 0 again: others go by it.
    await writeState(collections, firstState(owner, documents > 0 ? state.generation + 1 : state.generation));
  }
}

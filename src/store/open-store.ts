import { type Settings, weaviateKey } from "../config.js";
import { PARSER_FINGERPRINT } from "../documents/load.js";
import type { Embedder } from "../models/embedder.js";
import { SPLIT_FINGERPRINT } from "../passages/split.js";
import type { Owner } from "./owner.js";
import { SqliteStore } from "./sqlite.js";
import type { Store } from "./store.js";

/**
 * Opens the store that the settings name. Weaviate's client is loaded only for an index that is there.
 * @throws WaymarkError as `SqliteStore.open` and `WeaviateStore.open` do
 */
export async function openStore(
  { index, store }: Pick<Settings, "index" | "store">,
  owner: Owner,
  { rebuild = false }: { rebuild?: boolean } = {},
): Promise<Store> {
  const options = { ...owner, fingerprint: `${PARSER_FINGERPRINT}/${SPLIT_FINGERPRINT}`, rebuild };
  if (store.kind === "local") return SqliteStore.open({ ...options, folder: index });
  const { WeaviateStore } = await import("./weaviate/weaviate.js");
  return WeaviateStore.open({ ...options, settings: store, key: weaviateKey() });
}

/** What an index that this model makes belongs to. */
export function ownerOf({ identity, dimensions }: Pick<Embedder, "identity" | "dimensions">): Owner {
  return { embedder: identity, dimensions };
}

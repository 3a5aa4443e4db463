import { WaymarkError } from "../../errors.js";
import type { Owner } from "../owner.js";
import { CLUSTER_SCHEMA, type Collections } from "./schema.js";
import { readSetting, writeSetting } from "./settings.js";

/** How far an index in the cluster is. It is one object, so all of it changes at once. */
export interface ClusterState {
  schema: number;
  owner: Owner;
  /** Rises with each change that is complete. */
  generation: number;
  /** Documents that a writer was changing: what it leaves of them when it dies is cleared away by the next. */
  pending: string[];
}

/** Undefined where there is no index yet. */
export function readState(collections: Collections): Promise<ClusterState | undefined> {
  return readSetting<ClusterState>(collections, NAME);
}

export function writeState(collections: Collections, state: ClusterState): Promise<void> {
  return writeSetting(collections, NAME, state);
}

const NAME = "state";

/** The state of an index that has nothing in it. */
export function firstState(owner: Owner, generation = 0): ClusterState {
  return { schema: CLUSTER_SCHEMA, owner, generation, pending: [] };
}

/**
 * Refuses an index that is of another model, or has another shape: at each look, for another process may have made it anew.
 * @throws WaymarkError `index-mismatch`
 */
export function requireOwn({ schema, owner }: ClusterState, own: Owner): void {
  if (schema !== CLUSTER_SCHEMA) {
    const age = schema > CLUSTER_SCHEMA ? "a newer" : "an older";
    throw mismatch(
      `The index in the cluster was made by ${age} version of Waymark (schema ${schema}, this one has ${CLUSTER_SCHEMA}).`,
    );
  }
  if (sameOwner(owner, own)) return;
  const { name } = owner.embedder;
  const made = name === own.embedder.name ? `another version of ${name}` : name;
  throw mismatch(
    `The index in the cluster was made with the embedder ${made}; the settings name ${own.embedder.name}.`,
  );
}

function sameOwner(a: Owner, b: Owner): boolean {
  return (
    a.embedder.name === b.embedder.name &&
    a.embedder.checksum === b.embedder.checksum &&
    a.dimensions === b.dimensions
  );
}

function mismatch(message: string): WaymarkError {
  return new WaymarkError("index-mismatch", message, {
    hint: "Make it again with `waymark ingest --rebuild`, or use another store.collectionPrefix.",
  });
}

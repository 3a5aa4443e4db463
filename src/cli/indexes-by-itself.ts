import type { Settings } from "../config.js";

/**
 * Whether a server or a question brings the index up to date without being asked to. Before a cluster only where the
 * settings of this machine say what is to be indexed: what another machine has indexed is not here to be looked at, and
 * several servers would do the same work.
 */
export function indexesByItself({ store, corpus, collections }: Settings): boolean {
  return store.kind === "local" || corpus !== undefined || Object.keys(collections).length > 0;
}

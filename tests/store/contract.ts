import { describe } from "vitest";
import type { ModelIdentity } from "../../src/models/model.js";
import type { Store } from "../../src/store/store.js";
import { documentsContract } from "./contract-documents.js";
import { indexContract } from "./contract-index.js";
import { type SearchTraits, searchContract } from "./contract-search.js";

/** An index that a test may open several times, as several processes would; it is gone after the test. */
export interface TestIndex {
  /** Closed after the test. */
  open(options?: TestOptions): Promise<Store>;
}

export interface TestOptions {
  embedder?: ModelIdentity;
  dimensions?: number;
  fingerprint?: string;
  rebuild?: boolean;
}

/** An index that nobody has opened yet. */
export type NewIndex = () => TestIndex;

/** What every store has to keep. `newIndex` is called within each test. */
export function storeContract(name: string, newIndex: NewIndex, traits: SearchTraits): void {
  describe(name, () => {
    documentsContract(newIndex);
    searchContract(newIndex, traits);
    indexContract(newIndex);
  });
}

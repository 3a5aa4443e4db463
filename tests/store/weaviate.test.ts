import { describe } from "vitest";
import { storeContract } from "./contract.js";
import { newClusterIndex, newSettings, WEAVIATE, WHY_SKIPPED, withCluster } from "./weaviate-server.js";

if (WEAVIATE === undefined) {
  describe.skip(`WeaviateStore ${WHY_SKIPPED}`, () => undefined);
} else if (URL.canParse(WEAVIATE)) {
  const url = [WEAVIATE];
  storeContract("WeaviateStore", () => newClusterIndex(newSettings({ url })), { bm25: "own" });
} else {
  const cluster = withCluster();
  storeContract("WeaviateStore", () => newClusterIndex(newSettings(cluster())), { bm25: "own" });
}

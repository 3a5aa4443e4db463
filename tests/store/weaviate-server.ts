import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { startCluster } from "../../scripts/weaviate/cluster.js";
import { loadClient } from "../../src/store/weaviate/client.js";
import { Cluster } from "../../src/store/weaviate/cluster.js";
import { deleteCollections } from "../../src/store/weaviate/schema.js";
import { WeaviateStore, type WeaviateStoreOptions } from "../../src/store/weaviate/weaviate.js";
import { storeSchema, type WeaviateSettings } from "../../src/store-settings.js";
import type { TestIndex } from "./contract.js";
import { DIMENSIONS, EMBEDDER } from "./fixture.js";

/**
 * The path of weaviate-server, or the URL of one that runs (with gRPC on its usual port): see scripts/weaviate.js. Without
 * it there is nothing to test against.
 */
export const WEAVIATE = process.env.WAYMARK_TEST_WEAVIATE;

/** For the name of a suite that is skipped. */
export const WHY_SKIPPED = "(skipped: WAYMARK_TEST_WEAVIATE names no server)";

export type TestCluster = Awaited<ReturnType<typeof startCluster>>;

/** A cluster of the binary, for all tests of a file; `cluster()` gives it within a test. */
export function withCluster(options: { nodes?: number; key?: string } = {}): () => TestCluster {
  let cluster: TestCluster | undefined;
  const folder = mkdtempSync(join(tmpdir(), "waymark-weaviate-"));
  beforeAll(async () => {
    cluster = await startCluster({ binary: WEAVIATE ?? "", folder, ...options });
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => cluster as TestCluster;
}

/** The settings for an index that nothing else uses. */
export function newSettings(
  { url, grpcUrl }: { url: string[]; grpcUrl?: string[] },
  more: Partial<WeaviateSettings> = {},
): WeaviateSettings {
  const collectionPrefix = `Test${Math.random().toString(36).slice(2)}`;
  return storeSchema.parse({
    kind: "weaviate",
    url,
    ...(grpcUrl && { grpcUrl }),
    collectionPrefix,
    ...more,
  }) as WeaviateSettings;
}

/** A store that is closed after the test. */
export async function openCluster(
  settings: WeaviateSettings,
  options: Partial<WeaviateStoreOptions> = {},
): Promise<WeaviateStore> {
  const store = await WeaviateStore.open({
    settings,
    key: undefined,
    embedder: EMBEDDER,
    dimensions: DIMENSIONS,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

/** An index whose collections are deleted after the test. */
export function newClusterIndex(settings: WeaviateSettings): TestIndex {
  onTestFinished(async () => {
    const cluster = new Cluster({ module: await loadClient(), settings, key: undefined });
    await cluster.use((client) => deleteCollections(client, settings.collectionPrefix));
    await cluster.close();
  });
  return { open: (options) => openCluster(settings, options) };
}

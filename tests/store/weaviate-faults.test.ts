import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadClient } from "../../src/store/weaviate/client.js";
import { Cluster } from "../../src/store/weaviate/cluster.js";
import type { WeaviateSettings } from "../../src/store-settings.js";
import { failure, randomVector, record, seededRandom } from "./fixture.js";
import { newSettings, openCluster, WEAVIATE, WHY_SKIPPED, withCluster } from "./weaviate-server.js";

const binary = WEAVIATE !== undefined && !URL.canParse(WEAVIATE);

describe.skipIf(!binary)(`a cluster of three ${binary ? "" : WHY_SKIPPED}`, { timeout: 600_000 }, () => {
  const cluster = withCluster({ nodes: 3 });
  const VECTOR = randomVector(seededRandom(99));
  const texts = (uri: string) => Array.from({ length: 4 }, (_, place) => `drift in ${uri} number ${place}`);
  const library = Array.from({ length: 120 }, (_, index) =>
    record(`${index}.md`, texts(`${index}.md`), { random: seededRandom(index) }),
  );
  let settings: WeaviateSettings;

  it("gives the next node its turn where a call that hung has taken all the time", async () => {
    const nodes = new Cluster({
      module: await loadClient(),
      settings: newSettings(cluster()),
      key: undefined,
    });
    onTestFinished(() => nodes.close());
    const tried = new Set<unknown>();
    const hang = async (client: unknown) => {
      tried.add(client);
      if (tried.size > 1) return "done";
      await pause(20);
      throw new Error("Weaviate request timed out");
    };
    expect(await nodes.use(hang, 10)).toBe("done");
  });

  it("goes to the next node where several calls fail at one at once", async () => {
    const settings = newSettings(cluster());
    const nodes = new Cluster({ module: await loadClient(), settings, key: undefined });
    onTestFinished(() => nodes.close());
    const ask = async () => {
      const asked: string[] = [];
      await nodes.use(async (client) => {
        asked.push(String((await client.getMeta()).hostname));
        if (asked.length === 1) throw new Error("Weaviate request timed out");
      });
      return asked.map((hostname) => new URL(hostname).port);
    };
    const [first, second] = cluster().url.map((url) => new URL(url).port);
    const expected = [first, second];
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([expected, expected, expected]);
  });

  it("loses no document and no question where a node dies while documents are written and questions asked", async () => {
    settings = newSettings(cluster(), { replication: 3 });
    const [writer, reader] = [await openCluster(settings), await openCluster(settings)];
    await writer.put(library[0] as (typeof library)[0]);
    let writing = true;
    let longest = 0;
    let questions = 0;
    const ask = async () => {
      while (writing) {
        const begun = performance.now();
        const found = await reader.candidates({ text: "drift", vector: VECTOR, depth: 20 });
        expect(found.length).toBeGreaterThan(0);
        longest = Math.max(longest, performance.now() - begun);
        questions += 1;
      }
    };
    const ingest = async () => {
      const unlock = await writer.lockForWriting();
      for (const [index, each] of library.entries()) {
        // The one that both talk to.
        if (index === 40) await cluster().kill(0);
        await writer.put(each);
      }
      await unlock();
      writing = false;
    };
    await Promise.all([ingest(), ask(), ask()]);
    console.log(`${questions} questions, the longest took ${Math.round(longest)} ms`);
    expect(await reader.stats()).toMatchObject({ documents: 120, passages: 480 });
    for (const each of library)
      expect(await reader.record(each.document.id)).toEqual({ ...each, collection: "default" });
  });

  it("brings the node that was away up to date by itself", async () => {
    await cluster().restart(0);
    const { url, grpcUrl } = cluster();
    const alone = await openCluster({
      ...settings,
      url: url.slice(0, 1),
      grpcUrl: grpcUrl.slice(0, 1),
      consistency: "ONE",
    });
    const end = Date.now() + 110_000;
    for (;;) {
      const { documents, passages } = await alone.stats();
      if (documents === 120 && passages === 480) break;
      if (Date.now() > end) expect({ documents, passages }).toEqual({ documents: 120, passages: 480 });
      await pause(1_000);
    }
  });

  it("that is stopped is told in a few seconds, and used again when it is back", async () => {
    const store = await openCluster(settings);
    expect(await store.generation()).toBeGreaterThan(100);
    await Promise.all([0, 1, 2].map((index) => cluster().kill(index)));
    const ask = () => store.candidates({ text: "drift", vector: VECTOR, depth: 5 });
    const begun = performance.now();
    const { code, message, hint } = await failure(ask);
    expect(code).toBe("store-unreachable");
    expect(message).toContain(cluster().url[0]);
    expect(hint).toContain("by itself");
    expect(performance.now() - begun).toBeLessThan(30_000);
    await cluster().restartAll();
    // Ready is said before the last shard is loaded.
    for (let tries = 0; tries < 10; tries += 1) {
      if (
        await ask().then(
          () => true,
          () => false,
        )
      )
        break;
    }
    expect((await ask()).length).toBeGreaterThan(0);
    expect(await store.stats()).toMatchObject({ documents: 120, passages: 480 });
  });
});

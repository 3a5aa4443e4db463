// Weaviate's own hybrid search over the passages that Waymark keeps there: one query, fused by Weaviate.
import { weaviateKey } from "../dist/config.js";
import { queryWords } from "../dist/store/full-text.js";
import { loadClient } from "../dist/store/weaviate/client.js";
import { Cluster } from "../dist/store/weaviate/cluster.js";
import { collectionsOf } from "../dist/store/weaviate/schema.js";
import { Stemmer } from "../dist/store/weaviate/stems.js";

export class WeaviateHybrid {
  #settings;
  #cluster;
  #stemmer = new Stemmer();

  static async open({ store }) {
    return new WeaviateHybrid(store, await loadClient());
  }

  constructor(settings, module) {
    this.#settings = settings;
    this.#cluster = new Cluster({ module, settings, key: weaviateKey() });
  }

  /** The document of each of the best passages, by relative score fusion with our weight. */
  async search(text, vector, { denseWeight, limit }) {
    const words = queryWords(text).map((body) => ({ body, headings: "", title: "" }));
    const query = this.#stemmer
      .stem(words)
      .flatMap(({ body }) => body)
      .join(" ");
    const { objects } = await this.#cluster.use((client) =>
      collectionsOf(client, this.#settings).passages.query.hybrid(query, {
        vector: Array.from(vector),
        alpha: denseWeight,
        fusionType: "RelativeScore",
        queryProperties: ["stems"],
        limit,
        returnProperties: ["documentId"],
      }),
    );
    return objects.map(({ properties }) => properties.documentId);
  }

  async close() {
    await this.#cluster.close();
    this.#stemmer.close();
  }
}

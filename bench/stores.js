// node bench/stores.js <index folder>: ranks SciFact's 300 claims with the index in the folder, with the cluster that the
// settings name, which `waymark migrate` filled from it, and with Weaviate's own hybrid search; prints nDCG@10 and times.
import { loadSettings } from "../dist/config.js";
import { scoreDocuments } from "../dist/eval/metrics/ranking.js";
import { readPublicLines } from "../dist/eval/sets/public-file.js";
import { Embedder } from "../dist/models/embedder.js";
import { fuse } from "../dist/retrieve/fuse.js";
import { HybridRetriever } from "../dist/retrieve/retriever.js";
import { openStore, ownerOf } from "../dist/store/open-store.js";
import { WeaviateHybrid } from "./weaviate-hybrid.js";

/** Passages that a search of the evals asks for. */
const LIMIT = 50;

const [index] = process.argv.slice(2);
const settings = loadSettings(index === undefined ? {} : { index });
const embedder = await Embedder.load(settings.models.embedder, { cacheFolder: settings.index });
const owner = ownerOf(embedder);
const stores = {
  local: await openStore({ ...settings, store: { kind: "local" } }, owner),
  weaviate: await openStore(settings, owner),
};
const hybrid = await WeaviateHybrid.open(settings);
const ids = new Map((await stores.local.documents()).map(({ uri, id }) => [uri, id]));
const claims = readPublicLines("scifact/claims_dev.jsonl.gz").map(({ claim, cited_doc_ids }) => ({
  claim,
  relevant: new Set(cited_doc_ids.map((source) => ids.get(`langchain:${source}`))),
}));
const embedded = [];
for (const { claim } of claims) embedded.push(await embedder.embedParts([claim]));

const { depth, denseWeight } = settings.retrieve;
const candidates =
  (store) =>
  async (text, { vector }) =>
    fuse(await store.candidates({ text, vector, depth }), denseWeight).map(({ documentId }) => documentId);
const whole = (store) => {
  const retriever = new HybridRetriever({ store, embedder, ...settings.retrieve });
  return async (text, vectors) =>
    (await retriever.rank(text, vectors, { limit: LIMIT })).map(({ documentId }) => documentId);
};
const ways = {
  "local, fused": candidates(stores.local),
  "weaviate, fused here": candidates(stores.weaviate),
  "weaviate, its own hybrid": (text, { vector }) =>
    hybrid.search(text, vector, { denseWeight, limit: depth }),
  "local, with late interaction": whole(stores.local),
  "weaviate, with late interaction": whole(stores.weaviate),
};
for (const [name, rank] of Object.entries(ways)) {
  const times = [];
  let sum = 0;
  for (const [place, { claim, relevant }] of claims.entries()) {
    const begun = performance.now();
    const ranked = await rank(claim, embedded[place]);
    times.push(performance.now() - begun);
    sum += scoreDocuments(ranked, relevant).ndcgAt10;
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(share * times.length)].toFixed(1);
  console.log(
    `${name.padEnd(32)} nDCG@10 ${(sum / claims.length).toFixed(4)}  p50 ${at(0.5)} ms  p95 ${at(0.95)} ms`,
  );
}
await Promise.all([...Object.values(stores).map((store) => store.close()), hybrid.close(), embedder.close()]);

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";
import { HNSWLib } from "@langchain/community/vectorstores/hnswlib";
import { Document } from "@langchain/core/documents";
import { pipeline } from "@xenova/transformers";
import { loadDocument, loadSettings, openWaymark } from "../dist/index.js";
import { passageText } from "../dist/passages/passage.js";
import { splitDocument } from "../dist/passages/split.js";
import { abstractsOf } from "./library-make.js";

/** Abstracts of SciFact that are indexed where no number is given: few enough to wait for. */
const DOCUMENTS = 200;

/** Texts in one call of the runtime; each size is tried with the first texts, and the best is the runtime's limit. */
const BATCH_SIZES = [1, 8, 32];
const TRIED = 700;

/** Passages that the slowest of all ways is measured with, at most. */
const LOOP_PASSAGES = 1_000;

/**
 * Passages a second from files to a searchable index, in one run against the runtime's own limit (the same model called with
 * the very same texts, titles too, in its best batch size and on all cores, and nothing else) and against the plain loop of
 * LangChain (`HNSWLib.fromDocuments` of the same passages), which embeds no titles and stores nothing: once with Waymark's
 * embedder, which is the faster one, and once as its users write it, with LangChain's own class over the same weights.
 * A machine is not as fast at one minute as at the next: of the first two one half is measured before the ingest and one after it.
 * @param format "md", where a title is known as one, or "txt"
 */
export async function measureIngest(folder, documents = DOCUMENTS, format = "md") {
  const corpus = writeCorpus(join(folder, "abstracts"), documents, format);
  const settings = loadSettings({ corpus, index: join(folder, "ingest-index") });
  const waymark = await openWaymark(settings);
  const { passages, titles } = await textsOf(corpus, waymark.embedder);
  const texts = [...passages, ...titles];
  // What is tried here brings the model on all threads, too: nobody's first second is measured.
  const limit = await fastestWay(texts.slice(0, TRIED), waymark.embedder, settings.models.embedder);
  const limitSeconds = (half) => secondsOf(() => limit.embed(texts.filter(half)));
  const halfLoopSeconds = (half) => loopSeconds(passages.filter(half), waymark.embedder);
  const isEven = (_, index) => index % 2 === 0;
  const isOdd = (_, index) => index % 2 === 1;

  const before = { limit: await limitSeconds(isEven), loop: await halfLoopSeconds(isEven) };
  const seconds = await secondsOf(() => waymark.ingest());
  const after = { limit: await limitSeconds(isOdd), loop: await halfLoopSeconds(isOdd) };
  const unchanged = await secondsOf(() => waymark.ingest());
  await limit.dispose();
  await waymark.close();
  const some = passages.slice(0, LOOP_PASSAGES);
  const usersLoop = some.length / (await usersLoopSeconds(settings.models.embedder, some));

  const rate = passages.length / seconds;
  const against = (what, other) => ({
    what: `ingest: ${documents} files (.${format}), ${passages.length} passages, read, split, embedded and stored`,
    figure: `${rate.toFixed(1)} passages/s`,
    against: `${what}: ${other.toFixed(1)} passages/s`,
    ratio: `${(rate / other).toFixed(2)} ×`,
  });
  return [
    against(
      `the runtime's limit, the model alone with these texts (${limit.way})`,
      passages.length / (before.limit + after.limit),
    ),
    against(
      "LangChain's `HNSWLib.fromDocuments`, same passages, Waymark's embedder",
      passages.length / (before.loop + after.loop),
    ),
    against(
      "LangChain's `HNSWLib.fromDocuments`, same passages, its own `HuggingFaceTransformersEmbeddings` with the same weights",
      usersLoop,
    ),
    {
      what: "ingest again, nothing changed",
      figure: `${(1000 * unchanged).toFixed(0)} ms`,
      against: `the first time: ${seconds.toFixed(1)} s`,
      ratio: `${(seconds / unchanged).toFixed(0)} ×`,
    },
  ];
}

function writeCorpus(folder, documents, format) {
  mkdirSync(folder);
  for (const { doc_id, title, abstract } of abstractsOf().slice(0, documents)) {
    const heading = format === "md" ? `# ${title}` : title;
    writeFileSync(join(folder, `${doc_id}.${format}`), `${heading}\n\n${abstract.join(" ")}\n`);
  }
  return folder;
}

/** What Waymark embeds for these files. */
async function textsOf(corpus, embedder) {
  const passages = [];
  const titles = [];
  for (const name of readdirSync(corpus)) {
    const document = await loadDocument(join(corpus, name), name);
    titles.push(document.title);
    passages.push(...splitDocument(document, { countTokens: embedder.countTokens }).map(passageText));
  }
  return { passages, titles };
}

/** What users of LangChain write; the class has its own batches, and is loaded before the time is taken. */
async function usersLoopSeconds(model, passages) {
  // The class imports the transformers library by its own name; here it is installed under another.
  register(`data:text/javascript,${encodeURIComponent(TRANSFORMERS_AS_INSTALLED)}`);
  const { HuggingFaceTransformersEmbeddings } = await import(
    "@langchain/community/embeddings/huggingface_transformers"
  );
  const embeddings = new HuggingFaceTransformersEmbeddings({
    model,
    pretrainedOptions: { dtype: "q8", local_files_only: true },
  });
  await embeddings.embedQuery(passages[0]);
  const seconds = await loopSeconds(passages, embeddings);
  await (await embeddings.pipelinePromise).dispose();
  return seconds;
}

const TRANSFORMERS_AS_INSTALLED = `export const resolve = (name, context, next) =>
  next(name === "@huggingface/transformers" ? "@xenova/transformers" : name, context);`;

function loopSeconds(passages, embeddings) {
  const documents = passages.map((pageContent) => new Document({ pageContent }));
  return secondsOf(() => HNSWLib.fromDocuments(documents, embeddings));
}

/** The way of calling the model that is the fastest for these texts. */
async function fastestWay(texts, embedder, model) {
  const extract = await pipeline("feature-extraction", model, { dtype: "q8", local_files_only: true });
  const ways = { "one a pass, on all cores": (some) => embedder.embedMany(some) };
  for (const size of BATCH_SIZES)
    ways[`${size} a call, sorted by length`] = (some) => embedInBatches(extract, some, size);
  const tried = [];
  for (const [way, embed] of Object.entries(ways)) {
    await embed(texts.slice(0, Math.max(...BATCH_SIZES)));
    tried.push({ way, embed, seconds: await secondsOf(() => embed(texts)) });
  }
  const [{ way, embed }] = tried.sort((a, b) => a.seconds - b.seconds);
  return { way, embed, dispose: () => extract.dispose() };
}

/** The usual feature-extraction pipeline with so many texts a call, those of one length together. */
async function embedInBatches(extract, texts, size) {
  const byLength = texts.toSorted((a, b) => a.length - b.length);
  for (let start = 0; start < byLength.length; start += size)
    await extract(byLength.slice(start, start + size), { pooling: "mean", normalize: true });
}

async function secondsOf(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

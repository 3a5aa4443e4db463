import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pipeline } from "@xenova/transformers";
import { Embedder, loadDocument, loadSettings, openWaymark } from "../dist/index.js";
import { passageText } from "../dist/passages/passage.js";
import { splitDocument } from "../dist/passages/split.js";

/** Abstracts of SciFact that are indexed: enough for a steady figure, few enough to wait for. */
const DOCUMENTS = 200;

/**
 * Passages a second from files to a searchable index, against the naive loop over the very same passages: one call of
 * the usual feature-extraction pipeline a passage, same model, same weights; it stores nothing.
 */
export async function measureIngest(folder) {
  const corpus = writeCorpus(join(folder, "abstracts"));
  const index = join(folder, "ingest-index");
  const settings = loadSettings({ corpus, index });
  const waymark = await openWaymark(settings);
  const begun = performance.now();
  await waymark.ingest();
  const seconds = (performance.now() - begun) / 1000;
  const again = performance.now();
  await waymark.ingest();
  const unchanged = performance.now() - again;
  await waymark.close();

  const texts = await passageTexts(corpus, settings.models.embedder);
  const naive = await naiveSeconds(settings.models.embedder, texts);
  const rate = texts.length / seconds;
  const naiveRate = texts.length / naive;
  return [
    {
      what: `ingest: ${DOCUMENTS} files, ${texts.length} passages, read, split, embedded and stored`,
      figure: `${rate.toFixed(1)} passages/s`,
      against: `naive loop, one passage at a time, embedding alone: ${naiveRate.toFixed(1)} passages/s`,
      ratio: `${(rate / naiveRate).toFixed(2)} ×`,
    },
    {
      what: "ingest again, nothing changed",
      figure: `${unchanged.toFixed(0)} ms`,
      against: `the first time: ${seconds.toFixed(1)} s`,
      ratio: `${((seconds * 1000) / unchanged).toFixed(0)} ×`,
    },
  ];
}

function writeCorpus(folder) {
  mkdirSync(folder);
  const archive = new URL("../eval/datasets/scifact/corpus.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(archive)).toString("utf8").trim().split("\n");
  for (const line of lines.slice(0, DOCUMENTS)) {
    const { doc_id, title, abstract } = JSON.parse(line);
    writeFileSync(join(folder, `${doc_id}.md`), `# ${title}\n\n${abstract.join(" ")}\n`);
  }
  return folder;
}

/** What Waymark embeds for these files. */
async function passageTexts(corpus, model) {
  const embedder = await Embedder.load(model);
  const texts = [];
  for (const name of readdirSync(corpus)) {
    const document = await loadDocument(join(corpus, name), name);
    const passages = splitDocument(document, { countTokens: embedder.countTokens });
    texts.push(...passages.map((passage) => passageText(passage, document.title)));
  }
  await embedder.close();
  return texts;
}

/** Seconds for the loop that tutorials show. */
async function naiveSeconds(model, texts) {
  const extract = await pipeline("feature-extraction", model, { dtype: "q8", local_files_only: true });
  await extract(texts[0], { pooling: "mean", normalize: true });
  const begun = performance.now();
  const vectors = [];
  for (const text of texts) {
    const output = await extract(text, { pooling: "mean", normalize: true });
    vectors.push(output.data);
  }
  const seconds = (performance.now() - begun) / 1000;
  await extract.dispose();
  return seconds;
}

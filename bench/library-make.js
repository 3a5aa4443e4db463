import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { documentId } from "../dist/documents/document-id.js";
import { PARSER_FINGERPRINT } from "../dist/documents/load.js";
import { Embedder, loadSettings, openWaymark } from "../dist/index.js";
import { SPLIT_FINGERPRINT } from "../dist/passages/split.js";
import { packedParts } from "../dist/passages/token-vectors.js";
import { withTitle } from "../dist/passages/vector.js";
import { SqliteStore } from "../dist/store/sqlite.js";
import { randomFrom } from "../scripts/trials/random.js";

/** Abstracts whose sentences the library is composed of: some 6,000 sentences. */
const ABSTRACTS = 700;
const PASSAGES_PER_DOCUMENT = 10;
/** Documents that are stored in one transaction. */
const BATCH = 50;

/** The abstracts of SciFact, as they are in its file: `{ doc_id, title, abstract: sentences }`. */
export function abstractsOf(dataset = "scifact/corpus.jsonl.gz") {
  const archive = new URL(`../eval/datasets/${dataset}`, import.meta.url);
  return gunzipSync(readFileSync(archive))
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Makes an index of so many abstracts, in the usual way. */
export async function ingestLibrary(folder, documents) {
  const waymark = await openWaymark(loadSettings({ index: folder }));
  const library = abstractsOf()
    .slice(0, documents)
    .map(({ doc_id, title, abstract }) => ({
      pageContent: abstract.map((sentence) => sentence.trim()).join(" "),
      metadata: { source: String(doc_id), title },
    }));
  await waymark.ingestDocuments(library);
  await waymark.close();
}

/** Composes documents until the index has so many passages, and brings its derived structures in step. */
export async function growLibrary(folder, passages) {
  const { embedder: model } = loadSettings({}).models;
  const embedder = await Embedder.load(model);
  const store = SqliteStore.open({
    folder,
    embedder: embedder.identity,
    dimensions: embedder.dimensions,
    fingerprint: `${PARSER_FINGERPRINT}/${SPLIT_FINGERPRINT}`,
  });
  try {
    const stats = await store.stats();
    if (stats.passages >= passages) return;
    const abstracts = await embedAbstracts(embedder);
    for (let number = stats.documents; number * PASSAGES_PER_DOCUMENT < passages; number += BATCH) {
      const wanted = Math.min(BATCH, Math.ceil(passages / PASSAGES_PER_DOCUMENT) - number);
      const records = Array.from({ length: wanted }, (_, index) =>
        composeDocument(abstracts, number + index, embedder.dimensions),
      );
      await store.putMany(records);
    }
    await store.optimize();
  } finally {
    await store.close();
    await embedder.close();
  }
}

/** Made once a process. */
let embedded;

async function embedAbstracts(embedder) {
  embedded ??= await embedSentences(embedder);
  return embedded;
}

async function embedSentences(embedder) {
  process.stderr.write(`Embedding the sentences of ${ABSTRACTS} abstracts …\n`);
  const abstracts = [];
  for (const { title, abstract } of abstractsOf().slice(0, ABSTRACTS)) {
    const texts = abstract.map((sentence) => sentence.trim());
    const embedded = await embedder.embedManyPacked(texts.map((text) => ({ context: "", parts: [text] })));
    const sentences = embedded.map(({ vector, tokens }, index) => ({
      text: texts[index],
      vector,
      packed: tokens,
      tokens: packedParts(tokens, vector.length)[0].rows,
    }));
    abstracts.push({ title, vector: await embedder.embed(title), sentences });
  }
  return abstracts.filter(({ sentences }) => sentences.length > 1);
}

/** The document of a number is always the same. */
function composeDocument(abstracts, number, width) {
  const random = randomFrom(number + 1);
  const uri = `library/${String(number).padStart(6, "0")}.txt`;
  const id = documentId(uri);
  const { title, vector: ofTitle } = pick(abstracts, random);
  const record = { passages: [], vectors: [], tokens: [] };
  let text = "";
  for (let ordinal = 0; ordinal < PASSAGES_PER_DOCUMENT; ordinal++) {
    const sentences = [...pairOf(abstracts, random), ...pairOf(abstracts, random)];
    const start = text.length;
    const units = sentences.map((sentence) => {
      const range = { start: text.length, end: text.length + sentence.text.length };
      text += `${sentence.text} `;
      return { kind: "sentence", ...range, pieces: [{ text: sentence.text, ...range }] };
    });
    text = `${text.trimEnd()}\n\n`;
    const tokens = sentences.reduce((sum, sentence) => sum + sentence.tokens, 0);
    const passage = { id: `${id}:${ordinal}`, documentId: id, ordinal, headings: [], units, tokens };
    record.passages.push({ ...passage, start, end: units.at(-1).end });
    record.vectors.push(withTitle(meanOf(sentences, width), ofTitle));
    record.tokens.push(joinPacked(sentences, width));
  }
  const document = { id, uri, title, mediaType: "text/plain", text, blocks: [], lines: [], pages: [] };
  const contentHash = createHash("sha256").update(text).digest("hex");
  return { document, contentHash, indexedAt: "2026-01-01T00:00:00.000Z", ...record };
}

function pairOf(abstracts, random) {
  const { sentences } = pick(abstracts, random);
  const first = Math.floor(random() * (sentences.length - 1));
  return sentences.slice(first, first + 2);
}

function pick(items, random) {
  return items[Math.floor(random() * items.length)];
}

function meanOf(sentences, width) {
  const sum = new Float32Array(width);
  for (const { vector, tokens } of sentences)
    for (let index = 0; index < width; index++) sum[index] += vector[index] * tokens;
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

/** Sentences that were packed one by one as the units of one passage. */
function joinPacked(sentences, width) {
  const header = new Uint32Array([sentences.length, ...sentences.map(({ tokens }) => tokens)]);
  const rows = sentences.map(({ packed }) => packed.subarray(packedParts(packed, width)[0].offset));
  return Uint8Array.from(Buffer.concat([Buffer.from(header.buffer), ...rows]));
}

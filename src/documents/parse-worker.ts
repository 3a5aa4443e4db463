// What runs in the thread of parser-thread.ts: one file after another.
import { parentPort } from "node:worker_threads";
import { WaymarkError } from "../errors.js";
import { loadDocument } from "./load.js";
import type { ParseReply, ParseRequest } from "./parser-thread.js";
import { readSourceFile } from "./read-file.js";
import { sha256 } from "./sha256.js";

parentPort?.on("message", async (request: ParseRequest) => {
  parentPort?.postMessage(await parse(request));
});

async function parse({ file, uri, known }: ParseRequest): Promise<ParseReply> {
  let bytes: Uint8Array;
  try {
    bytes = typeof file === "string" ? readSourceFile(file) : file;
  } catch (error) {
    return { code: "unreadable-document", message: (error as Error).message, hint: undefined };
  }
  const contentHash = sha256(bytes);
  if (contentHash === known) return { contentHash, document: undefined };
  try {
    return { contentHash, document: await loadDocument(bytes, uri) };
  } catch (error) {
    if (!WaymarkError.isInstance(error)) throw error;
    const { code, message, hint } = error;
    return { code, message, hint };
  }
}

// What runs in the thread of parser-thread.ts: one file after another.
import { parentPort } from "node:worker_threads";
import { WaymarkError } from "../errors.js";
import { loadDocument } from "./load.js";
import type { ParseReply, ParseRequest } from "./parser-thread.js";

parentPort?.on("message", async ({ bytes, uri }: ParseRequest) => {
  parentPort?.postMessage(await parse(bytes, uri));
});

async function parse(bytes: Uint8Array, uri: string): Promise<ParseReply> {
  try {
    return { document: await loadDocument(bytes, uri) };
  } catch (error) {
    if (!WaymarkError.isInstance(error)) throw error;
    const { code, message, hint } = error;
    return { code, message, hint };
  }
}

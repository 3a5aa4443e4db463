import { once } from "node:events";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

/** How a client on standard input and output went away. */
export type StdioEnd = "closed" | "too-large";

/** Longer messages than these make the transport give up, in bytes: its own limit. */
const MAX_MESSAGE = 10 * 1024 * 1024;

export interface StdioOptions {
  /** Fires where the client is to be left. */
  signal: AbortSignal;
  /** Told of each line that was no message. */
  onUnreadable: () => void;
}

/** Serves the client on standard input and output until it closes its side, sends too much, or the signal fires. */
export async function serveStdio(
  server: McpServer,
  { signal, onUnreadable }: StdioOptions,
): Promise<StdioEnd> {
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: MAX_MESSAGE });
  const stop = new AbortController();
  let end: StdioEnd = "closed";
  // The transport closes by itself only where it was sent too much.
  server.server.onclose = () => {
    if (!ended.aborted) end = "too-large";
    stop.abort();
  };
  server.server.onerror = onUnreadable;
  process.stdin.once("end", () => stop.abort());
  const ended = AbortSignal.any([signal, stop.signal]);
  await server.connect(transport);
  if (!ended.aborted) await once(ended, "abort");
  await server.close();
  return end;
}

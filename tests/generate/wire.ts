import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a model server got. */
export interface Heard {
  path: string;
  headers: IncomingMessage["headers"];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into single fields of what providers are sent
  body: any;
}

export interface ModelServer {
  url: string;
  heard: Heard[];
  close(): Promise<void>;
}

/** Speaks as OpenAI-compatible servers and Ollama do, over a real socket, and says what it is told to. */
export async function modelServer(text: string): Promise<ModelServer> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    let sent = "";
    for await (const chunk of request.setEncoding("utf8")) sent += chunk;
    const path = request.url ?? "";
    heard.push({ path, headers: request.headers, body: JSON.parse(sent || "{}") });
    const pieces = text.match(/.{1,9}/gsu) ?? [];
    if (path === "/v1/chat/completions") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      const chunk = (delta: object, finish_reason: string | null) =>
        `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 0, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
      for (const content of pieces) response.write(chunk({ role: "assistant", content }, null));
      response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
    } else if (path === "/api/chat") {
      response.writeHead(200, { "Content-Type": "application/x-ndjson" });
      const line = (content: string, done: boolean) =>
        `${JSON.stringify({ model: "m", created_at: "2026-01-01T00:00:00Z", message: { role: "assistant", content }, done, ...(done ? { done_reason: "stop" } : {}) })}\n`;
      for (const content of pieces) response.write(line(content, false));
      response.end(line("", true));
    } else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

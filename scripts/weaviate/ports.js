// The ports of a node. The one after `gossip` takes data, the one after `raft` calls between nodes: Weaviate expects so.
import { createServer } from "node:net";
import { LOOPBACK } from "./node.js";

/** @typedef {{ http: number, grpc: number, gossip: number, raft: number }} NodePorts */

/**
 * Ports that can be remembered: node 0 has Weaviate's usual ones, the others follow.
 * @returns {NodePorts[]}
 */
export function usualPorts(nodes, http = 8080, grpc = 50051) {
  return Array.from({ length: nodes }, (_, index) => ({
    http: http + index,
    grpc: grpc + index,
    gossip: 7946 + 2 * index,
    raft: 8300 + 2 * index,
  }));
}

/**
 * Ports that nobody has at this moment, for tests.
 * @returns {Promise<NodePorts[]>}
 */
export async function freePorts(nodes) {
  const found = [];
  for (let index = 0; index < nodes; index += 1) {
    const [http, grpc] = await Promise.all([free(), free()]);
    found.push({ http, grpc, gossip: await freePair(), raft: await freePair() });
  }
  return found;
}

/** A free port whose next one is free as well. */
async function freePair() {
  for (;;) {
    const port = await free();
    if (await free(port + 1).catch(() => undefined)) return port;
  }
}

function free(port = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      const { port: given } = server.address();
      server.close(() => resolve(given));
    });
  });
}

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
 * Ports that nobody has at this moment, for tests. They lie below those that systems give to outgoing connections, one of
 * which would take the port of a node that is yet to start.
 * @returns {Promise<NodePorts[]>}
 */
export async function freePorts(nodes) {
  for (;;) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - nodes * PORTS));
    const all = Array.from({ length: nodes * PORTS }, (_, place) => first + place);
    if (!(await Promise.all(all.map(isFree))).every(Boolean)) continue;
    return Array.from({ length: nodes }, (_, index) => {
      const http = first + index * PORTS;
      return { http, grpc: http + 1, gossip: http + 2, raft: http + 4 };
    });
  }
}

const [LOWEST, HIGHEST] = [12_000, 32_000];

/** Of a node, with the ones that follow `gossip` and `raft`. */
const PORTS = 6;

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}

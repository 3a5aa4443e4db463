// A cluster of Weaviate nodes on this machine: for tests and trials, which end it again.
import { once } from "node:events";
import { LOOPBACK, startNode, untilReady } from "./node.js";
import { freePorts } from "./ports.js";

/**
 * Starts `nodes` nodes on free ports and waits until all take requests.
 * @param {object} options
 * @param {string} options.binary weaviate-server
 * @param {string} options.folder for data and logs
 * @param {number} [options.nodes]
 * @param {string} [options.key]
 */
export async function startCluster({ binary, folder, nodes = 1, key }) {
  const ports = await freePorts(nodes);
  const children = [];
  const url = ports.map(({ http }) => `http://${LOOPBACK}:${http}`);
  const grpcUrl = ports.map(({ grpc }) => `http://${LOOPBACK}:${grpc}`);
  process.once("exit", endAll);
  try {
    await startAll();
    await Promise.all(url.map((each, index) => untilReady(each, { child: children[index] })));
  } catch (error) {
    endAll();
    throw error;
  }
  return {
    /** For the setting `store`. */
    url,
    grpcUrl,
    /** Ends a node at once, as a power cut does. */
    async kill(index, signal = "SIGKILL") {
      const child = children[index];
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, "exit");
    },
    /** Starts a node again that was ended, with the data that it has. */
    async restart(index) {
      children[index] = await start(index);
      await untilReady(url[index], { child: children[index] });
    },
    /** Starts all nodes again: those of a cluster that was down wait for each other. */
    async restartAll() {
      await startAll();
      await Promise.all(url.map((each, index) => untilReady(each, { child: children[index] })));
    },
    async stop() {
      process.off("exit", endAll);
      await Promise.all(children.map((_, index) => this.kill(index)));
    },
  };

  function start(index) {
    return startNode({ binary, folder, index, ports, ...(key === undefined ? {} : { key }) });
  }

  async function startAll() {
    for (const index of ports.keys()) children[index] = await start(index);
  }

  function endAll() {
    for (const child of children) child.kill("SIGKILL");
  }
}

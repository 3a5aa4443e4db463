// One node of Weaviate as a process on this machine, on loopback only.
import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Starts a node, and gives its process as soon as the next one can join it; {@link untilReady} waits for the whole.
 * A node looks for the others once, at its start, and ends where it was told of one that is not there.
 * @param {object} options
 * @param {string} options.binary weaviate-server
 * @param {string} options.folder for its data and its log
 * @param {number} options.index which of the nodes it is, from 0
 * @param {import("./ports.js").NodePorts[]} options.ports of all the nodes
 * @param {string} [options.key] asked for with each request; left out: everyone on this machine may do all
 * @param {boolean} [options.detached] it goes on when this process ends
 */
export async function startNode({ binary, folder, index, ports, key, detached = false }) {
  const { http, gossip } = ports[index];
  const others = await Promise.all(
    ports
      .filter((_, place) => place !== index)
      .map(async (other) => ((await listens(other.gossip)) ? [other] : [])),
  );
  const own = join(folder, nameOf(index));
  mkdirSync(own, { recursive: true });
  const log = openSync(join(own, "log"), "a");
  const child = spawn(binary, ["--scheme", "http", "--host", LOOPBACK, "--port", String(http)], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...environment({ own, index, ports, join: others.flat(), key }),
    },
    stdio: ["ignore", log, log],
    detached,
  });
  if (detached) child.unref();
  while (child.exitCode === null && child.signalCode === null && !(await listens(gossip))) await pause(50);
  return child;
}

/** The values of Weaviate's environment variables: https://docs.weaviate.io/deploy/configuration/env-vars */
function environment({ own, index, ports, join: others, key }) {
  const { grpc, gossip, raft } = ports[index];
  return {
    PERSISTENCE_DATA_PATH: join(own, "data"),
    GRPC_PORT: String(grpc),
    CLUSTER_HOSTNAME: nameOf(index),
    CLUSTER_IN_LOCALHOST: "true",
    CLUSTER_BIND_ADDR: LOOPBACK,
    CLUSTER_ADVERTISE_ADDR: LOOPBACK,
    CLUSTER_GOSSIP_BIND_PORT: String(gossip),
    CLUSTER_DATA_BIND_PORT: String(gossip + 1),
    ...(others.length === 0
      ? {}
      : { CLUSTER_JOIN: others.map((other) => `${LOOPBACK}:${other.gossip}`).join(",") }),
    RAFT_PORT: String(raft),
    RAFT_INTERNAL_RPC_PORT: String(raft + 1),
    RAFT_JOIN: ports.map((each, place) => `${nameOf(place)}:${each.raft}`).join(","),
    RAFT_BOOTSTRAP_EXPECT: String(ports.length),
    DISABLE_TELEMETRY: "true",
    GO_PROFILING_DISABLE: "true",
    API_BASED_MODULES_DISABLED: "true",
    LOG_LEVEL: "warning",
    ...(key === undefined
      ? { AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: "true" }
      : {
          AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: "false",
          AUTHENTICATION_APIKEY_ENABLED: "true",
          AUTHENTICATION_APIKEY_ALLOWED_KEYS: key,
          AUTHENTICATION_APIKEY_USERS: "waymark",
        }),
  };
}

/** Waits until a node takes requests. Throws where it has ended, or takes longer than `seconds`. */
export async function untilReady(url, { child, seconds = 90 } = {}) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (child?.exitCode != null) throw new Error(`The node at ${url} has ended with ${child.exitCode}.`);
    const answer = await fetch(`${url}/v1/.well-known/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(200);
  }
  throw new Error(`The node at ${url} is not ready after ${seconds} seconds.`);
}

export const LOOPBACK = "127.0.0.1";

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    const tell = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => tell(true));
    socket.once("error", () => tell(false));
  });
}

function nameOf(index) {
  return `waymark-${index}`;
}

#!/usr/bin/env node
// A Weaviate for development and CI, without containers: see --help.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { LOOPBACK, startNode, untilReady } from "./weaviate/node.js";
import { usualPorts } from "./weaviate/ports.js";

const VERSION = "v1.35.2";

const HELP = `Usage: node scripts/weaviate.js <command> [options]

A Weaviate ${VERSION} for development and tests. It listens on ${LOOPBACK} only, and has no key.

Commands:
  get      builds the server (needs Go; about 3 minutes on two cores)
  start    starts one node, or several that hold the same; builds the server first where there is none
  stop     stops them; the data stays
  status   tells which nodes answer
  path     prints where the server is

Options:
  --nodes <n>        how many nodes (default: 1; three survive the loss of one, with store.replication 3)
  --port <n>         HTTP of the first node, the others follow (default: 8080)
  --grpc-port <n>    gRPC of the first node, the others follow (default: 50051)
  --folder <path>    for the server, data and logs (default: index/weaviate)
  --help

Example:
  node scripts/weaviate.js start --nodes 3
  WAYMARK_TEST_WEAVIATE=$(node scripts/weaviate.js path) npx vitest run tests/store
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: "string", default: "1" },
    port: { type: "string", default: "8080" },
    "grpc-port": { type: "string", default: "50051" },
    folder: { type: "string", default: "index/weaviate" },
    help: { type: "boolean", default: false },
  },
});
const folder = resolve(values.folder);
const binary = join(folder, "weaviate-server");
const processes = join(folder, "processes.json");
const [command] = positionals;
const commands = { get, start, stop, status, path: () => console.log(binary) };

if (values.help || !Object.hasOwn(commands, command ?? "")) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  await commands[command]();
}

function get() {
  if (spawnSync("go", ["version"]).status !== 0)
    fail("The server is built with Go, and there is no Go here.");
  mkdirSync(folder, { recursive: true });
  console.log(`Building weaviate-server ${VERSION} …`);
  const built = spawnSync("go", ["install", `github.com/weaviate/weaviate/cmd/weaviate-server@${VERSION}`], {
    env: { ...process.env, GOBIN: folder, GOFLAGS: "-buildvcs=false" },
    stdio: "inherit",
  });
  if (built.status !== 0) fail("The server could not be built.");
  console.log(binary);
}

async function start() {
  if (running().length > 0) fail("Nodes are running already: stop them first.");
  if (!existsSync(binary)) get();
  const ports = usualPorts(Number(values.nodes), Number(values.port), Number(values["grpc-port"]));
  const children = [];
  for (const index of ports.keys()) {
    children.push(await startNode({ binary, folder, index, ports, detached: true }));
  }
  const urls = ports.map(({ http }) => `http://${LOOPBACK}:${http}`);
  writeFileSync(processes, JSON.stringify(children.map(({ pid }, index) => ({ pid, url: urls[index] }))));
  await Promise.all(urls.map((url, index) => untilReady(url, { child: children[index] })));
  console.log(`Ready. In waymark.config.json:`);
  const grpcUrl = ports.map(({ grpc }) => `http://${LOOPBACK}:${grpc}`);
  const several = ports.length > 1;
  const store = {
    kind: "weaviate",
    url: several ? urls : urls[0],
    grpcUrl: several ? grpcUrl : grpcUrl[0],
    ...(several && { replication: Math.min(3, ports.length) }),
  };
  console.log(JSON.stringify({ store }, null, 2));
}

function stop() {
  for (const { pid } of running()) process.kill(pid, "SIGTERM");
  rmSync(processes, { force: true });
}

async function status() {
  const nodes = running();
  if (nodes.length === 0) console.log("No node is running.");
  for (const { pid, url } of nodes) {
    const answer = await fetch(`${url}/v1/.well-known/ready`).catch(() => undefined);
    console.log(`${url} ${answer?.ok ? "answers" : "does not answer"} (process ${pid})`);
  }
}

/** The nodes that {@link start} has started and that still run. */
function running() {
  if (!existsSync(processes)) return [];
  return JSON.parse(readFileSync(processes, "utf8")).filter(({ pid }) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

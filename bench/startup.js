import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { residentMemory } from "./machine.js";

const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const QUESTION = "What are the MLOps essentials?";
/** Later starts; the median is given. */
const STARTS = 5;

/** From the start of the process to a listening server and to the first answer, with no index and with one; memory. */
export async function measureStartup(folder) {
  const index = join(folder, "startup-index");
  const first = await start(index);
  const later = [];
  for (let run = 0; run < STARTS; run++) later.push(await start(index));
  const listening = median(later.map((run) => run.listening));
  const answer = median(later.map((run) => run.answer));
  return [
    row("start to a listening server", listening, first.listening),
    row("start to the first answer", answer, first.answer),
    {
      what: "memory of the server (RSS): listening / after the first answer",
      figure: `${mebibytes(median(later.map((run) => run.memoryAtStart)))} / ${mebibytes(median(later.map((run) => run.memory)))}`,
      against: `after indexing the article: ${mebibytes(first.memory)}`,
    },
  ];
}

function row(what, later, first) {
  return {
    what: `${what}, median of ${STARTS}`,
    figure: `${later.toFixed(0)} ms`,
    against: `with no index yet: ${first.toFixed(0)} ms`,
    ratio: `${(first / later).toFixed(1)} ×`,
  };
}

/** Starts a server, asks it one question, stops it. Times in ms from the start of the process, memory in MiB. */
async function start(index) {
  const begun = performance.now();
  const server = spawn(process.execPath, [CLI, "serve", "--port", "0", "--index", index], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const url = await addressOf(server);
    const listening = performance.now() - begun;
    const memoryAtStart = residentMemory(server.pid);
    await firstAnswer(url);
    const answer = performance.now() - begun;
    return { listening, answer, memoryAtStart, memory: residentMemory(server.pid) };
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
}

async function addressOf(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /https?:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error("The server ended before it listened.");
}

async function firstAnswer(url) {
  for (;;) {
    const response = await fetch(`${url}/api/ask`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question: QUESTION }),
    });
    const body = await response.json();
    if (response.ok && body.status === "answered") return;
    if (response.ok || response.status !== 503) throw new Error(`No answer: ${JSON.stringify(body)}`);
    await sleep(20);
  }
}

function median(values) {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[ascending.length >> 1];
}

function mebibytes(value) {
  return value === undefined ? "not known here" : `${value.toFixed(0)} MiB`;
}

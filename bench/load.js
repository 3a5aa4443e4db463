// node bench/load.js [--clients 200] [--minutes 5] [--pause 0] [--plot memory.svg]: so many clients ask at once for so long, each with
// so many seconds between an answer and its next question. Every answer has to be an answer or a 503 with Retry-After, the health check
// has to answer always, and memory must not grow after a minute.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, residentMemory } from "./machine.js";

const { values } = parseArgs({
  options: {
    clients: { type: "string", default: "200" },
    minutes: { type: "string", default: "5" },
    pause: { type: "string", default: "0" },
    plot: { type: "string" },
  },
});
const clients = Number(values.clients);
const seconds = Number(values.minutes) * 60;
const pause = Number(values.pause);
const root = fileURLToPath(new URL("..", import.meta.url));
const questions = readFileSync(join(root, "eval", "datasets", "roadmap.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line).question)
  .filter(Boolean);

const folder = mkdtempSync(join(tmpdir(), "waymark-load-"));
const server = spawn(process.execPath, [join(root, "dist", "cli.js"), "serve", "--port", "0"], {
  cwd: folder,
  stdio: ["ignore", "pipe", "inherit"],
});
const outcome = { answered: [], busy: 0, wrong: new Map(), health: [], memory: [] };
try {
  const url = await said(/Waymark is at (\S+)/);
  await said(/(Indexed: .*)\./);
  await ask(url, questions[0]);
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const load = Array.from({ length: clients }, (_, number) => client(url, number, end));
  await Promise.all([...load, watch(url, begun, end)]);
  report();
} finally {
  server.kill("SIGTERM");
  await once(server, "exit");
  rmSync(folder, { recursive: true, force: true });
}

async function client(url, number, end) {
  for (let turn = number; performance.now() < end; turn += 1) {
    const begun = performance.now();
    const { status, retryAfter, problem } = await ask(url, questions[turn % questions.length]);
    if (status === 200) outcome.answered.push(performance.now() - begun);
    else if (status === 503 && retryAfter > 0) outcome.busy += 1;
    else outcome.wrong.set(problem, (outcome.wrong.get(problem) ?? 0) + 1);
    // Twenty times as impatient as the server asks for, so that the queue is always full.
    if (status !== 200) await wait(((retryAfter || 1) * 1000) / 20);
    else await wait(pause * 1000);
  }
}

async function ask(url, question) {
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`${url}/api/ask`, {
      method: "POST",
      headers,
      body: JSON.stringify({ question }),
    });
    const body = await response.text();
    return {
      status: response.status,
      retryAfter: Number(response.headers.get("retry-after")),
      problem: `${response.status} ${body.slice(0, 200)}`,
    };
  } catch (error) {
    return { status: 0, retryAfter: 0, problem: reasonOf(error) };
  }
}

function reasonOf({ message, cause }) {
  return [message, cause?.code, cause?.message].filter(Boolean).join(", ");
}

/** Asks for the server's health, and looks at its memory, every second. */
async function watch(url, begun, end) {
  while (performance.now() < end) {
    const asked = performance.now();
    const response = await fetch(`${url}/api/health`).catch((error) => ({ status: reasonOf(error) }));
    if (response.status === 200) outcome.health.push(performance.now() - asked);
    else outcome.wrong.set(`health ${response.status}`, 1);
    outcome.memory.push([(asked - begun) / 1000, residentMemory(server.pid) ?? 0]);
    await wait(1000);
  }
}

function report() {
  const { answered, busy, wrong, health, memory } = outcome;
  const after = memory.filter(([second]) => second >= Math.min(60, seconds / 2));
  const growth = after.length === 0 ? 0 : average(after.slice(-5)) - average(after.slice(0, 5));
  console.log(describeMachine());
  console.log(
    `${clients} clients, ${seconds} s: ${answered.length} answered, ${busy} told to come again (503)`,
  );
  console.log(`answered: p50 ${quantile(answered, 0.5)} ms, p99 ${quantile(answered, 0.99)} ms`);
  console.log(
    `health: ${health.length} times, p99 ${quantile(health, 0.99)} ms, longest ${quantile(health, 1)} ms`,
  );
  console.log(
    `memory: ${Math.round(average(memory.slice(-5)))} MiB at the end, ${growth.toFixed(1)} MiB more than after the start`,
  );
  for (const [problem, count] of wrong) console.log(`WRONG ${count} times: ${problem}`);
  if (values.plot !== undefined) writeFileSync(values.plot, plot(memory));
  process.exitCode = wrong.size === 0 ? 0 : 1;
}

/** Memory over time as an SVG. */
function plot(memory) {
  const most = Math.max(...memory.map(([, value]) => value)) * 1.1;
  const points = memory
    .map(([x, y]) => `${(40 + (x / seconds) * 740).toFixed(1)},${(280 - (y / most) * 260).toFixed(1)}`)
    .join(" ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 300" font-family="sans-serif" font-size="11">
<title>Resident memory over time</title>
<path d="M40 20V280H780" fill="none" stroke="#888"/><text x="4" y="24">${Math.round(most)} MiB</text>
<text x="730" y="296">${seconds} s</text><polyline points="${points}" fill="none" stroke="#2563eb" stroke-width="1.5"/></svg>\n`;
}

function average(memory) {
  return memory.reduce((sum, [, value]) => sum + value, 0) / Math.max(1, memory.length);
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}

async function said(pattern) {
  let text = "";
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    text += chunk;
    const found = pattern.exec(text);
    if (found) return found[1];
  }
  throw new Error(`The server ended without ${pattern}: ${text}`);
}

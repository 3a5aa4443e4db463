import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";

/** The machine in a line: what a figure depends on, and nothing that names it. */
export function describeMachine() {
  const memory = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() || "unknown processor";
  return `${availableParallelism()} cores (${model}), ${memory} GiB, ${platform()} ${arch()}, Node ${process.versions.node}`;
}

/** Resident memory of a process in MiB, from Linux's /proc; undefined elsewhere. */
export function residentMemory(pid) {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

import { getHealth, type Health } from "./api.js";
import { byId } from "./dom.js";

/** Between two looks while the index is being built, or while the server is away. */
const PAUSE_MS = 1000;

/**
 * Shows in the header what keeps Waymark from answering. While the index is being built or the server is away it looks
 * again until that is over; then `onSettled` is called. Otherwise there is one request and no more.
 */
export function watchHealth(onSettled: () => void): { check(): void } {
  const line = byId("health", HTMLParagraphElement);
  let looking = false;
  const look = async () => {
    const health = await getHealth().catch(() => undefined);
    const words = healthWords(health);
    if (line.textContent !== words) line.textContent = words;
    looking = health === undefined || health.status === "indexing";
    if (looking) setTimeout(look, PAUSE_MS);
    else onSettled();
  };
  const check = () => {
    if (looking) return;
    looking = true;
    void look();
  };
  check();
  return { check };
}

/** The server's state in words; none where it is ready. `undefined`: it does not answer. */
export function healthWords(health: Health | undefined): string {
  if (health === undefined) return "Waymark is not answering. Trying again…";
  const { done, total, message } = health.indexing;
  switch (health.status) {
    case "ready":
      return "";
    case "empty":
      return "Nothing is indexed yet.";
    case "failed":
      return `Indexing failed. ${message ?? ""}`.trim();
    case "indexing":
      return done === undefined || total === undefined ? "Indexing…" : `Indexing… ${done} of ${total}`;
  }
}

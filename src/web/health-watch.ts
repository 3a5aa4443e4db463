import { getHealth, type Health } from "./api.js";
import { byId } from "./dom.js";

/** Between two looks, where there is reason to look again. */
const PAUSE_MS = 1000;

export interface HealthActions {
  /** There are documents; said again when nothing more is to be waited for. */
  documents(): void;
  /** The server has answered. */
  seen(health: Health): void;
}

export interface HealthWatch {
  /** Looks now: there may be trouble, or news. */
  check(): void;
  /** Whether documents were still being indexed when last looked. */
  isIndexing(): boolean;
}

/**
 * Shows in the header what keeps Waymark from answering. It looks again while the index is empty or being built and while
 * the server is away; where all is well there is one request and no more.
 */
export function watchHealth(actions: HealthActions): HealthWatch {
  const line = byId("health", HTMLParagraphElement);
  let looking = false;
  let told = false;
  let last: Health | undefined;
  const look = async () => {
    const health = await getHealth().catch(() => undefined);
    last = health;
    if (health !== undefined) actions.seen(health);
    const words = healthWords(health);
    if (line.textContent !== words) line.textContent = words;
    looking = health === undefined || health.status === "indexing" || health.status === "empty";
    if (health !== undefined && health.documents > 0 && !(looking && told)) {
      told = true;
      actions.documents();
    }
    if (looking) setTimeout(look, PAUSE_MS);
  };
  const check = () => {
    if (looking) return;
    looking = true;
    void look();
  };
  check();
  return { check, isIndexing: () => last?.status === "indexing" };
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
      return done === undefined || total === undefined
        ? "Indexing…"
        : [`Indexing… ${done} of ${total}`, ...paceWords(health.indexing)].join(", ");
  }
}

/** How fast it goes, how long it takes yet, and how many files were skipped: as far as it can be told. */
function paceWords({ passagesPerSecond, secondsLeft, skipped = [] }: Health["indexing"]): string[] {
  return [
    ...(passagesPerSecond === undefined ? [] : [`${passagesPerSecond.toFixed(0)} passages/s`]),
    ...(secondsLeft === undefined || secondsLeft < 1 ? [] : [`${timeWords(secondsLeft)} left`]),
    ...(skipped.length === 0 ? [] : [`${skipped.length} skipped`]),
  ];
}

function timeWords(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60).toLocaleString("en")} min`;
}

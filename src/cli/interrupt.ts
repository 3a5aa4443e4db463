import { EXIT } from "./exit-code.js";

/** `npm start` passes on the signal that the terminal has already sent: two within this time (ms) are one Ctrl-C. */
const SAME_PRESS = 500;

/** The first signal asks the command to stop; another one, later, stops the process where it is. */
export function onInterrupt(signals: readonly NodeJS.Signals[] = ["SIGINT"]): {
  signal: AbortSignal;
  dispose(): void;
} {
  const controller = new AbortController();
  let first = 0;
  const listener = () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort();
    } else if (performance.now() - first > SAME_PRESS) {
      process.exit(EXIT.interrupted);
    }
  };
  for (const name of signals) process.on(name, listener);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, listener);
    },
  };
}

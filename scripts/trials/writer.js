// The process that a trial kills: says "ready", brings an index up to date, and dies at a step where one is named.
import { onStep } from "../../dist/store/steps.js";
import { ingestMadeUp, openStore } from "./ingest-made-up.js";

const { index, corpus, rebuild, dieAt } = JSON.parse(process.argv[2] ?? "{}");

let count = 0;
onStep((step) => {
  if (step !== dieAt?.step) return;
  count += 1;
  if (count === dieAt.occurrence) process.kill(process.pid, "SIGKILL");
});
await new Promise((resolve) => process.send?.("ready", resolve));
const store = openStore(index);
await ingestMadeUp(store, corpus, { rebuild });
await store.close();
process.disconnect?.();

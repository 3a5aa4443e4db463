// node scripts/kill-trials.js [trials] [seed]: kills an ingest so many times and checks the index after each.
import { killTrials } from "./trials/kill.js";

const [trials = 1000, seed = 1] = process.argv.slice(2).map(Number);
const begun = performance.now();
const { killed, steps, faults } = await killTrials({
  trials,
  seed,
  onTrial: (done) => done % 50 === 0 && console.log(`${done} of ${trials}`),
});
for (const [step, count] of Object.entries(steps)) console.log(`${String(count).padStart(5)}  ${step}`);
for (const fault of faults) console.log(fault);
const seconds = Math.round((performance.now() - begun) / 1000);
console.log(`${trials} trials, ${killed} killed, ${faults.length} faults; seed ${seed}; ${seconds} s`);
process.exitCode = faults.length === 0 ? 0 : 1;

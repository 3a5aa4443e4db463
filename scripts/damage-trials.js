// node scripts/damage-trials.js [trials] [seed]: damages files of an index and a model so many times.
import { damageTrials } from "./trials/damage.js";

const [trials = 2000, seed = 1] = process.argv.slice(2).map(Number);
const begun = performance.now();
const { outcomes, faults } = await damageTrials({
  trials,
  seed,
  onTrial: (done) => done % 100 === 0 && console.log(`${done} of ${trials}`),
});
for (const [outcome, count] of Object.entries(outcomes))
  console.log(`${String(count).padStart(5)}  ${outcome}`);
for (const fault of faults) console.log(fault);
const seconds = Math.round((performance.now() - begun) / 1000);
console.log(`${trials} trials, ${faults.length} faults; seed ${seed}; ${seconds} s`);
process.exitCode = faults.length === 0 ? 0 : 1;

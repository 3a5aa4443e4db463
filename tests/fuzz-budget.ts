/**
 * So many cases in a run of all tests, which end after so many seconds at the latest; `node scripts/fuzz.js` gives the
 * seconds instead, and as many cases as they hold.
 */
export function budget(numRuns: number, seconds = 15): { numRuns: number; interruptAfterTimeLimit: number } {
  const given = Number(process.env.WAYMARK_FUZZ_SECONDS ?? 0);
  return given > 0
    ? { numRuns: 1_000_000_000, interruptAfterTimeLimit: given * 1000 }
    : { numRuns, interruptAfterTimeLimit: seconds * 1000 };
}

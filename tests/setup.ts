import fc from "fast-check";

/**
 * The same cases in every run, so that a red run means that the code changed. `WAYMARK_TEST_SEED=$RANDOM npm test` tries
 * others; a case that one of them finds belongs into its test as an example.
 */
fc.configureGlobal({ seed: Number(process.env.WAYMARK_TEST_SEED ?? 20_260_101) });

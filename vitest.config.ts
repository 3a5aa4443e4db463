import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    setupFiles: ["tests/setup.ts"],
    include: ["tests/**/*.test.ts"],
    // hnswlib, libsql and onnxruntime are native: a process for each test file, not a thread, is what they are made for.
    pool: "forks",
    // Each process may hold both models and use every core, so more processes would only wait for each other.
    maxWorkers: 2,
    // Limits for a test that hangs, far above what any test needs: no test depends on timing.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

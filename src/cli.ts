#!/usr/bin/env node
import { main } from "./cli/main.js";

// A reader that closes the pipe early (`waymark search … | head -1`) has what it wants.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

process.exitCode = await main(process.argv.slice(2));

#!/usr/bin/env node
import { shortenWarnings } from "./cli/library-warnings.js";
import { main } from "./cli/main.js";
import { createOutput } from "./cli/terminal.js";

// A reader that closes the pipe early (`waymark search … | head -1`) has what it wants.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

if (!process.argv.includes("--debug")) shortenWarnings(createOutput(process.stderr));

process.exitCode = await main(process.argv.slice(2));

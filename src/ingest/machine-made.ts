/**
 * Patterns, as in a `.gitignore`, of what programs write for programs among the files that Waymark can read: passed over in
 * folders, unless a `.waymarkignore` takes it back (`!*.min.js`). So are Waymark's own settings, which may hold a token.
 */
export const MACHINE_MADE: readonly string[] = [
  "waymark.config.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "packages.lock.json",
  "pnpm-lock.yaml",
  "*.min.js",
  "*.min.mjs",
  "*.min.css",
  "*.bundle.js",
  "*.js.map",
  "*.css.map",
  "*_pb2.py",
  "*.pb.go",
  "bower_components/",
  "site-packages/",
];

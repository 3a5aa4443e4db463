/** The moments in writing an index at which an interruption would do the most harm if anything were wrong. */
export type Step =
  | "put: the earlier version is deleted"
  | "put: the document is inserted"
  | "put: a passage is inserted"
  | "put: its vector is inserted"
  | "put: all is inserted"
  | "put: committed"
  | "remove: deleted"
  | "remove: committed"
  | "graph: points are being added"
  | "graph: the graph is written"
  | "graph: the old header is gone"
  | "graph: the graph is in its place"
  | "graph: the header is written"
  | "graph: the header is in its place"
  | "optimize: words are merged"
  | "optimize: the log is folded in";

let listener: ((step: Step) => void) | undefined;

/** Calls `listen` at each step: for the tests that end the process there, or let the step fail by an error. */
export function onStep(listen: ((step: Step) => void) | undefined): void {
  listener = listen;
}

/** A step is reached. Does nothing where no test listens. */
export function reached(step: Step): void {
  listener?.(step);
}

/** Lines `[start, end)` of a source file, from 0. */
export interface LineRange {
  start: number;
  end: number;
}

/** A function, a class or another named part of a source file. */
export interface Definition extends LineRange {
  name: string;
}

/** Words for people. A docstring describes what it stands in, another comment what it stands above. */
export interface Comment extends LineRange {
  docstring?: true;
}

/** What is known of a source file's structure, line by line. */
export interface CodeOutline {
  /** For each line, how deep what begins on it is nested; Infinity where nothing does: there it is divided last. */
  depths: readonly number[];
  /** Whole lines of comments outside of functions, and Python's docstrings, in order. */
  comments: readonly Comment[];
  /** In order; one may lie inside another, none across another's end. */
  definitions: readonly Definition[];
}

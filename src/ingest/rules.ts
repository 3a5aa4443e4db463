import ignore, { type Ignore } from "ignore";
import { MACHINE_MADE } from "./machine-made.js";

/** Its lines are patterns as in a `.gitignore`, for the folder that it is in and all below. */
export const IGNORE_FILE = ".waymarkignore";

/** What is wanted of a folder, in patterns as in a `.gitignore` that are relative to it. */
export interface PathPatterns {
  /** Only files that match; left out: all. */
  include?: readonly string[] | undefined;
  /** Not what matches: the last word, whatever else says. */
  exclude?: readonly string[] | undefined;
}

/** As git on a file system that tells `A` from `a`: the same on every machine. */
const OPTIONS = { ignorecase: false };

const BY_DEFAULT = MACHINE_MADE.map((pattern) => ({ pattern, mark: `default: ${pattern}` }));

/**
 * Decides about paths below a folder: by the patterns given for it, and by the ignore files that {@link with} adds on the
 * way down. A path is asked about only where the folder that it is in was not passed over.
 */
export class PathRules {
  readonly #patterns: PathPatterns;
  readonly #include: Ignore | undefined;
  readonly #exclude: Ignore;
  readonly #ignored: Ignore;

  constructor(patterns: PathPatterns = {}, ignored: Ignore = ignore(OPTIONS).add(BY_DEFAULT)) {
    const { include = [], exclude = [] } = patterns;
    this.#patterns = patterns;
    this.#include = include.length === 0 ? undefined : ignore(OPTIONS).add([...include]);
    this.#exclude = ignore(OPTIONS).add([...exclude]);
    this.#ignored = ignored;
  }

  /** The rules below a folder (its path, "" for the root) that has an ignore file with this text. */
  with(folder: string, text: string): PathRules {
    const file = folder === "" ? IGNORE_FILE : `${folder}/${IGNORE_FILE}`;
    const patterns = text
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/)
      .flatMap((line) => {
        const pattern = below(folder, line);
        return pattern === undefined ? [] : [{ pattern, mark: `${file}: ${line.trim()}` }];
      });
    return new PathRules(this.#patterns, ignore(OPTIONS).add(this.#ignored).add(patterns));
  }

  /**
   * Why a path (relative to the root, with forward slashes) is passed over; undefined where it is not.
   * @example new PathRules({ exclude: ["drafts/"] }).against("drafts", true) // "excluded by drafts/"
   */
  against(path: string, isFolder: boolean): string | undefined {
    const name = isFolder ? `${path}/` : path;
    const excluded = this.#exclude.test(name);
    if (excluded.ignored) return `excluded by ${excluded.rule?.pattern}`;
    const ignored = this.#ignored.test(name);
    if (ignored.ignored) return `ignored by ${ignored.rule?.mark}`;
    if (!isFolder && this.#include?.ignores(name) === false) return "not among what is included";
    return undefined;
  }
}

/**
 * A line of an ignore file in a folder, as a line of one in the root: a pattern with a slash before its end is of this
 * folder alone, any other one of all folders below it too. Undefined for blank lines and comments.
 */
function below(folder: string, line: string): string | undefined {
  if (line.trim() === "" || line.startsWith("#")) return undefined;
  const negated = line.startsWith("!");
  const pattern = negated ? line.slice(1) : line;
  if (folder === "") return line;
  const prefix = `${negated ? "!" : ""}/${folder.replace(/[\\*?[\]! ]/g, "\\$&")}`;
  const anchored = pattern.trimEnd().slice(0, -1).includes("/");
  return anchored ? `${prefix}/${pattern.replace(/^\//, "")}` : `${prefix}/**/${pattern}`;
}

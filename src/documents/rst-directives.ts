import type { RstLine } from "./rst-lines.js";

/** `.. name:: argument`, its options and its content without the indent. */
export interface Directive {
  name: string;
  argument: string;
  options: ReadonlyMap<string, string>;
  content: RstLine[];
  line: number;
}

/** What becomes of a directive. */
export type DirectiveKind =
  | "out"
  | "code"
  | "quote"
  | "figure"
  | "titled"
  | "admonition"
  | "signature"
  | "body";

const KINDS: readonly [kind: DirectiveKind, names: string][] = [
  [
    "out",
    "toctree contents include literalinclude raw meta index highlight currentmodule module default-role role sectnum sectionauthor " +
      "moduleauthor codeauthor automodule autoclass autofunction automethod autosummary bibliography graphviz digraph mermaid " +
      "target-notes header footer tabularcolumns todo ifconfig",
  ],
  [
    "code",
    "code code-block sourcecode parsed-literal doctest testcode testoutput prompt math productionlist ipython",
  ],
  ["quote", "epigraph highlights pull-quote"],
  ["figure", "image figure"],
  ["titled", "topic sidebar rubric centered admonition table dropdown tab tab-item card"],
  [
    "admonition",
    "note warning tip important caution danger error hint attention seealso versionadded versionchanged deprecated " +
      "deprecated-removed versionremoved",
  ],
  [
    "signature",
    "function class method attribute data exception staticmethod classmethod property decorator option envvar confval macro " +
      "type describe object cmdoption program setting",
  ],
];
const BY_NAME = new Map(
  KINDS.flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind] as const)),
);

/** Directives that nobody has heard of may hold words: they are read. `py:function` is one of a domain. */
export function kindOf(name: string): DirectiveKind {
  return BY_NAME.get(name) ?? BY_NAME.get(name.replace(/^[a-z]+:/, "")) ?? "body";
}

const LABELS: Record<string, string> = {
  seealso: "See also",
  versionadded: "Added in version",
  versionchanged: "Changed in version",
  versionremoved: "Removed in version",
  deprecated: "Deprecated since version",
  "deprecated-removed": "Deprecated since version",
};

/** What stands before the words of an admonition: "Note: ". */
export function labelOf(name: string): string {
  return LABELS[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** Reads a directive from its lines: the first one and what is indented below it. */
export function readDirective(
  name: string,
  argument: string,
  line: number,
  below: readonly RstLine[],
): Directive {
  const options = new Map<string, string>();
  let words = argument;
  let at = 0;
  for (; at < below.length; at += 1) {
    const text = below[at]?.text ?? "";
    const option = /^:([\w-]+):(?:\s+(.*))?$/.exec(text);
    if (option !== null) options.set(option[1] ?? "", option[2] ?? "");
    else if (text.trim() === "" || options.size > 0 || words === "") break;
    else words += `\n${text}`;
  }
  return { name, argument: words, options, content: below.slice(at), line };
}

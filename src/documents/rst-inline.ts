/**
 * The words of reStructuredText's inline markup as a reader sees them: roles and references by their text, substitutions
 * replaced, emphasis without its marks. The line ends stay as many as they were, so that lines can be counted on.
 * See https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#inline-markup.
 *
 * @param substitutions what stands for `|name|`
 */
export function inlineText(text: string, substitutions: ReadonlyMap<string, string>): string {
  return text.replace(INLINE, (whole, ...found: (string | number | undefined)[]) => {
    const groups = found.slice(0, -2) as (string | undefined)[];
    const [literal, role, quoted, roleAfter, strong, emphasis, substitution, note, escaped, reference] =
      groups;
    const words =
      literal ??
      (quoted === undefined ? undefined : interpreted(quoted, role ?? roleAfter)) ??
      strong ??
      emphasis ??
      (substitution === undefined
        ? undefined
        : (substitutions.get(substitution.toLowerCase()) ?? substitution)) ??
      (note === undefined ? undefined : /^[#*]/.test(note) ? "" : `[${note}]`) ??
      (escaped === undefined ? undefined : escaped.trim()) ??
      reference ??
      whole;
    const lost = "\n".repeat(Math.max(0, lineEnds(whole) - lineEnds(words)));
    return /\s/.test(text.charAt(Number(found.at(-2)) - 1)) ? lost + words : words + lost;
  });
}

const ROLE = ":[A-Za-z][\\w:+.-]{0,60}:";
const INLINE = new RegExp(
  [
    "``([^`](?:[^`]|`(?!`))*)``",
    `(${ROLE})?_?\`([^\`]+)\`(?:(${ROLE})|__?)?`,
    "\\*\\*([^\\s*](?:[^*]*[^\\s*])?)\\*\\*",
    "(?<![\\w*])\\*([^\\s*](?:[^*]*[^\\s*])?)\\*(?![\\w*])",
    "(?<!\\w)\\|([^\\s|](?:[^|\\n]*[^\\s|])?)\\|_{0,2}",
    "\\[([\\w#*.-]{1,60})\\]_",
    "\\\\([\\s\\S])",
    "\\b([A-Za-z0-9](?:[\\w-]{0,80}[A-Za-z0-9])?)__?(?![\\w`])",
  ].join("|"),
  "g",
);

/** `text <target>` is its text, `~a.b.c` is c; PEPs and RFCs are called by their numbers. */
function interpreted(text: string, role = ""): string {
  const titled = /^([\s\S]*\S)\s*<[^<>]*>$/.exec(text)?.[1];
  const words = (titled ?? text).replace(/^<([^<>]*)>$/, "$1");
  if (titled !== undefined || role === "") return words;
  if (role === ":pep:" || role === ":rfc:") return `${role.slice(1, -1).toUpperCase()} ${words}`;
  return words.startsWith("~")
    ? words.slice(words.lastIndexOf(".") + 1).replace(/^~/, "")
    : words.replace(/^!/, "");
}

function lineEnds(text: string): number {
  return text.split("\n").length - 1;
}

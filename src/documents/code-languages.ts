import type { Parser } from "@lezer/common";

/** How a kind of source code is read: by a grammar of Lezer, else by its comments, indents and words for definitions. */
export interface CodeLanguage {
  mediaType: string;
  grammar?: () => Promise<Parser>;
  /** What a comment to the end of its line begins with. */
  comment: readonly string[];
  /** True where comments may stand between `/*` and its end. */
  block?: boolean;
  /** The start of a definition; its first group is the indent, the group `name` its name. */
  definition?: RegExp;
  /** True where a definition goes on to the next one, whatever the indents. */
  flat?: boolean;
}

const javascript = (dialect: string) => async (): Promise<Parser> =>
  (await import("@lezer/javascript")).parser.configure({ dialect });

const C_LIKE = { comment: ["//"], block: true };
const HASH = { comment: ["#"] };

const CLASS_LIKE =
  "class|struct|enum|interface|trait|protocol|extension|namespace|module|object|record|actor|mixin";
/** `public static class Name`, `fun name`, `def name`: a word for a definition after any number of other words. */
const BY_WORD = new RegExp(
  `^(\\s*)(?:(?:@\\w+(?:\\([^)]*\\))?|[\\w-]+)\\s+){0,6}?(?:${CLASS_LIKE}|def|fun|func|function|sub|defmodule|defp?)\\s+(?<name>[\\w.:?!]+)`,
);
/** C#'s methods have no such word: a type, a name, brackets, and no semicolon at the end. */
const BY_WORD_OR_TYPE = new RegExp(
  `${BY_WORD.source}|^(\\s+)(?:public|private|protected|internal|static)\\s[^=;(]*?(?<method>\\w+)\\s*\\([^;]*$`,
);
const SHELL_FUNCTION = /^(\s*)(?:function\s+(?<word>[\w:-]+)|(?<name>[\w:-]+)\s*\(\))/;
const SQL_OBJECT =
  /^(\s*)create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|unique\s+|materialized\s+)*(?:table|view|function|procedure|trigger|index|type|schema)\s+(?:if\s+not\s+exists\s+)?(?<name>[\w."`[\]]+)/i;
const YAML_KEY = /^(\s*)(?<name>[\w./-]+|"[^"]+"):\s*(?:[|>&!].*|#.*)?$/;
const SECTION = /^()\s*\[+(?<name>[^\]]+)\]+/;
const BRACED =
  /^(\s*)(?:[\w-]+\s+)*?(?:message|service|enum|resource|module|variable|type|input|interface)\s+(?<name>["\w. -]*[\w"])/;
const R_FUNCTION = /^(\s*)(?<name>[\w.]+)\s*(?:<-|=)\s*function\b/;

const LANGUAGES: readonly { extensions: string; language: CodeLanguage }[] = [
  {
    extensions: "js mjs cjs jsx",
    language: { ...C_LIKE, mediaType: "text/javascript", grammar: javascript("jsx") },
  },
  {
    extensions: "ts mts cts",
    language: { ...C_LIKE, mediaType: "text/x-typescript", grammar: javascript("ts") },
  },
  {
    extensions: "tsx",
    language: { ...C_LIKE, mediaType: "text/x-typescript", grammar: javascript("ts jsx") },
  },
  {
    extensions: "py pyi",
    language: {
      ...HASH,
      mediaType: "text/x-python",
      grammar: async () => (await import("@lezer/python")).parser,
    },
  },
  {
    extensions: "java",
    language: {
      ...C_LIKE,
      mediaType: "text/x-java",
      grammar: async () => (await import("@lezer/java")).parser,
    },
  },
  {
    extensions: "rs",
    language: {
      ...C_LIKE,
      mediaType: "text/x-rust",
      grammar: async () => (await import("@lezer/rust")).parser,
    },
  },
  {
    extensions: "c h cc cpp cxx hh hpp hxx",
    language: {
      ...C_LIKE,
      mediaType: "text/x-c++src",
      grammar: async () => (await import("@lezer/cpp")).parser,
    },
  },
  {
    extensions: "go",
    language: { ...C_LIKE, mediaType: "text/x-go", grammar: async () => (await import("@lezer/go")).parser },
  },
  {
    extensions: "php",
    language: {
      ...C_LIKE,
      mediaType: "text/x-php",
      grammar: async () => (await import("@lezer/php")).parser,
    },
  },
  { extensions: "rb", language: { ...HASH, mediaType: "text/x-ruby", definition: BY_WORD } },
  { extensions: "ex exs", language: { ...HASH, mediaType: "text/x-elixir", definition: BY_WORD } },
  { extensions: "jl", language: { ...HASH, mediaType: "text/x-julia", definition: BY_WORD } },
  { extensions: "pl pm", language: { ...HASH, mediaType: "text/x-perl", definition: BY_WORD } },
  { extensions: "ps1", language: { ...HASH, mediaType: "text/x-powershell", definition: BY_WORD } },
  { extensions: "cs", language: { ...C_LIKE, mediaType: "text/x-csharp", definition: BY_WORD_OR_TYPE } },
  { extensions: "kt kts", language: { ...C_LIKE, mediaType: "text/x-kotlin", definition: BY_WORD } },
  { extensions: "swift", language: { ...C_LIKE, mediaType: "text/x-swift", definition: BY_WORD } },
  { extensions: "scala", language: { ...C_LIKE, mediaType: "text/x-scala", definition: BY_WORD } },
  { extensions: "groovy gradle", language: { ...C_LIKE, mediaType: "text/x-groovy", definition: BY_WORD } },
  { extensions: "dart", language: { ...C_LIKE, mediaType: "text/x-dart", definition: BY_WORD } },
  { extensions: "lua", language: { comment: ["--"], mediaType: "text/x-lua", definition: BY_WORD } },
  { extensions: "r", language: { ...HASH, mediaType: "text/x-r", definition: R_FUNCTION } },
  {
    extensions: "sh bash zsh",
    language: { ...HASH, mediaType: "text/x-shellscript", definition: SHELL_FUNCTION },
  },
  {
    extensions: "sql",
    language: { comment: ["--"], block: true, mediaType: "application/sql", definition: SQL_OBJECT },
  },
  { extensions: "yaml yml", language: { ...HASH, mediaType: "application/yaml", definition: YAML_KEY } },
  {
    extensions: "toml",
    language: { ...HASH, mediaType: "application/toml", definition: SECTION, flat: true },
  },
  {
    extensions: "ini",
    language: { comment: ["#", ";"], mediaType: "text/plain", definition: SECTION, flat: true },
  },
  { extensions: "css scss less", language: { ...C_LIKE, mediaType: "text/css" } },
  { extensions: "proto", language: { ...C_LIKE, mediaType: "text/x-protobuf", definition: BRACED } },
  { extensions: "graphql", language: { ...HASH, mediaType: "application/graphql", definition: BRACED } },
  { extensions: "tf", language: { ...HASH, mediaType: "text/x-terraform", definition: BRACED } },
];

const BY_EXTENSION = new Map<string, CodeLanguage>(
  LANGUAGES.flatMap(({ extensions, language }) =>
    extensions.split(" ").map((extension) => [`.${extension}`, language] as const),
  ),
);

/** Code in a language that nobody has named. */
export const PLAIN_CODE: CodeLanguage = { mediaType: "text/plain", comment: ["#"] };

/** The extensions of source code that is read by its structure: lower case, with the dot. */
export const CODE_EXTENSIONS: readonly string[] = [...BY_EXTENSION.keys()];

/** The language of an extension such as ".ts". */
export function codeLanguage(extension: string): CodeLanguage | undefined {
  return BY_EXTENSION.get(extension);
}

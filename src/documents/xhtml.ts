import { type ParserOptions, parse, type DefaultTreeAdapterTypes as Tree } from "parse5";

/**
 * Parses a page of XHTML with the HTML parser, which goes on where XML is not well-formed. To HTML a tag such as
 * `<title/>` or `<a id="x"/>` opens what is never closed, so such tags are given their ends first; CDATA sections become
 * the text that they are, and the XML declaration, a comment to HTML, goes. Every line stays where it was.
 */
export function parseXhtml(
  xhtml: string,
  options?: ParserOptions<Tree.DefaultTreeAdapterMap>,
): Tree.Document {
  return parse(
    xhtml.replace(TOKEN, (token, characterData: string | undefined, name: string | undefined) => {
      if (token.startsWith("<?")) return token.replace(/[^\n]+/g, "");
      if (characterData !== undefined) return escapeMarkup(characterData);
      if (name === undefined || !token.endsWith("/>") || VOID_TAGS.has(name.toLowerCase())) return token;
      return `${token.slice(0, -2)}></${name}>`;
    }),
    options,
  );
}

/** Comments, CDATA sections and processing instructions, to the end where they have none; tags, with any `>` in quotes. */
const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<([a-zA-Z][^\s/<>"']*)(?:[^"'<>]|"[^"]*"|'[^']*')*>/g;

const VOID_TAGS = new Set("area base br col embed hr img input link meta source track wbr".split(" "));

function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

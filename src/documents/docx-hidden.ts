/** XML of a Word document's part without the words that Word would not show, and how many characters those had. */
export interface ShownXml {
  xml: string;
  hidden: number;
}

const NAMESPACE =
  /xmlns(?::([\w.-]+))?\s*=\s*["']http:\/\/(?:schemas\.openxmlformats\.org\/wordprocessingml\/2006|purl\.oclc\.org\/ooxml\/wordprocessingml)\/main["']/;

/** Letters of so many half-points or fewer are for no reader. */
const MAX_UNREADABLE_SIZE = 4;

/** The elements whose properties say how the words below them look. */
const FRAMES = new Set(["p", "r", "tbl", "tc", "txbxContent"]);
const PROPERTIES = new Set(["pPr", "rPr", "tblPr", "tcPr"]);

interface Frame {
  name: string;
  /** Something dark may lie behind the words, so that white ones can be read. */
  backed: boolean;
  white: boolean;
  hidden: boolean;
  /** The properties have been read. */
  closed: boolean;
}

/**
 * Takes the words out of runs that are hidden ("vanish"), white on nothing dark, or too small to be read. mammoth, which
 * reads the rest, knows none of these properties.
 *
 * @param hiddenStyles ids of styles that hide, see {@link hidingStyles}
 */
export function withoutHiddenText(xml: string, hiddenStyles: ReadonlySet<string>): ShownXml {
  const prefix = prefixOf(xml);
  const frames: Frame[] = [];
  let hidden = 0;
  /** Inside which properties; those of a paragraph hold some of its mark, which is no word. */
  const properties: string[] = [];
  let inHiddenText = false;
  let shown = "";
  let at = 0;
  for (const match of xml.matchAll(TOKEN)) {
    const [token] = match;
    const between = xml.slice(at, match.index);
    at = match.index + token.length;
    if (inHiddenText) hidden += between.length;
    else shown += between;
    const name = localName(token, prefix);
    const closes = token.startsWith("</");
    const empty = token.endsWith("/>");
    if (inHiddenText && token.startsWith("<![CDATA[")) {
      hidden += token.length - "<![CDATA[]]>".length;
      continue;
    }
    shown += token;
    if (name === undefined || (empty && (FRAMES.has(name) || PROPERTIES.has(name) || name === "t"))) continue;
    if (FRAMES.has(name)) {
      if (!closes)
        frames.push({ name, backed: name === "txbxContent", white: false, hidden: false, closed: false });
      else frames.splice(frames.findLastIndex((frame) => frame.name === name));
    } else if (PROPERTIES.has(name)) {
      if (!closes) properties.push(name);
      else properties.splice(properties.lastIndexOf(name));
      const top = frames.at(-1);
      if (closes && top !== undefined && properties.length === 0) top.closed = true;
    } else if (properties.length === 1) {
      const top = frames.at(-1);
      if (top !== undefined && !top.closed) applyProperty(top, name, token, hiddenStyles);
    } else if (name === "t") {
      inHiddenText = !closes && isHidden(frames);
    }
  }
  return { xml: shown + xml.slice(at), hidden };
}

/** The ids of the styles in `styles.xml` whose words are not shown. */
export function hidingStyles(xml: string): Set<string> {
  const prefix = prefixOf(xml);
  const ids = new Set<string>();
  let id: string | undefined;
  for (const [token] of xml.matchAll(TOKEN)) {
    const name = localName(token, prefix);
    if (name === "style") id = token.startsWith("</") ? undefined : attribute(token, "styleId");
    if (id !== undefined && name === "vanish" && isOn(token)) ids.add(id);
  }
  return ids;
}

/** Comments, character data, tags; a `>` may stand in an attribute's quotes. */
const TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(?:[^"'>]|"[^"]*"|'[^']*')*>/g;

function prefixOf(xml: string): string {
  const found = NAMESPACE.exec(xml);
  return found === null ? "w:" : found[1] === undefined ? "" : `${found[1]}:`;
}

function localName(token: string, prefix: string): string | undefined {
  const name = /^<\/?([^\s/>!?]+)/.exec(token)?.[1];
  return name?.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

function applyProperty(frame: Frame, name: string, token: string, hiddenStyles: ReadonlySet<string>): void {
  const value = attribute(token, "val") ?? "";
  if (name === "vanish" || name === "webHidden" || name === "specVanish") frame.hidden ||= isOn(token);
  if (name === "rStyle" || name === "pStyle") frame.hidden ||= hiddenStyles.has(value);
  if (name === "sz") frame.hidden ||= Number(value) <= MAX_UNREADABLE_SIZE;
  if (name === "color") frame.white = /^f[b-f]f[b-f]f[b-f]$/i.test(value);
  if (name === "tblStyle" || name === "highlight") frame.backed = true;
  if (name === "shd")
    frame.backed ||= !/^(?:auto|f[b-f]f[b-f]f[b-f]|)$/i.test(attribute(token, "fill") ?? "");
}

function isHidden(frames: readonly Frame[]): boolean {
  if (frames.some(({ hidden }) => hidden)) return true;
  return frames.at(-1)?.white === true && !frames.some(({ backed }) => backed);
}

/** A property that is there is on, unless it says that it is off. */
function isOn(token: string): boolean {
  return !/^(?:0|false|off)$/i.test(attribute(token, "val") ?? "");
}

function attribute(token: string, name: string): string | undefined {
  return new RegExp(`[\\s:]${name}\\s*=\\s*["']([^"']*)["']`).exec(token)?.[1];
}

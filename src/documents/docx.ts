import mammoth from "mammoth";
import { parseFragment, type DefaultTreeAdapterTypes as Tree } from "parse5";
import { WaymarkError } from "../errors.js";
import { DocumentBuilder, type Source } from "./builder.js";
import type { SourceDocument } from "./document.js";
import { hidingStyles, withoutHiddenText } from "./docx-hidden.js";
import { appendHtml } from "./html-blocks.js";
import { attribute, findAll, isHeading, rename, textOf } from "./html-tree.js";
import { isHidden } from "./html-visibility.js";
import { refuseOldFormat } from "./office.js";
import { ZipArchive } from "./zip.js";

/**
 * Reads a Word document with mammoth, which tells headings, lists and tables by their styles. LangChain's `DocxLoader`
 * stands on mammoth too, but gives its raw text only: no headings, no lists, a table as a column of paragraphs, and
 * nothing that an answer could be ordered by. Page headers, comments and deleted text are left out. DOCX has neither
 * lines nor pages: a page is made when the document is printed.
 * @throws WaymarkError `unreadable-document` for a file that is damaged, protected or in the old `.doc` format.
 */
export async function parseDocx(bytes: Uint8Array, source: Source): Promise<SourceDocument> {
  const { html, hidden } = await toHtml(bytes, source);
  const body = parseFragment(html);
  promoteBoldLines(body);
  demoteBelowTitle(body);
  const builder = new DocumentBuilder(source, MEDIA_TYPE);
  builder.leaveOut(hidden);
  appendHtml(builder, body, { skip: (element) => isHidden(element) || isNoteLink(element) });
  const firstHeading = findAll(body, isHeading)[0];
  return builder.finish(firstHeading === undefined ? undefined : textOf(firstHeading));
}

const MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const TITLE_CLASS = "document-title";
const STYLES = [
  `p[style-name='Title'] => h1.${TITLE_CLASS}:fresh`,
  "p[style-name='Subtitle'] => p:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
  "p[style-name='Caption'] => p:fresh",
];

async function toHtml(bytes: Uint8Array, source: Source): Promise<{ html: string; hidden: number }> {
  refuseOldFormat(bytes, source, ".doc");
  try {
    const convertImage = mammoth.images.imgElement(async () => ({ src: "" }));
    const options = { styleMap: STYLES, convertImage, externalFileAccess: false };
    const parts = new ShownParts(bytes);
    const { value } = await mammoth.convertToHtml({ file: parts } as unknown as MammothInput, options);
    return { html: value, hidden: parts.hidden };
  } catch (cause) {
    if (cause instanceof RangeError) throw cause; // nested too deeply
    const reason = cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
    throw new WaymarkError(
      "unreadable-document",
      `${source.uri} is not a Word document that can be read: ${reason}.`,
      {
        hint: "Open it in a word processor to see whether it is whole, and save it again.",
        cause,
      },
    );
  }
}

/** mammoth takes an archive that is open, too, as its own code for files does; its types do not say so. */
type MammothInput = Parameters<typeof mammoth.convertToHtml>[0];

/** The parts of a document as mammoth asks for them, without the words that Word would not show. */
class ShownParts {
  /** Characters that were left out so far. */
  hidden = 0;
  readonly #archive: ZipArchive;
  readonly #hidingStyles: ReadonlySet<string>;

  constructor(bytes: Uint8Array) {
    this.#archive = new ZipArchive(bytes);
    this.#hidingStyles = this.exists(STYLES_PART) ? hidingStyles(this.#text(STYLES_PART)) : new Set();
  }

  exists(name: string): boolean {
    return this.#archive.exists(name);
  }

  async read(name: string, encoding?: string): Promise<Uint8Array | string> {
    if (encoding === undefined) return this.#archive.read(name);
    if (encoding === "base64") return this.#archive.read(name).toString("base64");
    const { xml, hidden } = withoutHiddenText(this.#text(name), this.#hidingStyles);
    this.hidden += hidden;
    return xml;
  }

  #text(name: string): string {
    return new TextDecoder().decode(this.#archive.read(name));
  }
}

const STYLES_PART = "word/styles.xml";

const MAX_BOLD_HEADING = 90;

/** In a document without heading styles, short lines all in bold are what its author meant as headings. */
function promoteBoldLines(body: Tree.ParentNode): void {
  if (findAll(body, (element) => isHeading(element) && !isTitle(element)).length > 0) return;
  const paragraphs = body.childNodes.filter((node) => node.nodeName === "p") as Tree.Element[];
  for (const paragraph of paragraphs) {
    const text = textOf(paragraph).trim();
    const isBold =
      paragraph.childNodes.length > 0 && paragraph.childNodes.every(({ nodeName }) => nodeName === "strong");
    if (isBold && text.length <= MAX_BOLD_HEADING && !/[.,;:!]$/.test(text)) rename(paragraph, "h2");
  }
}

/** Word counts headings from 1 below a title; here the title is level 1. */
function demoteBelowTitle(body: Tree.ParentNode): void {
  if (findAll(body, isTitle).length === 0) return;
  for (const heading of findAll(body, (element) => isHeading(element) && !isTitle(element))) {
    rename(heading, `h${Math.min(6, Number(heading.tagName.charAt(1)) + 1)}`);
  }
}

function isTitle(element: Tree.Element): boolean {
  return attribute(element, "class") === TITLE_CLASS;
}

/** The mark of a footnote in the text, and the arrow back to it. */
function isNoteLink(element: Tree.Element): boolean {
  return element.tagName === "a" && /^#(?:foot|end)note-/.test(attribute(element, "href") ?? "");
}

import { zip } from "./hostile.js";

export interface MadeBook {
  title?: string;
  /** File name to the content of its body, or a whole page; in reading order. */
  pages: Record<string, string>;
  /** The list of the table of contents: `<ol>…</ol>`; without it the book has none. */
  nav?: string;
  /** The points of EPUB 2's table of contents: `<navPoint>…`. */
  ncx?: string;
  /** Other files, by their path. */
  more?: Record<string, string>;
  styles?: string;
}

/** An EPUB, put together by hand. */
export function epub({ title, pages, nav, ncx, more = {}, styles }: MadeBook): Buffer {
  const names = Object.keys(pages);
  const manifest = [
    ...names.map((name, index) => item(`page${index}`, name, "application/xhtml+xml")),
    ...(nav === undefined ? [] : [item("nav", "nav.xhtml", "application/xhtml+xml", ' properties="nav"')]),
    ...(ncx === undefined ? [] : [item("ncx", "toc.ncx", "application/x-dtbncx+xml")]),
  ];
  const spine = names.map((_, index) => `<itemref idref="page${index}"/>`).join("");
  const opf = `<?xml version="1.0" encoding="UTF-8"?>
    <package xmlns="http://www.idpf.org/2007/opf" version="3.0">
      <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">${title === undefined ? "" : `<dc:title>${title}</dc:title>`}</metadata>
      <manifest>${manifest.join("")}</manifest>
      <spine${ncx === undefined ? "" : ' toc="ncx"'}>${spine}</spine>
    </package>`;
  const head = styles === undefined ? "" : '<link rel="stylesheet" href="style.css"/>';
  const files = Object.entries(pages).map(([name, body]) => [
    `OEBPS/${decodeURIComponent(name)}`,
    body.includes("<html") ? body : page(body, head),
  ]);
  return zip({
    mimetype: "application/epub+zip",
    "META-INF/container.xml":
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    "OEBPS/book.opf": opf,
    ...(nav === undefined
      ? {}
      : { "OEBPS/nav.xhtml": page(`<nav epub:type="toc"><h1>Contents</h1>${nav}</nav>`) }),
    ...(ncx === undefined
      ? {}
      : {
          "OEBPS/toc.ncx": `<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>${ncx}</navMap></ncx>`,
        }),
    ...(styles === undefined ? {} : { "OEBPS/style.css": styles }),
    ...Object.fromEntries(files),
    ...more,
  });
}

function item(id: string, href: string, mediaType: string, rest = ""): string {
  return `<item id="${id}" href="${href}" media-type="${mediaType}"${rest}/>`;
}

function page(body: string, head = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
    <html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/>${head}</head><body>${body}</body></html>`;
}

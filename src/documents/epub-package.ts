import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import type { Source } from "./builder.js";
import { decodeText } from "./decode.js";
import { childAt, childrenOf, descendantsOf, parseXml, type XmlElement } from "./xml.js";
import { ZipArchive } from "./zip.js";

/** A file of the book. */
interface Item {
  path: string;
  mediaType: string;
  properties: string[];
}

/** The parts of an EPUB (https://www.w3.org/TR/epub-33/, and EPUB 2): its files in reading order, its title. */
export class EpubPackage {
  readonly title: string | undefined;
  /** The pages, in reading order: paths in the archive. */
  readonly pages: string[];
  /** EPUB 3's table of contents, and EPUB 2's, where they are. */
  readonly navigation: string | undefined;
  readonly ncx: string | undefined;
  readonly #source: Source;
  readonly #archive: ZipArchive;

  /** @throws WaymarkError `unreadable-document` where it is protected; Error where it is no EPUB, or damaged */
  constructor(bytes: Uint8Array, source: Source) {
    this.#source = source;
    this.#archive = new ZipArchive(bytes);
    const container = parseXml(this.text("META-INF/container.xml"));
    const path = descendantsOf(container, "rootfile")[0]?.attributes["full-path"];
    if (path === undefined) throw new Error("It names no package document");
    const root = parseXml(this.text(path));
    const items = readManifest(root, posix.dirname(path));
    const spine = childAt(root, "spine");
    this.title = childAt(root, "metadata", "title")?.text;
    this.pages = childrenOf(spine, "itemref").flatMap(({ attributes }) => {
      const item = items.get(attributes.idref ?? "");
      return item !== undefined && /html/.test(item.mediaType) && this.exists(item.path) ? [item.path] : [];
    });
    this.navigation = [...items.values()].find(({ properties }) => properties.includes("nav"))?.path;
    this.ncx = (
      items.get(spine?.attributes.toc ?? "") ??
      [...items.values()].find(({ mediaType }) => mediaType === "application/x-dtbncx+xml")
    )?.path;
    this.#refuseProtection();
  }

  exists(path: string): boolean {
    return this.#archive.exists(path);
  }

  /** @throws Error where there is no such file, or it is damaged */
  text(path: string): string {
    const bytes = this.#archive.read(path);
    const declared = /^[^>]*?encoding\s*=\s*["']([\w-]+)/.exec(bytes.toString("latin1", 0, 200))?.[1];
    return decodeText(bytes, this.#source, declared);
  }

  /** Fonts are often obscured, which does not matter here; pages that are encrypted cannot be read. */
  #refuseProtection(): void {
    if (!this.exists(ENCRYPTION)) return;
    const references = descendantsOf(parseXml(this.text(ENCRYPTION)), "CipherReference");
    const encrypted = new Set(references.map(({ attributes }) => decodePath(attributes.URI ?? "")));
    if (!this.pages.some((path) => encrypted.has(path))) return;
    throw new WaymarkError(
      "unreadable-document",
      `${this.#source.uri} is protected against being read by other programs.`,
      {
        hint: "Use a copy of the book without copy protection (DRM), or leave it out.",
      },
    );
  }
}

const ENCRYPTION = "META-INF/encryption.xml";

function readManifest(root: XmlElement, folder: string): Map<string, Item> {
  return new Map(
    childrenOf(childAt(root, "manifest"), "item").flatMap(({ attributes }) => {
      const { id, href, "media-type": mediaType = "", properties = "" } = attributes;
      if (id === undefined || href === undefined) return [];
      const item = { path: resolveHref(folder, href).path, mediaType, properties: properties.split(/\s+/) };
      return [[id, item] as const];
    }),
  );
}

/** Where a link of a file in `folder` leads: the file, and the id in it. */
export function resolveHref(folder: string, href: string): { path: string; fragment: string | undefined } {
  const [path = "", fragment] = href.split("#");
  return {
    path: posix.join(folder, decodePath(path)),
    fragment: fragment === undefined || fragment === "" ? undefined : decodePath(fragment),
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

import { posix } from "node:path";
import { WaymarkError } from "../errors.js";
import type { Source } from "./builder.js";
import { decodeText } from "./decode.js";
import { childAt, childrenOf, parseXml, type XmlElement } from "./xml.js";
import { ZipArchive } from "./zip.js";

/** A part that another part points to. */
export interface Relation {
  id: string;
  /** The last word of the relationship's type: "slide", "notesSlide", "worksheet". */
  type: string;
  /** The part's name in the archive. */
  target: string;
}

/**
 * The parts of an Office file (Open Packaging Conventions, ECMA-376 part 2): XML that points to other XML.
 */
export class OfficePackage {
  readonly #source: Source;
  readonly #archive: ZipArchive;

  /**
   * @param old the extension of the format before: ".ppt", ".xls"
   * @throws WaymarkError `unreadable-document` where it is protected, in an old format, or no archive
   */
  constructor(bytes: Uint8Array, source: Source, old: string) {
    refuseOldFormat(bytes, source, old);
    this.#source = source;
    this.#archive = new ZipArchive(bytes);
  }

  /** The name of the part that everything hangs on: `ppt/presentation.xml`, `xl/workbook.xml`. */
  get main(): string {
    const main = this.relations("").find(({ type }) => type === "officeDocument");
    if (main === undefined) throw new Error("It has no main part");
    return main.target;
  }

  /** The title in the file's properties, where it has one. */
  get title(): string | undefined {
    const core = this.relations("").find(({ type }) => type === "core-properties");
    return core && childAt(this.tree(core.target), "title")?.text;
  }

  /** @throws Error where there is no such part, or it is damaged */
  xml(part: string): string {
    return decodeText(this.#archive.read(part), this.#source);
  }

  /** The XML of a part as a tree; undefined where there is no such part. */
  tree(part: string | undefined): XmlElement | undefined {
    return part !== undefined && this.#archive.exists(part) ? parseXml(this.xml(part)) : undefined;
  }

  /** What a part points to inside the file. */
  relations(part: string): Relation[] {
    const folder = posix.dirname(part);
    const list = this.tree(posix.join(folder, "_rels", `${posix.basename(part)}.rels`));
    return childrenOf(list, "Relationship").flatMap(({ attributes }) => {
      const { Id: id, Type: type, Target: target, TargetMode: mode } = attributes;
      if (id === undefined || target === undefined || mode === "External") return [];
      const name = target.startsWith("/") ? target.slice(1) : posix.join(folder, target);
      return [{ id, type: posix.basename(type ?? ""), target: name }];
    });
  }
}

/** The id of the relation that an element names: `r:id`, whatever its prefix, and not its own `id`. */
export function relationId({ attributes }: XmlElement, name = "id"): string | undefined {
  return Object.entries(attributes).find(([key]) => key.endsWith(`:${name}`))?.[1];
}

/** The first bytes of the container that the old formats and encrypted files are in. */
const OLD_FORMAT = [0xd0, 0xcf, 0x11, 0xe0];

/** @throws WaymarkError `unreadable-document` for the container of old formats and encrypted files */
export function refuseOldFormat(bytes: Uint8Array, { uri }: Source, old: string): void {
  if (!OLD_FORMAT.every((byte, index) => bytes[index] === byte)) return;
  throw new WaymarkError(
    "unreadable-document",
    `${uri} is protected by a password or in the old ${old} format.`,
    { hint: `Open it in its own program and save it as ${posix.extname(uri)} without a password.` },
  );
}

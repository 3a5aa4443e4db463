import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { extname, join, relative, resolve, sep } from "node:path";
import type { SourceDocument } from "../documents/document.js";
import { documentId } from "../documents/document-id.js";
import { WaymarkError } from "../errors.js";
import { ADDED_SCHEME } from "./added-uri.js";
import { type Scan, scan } from "./scan.js";

/** A file name's greatest length in bytes of UTF-8: file systems take 255, and a temporary name needs some. */
const MAX_NAME_BYTES = 200;

/**
 * The files of the folder that holds what was added, with uris `added:<path>`; none where there is no such folder.
 */
export async function scanAdded(folder: string, extensions: Iterable<string>): Promise<Scan> {
  if (!(await isFolder(folder))) return { files: [], unreadable: [], unsupported: [] };
  const { files, unreadable } = await scan(folder, extensions);
  return {
    files: files.map(({ path, uri }) => ({ path, uri: ADDED_SCHEME + uri })),
    unreadable: unreadable.map(({ uri, reason }) => ({ uri: ADDED_SCHEME + uri, reason })),
    unsupported: [],
  };
}

/** Gives a parsed document the identity of an added one; parsers get the plain name, so that it stands in their messages. */
export function asAdded(document: SourceDocument): SourceDocument {
  const uri = ADDED_SCHEME + document.uri;
  return { ...document, uri, id: documentId(uri) };
}

/** Writes a file into the folder, whole or not at all; one of the same name is replaced. `name` is a {@link safeFileName}. */
export async function writeAdded(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.part`);
  try {
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, join(folder, name));
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * The file of an added document; undefined where there is no folder in which files are kept.
 * @throws WaymarkError `document-not-removable` where the uri is of no added document.
 */
export function addedPath(folder: string | undefined, uri: string): string | undefined {
  const path = folder && resolve(folder, uri.slice(ADDED_SCHEME.length));
  const inside = folder && path && relative(folder, path);
  if (!uri.startsWith(ADDED_SCHEME) || inside === "" || inside?.split(sep)[0] === "..") {
    throw new WaymarkError(
      "document-not-removable",
      `${uri} was not added here: its file is in your folder.`,
      {
        hint: "Delete or move the file and run `waymark ingest`; that takes it out of the index.",
      },
    );
  }
  return path;
}

/**
 * A file name that is safe on every system, from whatever a browser or a program gives: the last part of a path, without
 * control, bidirectional and invisible characters, without what Windows forbids, neither hidden nor too long.
 * @throws WaymarkError `invalid-input` where nothing is left.
 * @example safeFileName("../../notes\u202E/Ca\u0301f\u00e9: 1.md") // "Cáfé_ 1.md"
 */
export function safeFileName(given: string): string {
  const last = given.normalize("NFC").split(/[\\/]/).at(-1) ?? "";
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "")
    .replace(/[<>:"|?*]/g, "_")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "");
  if (clean === "") {
    throw new WaymarkError("invalid-input", "The file has no name that can be used.", {
      hint: "Give it a name such as notes.md.",
    });
  }
  const free = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(clean) ? `_${clean}` : clean;
  const extension = extname(free);
  return (
    shortened(free.slice(0, free.length - extension.length), MAX_NAME_BYTES - byteLength(extension)) +
    extension
  );
}

function shortened(stem: string, most: number): string {
  let length = 0;
  let result = "";
  for (const character of stem) {
    length += byteLength(character);
    if (length > most) return result.trimEnd();
    result += character;
  }
  return result;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

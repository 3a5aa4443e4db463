import { inflateRawSync } from "node:zlib";

/** What all parts that are read may unpack to, together: in MiB. */
const MAX_UNPACKED = 256;

const END = 0x06054b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  offset: number;
  method: number;
  packed: number;
}

/**
 * Reads the parts of a ZIP archive in memory, one when it is asked for, and never more than a limit: an archive of a few
 * kilobytes can claim to hold terabytes. ZIP64 and encryption are not known here: no document needs them.
 * (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)
 */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #entries = new Map<string, Entry>();
  #left: number;

  /** @throws Error where the bytes are no such archive. */
  constructor(bytes: Uint8Array, maxUnpacked = MAX_UNPACKED * 1024 * 1024) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#left = maxUnpacked;
    const end = this.#findEnd();
    const count = this.#bytes.readUInt16LE(end + 10);
    let at = this.#bytes.readUInt32LE(end + 16);
    for (let entry = 0; entry < count; entry += 1) at = this.#readEntry(at);
  }

  exists(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws Error where there is no such part, it is damaged, or the limit is reached. */
  read(name: string): Buffer {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`The archive has no part ${name}`);
    const { offset, method, packed } = entry;
    if (this.#bytes.readUInt32LE(offset) !== LOCAL) throw damaged();
    const start = offset + 30 + this.#bytes.readUInt16LE(offset + 26) + this.#bytes.readUInt16LE(offset + 28);
    const data = this.#bytes.subarray(start, start + packed);
    const unpacked = this.#unpack(data, method);
    this.#left -= unpacked.length;
    return unpacked;
  }

  #unpack(data: Buffer, method: number): Buffer {
    if (method === DEFLATED) {
      try {
        return inflateRawSync(data, { maxOutputLength: Math.max(1, this.#left) });
      } catch (cause) {
        throw cause instanceof RangeError ? tooLarge() : damaged();
      }
    }
    if (method !== STORED) throw damaged();
    if (data.length > this.#left) throw tooLarge();
    return data;
  }

  #findEnd(): number {
    const last = this.#bytes.length - END_LENGTH;
    for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at -= 1) {
      if (this.#bytes.readUInt32LE(at) === END) return at;
    }
    throw damaged();
  }

  /** Gives the place of the next one. */
  #readEntry(at: number): number {
    const bytes = this.#bytes;
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw damaged();
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const entry = {
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    };
    this.#entries.set(name, entry);
    return at + 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

function damaged(): Error {
  return new Error("It is no archive that can be read");
}

function tooLarge(): Error {
  return new Error(`It unpacks to more than ${MAX_UNPACKED} MB`);
}

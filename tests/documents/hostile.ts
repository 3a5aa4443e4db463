import { deflateRawSync } from "node:zlib";
import fc from "fast-check";

/** A ZIP archive with the given parts. A part's second member is what it unpacks to, or how it is packed already. */
export function zip(parts: Record<string, string | { packed: Buffer; size: number }>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, part] of Object.entries(parts)) {
    const packed = typeof part === "string" ? deflateRawSync(part) : part.packed;
    const size = typeof part === "string" ? Buffer.byteLength(part) : part.size;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    bodies.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, entries, end]);
}

/** A Word document around the XML of its body. */
export function wordDocument(body: string | { packed: Buffer; size: number }): Buffer {
  const namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  return zip({
    "word/document.xml":
      typeof body === "string"
        ? `<w:document xmlns:w="${namespace}"><w:body>${body}</w:body></w:document>`
        : body,
  });
}

/** A PDF of one page whose content stream is given, packed. */
export function pdf(content: Buffer): Buffer {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    `<< /Length ${content.length} /Filter /FlateDecode >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  const parts: Buffer[] = [Buffer.from("%PDF-1.4\n")];
  for (const [index, object] of objects.entries()) {
    parts.push(Buffer.from(`${index + 1} 0 obj\n${object}\n`));
    if (index === 3) parts.push(Buffer.from("stream\n"), content, Buffer.from("\nendstream\n"));
    parts.push(Buffer.from("endobj\n"));
  }
  parts.push(Buffer.from("trailer << /Root 1 0 R /Size 6 >>\n%%EOF"));
  return Buffer.concat(parts);
}

const place = fc.double({ min: 0, max: 1, noNaN: true });

/** What a bad disk does to a file: some bytes are others, and often the end is missing. */
export const damages: fc.Arbitrary<(file: Uint8Array) => Buffer> = fc
  .record({
    changes: fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 20 }),
    kept: fc.oneof(fc.constant(1), place),
  })
  .map(({ changes, kept }) => (file) => {
    const bytes = Buffer.from(file);
    for (const [at, value] of changes) bytes[Math.floor(at * (bytes.length - 1))] = value;
    return bytes.subarray(0, Math.ceil(bytes.length * kept));
  });

/** Writes a zip archive of one deflated entry: enough to be read by others, with sizes that may lie. */
import { crc32, deflateRawSync } from 'node:zlib';

/** The archive's bytes. */
export function zipOf(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content, { level: 9 });
  const label = Buffer.from(name);
  const facts = Buffer.alloc(22);
  facts.writeUInt16LE(8, 0);
  facts.writeUInt32LE(0, 2);
  facts.writeUInt32LE(crcOf(content), 6);
  facts.writeUInt32LE(packed.length, 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt16LE(label.length, 18);
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0]), facts, label, packed]);
  const central = Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0]), facts, Buffer.alloc(14), label]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** zlib's own is newer than the oldest Node that Weir runs on. */
function crcOf(content: Buffer): number {
  if (typeof crc32 === 'function') return crc32(content);
  let crc = ~0;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

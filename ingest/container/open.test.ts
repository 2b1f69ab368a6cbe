import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openContainer, packingOf, readSample } from './open.ts';
import { sha256File } from './sha256.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-container-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

/** A zip of the given entries, written by hand so that names and flags can be anything. */
function zip(entries: readonly { name: string; text: string; flags?: number }[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, text, flags = 0 } of entries) {
    const data = deflateRawSync(text);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(text), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(Buffer.byteLength(text), 18);
    common.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, label, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, label]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

async function readAll(path: string, limits = {}): Promise<{ units: Record<string, string>; errors: string[] }> {
  const units: Record<string, string> = {};
  const errors: string[] = [];
  for await (const entry of openContainer(path, limits)) {
    units[entry.name] = '';
    try {
      for await (const chunk of entry.chunks) units[entry.name] += Buffer.from(chunk).toString('latin1');
    } catch (error) {
      errors.push((error as { code: string }).code);
    }
  }
  return { units, errors };
}

describe('a file', () => {
  it('is told by its first bytes, whatever its name', async () => {
    expect(await readAll(write('a.gz', Buffer.from('plain')))).toEqual({ units: { '': 'plain' }, errors: [] });
    expect(await readAll(write('b.csv', gzipSync('packed')))).toEqual({ units: { '': 'packed' }, errors: [] });
    expect(await readAll(write('c.csv', Buffer.alloc(0)))).toEqual({ units: {}, errors: [] });
    expect(packingOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))).toBe('unsupported');
    await expect(readAll(join(folder, 'missing'))).rejects.toMatchObject({ code: 'file_unreadable' });
  });

  it('has the SHA-256 of its bytes as they lie there', async () => {
    const bytes = gzipSync('x'.repeat(1_000_000));
    expect(await sha256File(write('d', bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('gives a sample of its first unit', async () => {
    const { name, bytes } = await readSample(write('e', zip([{ name: 'in.csv', text: 'abcdef' }])), 4);
    expect([name, Buffer.from(bytes).toString()]).toEqual(['in.csv', 'abcd']);
  });
});

describe('gzip', () => {
  it('may have several members', async () => {
    const path = write('members.gz', Buffer.concat([gzipSync('one,'), gzipSync('two')]));
    expect((await readAll(path)).units).toEqual({ '': 'one,two' });
  });

  it('delivers what is readable of a truncated file, then says so', async () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `${i},${(i * 7919) % 10_007}\n`).join('');
    const packed = gzipSync(text);
    const { units, errors } = await readAll(write('cut.gz', packed.subarray(0, packed.length >> 1)));
    expect(errors).toEqual(['file_truncated']);
    expect(units['']!.length).toBeGreaterThan(text.length * 0.4);
    expect(text.startsWith(units['']!)).toBe(true);
  });

  it('says when the data is damaged', async () => {
    const packed = Buffer.from(gzipSync('x,y\n'.repeat(1000)));
    packed.fill(0xff, 12, 20);
    expect((await readAll(write('bad.gz', packed))).errors).toEqual(['file_unreadable']);
  });

  it('is stopped when it unpacks to too much', async () => {
    const path = write('bomb.gz', gzipSync(Buffer.alloc(80 << 20)));
    expect((await readAll(path, { maxBytes: 1 << 20 })).errors).toEqual(['file_bomb']);
    expect((await readAll(path)).errors).toEqual(['file_bomb']);
  });
});

describe('zip', () => {
  it('gives every entry as a unit under a clean name', async () => {
    const path = write(
      'z.zip',
      zip([
        { name: 'dir/', text: '' },
        { name: '../../etc/a.csv', text: 'A' },
        { name: 'etc\\a.csv', text: 'B' },
        { name: 'c\n!.csv', text: 'C' },
      ]),
    );
    expect(await readAll(path)).toEqual({ units: { 'etc/a.csv': 'A', 'etc/a.csv#2': 'B', 'c__.csv': 'C' }, errors: [] });
  });

  it('names the encrypted entry and reads the others', async () => {
    const path = write(
      'secret.zip',
      zip([
        { name: 'a', text: 'A', flags: 1 },
        { name: 'b', text: 'B' },
      ]),
    );
    expect(await readAll(path)).toEqual({ units: { a: '', b: 'B' }, errors: ['file_unreadable'] });
  });

  it('is stopped when an entry unpacks to too much, and refused when truncated', async () => {
    const whole = zip([{ name: 'a', text: 'x'.repeat(100_000) }]);
    expect((await readAll(write('big.zip', whole), { maxBytes: 1000 })).errors).toEqual(['file_bomb']);
    await expect(readAll(write('cut.zip', whole.subarray(0, 60)))).rejects.toMatchObject({ code: 'file_truncated' });
  });
});

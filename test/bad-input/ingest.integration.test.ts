/**
 * Every kind of bad file through the real command: each gives rejections or a clear error that names the file and the line, all the
 * rest is taken in, and the accounting balances. WEIR_LARGE_FILE=1 adds a file of 2 GB.
 */
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  createWriteStream,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chosenSeed, seededRandom } from '../support/random.ts';
import { withRunningWeir } from '../support/running.ts';
import { numberPrefix, usageHeader, usageLine } from '../support/usage-file.ts';
import { type WeirResult, weir } from '../support/weir.ts';
import { zipOf } from '../support/zip.ts';

const megabyte = 1_048_576;
const residentLimit = 500 * megabyte;
const random = seededRandom(chosenSeed());
const clickhouse = withRunningWeir();
const files = join(clickhouse.directory, 'bad');

let lineNumber = 0;
/** Good lines, each different from all others. */
const good = (count: number): string => {
  let text = '';
  for (let i = 0; i < count; i++) text += `${usageLine(20, lineNumber++, random).line}\n`;
  return text;
};
const withTime = (start: string, end: string, seconds = '5'): string =>
  `switch,msc-1,voice,mo,carrier-a,true,${start},${end},${seconds},5,${numberPrefix}77,,x${lineNumber++},,0,EUR\n`;

interface TakenFile {
  readonly name: string;
  readonly state: string;
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  readonly dropped: number;
  readonly error: string;
  readonly rejects: readonly { position: number; reason: string; field: string; detail: string }[];
}

interface Taken {
  readonly files: readonly TakenFile[];
  readonly failures: readonly { file: string; code: string; message: string; hint: string }[];
}

async function ingest(names: readonly string[], ...options: string[]): Promise<{ result: WeirResult; taken: Taken }> {
  const paths = names.map((name) => join(files, name));
  const result = await weir([
    'ingest',
    ...paths,
    '--json',
    '--data',
    clickhouse.directory,
    '--config',
    join(files, 'weir.yaml'),
    ...options,
  ]);
  expect(result.stderr, 'a bad file is no bug').not.toContain('bug');
  return { result, taken: JSON.parse(result.stdout) as Taken };
}

const csv = ['--source', 'csv', '--format', 'weir-csv'];

/** What became of a file, short: counts, and line:reason of each reject. */
const summary = ({ state, read, stored, dropped, rejects }: TakenFile): object => ({
  state,
  read,
  stored,
  dropped,
  rejects: rejects.map(({ position, reason }) => `${position}:${reason}`),
});

const expected: Record<string, { text: string | Buffer; is: object; error?: RegExp }> = {
  'malformed.csv': {
    text: `${usageHeader}\n${good(2)}switch,"msc-1"x,voice\n${good(2)}`,
    is: { state: 'stored', read: 6, stored: 4, dropped: 1, rejects: ['4:unreadable'] },
  },
  'never-closed.csv': {
    text: `${usageHeader}\n${good(1)}switch,"msc-1,voice\n${good(300)}`,
    is: { state: 'stored', read: 303, stored: 301, dropped: 1, rejects: ['3:unreadable'] },
  },
  'columns.csv': {
    text: `${usageHeader}\nswitch,msc-1,voice\n${good(1)}${good(1).trimEnd()},one,more\n${good(1)}`,
    is: { state: 'stored', read: 5, stored: 2, dropped: 1, rejects: ['2:column_count', '4:column_count'] },
  },
  'times.csv': {
    text: `${usageHeader}\n${withTime('2026-13-45T25:61:00Z', '')}${withTime('2026-02-30T00:00:00Z', '')}${withTime('', '')}${withTime('2126-01-01T00:00:00Z', '')}${good(1)}`,
    is: { state: 'stored', read: 6, stored: 1, dropped: 1, rejects: ['2:bad_time', '3:bad_time', '4:missing_field', '5:bad_time'] },
  },
  'negative.csv': {
    text: `${usageHeader}\n${withTime('2026-10-01T00:00:10Z', '2026-10-01T00:00:05Z', '')}${withTime('2026-10-01T00:00:10Z', '', '-7')}${good(1)}`,
    is: { state: 'stored', read: 4, stored: 1, dropped: 1, rejects: ['2:negative_duration', '3:negative_duration'] },
  },
  'bom.csv': {
    text: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(`${usageHeader}\n${good(3)}`)]),
    is: { state: 'stored', read: 4, stored: 3, dropped: 1, rejects: [] },
  },
  'crlf.csv': {
    text: `${usageHeader}\n${good(3)}`.replaceAll('\n', '\r\n'),
    is: { state: 'stored', read: 4, stored: 3, dropped: 1, rejects: [] },
  },
  'latin1.csv': {
    text: Buffer.from(`${usageHeader}\n${good(1)}${good(1).replace('carrier', 'opérateur')}${good(1)}`, 'latin1'),
    is: { state: 'stored', read: 4, stored: 2, dropped: 1, rejects: ['3:bad_encoding'] },
  },
  'truncated.csv.gz': {
    text: gzipSync(`${usageHeader}\n${good(2000)}`).subarray(0, 20_000),
    is: { state: 'stored' },
    error: /^file_truncated: .*truncated\.csv\.gz/,
  },
  'damaged.csv.gz': {
    text: damagedGzip(),
    is: { state: 'stored' },
    error: /^file_unreadable: .*damaged\.csv\.gz/,
  },
  'empty.csv': { text: '', is: { state: 'empty', read: 0, stored: 0, dropped: 0, rejects: [] } },
  'blank.csv': { text: '\n\n\n', is: { read: 3, stored: 0 } },
};

function damagedGzip(): Buffer {
  const packed = gzipSync(`${usageHeader}\n${good(2000)}`);
  packed.fill(0xff, packed.length - 5000, packed.length - 4000);
  return packed;
}

beforeAll(() => {
  mkdirSync(files, { recursive: true });
  for (const [name, { text }] of Object.entries(expected)) writeFileSync(join(files, name), text);
  writeFileSync(
    join(files, 'weir.yaml'),
    `
tenant: main
ingest: { maxUnpackedBytes: 268435456 }
sources:
  metered:
    type: file
    directory: ${files}
    pattern: '*.metered'
    mapping:
      format: csv
      kind: usage
      header: true
      encoding: latin-1
      constants: { leg: aaa, service: data }
      columns: { subscriber_number: user, start_time: at, octets_down: { from: volume, unitFrom: unit }, partner: partner }
`,
  );
});

afterAll(() => rmSync(files, { recursive: true, force: true }));

describe('bad files in one command', () => {
  it('each gives its rejections and errors, and the rest is stored', async () => {
    mkdirSync(join(files, 'folder.csv'), { recursive: true });
    const names = [...Object.keys(expected), 'folder.csv', 'missing.csv'];
    const { result, taken } = await ingest(names, ...csv);
    for (const [name, { is, error }] of Object.entries(expected)) {
      const file = taken.files.find((one) => one.name === name) as TakenFile;
      expect(file, `${name} has no result`).toBeDefined();
      expect(summary(file), name).toMatchObject(is);
      expect(file.error, name).toMatch(error ?? /^$/);
      expect(file.stored + file.rejected + file.dropped, name).toBe(file.read);
    }
    // What could be read before the damage is there.
    expect(taken.files.find(({ name }) => name === 'truncated.csv.gz')?.stored).toBeGreaterThan(100);
    expect(taken.failures.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'folder.csv file_unreadable',
      'missing.csv file_unreadable',
    ]);
    expect(taken.failures.map(({ message }) => message)).toEqual([
      `${join(files, 'folder.csv')}: not a file`,
      `${join(files, 'missing.csv')}: no such file`,
    ]);
    expect(result.code).toBe(1);
  });

  it('the same file again, and a copy under another name, are replays and store nothing', async () => {
    copyFileSync(join(files, 'crlf.csv'), join(files, 'renamed.csv'));
    const { taken } = await ingest(['crlf.csv', 'renamed.csv'], ...csv);
    expect(taken.files.map(({ name, state, stored }) => [name, state, stored])).toEqual([
      ['crlf.csv', 'replay', 0],
      ['renamed.csv', 'replay', 0],
    ]);
    const [row] = await clickhouse.store.select<{ rows: string }>(
      "SELECT count() AS rows FROM weir.usage WHERE file IN ('crlf.csv', 'renamed.csv')",
    );
    expect(row).toEqual({ rows: '3' });
  });

  it('a file without the right to read it is named', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read every file');
    writeFileSync(join(files, 'secret.csv'), `${usageHeader}\n${good(1)}`);
    chmodSync(join(files, 'secret.csv'), 0);
    const { taken } = await ingest(['secret.csv', 'bom.csv'], ...csv);
    expect(taken.failures[0]).toMatchObject({ file: 'secret.csv', code: 'file_unreadable' });
    expect(taken.files).toHaveLength(1);
  });

  it('unknown units are rejected, and Latin-1 is read where it is said', async () => {
    writeFileSync(
      join(files, 'a.metered'),
      Buffer.from(
        `user,at,volume,unit,partner\n${numberPrefix}1,2026-10-01T00:00:00Z,2,MB,Müller\n${numberPrefix}2,2026-10-01T00:00:01Z,2,furlong,x\n${numberPrefix}3,2026-10-01T00:00:02Z,-2,MB,x\n`,
        'latin1',
      ),
    );
    const { taken } = await ingest(['a.metered'], '--source', 'metered');
    expect(taken.files.map(summary)).toEqual([
      { state: 'stored', read: 4, stored: 1, dropped: 1, rejects: ['3:bad_unit', '4:negative_volume'] },
    ]);
    const [row] = await clickhouse.store.select<object>("SELECT partner, octets_down FROM weir.usage WHERE source = 'metered'");
    expect(row).toEqual({ partner: 'Müller', octets_down: '2000000' });
  });
});

describe('files made to break programs', () => {
  it('bombs are stopped at the limit, binary junk is refused, deep JSON is rejected by line', async () => {
    const lines = Buffer.alloc(300 * megabyte, `${'x'.repeat(9999)}\n`);
    writeFileSync(join(files, 'bomb.csv.gz'), gzipSync(lines));
    writeFileSync(join(files, 'bomb.zip'), zipOf('bomb.csv', lines));
    const junk = Buffer.from(Array.from({ length: 200_000 }, () => random.whole(0, 255)));
    writeFileSync(join(files, 'junk.csv'), junk);
    const packed = await ingest(['bomb.csv.gz', 'bomb.zip', 'junk.csv', 'bom.csv'], '--source', 'bombs', '--format', 'weir-csv');
    const [gzip, zip, binary, last] = packed.taken.files;
    expect(gzip?.error).toMatch(/^file_bomb: .*bomb\.csv\.gz/);
    expect(zip?.error).toMatch(/^file_bomb: .*bomb\.zip!bomb\.csv/);
    expect(binary).toMatchObject({ state: 'stored', stored: 0 });
    expect(binary?.rejected).toBeGreaterThan(0);
    expect(last).toMatchObject({ state: 'stored', stored: 3 });
    expect(packed.result.peakBytes).toBeLessThan(residentLimit);

    const sniffed = await ingest(['junk.csv']);
    expect(sniffed.taken.failures).toMatchObject([{ file: 'junk.csv', code: 'format_unknown' }]);

    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const record = (index: number): string =>
      `{"leg":"switch","service":"voice","start_time":"2026-10-01T00:00:0${index}Z","session_id":"j${index}"}`;
    writeFileSync(join(files, 'deep.json'), `${record(1)}\n${deep}\n${'['.repeat(10_000)}\n${record(2)}\n`);
    const json = await ingest(['deep.json'], '--source', 'json', '--format', 'weir-json');
    expect(json.taken.files.map(summary)).toEqual([
      { state: 'stored', read: 4, stored: 2, dropped: 0, rejects: ['2:too_deep', '3:too_deep'] },
    ]);
  });

  it('a line of 100 MB is one rejection, in less than 500 MB of memory', async () => {
    const path = join(files, 'long.csv');
    const handle = openSync(path, 'w');
    writeSync(handle, `${usageHeader}\n${good(2)}`);
    const piece = Buffer.alloc(megabyte, 'x');
    for (let i = 0; i < 100; i++) writeSync(handle, piece);
    writeSync(handle, `\n${good(2)}`);
    closeSync(handle);
    const { result, taken } = await ingest(['long.csv'], ...csv);
    expect(taken.files.map(summary)).toEqual([{ state: 'stored', read: 6, stored: 4, dropped: 1, rejects: ['4:too_long'] }]);
    expect(result.peakBytes).toBeLessThan(residentLimit);
    console.log(`a line of 100 MB: ${Math.round(result.peakBytes / megabyte)} MB resident at most`);
    const [row] = await clickhouse.store.select<object>(
      "SELECT length(bytes) AS kept, truncated FROM weir.rejects WHERE file = 'long.csv'",
    );
    expect(row).toEqual({ kept: '65536', truncated: true });
    rmSync(path);
  });

  it('a file that grows while it is read stores nothing, says so, and is taken whole when it is complete', async () => {
    const path = join(files, 'growing.csv');
    writeFileSync(path, `${usageHeader}\n${good(20_000)}`);
    const writing = setInterval(() => appendFileSync(path, good(1)), 1);
    const first = await ingest(['growing.csv', 'bom.csv'], ...csv).finally(() => clearInterval(writing));
    const growing = first.taken.files.find(({ name }) => name === 'growing.csv');
    const said = first.taken.failures.map(({ code, message }) => `${code}: ${message}`).concat(growing?.error ?? '');
    expect(said.join()).toContain('file_changing');
    const lines = readFileSync(path, 'utf8').split('\n').length - 1;
    const second = await ingest(['growing.csv'], ...csv);
    expect(second.taken.files[0]).toMatchObject({ state: 'stored', read: lines, stored: lines - 1, error: '' });
  });
});

const large = async (): Promise<void> => {
  const path = join(files, 'large.csv');
  const out = createWriteStream(path);
  out.write(`${usageHeader}\n`);
  let records = 0;
  for (let bytes = 0; bytes < 2_147_483_648; ) {
    const text = good(2000);
    bytes += text.length;
    records += 2000;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  const started = Date.now();
  const { result, taken } = await ingest(['large.csv'], '--source', 'large', '--format', 'weir-csv');
  const seconds = (Date.now() - started) / 1000;
  console.log(
    `${statSync(path).size} bytes, ${records} records: ${seconds} s, ${Math.round(result.peakBytes / megabyte)} MB resident at most`,
  );
  rmSync(path);
  expect(taken.files[0]).toMatchObject({ stored: records, rejected: 0, error: '' });
  expect(result.peakBytes).toBeLessThan(residentLimit);
};

if (process.env['WEIR_LARGE_FILE']) it('a file of 2 GB needs no more memory than a small one', { timeout: 3_600_000 }, large);

describe('afterwards', () => {
  it('the accounting balances and is proved', async () => {
    const result = await weir(['accounting', '--json', '--data', clickhouse.directory]);
    expect(JSON.parse(result.stdout)).toMatchObject({ balanced: true });
    expect(result.code).toBe(0);
  });

  it('rejected bytes are for the owner alone', async () => {
    const asked = await weir(['sql', 'SELECT bytes FROM rejects', '--data', clickhouse.directory]);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toMatch(/497|denied|privilege|grant/i);
    const allowed = await weir(['sql', 'SELECT reason FROM rejections LIMIT 1', '--data', clickhouse.directory]);
    expect(allowed.code).toBe(0);
  });

  it('nobody else may look into the data directory, and no log holds a number', () => {
    expect(statSync(clickhouse.directory).mode & 0o077).toBe(0);
    for (const name of ['credentials', 'pseudonym.key', 'logs', 'run', 'clickhouse', 'server'])
      expect(statSync(join(clickhouse.directory, name)).mode & 0o077, name).toBe(0);
    const logs = readdirSync(join(clickhouse.directory, 'logs')).map((name) => join(clickhouse.directory, 'logs', name));
    expect(logs.length).toBeGreaterThan(0);
    for (const path of logs) expect(readFileSync(path, 'utf8').includes(numberPrefix.slice(1)), path).toBe(false);
  });
});

/** Objects fetched from an S3-compatible server, every signature checked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { withClickHouse } from '../../test/clickhouse.ts';
import { startS3, type TestS3 } from '../../test/fetch/s3.ts';
import { startVersionedS3 } from '../../test/fetch/s3-versions.ts';
import { type RunningSource, rowsMapping, rowsOf, startSource, storedOf } from '../../test/fetch/source.ts';

const clickhouse = withClickHouse();
let s3: TestS3;
let spool: string;
let running: RunningSource | undefined;

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(async () => {
  await running?.stop();
  await s3?.stop();
});
beforeEach(async () => {
  await running?.stop();
  running = undefined;
  for (const table of ['usage', 'usage_minute', 'usage_hour', 'usage_keys', 'rejects', 'batches', 'files', 'fetched', 'fetches'])
    await clickhouse.store.command(`TRUNCATE TABLE ${table}`);
  await s3.clear();
  spool = mkdtempSync(join(tmpdir(), 'weir-spool-'));
  return () => rmSync(spool, { recursive: true, force: true });
});

const yamlOf = (more = ''): string => `tenant: fetch
country: US
sources:
  partner:
    type: s3
    bucket: cdr-files
    endpoint: ${s3.endpoint}
    pattern: "*.csv,*.gz"
    everySeconds: 0.2
    ${more}
    ${rowsMapping}
`;
const start = async (yaml: string, more: Partial<Parameters<typeof startSource>[0]> = {}): Promise<RunningSource> => {
  running = await startSource({ store: clickhouse.store, yaml, spool, environment: s3.environment, ...more });
  return running;
};

it('takes objects below a prefix once, plain, gzip and in several ranges, with odd names', async () => {
  const large = `${rowsOf(1, 9).trimEnd()}\n${'1202555000,2026-11-01T00:00:00Z,1\n'.repeat(600_000)}`;
  await s3.put('usage/a b+c&d.csv', rowsOf(2, 3));
  await s3.put('usage/packed.gz', gzipSync(rowsOf(3, 4)));
  await s3.put('usage/large.csv', large);
  await s3.put('other/x.csv', rowsOf(4, 1));
  const source = await start(yamlOf('prefix: usage/'));
  await source.taken(3);
  await source.idle();
  expect(source.results.map(({ receipt, totals }) => [receipt.name, totals.read])).toEqual([
    ['a b+c&d.csv', 4],
    ['large.csv', 600_010],
    ['packed.gz', 5],
  ]);
  expect(await storedOf(clickhouse.store)).toEqual({ rows: 600_016, distinct: 600_016, balanced: true, inFlight: 0 });
});

it('lists only the prefixes of the last hours; another content under the same key is another file; moves what is stored', async () => {
  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '/');
  await s3.put(`cdr/${day(0)}/new.csv`, rowsOf(1, 1));
  await s3.put(`cdr/${day(9)}/old.csv`, rowsOf(2, 1));
  const source = await start(yamlOf('prefix: "cdr/{YYYY}/{MM}/{DD}/"\n    lookbackHours: 24'));
  await source.taken(1);
  await s3.put(`cdr/${day(0)}/new.csv`, rowsOf(3, 2));
  await source.taken(2);
  await source.idle();
  expect(source.results.map(({ receipt }) => receipt.name)).toEqual(['new.csv', 'new.csv']);
  await source.stop();
  await s3.put('in/x.csv', rowsOf(4, 1));
  const moving = await start(yamlOf('prefix: in/\n    after: move\n    moveTo: stored/'));
  await moving.taken(1);
  await moving.idle();
  expect(await s3.keys('in/')).toEqual([]);
  expect(await s3.keys('stored/')).toEqual(['stored/x.csv']);
  expect(await storedOf(clickhouse.store)).toMatchObject({ rows: 4, distinct: 4, balanced: true });
});

it('says in one line what is wrong with keys and bucket, and no secret', async () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const secret = 'not-the-secret-key-5d1e';
  const source = await start(yamlOf(), { log, environment: { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: secret } });
  for (let tries = 0; tries < 100 && !lines.some((line) => line.includes('source_refused')); tries++) await sleep(100);
  await source.stop();
  const missing = await start(yamlOf().replace('cdr-files', 'no-such-bucket'), { log });
  for (let tries = 0; tries < 100 && !lines.some((line) => line.includes('no such bucket')); tries++) await sleep(100);
  await missing.stop();
  const said = lines.join('');
  expect(said).toContain('SignatureDoesNotMatch');
  expect(said).toContain('no such bucket');
  expect(said).not.toContain(secret);
});

it('takes every version of a bucket that keeps them, also a replaced and a deleted one; deletes the version that is stored, no other', async () => {
  const versioned = await startVersionedS3(2);
  const yaml = yamlOf('prefix: in/\n    versions: all').replace(s3.endpoint, versioned.endpoint);
  try {
    versioned.put('in/a b.csv', rowsOf(1, 1));
    versioned.put('in/a b.csv', rowsOf(2, 2));
    versioned.put('in/gone.csv', rowsOf(3, 3));
    versioned.remove('in/gone.csv');
    versioned.put('in/z.csv', rowsOf(4, 4));
    versioned.put('other/x.csv', rowsOf(9, 1));
    const source = await start(yaml, { environment: versioned.environment });
    await source.taken(4);
    // Two written between two looks: both come.
    versioned.put('in/z.csv', rowsOf(5, 5));
    versioned.put('in/z.csv', rowsOf(6, 6));
    await source.taken(6);
    await source.idle();
    await source.stop();
    expect(source.results.map(({ totals }) => totals.stored).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await storedOf(clickhouse.store)).toEqual({ rows: 21, distinct: 21, balanced: true, inFlight: 0 });
    // Three pages a look.
    expect(versioned.lists()).toBeGreaterThanOrEqual(6);
    const deleting = await start(yaml.replace('versions: all', 'versions: all\n    after: delete'), { environment: versioned.environment });
    versioned.put('in/z.csv', rowsOf(7, 7));
    await deleting.taken(1);
    await deleting.idle();
    expect(versioned.versions('in/z.csv')).toEqual([rowsOf(6, 6), rowsOf(5, 5), rowsOf(4, 4)]);
  } finally {
    await running?.stop();
    await versioned.stop();
  }
});

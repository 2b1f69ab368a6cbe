/**
 * Files over SFTP (OpenSSH on loopback) and from S3-compatible storage against the `file` source with the same bytes: from the first look to the
 * last file stored. In turn, several times, on one machine and one ClickHouse; medians and the ratio pair by pair. With `--gigabytes` one
 * large file over SFTP, and the most memory that was resident meanwhile.
 */
import { createWriteStream, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile, readdir } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { placesOf } from '../app/pipeline/fetch-places.ts';
import { runFetchSource } from '../app/pipeline/fetch-source.ts';
import type { FileResult } from '../app/pipeline/file-job.ts';
import { runFileSource } from '../app/pipeline/file-source.ts';
import { openPipeline, type Pipeline } from '../app/pipeline/pipeline.ts';
import { parseSettings } from '../app/settings/load.ts';
import type { FetchSourceSettings, FileSourceSettings, Settings } from '../core/settings/index.ts';
import { formatOfMapping } from '../ingest/decode/index.ts';
import { migrate } from '../sql/migrate.ts';
import { startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';
import { startS3Apart, type TestS3 } from '../test/fetch/s3.ts';
import { startSshd, type TestSshd } from '../test/fetch/sshd.ts';
import { loadMapping, writeLoad } from './load-file.ts';

const tables = [
  'usage',
  'usage_minute',
  'usage_hour',
  'usage_keys',
  'changed_buckets',
  'rejects',
  'batches',
  'files',
  'fetched',
  'fetches',
];

/** Options: `--files 8 --records 100000 --runs 5`, or `--gigabytes 5`. */
export async function benchFetch(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string', default: '8' },
      records: { type: 'string', default: '100000' },
      runs: { type: 'string', default: '5' },
      gigabytes: { type: 'string' },
    },
  });
  const directory = mkdtempSync(join(tmpdir(), 'weir-bench-fetch-'));
  const server = await startServer({ directory: join(directory, 'data'), httpPort: 0, tcpPort: 0 });
  const ssh = await startSshd();
  const s3 = values.gigabytes ? undefined : await startS3Apart();
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    if (values.gigabytes) await oneLargeFile(Number(values.gigabytes) * 1e9, store, ssh, directory);
    else
      await sideBySide(
        { files: Number(values.files), records: Number(values.records), runs: Number(values.runs) },
        store,
        ssh,
        s3 as TestS3,
        directory,
      );
    console.log(
      `load average: ${loadavg()
        .map((load) => load.toFixed(1))
        .join(' ')}`,
    );
  } finally {
    await store.close();
    await s3?.stop();
    await ssh.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const pipelineOf = (store: Store, settings: Settings): Promise<Pipeline> =>
  openPipeline({
    store,
    clock: { now: () => Date.now() },
    settings,
    pseudonymKey: new Uint8Array(32).fill(7),
    owner: 'bench',
    log: pino({ level: 'silent' }),
  });

const settingsOf = (source: object): Settings =>
  parseSettings(JSON.stringify({ tenant: 'bench', country: 'US', currency: 'USD', sources: { switch: source } }), 'bench');

const sftpSource = (ssh: TestSshd) => ({
  type: 'sftp',
  servers: [{ host: '127.0.0.1', port: ssh.port, user: ssh.user, hostKey: ssh.hostKey, keyFile: ssh.keyFile }],
  directory: ssh.files,
  pattern: '*.csv',
  complete: 'rename',
  everySeconds: 0.1,
});

/** Seconds until so many files were stored. */
async function timed(
  store: Store,
  source: object,
  files: number,
  spool: string,
  environment: Record<string, string> = {},
): Promise<number> {
  const settings = settingsOf({ ...source, mapping: loadMapping });
  const pipeline = await pipelineOf(store, settings);
  const given = settings.sources['switch'] as FileSourceSettings | FetchSourceSettings;
  const stopping = new AbortController();
  let taken = 0;
  let done = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const common = {
    pipeline,
    source: pipeline.source('switch', formatOfMapping(loadMapping, 'mapping'), 'US'),
    log: pino({ level: 'error' }),
    signal: stopping.signal,
    onFile: ({ state, error }: FileResult) => {
      if (state !== 'stored' || error) throw new Error(`${state} ${error}`);
      if (++taken === files) done();
    },
  };
  const started = performance.now();
  const running =
    given.type === 'file'
      ? runFileSource({ ...common, settings: given })
      : runFetchSource({ ...common, settings: given, places: placesOf('switch', given, environment), spool });
  await all;
  const seconds = (performance.now() - started) / 1000;
  stopping.abort();
  await running;
  return seconds;
}

async function sideBySide(
  { files, records, runs }: { files: number; records: number; runs: number },
  store: Store,
  ssh: TestSshd,
  s3: TestS3,
  directory: string,
): Promise<void> {
  const local = join(directory, 'in');
  const spool = join(directory, 'spool');
  mkdirSync(local);
  const seconds: Record<'file' | 'sftp' | 's3', number[]> = { file: [], sftp: [], s3: [] };
  let bytes = 0;
  for (let run = 0; run <= runs; run++) {
    for (const folder of [local, ssh.files]) for (const name of await readdir(folder)) rmSync(join(folder, name));
    await s3.clear();
    bytes = 0;
    for (let file = 0; file < files; file++) {
      const path = join(directory, 'load.csv');
      writeLoad(path, records, (run * files + file) * records);
      bytes += statSync(path).size;
      await copyFile(path, join(ssh.files, `f${file}.csv`));
      await s3.putFile(`f${file}.csv`, path);
      renameSync(path, join(local, `f${file}.csv`));
    }
    if (run === 0)
      console.log(
        `load: ${files} files, ${files * records} records, ${(bytes / 2 ** 20).toFixed(0)} MiB; one run to warm up, then ${runs}`,
      );
    const ways = {
      file: () => timed(store, { type: 'file', directory: local, pattern: '*.csv', complete: 'rename' }, files, spool),
      sftp: () => timed(store, sftpSource(ssh), files, spool),
      s3: () =>
        timed(store, { type: 's3', bucket: 'cdr-files', endpoint: s3.endpoint, everySeconds: 0.1 }, files, spool, { ...s3.environment }),
    };
    for (const [way, measure] of Object.entries(ways)) {
      for (const table of tables) await store.command(`TRUNCATE TABLE ${table}`);
      const cpu = process.cpuUsage();
      const took = await measure();
      const used = process.cpuUsage(cpu);
      const [row] = await store.select<{ rows: string }>('SELECT count() AS rows FROM usage');
      if (Number(row?.rows) < files * records * 0.9) throw new Error(`${way}: only ${row?.rows} rows`);
      console.log(
        `  run ${run}: ${way} ${took.toFixed(2)} s, processor time of this process ${((used.user + used.system) / 1e6).toFixed(1)} s`,
      );
      if (run > 0) seconds[way as keyof typeof seconds].push(took);
    }
  }
  const line = (name: string, list: readonly number[], digits: number): void =>
    console.log(
      `${name.padEnd(34)} median ${median(list).toFixed(digits).padStart(9)}   min ${Math.min(...list)
        .toFixed(digits)
        .padStart(9)}   max ${Math.max(...list)
        .toFixed(digits)
        .padStart(9)}`,
    );
  for (const way of ['file', 'sftp', 's3'] as const)
    line(
      `${way}, records/s`,
      seconds[way].map((took) => (files * records) / took),
      0,
    );
  for (const way of ['sftp', 's3'] as const)
    line(
      `${way} against file (must reach 0.9)`,
      seconds[way].map((took, at) => (seconds.file[at] as number) / took),
      2,
    );
}

/** Rows with a long column that nobody reads: much to transfer, little to store. */
async function oneLargeFile(bytes: number, store: Store, ssh: TestSshd, directory: string): Promise<void> {
  const path = join(ssh.files, 'large.writing');
  const stream = createWriteStream(path);
  stream.write('number,start,seconds,filler\n');
  const filler = 'x'.repeat(2000);
  let records = 0;
  for (let written = 28; written < bytes; ) {
    let piece = '';
    for (let row = 0; row < 500; row++, records++)
      piece += `1202555${String(records % 10_000).padStart(4, '0')},2026-11-01T00:00:00Z,${records % 600},${filler}\n`;
    written += piece.length;
    if (!stream.write(piece)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  stream.end();
  await finished(stream);
  renameSync(path, join(ssh.files, 'large.csv'));
  const settings = settingsOf({
    ...sftpSource(ssh),
    mapping: {
      format: 'csv',
      kind: 'usage',
      header: true,
      constants: { leg: 'switch', service: 'voice' },
      columns: { subscriber_number: 'number', start_time: 'start', duration_seconds: 'seconds' },
    },
  });
  const pipeline = await pipelineOf(store, settings);
  const source = settings.sources['switch'] as FetchSourceSettings;
  const stopping = new AbortController();
  let result: FileResult | undefined;
  let most = 0;
  const started = performance.now();
  const running = runFetchSource({
    pipeline,
    source: pipeline.source('switch', formatOfMapping(source.mapping as never, 'mapping'), 'US'),
    settings: source,
    places: placesOf('switch', source, {}),
    spool: join(directory, 'spool'),
    log: pino({ level: 'error' }),
    signal: stopping.signal,
    onFile: (one) => {
      result = one;
    },
  });
  while (!result) {
    most = Math.max(most, process.memoryUsage().rss);
    await sleep(100);
  }
  const took = (performance.now() - started) / 1000;
  stopping.abort();
  await running;
  if (result.totals.stored !== records) throw new Error(`${result.totals.stored} of ${records} records stored`);
  const [row] = await store.select<{ rows: string }>('SELECT count() AS rows FROM usage');
  if (Number(row?.rows) !== records) throw new Error(`${row?.rows} of ${records} rows`);
  console.log(
    `one file of ${(bytes / 1e9).toFixed(1)} GB, ${records} records: ${took.toFixed(1)} s, ${(bytes / 1e6 / took).toFixed(0)} MB/s from the first byte to the receipt`,
  );
  console.log(`most memory resident: ${(most / 1e6).toFixed(0)} MB, source, pipeline and this benchmark together`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}

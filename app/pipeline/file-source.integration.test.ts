import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import type { FileSourceSettings } from '../../core/settings/index.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { until } from '../../test/support/processes.ts';
import { parseSettings } from '../settings/load.ts';
import type { FileResult } from './file-job.ts';
import { runFileSource } from './file-source.ts';
import { formatOf } from './format-of.ts';
import { openPipeline } from './pipeline.ts';

const clickhouse = withClickHouse();
const directory = mkdtempSync(join(tmpdir(), 'weir-files-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const settings = parseSettings(
  `tenant: main
country: US
ingest: { scanSeconds: 0.1 }
sources:
  calls:
    type: file
    directory: ${directory}
    complete: rename
    after: delete
    mapping:
      format: csv
      kind: usage
      header: true
      constants: { leg: switch, service: voice }
      columns: { subscriber_number: number, start_time: start, duration_seconds: seconds }
`,
  'test',
);

function put(): void {
  const path = join(directory, 'a.csv');
  writeFileSync(path, 'number,start,seconds\n12025550101,2026-11-01T10:00:00Z,60\n');
  utimesSync(path, 1_793_527_200, 1_793_527_200);
}

async function run(): Promise<readonly FileResult[]> {
  const log = pino({ level: 'silent' });
  const pipeline = await openPipeline({
    store: clickhouse.store,
    clock: { now: () => Date.now() },
    settings,
    pseudonymKey: new Uint8Array(32).fill(7),
    owner: 'test',
    log,
  });
  const given = settings.sources['calls'] as FileSourceSettings;
  const stopping = new AbortController();
  const results: FileResult[] = [];
  const running = runFileSource({
    pipeline,
    source: pipeline.source('calls', formatOf('calls', given), 'US'),
    settings: given,
    log,
    signal: stopping.signal,
    onFile: (result) => results.push(result),
  });
  try {
    await until(() => readdirSync(directory).length === 0, 'the file lies there still');
  } finally {
    stopping.abort();
    await running;
  }
  return results;
}

it('puts away what a process that died had stored, and takes it for no second file', async () => {
  put();
  expect((await run()).map(({ state }) => state)).toEqual(['stored']);
  // As it lies there when the process dies between the receipt and the deletion.
  put();
  expect(await run()).toEqual([]);
  expect(await clickhouse.store.select('SELECT count() AS rows FROM usage')).toEqual([{ rows: '1' }]);
  expect(await clickhouse.store.select("SELECT state FROM files WHERE state != 'reading'")).toEqual([{ state: 'stored' }]);
});

/** The query of the control fetch, from what fetching writes down to what is said. */
import { expect, it } from 'vitest';
import { readRows, writeInstant } from '../../core/row.ts';
import { judgeRows } from '../../detectors/controls/evaluation.fixture.ts';
import { fetch } from '../../detectors/controls/fetch.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { type Fetch, writeFetch } from '../pipeline/fetch-log.ts';

const clickhouse = withClickHouse();
const now = Date.UTC(2026, 10, 21, 12, 30);
const minute = 60_000;

const run = (source: string, minutesAgo: number, more: Partial<Fetch> = {}): Fetch => ({
  source,
  place: 'postgres://db:5432/crm',
  type: 'sql',
  dueAt: now - minutesAgo * minute,
  nextDueAt: now - minutesAgo * minute + 15 * minute,
  startedAt: now - minutesAgo * minute,
  finishedAt: now - minutesAgo * minute + 1000,
  state: 'ok',
  rows: 100,
  columns: ['id bigint', 'plan text'],
  ...more,
});

it('says of each place what is away, late, too few and of another shape', async () => {
  const runs: Fetch[] = [
    ...[70, 55, 40, 25, 10].map((ago) => run('calm', ago)),
    ...[75, 60, 45, 30].map((ago) => run('away', ago)),
    ...[20, 16].map((ago) =>
      run('away', ago, { state: 'failed', code: 'source_unreachable', error: 'ECONNREFUSED', columns: [], rows: 0 }),
    ),
    ...[90, 75, 60].map((ago) => run('late', ago)),
    ...[55, 40, 25].map((ago) => run('few', ago)),
    run('few', 10, { rows: 49 }),
    ...[55, 40].map((ago) => run('shape', ago)),
    ...[25, 10].map((ago) => run('shape', ago, { columns: ['id bigint', 'plan int', 'segment text'] })),
  ];
  for (const one of runs) await writeFetch(clickhouse.store, 'main', one);
  const params = { tenant: 'main', since: writeInstant(now - fetch.lookbackMs) };
  const rows = await clickhouse.store.rows<object>('control-fetch', params);
  const read = readRows(fetch.columns, rows);
  expect(read.ok ? '' : read.error).toBe('');
  const said = judgeRows(fetch, rows, { instant: now })
    .filter(({ state }) => state !== 'ok')
    .map(({ cell, state, title }) => `${cell['source']} ${cell['check']} ${state}: ${title}`);
  expect(said).toEqual([
    'away away violation: away: nothing fetched for 20 min',
    'few rows violation: few: 49 rows in place of 100',
    'late late violation: late: query late by 45 min',
    'shape shape violation: shape: other columns (plan: text is now int, …)',
  ]);
  const [shape] = rows.filter((row) => (row as { source: string }).source === 'shape') as { shape_since: string }[];
  expect(shape?.shape_since.slice(0, 16)).toBe('2026-11-21 12:05');
  expect(
    await clickhouse.store.rows('control-fetch-evidence', { tenant: 'main', source: 'few', place: 'postgres://db:5432/crm' }),
  ).toHaveLength(4);
});

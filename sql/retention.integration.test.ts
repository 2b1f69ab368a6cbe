import { expect, it } from 'vitest';
import { withClickHouse } from '../test/clickhouse.ts';
import { applyRetention } from './retention.ts';

const clickhouse = withClickHouse();

it('sets what the settings say, once, and never lets reference data expire', async () => {
  const { store } = clickhouse;
  const changed = await applyRetention(store, { recordsDays: 30, rejectsDays: 7 });
  expect(changed).toContain('usage');
  expect(changed).toContain('rejects');
  expect(changed).not.toContain('cells');
  expect(await applyRetention(store, { recordsDays: 30, rejectsDays: 7 })).toEqual([]);
  const definitions = await store.select<{ name: string; ttl: string }>(
    "SELECT name, extract(create_table_query, 'TTL ([^ ]+ [+] toIntervalDay[(][0-9]+[)])') AS ttl FROM system.tables WHERE database = 'weir' AND name IN ('usage', 'rejects', 'cells') ORDER BY name",
  );
  expect(definitions).toEqual([
    { name: 'cells', ttl: '' },
    { name: 'rejects', ttl: 'toDateTime(ingest_time) + toIntervalDay(7)' },
    { name: 'usage', ttl: 'toDateTime(ingest_time) + toIntervalDay(30)' },
  ]);
});

/** The proof of the first law: every record exactly once, rollups equal to a fresh aggregation, ledger and tables in balance. */
import { expect } from 'vitest';
import type { Store } from '../../sql/store.ts';
import type { UsageTruth } from './usage-file.ts';

/** What the tables hold of a source, as strings of whole numbers. */
export async function expectStoredOnce(store: Store, source: string, truth: UsageTruth): Promise<void> {
  const [usage] = await store.select<Record<string, string>>(
    `SELECT count() AS rows, uniqExact(record_id) AS ids, toUInt64(sum(duration_seconds)) AS total_seconds,
       toInt64(sum(charge) * 1000000) AS charge_micro FROM weir.usage WHERE source = {source:String}`,
    { source },
  );
  expect(usage).toEqual({
    rows: String(truth.stored),
    ids: String(truth.stored),
    total_seconds: String(truth.seconds),
    charge_micro: String(truth.chargeMicro),
  });
  const [rejects] = await store.select<Record<string, string>>(
    'SELECT count() AS rows, uniqExact(record_id) AS ids FROM weir.rejects WHERE source = {source:String}',
    { source },
  );
  expect(rejects).toEqual({ rows: String(truth.rejected), ids: String(truth.rejected) });
  const [keys] = await store.select<Record<string, string>>(
    'SELECT count() AS rows, uniqExact(record_id) AS ids FROM weir.usage_keys WHERE source = {source:String}',
    { source },
  );
  expect(keys).toEqual({ rows: String(truth.stored), ids: String(truth.stored) });
  const [ledger] = await store.select<Record<string, string>>(
    'SELECT read, stored, rejected, dropped, in_flight, in_tables, balanced, proved FROM weir.accounting WHERE source = {source:String}',
    { source },
  );
  expect(ledger).toMatchObject({
    read: String(truth.rows),
    stored: String(truth.stored),
    rejected: String(truth.rejected),
    dropped: String(truth.rows - truth.stored - truth.rejected),
    in_flight: '0',
    in_tables: String(truth.stored),
  });
}

const dimensions = 'tenant, leg, service, partner, direction, node, route, cell, apn, rat, plan, zone, segment, cause_class, currency';
const sums = `toUInt64(sum(duration_seconds)) AS d, toUInt64(sum(billable_seconds)) AS b, sum(octets_up) AS u, sum(octets_down) AS o,
  sum(events) AS e, toInt64(sum(charge) * 1000000) AS c, toInt64(sum(wholesale_charge) * 1000000) AS w, sum(setup_delay_ms) AS s`;

/** Cells of a rollup that differ from a fresh aggregation of the base table, in either direction. */
async function differences(store: Store, rollup: string, bucket: string, fresh: string): Promise<unknown[]> {
  const both = `SELECT ${bucket} AS bucket, ${dimensions}, toUInt64(sum(records)) AS n, toUInt64(sum(answered)) AS a, ${sums}, 1 AS side
       FROM weir.${rollup} GROUP BY bucket, ${dimensions}
     UNION ALL
     SELECT ${fresh} AS bucket, ${dimensions}, count() AS n, countIf(answered) AS a, ${sums}, -1 AS side
       FROM weir.usage GROUP BY bucket, ${dimensions}`;
  return store.select(
    `SELECT bucket, ${dimensions}, n, a, d, b, u, o, e, c, w, s, sum(side) AS sides FROM (${both})
     GROUP BY bucket, ${dimensions}, n, a, d, b, u, o, e, c, w, s HAVING sides != 0 LIMIT 5`,
    {},
    { timeoutMs: 60_000 },
  );
}

/** Rollups by minute and hour hold what an aggregation of the base table gives now, to the last cell. */
export async function expectRollupsEqualBase(store: Store): Promise<void> {
  expect(await differences(store, 'usage_minute', 'minute', "toStartOfMinute(toDateTime(start_time, 'UTC'))")).toEqual([]);
  expect(await differences(store, 'usage_hour', 'hour', "toStartOfHour(toDateTime(start_time, 'UTC'))")).toEqual([]);
}

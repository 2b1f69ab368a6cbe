import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { reconcileWithDuckDb } from './duckdb.ts';

/** start in s, duration in s, identifier. */
type Row = readonly [number, number, string];

async function peerOn(a: readonly Row[], b: readonly Row[]) {
  const directory = mkdtempSync(join(tmpdir(), 'weir-peer-'));
  const db = await DuckDBInstance.create(':memory:');
  const connection = await db.connect();
  try {
    for (const [name, rows] of Object.entries({ a, b })) {
      const values = rows
        .map(([start, ms, id], at) => `(uuid(), ${at}, to_timestamp(1795132800 + ${start}), ${ms}::DOUBLE, '${id}')`)
        .join(', ');
      await connection.run(
        `COPY (SELECT record_id, 'voice' AS service, 7::UBIGINT AS subscriber, 9::UBIGINT AS other_party_suffix, id AS charging_id, 0 AS partial_sequence, 0 AS rating_group,
           start_time, seconds AS billable_seconds, 0::UBIGINT AS octets_up, 0::UBIGINT AS octets_down, 0::DECIMAL(18, 6) AS charge
         FROM (VALUES ${values}) AS t(record_id, nth, start_time, seconds, id)) TO '${join(directory, `${name}.parquet`)}'`,
      );
    }
    return await reconcileWithDuckDb(directory, 1);
  } finally {
    connection.closeSync();
    db.closeSync();
    rmSync(directory, { recursive: true, force: true });
  }
}

it('pairs by identifier and by time, one to one, with classes', async () => {
  const found = await peerOn(
    [
      [0, 60, 'x'],
      [1000, 60, 'y'],
      [2000, 60, ''],
      [5000, 60, 'only-a'],
    ],
    [
      [0, 60, 'x'],
      [1000, 90, 'y'],
      [2030, 61, ''],
      [9000, 60, 'only-b'],
    ],
  );
  expect(found).toMatchObject({ exact: 1, mismatch: 1, within_tolerance: 1, a_only: 1, b_only: 1, shared: 0 });
});

it('ties: no record is in two pairs', async () => {
  const same: readonly Row[] = [
    [0, 60, ''],
    [0, 60, ''],
    [10, 60, ''],
    [500, 60, 'd'],
    [500, 60, 'd'],
  ];
  const found = await peerOn(same, same.slice(0, 4));
  expect(found.shared).toBe(0);
  expect(found.exact + found.within_tolerance + found.mismatch).toBeGreaterThan(0);
  expect(found.exact + found.within_tolerance + found.mismatch + found.a_only).toBe(5);
});

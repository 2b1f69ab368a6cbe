/** The schema on a real server: every table forgets a repeated token, and base and rollups agree whatever happens to the server. */
import { describe, expect, it } from 'vitest';
import { usage } from '../core/kinds/index.ts';
import { newRecord } from '../core/record.ts';
import { startClickHouse, withClickHouse } from '../test/clickhouse.ts';
import { checkApplied, migrate, migrationsIn } from './migrate.ts';
import { newBlockBuilder } from './native/builder.ts';
import { deduplicationWindow } from './render.ts';
import type { Store } from './store.ts';

const rows = 500;
/** Now, since tables forget what was ingested long ago. */
const ingestTime = Date.now();
const builder = newBlockBuilder(usage, rows);

/** A block of usage: rows of few groups, hostile event times among them. */
function usageBlock(batch: number): Uint8Array {
  builder.reset({ tenant: 'test', source: 'msc', partition: `p${batch}`, file: 'a.csv', ingestTime });
  const record = newRecord(usage);
  for (let position = 0; position < rows; position++) {
    record.leg = position % 3 === 0 ? 'switch' : 'billing';
    record.service = 'voice';
    record.partner = `p${position % 7}`;
    record.cell = `c${position % 5}`;
    record.answered = position % 2 === 0;
    record.start_time = position % 100 === 0 ? (position / 100) * 900_000_000_000 : 1_790_000_000_000 + (position % 180) * 20_000;
    record.duration_seconds = position % 60;
    record.octets_up = 1_000_000_007;
    record.charge = 123_456;
    record.business_key = BigInt(position % 400);
    builder.append(record, position);
  }
  return builder.encode();
}

/** Sums of the base and of each table that follows from it; equal when nothing is lost or counted twice. */
async function sums(store: Store): Promise<Record<string, unknown>[]> {
  const figures = (table: string, records: string, answered: string): string =>
    `SELECT '${table}' AS t, ${records} AS records, ${answered} AS answered, sum(duration_seconds) AS seconds, sum(octets_up) AS octets, sum(charge) AS charge FROM ${table}`;
  return store.select(
    `SELECT * FROM (${figures('usage', 'count()', 'countIf(answered)')} UNION ALL ${figures('usage_minute', 'sum(records)', 'sum(answered)')} UNION ALL ${figures('usage_hour', 'sum(records)', 'sum(answered)')}) ORDER BY t`,
  );
}

async function expectExact(store: Store, batches: number): Promise<void> {
  const figures = {
    records: String(rows * batches),
    answered: String((rows / 2) * batches),
    octets: String(1_000_000_007n * BigInt(rows * batches)),
    charge: String((123_456 * rows * batches) / 1e6),
  };
  const all = await sums(store);
  expect(all.map(({ t }) => t)).toEqual(['usage', 'usage_hour', 'usage_minute']);
  for (const { seconds, t, ...found } of all) {
    expect(found, String(t)).toEqual(figures);
    expect(seconds).toBe(all[0]?.['seconds']);
  }
  const [side] = await store.select<Record<string, string>>(
    "SELECT (SELECT count() FROM usage_keys) AS keys, (SELECT sum(records) FROM changed_buckets WHERE table = 'usage') AS changed, (SELECT countIf(business_key != 0) FROM usage) AS keyed",
  );
  expect(side?.['keys']).toBe(side?.['keyed']);
  expect(side?.['changed']).toBe(figures.records);
}

/** A row whose times are now, so that no TTL takes it away at once. */
async function recentRow(store: Store, table: string): Promise<Record<string, string>> {
  const columns = await store.select<{ name: string; now: string }>(
    "SELECT name, if(type = 'Date', toString(today()), toString(now64(3, 'UTC'))) AS now FROM system.columns WHERE database = 'weir' AND table = {table:String} AND (type LIKE 'DateTime64%' OR type = 'Date')",
    { table },
  );
  return Object.fromEntries(columns.map(({ name, now }) => [name, now]));
}

describe('the schema', () => {
  const clickhouse = withClickHouse();

  it('is what the migrations say, once', async () => {
    expect((await migrate(clickhouse.store)).applied).toEqual([]);
    const applied = await clickhouse.store.select<{ number: number; name: string; checksum: string }>(
      'SELECT number, name, checksum FROM migrations',
    );
    expect(applied.length).toBe(migrationsIn().length);
    expect(() => checkApplied(applied, migrationsIn())).not.toThrow();
  });

  it('refuses a migration that changed and a database that is newer', async () => {
    const [first, ...others] = migrationsIn();
    if (first === undefined) throw new Error('no migration');
    await expect(migrate(clickhouse.store, [{ ...first, checksum: 'other' }, ...others])).rejects.toMatchObject({
      code: 'migration_changed',
    });
    await expect(migrate(clickhouse.store, [first])).rejects.toMatchObject({ code: 'schema_newer' });
  });

  it('comments every column', async () => {
    expect(
      await clickhouse.store.select(
        "SELECT table, name FROM system.columns WHERE database = 'weir' AND comment = '' AND table IN (SELECT name FROM system.tables WHERE database = 'weir' AND engine LIKE '%MergeTree')",
      ),
    ).toEqual([]);
  });

  it('has a deduplication window on every table, and takes a token once in each', async () => {
    const tables = await clickhouse.store.select<{ name: string; statement: string }>(
      "SELECT name, create_table_query AS statement FROM system.tables WHERE database = 'weir' AND engine LIKE '%MergeTree'",
    );
    expect(tables.length).toBeGreaterThan(40);
    for (const { name, statement } of tables) {
      expect(statement, name).toContain(`non_replicated_deduplication_window = ${deduplicationWindow}`);
      const count = async (): Promise<unknown> => (await clickhouse.store.select(`SELECT count() AS n FROM ${name}`))[0];
      const row = await recentRow(clickhouse.store, name);
      const before = await count();
      await clickhouse.store.insert(name, [row], `twice/${name}`);
      const once = await count();
      expect(once, name).not.toEqual(before);
      await clickhouse.store.insert(name, [row], `twice/${name}`);
      expect(await count(), name).toEqual(once);
    }
  });

  it('keeps every view over the tables readable', async () => {
    const views = await clickhouse.store.select<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = 'weir' AND engine = 'View'",
    );
    for (const { name } of views) await clickhouse.store.select(`SELECT * FROM ${name} LIMIT 1`);
    expect(views.length).toBeGreaterThan(10);
  });
});

describe('a repeated block', () => {
  const clickhouse = withClickHouse();

  it('is stored once in the base, in every rollup and in every side table, in one part each', async () => {
    const { store } = clickhouse;
    await store.command('SYSTEM STOP MERGES');
    const block = usageBlock(1);
    for (let time = 0; time < 3; time++) await store.insertBlock('usage', block, 'msc/p1/usage');
    await expectExact(store, 1);
    expect(
      await store.select(
        "SELECT table, toUInt32(count()) AS parts FROM system.parts WHERE active AND database = 'weir' AND table LIKE 'usage%' GROUP BY table ORDER BY table",
      ),
    ).toEqual(['usage', 'usage_hour', 'usage_keys', 'usage_minute'].map((table) => ({ table, parts: 1 })));
    await store.insertBlock('usage', usageBlock(2), 'msc/p2/usage');
    await expectExact(store, 2);
    await store.command('SYSTEM START MERGES');
    for (const table of ['usage', 'usage_minute', 'usage_hour', 'usage_keys']) await store.command(`OPTIMIZE TABLE ${table} FINAL`);
    await expectExact(store, 2);
  });

  it('makes the accounting balance, and a missing row shows', async () => {
    const { store } = clickhouse;
    const batch = (partition: string): object => ({
      tenant: 'test',
      source: 'msc',
      partition,
      kind: 'usage',
      first: 0,
      last: rows + 9,
      token: 't',
      state: 'stored',
      read: rows + 10,
      stored: rows,
      rejected: 7,
      dropped: 3,
      epoch: 1,
      planned_at: '2026-11-01 00:00:00.000',
      stored_at: '2026-11-01 00:00:01.000',
    });
    await store.insert('batches', [batch('p1'), batch('p2'), { ...batch('p2'), state: 'planned', stored: 0 }], 'ledger');
    const account = async (): Promise<unknown> => (await store.select("SELECT * FROM accounting WHERE tenant = 'test'"))[0];
    const balanced = {
      read: '1020',
      stored: '1000',
      rejected: '14',
      dropped: '6',
      in_flight: '0',
      balanced: true,
      in_tables: '1000',
      proved: true,
    };
    expect(await account()).toMatchObject(balanced);
    await store.command("ALTER TABLE usage DELETE WHERE partition = 'p2' AND position = 5 SETTINGS mutations_sync = 1");
    expect(await account()).toMatchObject({ ...balanced, in_tables: '999', proved: false });
  });
});

describe('a server that is killed', () => {
  it('has every block exactly once after the same tokens are sent again', async () => {
    const clickhouse = await startClickHouse();
    try {
      const { store, server } = clickhouse;
      const batches = 12;
      for (let batch = 0; batch < batches; batch++) {
        const sent = store.insertBlock('usage', usageBlock(batch), `msc/p${batch}/usage`);
        // At another moment of the insert each time: before it, within base and views, after the answer.
        if (batch % 3 === 0) setTimeout(() => process.kill(server.pid(), 'SIGKILL'), (batch * 11) % 60);
        await sent;
        if (batch % 3 === 0) await store.insertBlock('usage', usageBlock(batch), `msc/p${batch}/usage`);
      }
      await store.select('SELECT 1');
      await expectExact(store, batches);
    } finally {
      await clickhouse.stop();
    }
  });
});

/** Two legs of one day for the reconciliation benchmark, made inside ClickHouse: the same for the same number of usages. */
import type { Store } from '../../sql/store.ts';

/** Yesterday, since tables forget what is old. */
export const legsDay: number = (Math.floor(Date.now() / 86_400_000) - 1) * 86_400_000;

/** Breaks that were planted; what both legs must say of them. */
export interface Planted {
  readonly a_only: number;
  readonly b_only: number;
  readonly mismatch: number;
}

/** Usages in thousands by what becomes of them; all else is stated by both legs within the tolerances. */
const fates = {
  aOnly: 'fate < 5',
  bOnly: 'fate >= 5 AND fate < 10',
  longer: 'fate >= 10 AND fate < 15',
  dearer: 'fate >= 15 AND fate < 20',
};

/**
 * One usage per number: a million subscribers, each usage to one of 300,000 numbers, spread over the day and 600 s long at most. 95 % have a charging id.
 * Leg B starts up to 5 s off in three of ten, is a second longer in one of sixteen, and of 1000 usages lacks 5, knows 5 that A lacks,
 * rounds 5 up to whole minutes and 3 s, and charges 5 twofold.
 */
const usages = `
    SELECT
        number AS i, sipHash64(number) AS h, sipHash64(number, 2) % 1000 AS fate, sipHash64(number, 3) AS h3, sipHash64(number, 4) % 100 < 95 AS identified,
        toInt64(intDiv(h, 1000) % 86280000) + 60000 AS at, toFloat64(1 + intDiv(h3, 16) % 600) AS seconds
    FROM numbers({records:UInt64})`;

const leg = (name: string, start: string, seconds: string, charge: string, where: string): string => `
INSERT INTO usage (tenant, source, partition, position, record_id, ingest_time, leg, node, service, direction, answered, subscriber, other_party_suffix, prefix,
    charging_id, start_time, end_time, duration_seconds, billable_seconds, plan, charge, currency)
SELECT
    'bench', '${name}', 'p', i, reinterpretAsUUID(concat(reinterpretAsFixedString(sipHash64('${name}')), reinterpretAsFixedString(i))), {ingested:DateTime64(3, 'UTC')}, '${name}',
    concat('msc-', toString(h % 10)), 'voice', 'mo', true, sipHash64('s', h % 1000000), sipHash64('b', intDiv(h, 7) % 300000), concat('49', toString(170 + h % 8)),
    if(identified, concat('c', hex(i * 2654435761)), ''),
    fromUnixTimestamp64Milli({day:Int64} + ${start}, 'UTC'), fromUnixTimestamp64Milli({day:Int64} + ${start} + toInt64(${seconds} * 1000), 'UTC'), ${seconds}, ${seconds},
    concat('plan-', toString(h % 5)), CAST(seconds * 0.001 * ${charge}, 'Decimal(18, 6)'), 'EUR'
FROM (${usages})
WHERE NOT (${where})
SETTINGS max_insert_threads = 2, max_threads = 2`;

/** Stores both legs with their hourly rollup, and says what was planted. The views that fill rollups are taken away: they cost, and are not measured. */
export async function storeLegs(store: Store, records: number): Promise<Planted> {
  const views = await store.select<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = {database:String} AND engine = 'MaterializedView' AND name LIKE '%from_usage%'",
    { database: store.database },
  );
  for (const { name } of views) await store.command(`DROP VIEW ${name}`);
  const params = { records, day: legsDay, ingested: new Date().toISOString().slice(0, 19).replace('T', ' ') };
  await store.command(leg('switch', 'at', 'seconds', '1', fates.bOnly), params);
  const jittered = 'at + if(h3 % 10 < 3, toInt64(intDiv(h3, 256) % 10001) - 5000, 0)';
  const longer = `multiIf(${fates.longer}, ceil(seconds / 60) * 60 + 3, h3 % 16 = 1, seconds + 1, seconds)`;
  await store.command(leg('billing', jittered, longer, `if(${fates.dearer}, 2, 1)`, fates.aOnly), params);
  await store.command(
    `INSERT INTO usage_hour (tenant, leg, service, hour, direction, records, ingest_time)
     SELECT tenant, leg, service, toStartOfHour(toDateTime(start_time)), direction, count(), max(ingest_time) FROM usage GROUP BY 1, 2, 3, 4, 5`,
  );
  const [planted] = await store.select<Record<keyof Planted, string>>(
    `SELECT countIf(${fates.aOnly}) AS a_only, countIf(${fates.bOnly}) AS b_only, countIf((${fates.longer}) OR (${fates.dearer} AND seconds * 0.001 > 0.01)) AS mismatch FROM (${usages})`,
    { records },
    { timeoutMs: 600_000 },
  );
  return { a_only: Number(planted!.a_only), b_only: Number(planted!.b_only), mismatch: Number(planted!.mismatch) };
}

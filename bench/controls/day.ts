/** A day of an operator for the benchmark of the controls, made inside ClickHouse; rollups are filled by the views, as ever. */
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';

export const tenant = 'bench';
/** Yesterday, since what is old is history to the controls. */
export const benchDay: number = (Math.floor(Date.now() / 86_400_000) - 1) * 86_400_000;
const hourMs = 3_600_000;

/** Legs with their share of the records. The switch sees incoming calls too, which nobody bills. */
export const legShares = { switch: 0.4, rating: 0.3, mno_wholesale: 0.3 } as const;
export type BenchLeg = keyof typeof legShares;
export const benchLegs = Object.keys(legShares) as readonly BenchLeg[];

/** Number of usages of an hour, whole chains and nodes; the switch has a third more. */
const perHour = (records: number): number => Math.max(1, Math.round((records * legShares.rating) / 24 / 90)) * 90;

/**
 * One record of a leg per usage: half voice, a fifth messages, the rest data in chains of three partial records, each chain on one of ten
 * nodes with five cells. A million subscribers, five plans, five zones. One in a thousand usages is missing in the leg after, one in two
 * thousand repeats.
 */
const hourOfLeg = `
INSERT INTO usage (tenant, source, partition, position, file, record_id, ingest_time, leg, node, service, direction, partner, answered, cause, subscriber, other_party,
    other_party_suffix, imsi, equipment, prefix, zone, charging_id, local_sequence, partial_sequence, closing_cause, start_time, answer_time, end_time, duration_seconds,
    billable_seconds, octets_down, events, cell, rat, plan, segment, charge, wholesale_charge, currency, tariff, zero_reason, status, business_key)
SELECT
    {tenant:String}, {leg:String}, {partition:String}, i, {file:String}, reinterpretAsUUID(concat(reinterpretAsFixedString(sipHash64({leg:String})), reinterpretAsFixedString(at))),
    {ingested:DateTime64(3, 'UTC')}, {leg:String}, concat('node-', toString(at % 10)), of, if(incoming, 'mt', 'mo'), if({leg:String} = 'mno_wholesale', 'host', ''), true, 16,
    who, sipHash64('b', intDiv(h, 7) % 300000), sipHash64('b', intDiv(h, 7) % 300000), sipHash64('i', who), sipHash64('e', who), concat('49', toString(170 + h % 5)), concat('zone-', toString(h % 5)),
    if(of = 'data', concat('d', hex(chain)), concat('c', hex(i))), if({leg:String} = 'switch', intDiv({numbered:UInt64} + at - {first:UInt64}, 10) + 1, 0), if(of = 'data', part + 1, 0), if(of = 'data', if(part = 2, '0', '16'), ''),
    fromUnixTimestamp64Milli(start, 'UTC'), fromUnixTimestamp64Milli(start, 'UTC'), fromUnixTimestamp64Milli(start + toInt64(seconds * 1000), 'UTC'), seconds, seconds,
    if(of = 'data', h % 10000000, 0), of = 'sms', concat('cell-', toString(i % 50)), '4g', concat('plan-', toString(who % 5)), if(who % 9 = 0, 'business', 'consumer'),
    if({leg:String} = 'rating' AND NOT free, CAST(price, 'Decimal(18, 6)'), 0), if({leg:String} = 'mno_wholesale', CAST(price / 4, 'Decimal(18, 6)'), 0), 'EUR',
    if({leg:String} = 'rating', 'retail', ''), if({leg:String} = 'rating' AND free, 'allowance', ''), if({leg:String} = 'rating', 'rated', 'received'), cityHash64({leg:String}, i)
FROM
(
    SELECT
        number AS at, if(number % 2000 = 1999, number - 10, number) AS i, sipHash64(i) AS h, intDiv(i, 30) * 10 + i % 10 AS chain, intDiv(i, 10) % 3 AS part,
        ['voice', 'voice', 'voice', 'voice', 'voice', 'sms', 'sms', 'data', 'data', 'data'][intDiv(i, 30) % 10 + 1] AS of,
        sipHash64('s', sipHash64(if(of = 'data', chain, i), 9) % 1000000) AS who,
        number >= {first:UInt64} + {outgoing:UInt64} AS incoming,
        {from:Int64} + if(of = 'data', sipHash64(chain, 5) % 1800000 + part * 600000, intDiv(h, 1000) % 3600000) AS start,
        if(of = 'sms', 0, if(of = 'data', 600, 1 + intDiv(h, 16) % 600)) AS seconds, sipHash64(i, 7) % 20 = 0 AS free,
        if(of = 'sms', 0.05, if(of = 'data', 0.02, seconds / 60 * 0.1)) AS price
    FROM numbers({first:UInt64}, {count:UInt64})
)
WHERE {leg:String} = 'switch' OR sipHash64(i, 8) % 1000 != 0
SETTINGS max_insert_threads = 1, max_threads = 2, optimize_on_insert = 0`;

/** Stores about so many records with their ledger, and the reference data that the controls want. Calls `onHour` with what is done. */
export async function storeDay(store: Store, records: number, onHour: (hour: number) => void): Promise<void> {
  const outgoing = perHour(records);
  for (let hour = 0; hour < 24; hour++) {
    onHour(hour);
    for (const leg of benchLegs) {
      const count = leg === 'switch' ? Math.round((outgoing * legShares.switch) / legShares.rating) : outgoing;
      const from = benchDay + hour * hourMs;
      const file = `${leg}_${String(hour + 1).padStart(6, '0')}.csv`;
      const partition = `sha256:${Buffer.from(file).toString('hex').padEnd(64, '0').slice(0, 64)}`;
      const ingested = from + hourMs + 60_000;
      const params = {
        tenant,
        leg,
        partition,
        file,
        from,
        first: hour * 2 * outgoing,
        outgoing,
        count,
        numbered: hour * count,
        ingested: writeInstant(ingested),
      };
      await store.command(hourOfLeg, params);
      await storeReceipt(store, { leg, file, partition, hour, count, ingested });
    }
  }
  for (const sql of reference) await store.command(sql, { tenant, day: writeInstant(benchDay), now: writeInstant(benchDay + 25 * hourMs) });
}

interface Receipt {
  readonly leg: string;
  readonly file: string;
  readonly partition: string;
  readonly hour: number;
  readonly count: number;
  readonly ingested: number;
}

async function storeReceipt(store: Store, { leg, file, partition, hour, count, ingested }: Receipt): Promise<void> {
  const rejected = Math.floor(count / 1000);
  const event = { event_from: writeInstant(benchDay + hour * hourMs), event_to: writeInstant(benchDay + (hour + 1) * hourMs - 1) };
  const counted = { read: count, stored: count - rejected, rejected, dropped: 0, ...event };
  const common = { tenant, source: leg, ...counted };
  await store.insert(
    'files',
    [
      {
        ...common,
        sha256: partition.slice(7),
        name: file,
        bytes: count * 300,
        state: 'stored',
        sequence: hour + 1,
        modified_at: writeInstant(ingested - 1000),
        received_at: writeInstant(ingested),
        completed_at: writeInstant(ingested + 1000),
        declared_records: count,
        version: 1,
      },
    ],
    `file/${file}`,
  );
  const batch = {
    ...common,
    partition,
    kind: 'usage',
    first: 0,
    last: count - 1,
    token: file,
    state: 'stored',
    rejected_by: { bad_time: rejected },
    file,
    owner: 'bench',
    planned_at: writeInstant(ingested),
    stored_at: writeInstant(ingested + 1000),
  };
  await store.insert('batches', [batch], `batch/${file}`);
  const mark = {
    tenant,
    leg,
    node: '',
    source: leg,
    complete_to: writeInstant(benchDay + (hour + 1) * hourMs),
    updated_at: writeInstant(ingested),
  };
  await store.insert('watermarks', [mark], `mark/${file}`);
}

const known =
  "{tenant:String} AS tenant, 'reference' AS source, 'p' AS partition, number AS position, generateUUIDv4(number) AS record_id, toDateTime64({now:DateTime64(3, 'UTC')}, 3, 'UTC') AS ingest_time";
const longAgo = "toDateTime64('2020-01-01', 3, 'UTC')";

/** Tariffs, cells, prefixes, partners, a million subscriptions in three systems, counters of the stages, a month of invoices, credits. */
const reference: readonly string[] = [
  `INSERT INTO tariffs (tenant, source, partition, position, record_id, ingest_time, tariff, version, service, zone, per_unit, unit, minimum_seconds, increment_seconds, currency, valid_from)
   SELECT ${known}, 'retail', '1', ['voice', 'sms', 'data'][number % 3 + 1], concat('zone-', toString(intDiv(number, 3))), [0.1, 0.05, 0.002][number % 3 + 1], ['minute', 'event', 'mib'][number % 3 + 1], 0, 1, 'EUR', ${longAgo} FROM numbers(15)`,
  `INSERT INTO cells (tenant, source, partition, position, record_id, ingest_time, cell, valid_from) SELECT ${known}, concat('cell-', toString(number)), ${longAgo} FROM numbers(50)`,
  `INSERT INTO prefix_zones (tenant, source, partition, position, record_id, ingest_time, prefix, zone, valid_from) SELECT ${known}, concat('49', toString(170 + number)), concat('zone-', toString(number)), ${longAgo} FROM numbers(5)`,
  `INSERT INTO partners (tenant, source, partition, position, record_id, ingest_time, partner, partner_kind, rounding, valid_from) SELECT ${known}, 'host', 'mno', '1/1', ${longAgo} FROM numbers(1)`,
  `INSERT INTO subscriptions (tenant, source, partition, position, record_id, ingest_time, system, subscription, imsi, account, status, plan, segment, recurring_charge, currency, valid_from)
   SELECT ${known}, ['hlr', 'crm', 'billing'][number % 3 + 1], sipHash64('s', intDiv(number, 3)) AS who, sipHash64('i', who), who, 'active', concat('plan-', toString(who % 5)), 'consumer', 20, 'EUR', ${longAgo} FROM numbers(3000000)`,
  `INSERT INTO stage_counters (tenant, source, partition, position, record_id, ingest_time, event_time, stage, node, service, records_in, records_out, filtered, currency)
   SELECT ${known}, {day:DateTime64(3, 'UTC')} + INTERVAL intDiv(number, 20) HOUR, ['switch', 'mediation'][number % 2 + 1], concat('node-', toString(intDiv(number, 2) % 10)), 'voice', 10000, 9990, 10, 'EUR' FROM numbers(480)`,
  `INSERT INTO credits (tenant, source, partition, position, record_id, ingest_time, event_time, account, amount, currency, reason, agent, approval)
   SELECT ${known}, {day:DateTime64(3, 'UTC')} - INTERVAL number % 600 HOUR, sipHash64('s', number), 1 + number % 40, 'EUR', 'goodwill', concat('agent-', toString(number % 30)), if(number % 40 > 30, 'boss', '') FROM numbers(20000)`,
  `INSERT INTO invoices (tenant, source, partition, position, record_id, ingest_time, invoice_id, invoice_kind, account, period_start, period_end, issued_at, amount, currency)
   SELECT ${known}, toString(number), 'retail', sipHash64('s', number), {day:DateTime64(3, 'UTC')} - INTERVAL 30 DAY, {day:DateTime64(3, 'UTC')}, {day:DateTime64(3, 'UTC')}, 25, 'EUR' FROM numbers(200000)`,
  `INSERT INTO invoice_lines (tenant, source, partition, position, record_id, ingest_time, invoice_id, line, line_kind, account, subscription, service, period_start, period_end, quantity, unit, amount, currency, agent)
   SELECT ${known}, toString(intDiv(number, 3)), number % 3 + 1, ['recurring', 'usage', 'discount'][number % 3 + 1], sipHash64('s', intDiv(number, 3)) AS who, who, ['', 'voice', ''][number % 3 + 1], {day:DateTime64(3, 'UTC')} - INTERVAL 30 DAY,
     {day:DateTime64(3, 'UTC')}, 1, 'event', [20, 10, -5][number % 3 + 1], 'EUR', '' FROM numbers(600000)`,
  `INSERT INTO rejects (tenant, source, partition, position, record_id, ingest_time, kind, reason) SELECT ${known}, 'usage', 'bad_time' FROM numbers(20000)`,
  `INSERT INTO batches (tenant, source, partition, kind, first, last, state, planned_at) SELECT {tenant:String}, 'stream', 'cdr/0', 'usage', 10, 19, 'lost', {now:DateTime64(3, 'UTC')} - INTERVAL 2 HOUR`,
];

/** What other legs tell of usage that a source lacks or has twice, over a real ClickHouse. */
import { beforeAll, expect, it } from 'vitest';
import { readRows, writeInstant } from '../../core/row.ts';
import { knownColumns } from '../../detectors/worth.ts';
import { withClickHouse } from '../../test/clickhouse.ts';

const clickhouse = withClickHouse();
const begin = Date.UTC(2026, 10, 2, 10);
const minute = 60_000;

interface Usage {
  readonly leg: string;
  readonly source: string;
  readonly call: number;
  readonly more?: object;
}

function row({ leg, source, call, more = {} }: Usage): object {
  const leading = { switch: 1, mediation: 2, rating: 3 }[leg] ?? 4;
  return {
    ...{ tenant: 'acme', leg, source, service: 'voice', direction: 'mo', answered: true, currency: 'EUR' },
    ...{ charging_id: `c${call}`, subscriber: call % 7, billable_seconds: 60, cell: call % 2 === 0 ? 'even' : 'odd' },
    ...{
      partition: source,
      position: call,
      file: `${source}.csv`,
      start_time: writeInstant(begin + call * minute),
      ingest_time: writeInstant(begin + 3_600_000),
    },
    record_id: `0000000${leading}-0000-0000-0000-${`${call}`.padStart(12, '0')}`,
    ...more,
  };
}

const ask = async (known: string, source: string, more: object = {}) => {
  const params = {
    tenant: 'acme',
    currency: 'EUR',
    leg: '',
    service: '',
    file: '',
    known,
    source,
    from: writeInstant(begin),
    to: writeInstant(begin + 60 * minute),
  };
  const read = readRows(knownColumns, await clickhouse.store.rows('detect-worth-known', { ...params, ...more }));
  if (!read.ok) throw new Error(read.error);
  return read.rows[0]!;
};

beforeAll(async () => {
  const calls = Array.from({ length: 60 }, (_, call) => call);
  const switchOf = (call: number) => (call % 2 === 0 ? 'msc-1' : 'msc-2');
  // Lost on the switch: calls 20 to 29 of both nodes. Lost on rating: 40, 42, 44.
  const rows = [
    ...calls.filter((call) => call < 20 || call > 29).map((call) => row({ leg: 'switch', source: switchOf(call), call })),
    ...calls.map((call) => row({ leg: 'mediation', source: 'mediation', call, more: { zone: call < 50 ? 'near' : 'far' } })),
    ...calls
      .filter((call) => ![40, 42, 44].includes(call))
      .map((call) =>
        row({
          leg: 'rating',
          source: 'rating',
          call,
          more: { zone: call < 50 ? 'near' : 'far', plan: 'flex', charge: call < 50 ? '0.5' : '2' },
        }),
      ),
    // Nobody is billed for what came in.
    row({ leg: 'mediation', source: 'mediation', call: 900, more: { direction: 'mt', start_time: writeInstant(begin) } }),
    row({
      leg: 'switch',
      source: 'msc-1',
      call: 10,
      more: { duplicate: 2, position: 910, record_id: '00000009-0000-0000-0000-000000000010' },
    }),
    row({ leg: 'switch', source: 'msc-1', call: 20, more: { tenant: 'other' } }),
  ];
  await clickhouse.store.insert('usage', rows, 'worth-known');
});

it('what a node lacks is worth what rating charged for it, of its own cells', async () => {
  expect(await ask('lacking', 'msc-1')).toMatchObject({ usages: 5, value: 2.5, priced: 0 });
  expect(await ask('lacking', 'msc-1', { from: writeInstant(begin + 24 * minute), to: writeInstant(begin + 26 * minute) })).toMatchObject({
    usages: 3,
  });
});

it('what the charging leg lacks is worth its units at the mean price', async () => {
  expect(await ask('lacking', 'rating')).toMatchObject({ usages: 3, value: 1.5, priced: 1 });
});

it('a file is worth what others charged for what it holds, its repeats once', async () => {
  // Calls 0 to 58 of even number without the ten lost ones: 20 near, one of them twice and three not charged, and 5 far.
  expect(await ask('file', 'msc-1', { file: 'msc-1.csv' })).toMatchObject({ usages: 25, value: 17 * 0.5 + 5 * 2, held: 26 });
  expect(await ask('repeats', 'msc-1', { file: 'msc-1.csv' })).toMatchObject({ usages: 1, value: 0.5, held: 1 });
});

it('repeats of calls that came in are known to cost nothing', async () => {
  const of = { duplicate: 2, direction: 'mt', file: 'in.csv' };
  const repeats = [1, 2].map((number) =>
    row({
      leg: 'switch',
      source: 'msc-1',
      call: 30,
      more: { ...of, position: 920 + number, record_id: `00000009-0000-0000-0000-00000000092${number}` },
    }),
  );
  await clickhouse.store.insert('usage', repeats, 'repeats-in');
  expect(await ask('repeats', 'msc-1', { file: 'in.csv' })).toMatchObject({ held: 2, payable: 0 });
  expect(await ask('repeats', 'msc-1', { file: 'msc-1.csv' })).toMatchObject({ held: 1, payable: 1 });
});

it('a source that lacks nothing, and one that nobody knows', async () => {
  expect(await ask('lacking', 'mediation')).toMatchObject({ usages: 0, value: 0 });
  expect(await ask('lacking', 'nobody')).toMatchObject({ usages: 0, value: 0 });
});

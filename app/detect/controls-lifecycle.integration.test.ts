import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { orderToCash } from '../../detectors/controls/order-to-cash.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { evidenceRows, judgeStored } from './judge.fixture.ts';

const clickhouse = withClickHouse();
const minute = 60_000;
const day = 86_400_000;
const noon = Date.UTC(2026, 10, 21, 12);

let rows = 0;
const record = (more: object): object => ({
  tenant: 'main',
  source: 'crm',
  partition: 'p',
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(noon),
  ...more,
});
const step = (subscription: number, name: string, at: number, more: object = {}): object =>
  record({
    subscription,
    step: name,
    event_time: writeInstant(at),
    order_id: `O${subscription}`,
    plan: 'flex',
    segment: 'consumer',
    result: 'ok',
    ...more,
  });
/** Ordered, paid a minute later, activated two minutes after the order, provisioned three. */
const complete = (subscription: number, at: number): object[] =>
  ['ordered', 'paid', 'activated', 'provisioned'].map((name, place) => step(subscription, name, at + place * minute));

it('N04: finds the orders that stop after activation, shows their error, and clears when they are done', async () => {
  const { store } = clickhouse;
  expect(await judgeStored(store, orderToCash, { instant: noon })).toMatchObject([{ state: 'not_applicable' }]);
  // Forty orders in the three weeks before, all complete; yesterday ten, of which six stop: four with an error, two without a word.
  const before = Array.from({ length: 40 }, (_, at) => complete(at + 1, noon - 3 * day - at * 12 * 3_600_000)).flat();
  const yesterday = noon - day;
  const well = [51, 52, 53, 54].flatMap((subscription) => complete(subscription, yesterday));
  const stuck = [61, 62, 63, 64, 65, 66].flatMap((subscription) => [
    ...complete(subscription, yesterday).slice(0, 3),
    ...(subscription < 65 ? [step(subscription, 'provisioned', yesterday + 5 * minute, { result: 'failed', error: 'HLR timeout' })] : []),
  ]);
  const repeated = [
    ...complete(71, yesterday).slice(0, 3),
    step(71, 'provisioned', yesterday + 4 * minute, { result: 'failed', error: 'HLR timeout' }),
    step(71, 'provisioned', yesterday + 9 * minute),
  ];
  const cancelled = [...complete(72, yesterday).slice(0, 3), step(72, 'cancelled', yesterday + 6 * minute)];
  await store.insert('lifecycle', [...before, ...well, ...stuck, ...repeated, ...cancelled], 'steps');
  const priced = record({
    system: 'billing',
    subscription: 1,
    plan: 'flex',
    status: 'active',
    recurring_charge: '30',
    currency: 'EUR',
    valid_from: writeInstant(noon - 40 * day),
  });
  await store.insert('subscriptions', [priced], 'plans');
  const found = await judgeStored(store, orderToCash, { instant: noon });
  expect(found.map(({ cell, state, observed }) => [cell['step'], cell['next'], state, observed])).toEqual([
    ['ordered', 'paid', 'ok', 0],
    ['paid', 'activated', 'ok', 0],
    ['activated', 'provisioned', 'violation', 6],
  ]);
  // Six orders at 30 a month, a day less two minutes each: 6 x 30 / 30 x 0.9986 = 5.99.
  expect(found[2]).toMatchObject({ money: { amount: '5.99', class: 'risk' }, customers: { count: 6 }, statistic: 6 / 11 });
  expect(found[2]!.summary).toContain('4 orders with a failed step: provisioned: HLR timeout');
  const shown = await evidenceRows<{ subscription: string; error: string }>(store, found[2]!);
  expect(shown.map(({ subscription }) => subscription).sort()).toEqual(['61', '62', '63', '64', '65', '66']);
  // Done at last, one of them as its usage shows: late data closes it.
  await store.insert(
    'lifecycle',
    [61, 62, 63, 64, 65].map((subscription) => step(subscription, 'provisioned', noon - minute)),
    'late',
  );
  const used = record({
    leg: 'rating',
    service: 'voice',
    direction: 'mo',
    subscriber: 66,
    start_time: writeInstant(noon - minute),
    charge: '0.2',
    currency: 'EUR',
  });
  await store.insert('usage', [used], 'used');
  expect((await judgeStored(store, orderToCash, { instant: noon })).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
});

it('the view says of each order how far it came: first usage and first charge from whatever states them', async () => {
  const { store } = clickhouse;
  const at = noon - 2 * day;
  const mine = (more: object): object => ({ ...record(more), tenant: 'view' });
  const steps = [1, 2, 3].flatMap((subscription) => complete(subscription, at)).map((each) => ({ ...each, tenant: 'view' }));
  await store.insert('lifecycle', steps, 'v1');
  const call = (subscriber: number, leg: string, when: number, charge: string) =>
    mine({ leg, service: 'voice', direction: 'mo', subscriber, start_time: writeInstant(when), charge, currency: 'EUR' });
  await store.insert(
    'usage',
    [
      call(1, 'switch', at - day, '0'),
      call(1, 'switch', at + day, '0'),
      call(1, 'rating', at + day + minute, '0.1'),
      call(2, 'switch', at + day, '0'),
    ],
    'v2',
  );
  await store.insert(
    'invoice_lines',
    [mine({ invoice_id: 'I', line: 1, subscription: 2, amount: '9', period_end: writeInstant(at + 2 * day) })],
    'v3',
  );
  const read = await store.select<Record<string, string>>(
    "SELECT subscription, last_step, state, toString(first_usage_at) AS used, toString(first_charge_at) AS charged FROM lifecycle_to_cash WHERE tenant = 'view' ORDER BY subscription",
  );
  const none = '1970-01-01 00:00:00.000';
  expect(read).toEqual([
    // Usage before the order is somebody else's.
    {
      subscription: '1',
      last_step: 'first_charge',
      state: 'charged',
      used: writeInstant(at + day),
      charged: writeInstant(at + day + minute),
    },
    { subscription: '2', last_step: 'first_charge', state: 'charged', used: writeInstant(at + day), charged: writeInstant(at + 2 * day) },
    { subscription: '3', last_step: 'provisioned', state: 'in work', used: none, charged: none },
  ]);
});

it('the page on the life cycle shows queries that run', async () => {
  const page = readFileSync(new URL('../../docs/life-cycle-to-cash.md', import.meta.url), 'utf8');
  const queries = [...page.matchAll(/npx weir sql "([^"]+)"/g)].map(([, sql]) => sql!);
  expect(queries).toHaveLength(3);
  const found = await Promise.all(queries.map((sql) => clickhouse.store.select<object>(sql)));
  // Nearly every order took three minutes.
  expect(found[2]).toMatchObject([{ plan: 'flex', median: 180 }]);
});

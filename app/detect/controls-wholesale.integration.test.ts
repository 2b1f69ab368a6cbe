import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { wholesaleInvoice } from '../../detectors/controls/wholesale-invoice.ts';
import { wholesaleRate } from '../../detectors/controls/wholesale-rate.ts';
import { wholesaleUsage } from '../../detectors/controls/wholesale-usage.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { evidenceRows, judgeStored } from './judge.fixture.ts';

const clickhouse = withClickHouse();
const hour = 3_600_000;
const day = 24 * hour;
const october = Date.UTC(2026, 9, 1);
const november = Date.UTC(2026, 10, 1);
const midnight = Date.UTC(2026, 10, 21);

let rows = 0;
const record = (more: object): object => ({
  tenant: 'main',
  source: 'host',
  partition: 'p',
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(midnight),
  currency: 'EUR',
  ...more,
});
const call = (leg: string, at: number, more: object = {}): object =>
  record({
    leg,
    service: 'voice',
    direction: 'mo',
    answered: true,
    zone: 'national',
    subscriber: 1,
    start_time: writeInstant(at),
    business_key: rows,
    ...more,
  });
const complete = (leg: string, to: number): object => ({
  tenant: 'main',
  leg,
  node: '',
  source: leg,
  complete_to: writeInstant(to),
  updated_at: writeInstant(midnight),
});

it('S09 invoice: 31 days at 10 are 310; 330 are disputed, a second invoice and a missing one are told, late usage closes it', async () => {
  const { store } = clickhouse;
  expect(await judgeStored(store, wholesaleInvoice, { instant: midnight })).toMatchObject([{ state: 'not_applicable' }]);
  const usage = Array.from({ length: 51 }, (_, at) =>
    call('mno_wholesale', october + at * day, { billable_seconds: 600, wholesale_charge: '10' }),
  );
  await store.insert('usage', usage, 'i1');
  const invoice = (id: string, amount: string, more: object = {}) =>
    record({
      invoice_id: id,
      invoice_kind: 'wholesale',
      partner: 'host-mno',
      period_start: writeInstant(october),
      period_end: writeInstant(november),
      issued_at: writeInstant(november + 3 * day),
      amount,
      ...more,
    });
  await store.insert('invoices', [invoice('W1', '330'), invoice('W1b', '330', { issued_at: writeInstant(november + 9 * day) })], 'i2');
  const line = {
    invoice_id: 'W1',
    line_kind: 'usage',
    service: 'voice',
    unit: 'minute',
    period_start: writeInstant(october),
    period_end: writeInstant(november),
  };
  await store.insert('invoice_lines', [record({ ...line, line: 1, quantity: 310, amount: '330' })], 'i3');
  // Usage of the period is there, but nobody says that it is all.
  const unsure = await judgeStored(store, wholesaleInvoice, { instant: midnight });
  expect(unsure.filter(({ cell }) => cell['check'] === 'invoice').map(({ state }) => state)).toEqual(['not_applicable', 'not_applicable']);
  await store.insert('watermarks', [complete('mno_wholesale', midnight)], 'i4');
  const judge = async (instant: number) => {
    const all = await judgeStored(store, wholesaleInvoice, { instant });
    return all.filter(({ state }) => state === 'violation');
  };
  const found = await judge(midnight);
  expect(found.map(({ cell, money }) => [cell['check'], cell['invoice'], money?.amount, money?.class])).toEqual([
    ['invoice', 'W1', '20', 'leakage'],
    ['invoice', 'W1b', '20', 'leakage'],
    ['twice', 'W1b', '330', 'leakage'],
  ]);
  expect(found[0]!.summary).toContain(
    '100 % of it in voice. Quantities: 310 minutes invoiced, 310 in the files: the price differs, not the usage.',
  );
  expect((await evidenceRows(store, found[0]!)).length).toBe(32);
  // Twenty days of November are used; its invoice is due fifteen days after the end of as many days as October has.
  expect((await judge(Date.UTC(2026, 11, 16))).some(({ cell }) => cell['check'] === 'missing')).toBe(false);
  const missing = (await judge(Date.UTC(2026, 11, 18))).find(({ cell }) => cell['check'] === 'missing');
  expect(missing).toMatchObject({ money: { amount: '200', class: 'risk' } });
  // The files of two days came late.
  await store.insert('usage', [call('mno_wholesale', october + day + hour, { wholesale_charge: '20', billable_seconds: 1200 })], 'i5');
  expect((await judge(midnight)).map(({ cell }) => cell['check'])).toEqual(['twice']);
});

it('S09 rate: a minute at 0.06 charged at 0.09, of the rate that held then', async () => {
  const { store } = clickhouse;
  const window = { from: midnight + 10 * hour, to: midnight + 11 * hour };
  const judge = () => judgeStored(store, wholesaleRate, { instant: window.to, window, leg: 'mno_wholesale' });
  expect(await judge()).toMatchObject([{ state: 'not_applicable' }]);
  const calls = (first: number, charge: string, zone = 'world') =>
    Array.from({ length: 10 }, (_, at) =>
      call('mno_wholesale', window.from + (first + at) * 60_000, { zone, billable_seconds: 60, wholesale_charge: charge }),
    );
  await store.insert('usage', [...calls(0, '0.06'), ...calls(20, '0.09')], 'w1');
  const rate = (perUnit: string, from: number, more: object = {}) =>
    record({
      tariff: 'host',
      version: `${from}`,
      service: 'voice',
      zone: 'world',
      per_unit: perUnit,
      unit: 'minute',
      minimum_seconds: 1,
      increment_seconds: 1,
      wholesale: true,
      partner: 'host-mno',
      valid_from: writeInstant(from),
      ...more,
    });
  await store.insert('tariffs', [rate('0.09', october, { valid_to: writeInstant(november) }), rate('0.06', november)], 'w2');
  const found = await judge();
  // Ten of twenty at 0.03 too much.
  expect(found.map(({ cell, state, observed, money }) => [cell['check'], state, observed, money?.amount, money?.class])).toEqual([
    ['under', 'ok', 0, undefined, undefined],
    ['over', 'violation', 10, '0.3', 'leakage'],
  ]);
  expect((await evidenceRows<{ what: string }>(store, found[1]!)).map(({ what }) => what).filter((what) => what === 'rate')).toHaveLength(
    2,
  );
});

it('S09 usage: a day on which the host has a tenth more, once both legs are complete, and what is left of the plan', async () => {
  const { store } = clickhouse;
  const start = Date.UTC(2027, 0, 1);
  const end = start + 8 * day;
  const later = { ingest_time: writeInstant(end) };
  const dayOf = (at: number, leg: string, seconds: number, more: object) =>
    Array.from({ length: 40 }, (_, n) =>
      call(leg, start + at * day + n * 600_000, { ...later, zone: 'moon', billable_seconds: seconds, plan: 'flat', ...more }),
    );
  const usage = Array.from({ length: 8 }, (_, at) => [
    ...dayOf(at, 'rating', 60, { charge: '0.01' }),
    ...dayOf(at, 'mno_wholesale', at === 7 ? 66 : 60, { wholesale_charge: at === 7 ? '0.055' : '0.05', plan: '' }),
  ]).flat();
  await store.insert('usage', usage, 'u1');
  const holder = (subscription: number) =>
    record({ system: 'billing', subscription, plan: 'flat', status: 'active', recurring_charge: '15', valid_from: writeInstant(october) });
  await store.insert('subscriptions', [holder(1), holder(2)], 'u2');
  const judge = async () =>
    (await judgeStored(store, wholesaleUsage, { instant: end + hour })).filter(
      ({ cell }) => cell['zone'] === 'moon' || cell['check'] !== 'usage',
    );
  const mark = (leg: string, to: number) => ({ ...complete(leg, to), updated_at: writeInstant(end) });
  await store.insert('watermarks', [mark('rating', end - hour), mark('mno_wholesale', end)], 'u3');
  // The last day is not complete.
  expect((await judge()).filter(({ state }) => state === 'violation')).toMatchObject([{ cell: { check: 'margin', plan: 'flat' } }]);
  await store.insert('watermarks', [{ ...mark('rating', end), updated_at: writeInstant(end + 1) }], 'u4');
  const found = await judge();
  // 40 x 6 s more at 2.2 / 2,640 s: 0.2.
  expect(found.find(({ cell }) => cell['day'] === '2027-01-08')).toMatchObject({
    state: 'violation',
    observed: 2640,
    expected: 2400,
    money: { amount: '0.2', class: 'leakage' },
  });
  // Customers pay 8 x 0.4 and 2 x 15 x 8 / 30 = 11.2; the host takes 7 x 2 + 2.2 = 16.2.
  expect(found.find(({ cell }) => cell['check'] === 'margin')).toMatchObject({
    state: 'violation',
    observed: 11.2,
    money: { amount: '5', class: 'risk' },
    customers: { count: 2 },
  });
  for (const each of found.filter(({ state }) => state === 'violation')) expect(await evidenceRows(store, each)).not.toEqual([]);
  // The missing usage of our own comes late.
  await store.insert('usage', dayOf(7, 'rating', 6, { charge: '0' }), 'u5');
  expect((await judge()).find(({ cell }) => cell['day'] === '2027-01-08')).toMatchObject({ state: 'ok' });
});

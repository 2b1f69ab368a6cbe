import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { allowances } from '../../detectors/controls/allowances.ts';
import { credits } from '../../detectors/controls/credits.ts';
import { ratedNotInvoiced } from '../../detectors/controls/rated-not-invoiced.ts';
import { referenceData } from '../../detectors/controls/reference-data.ts';
import { rerating } from '../../detectors/controls/rerating.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { evidenceRows, judgeStored } from './judge.fixture.ts';

const clickhouse = withClickHouse();
const noon = Date.UTC(2026, 10, 21, 12);
const day = 86_400_000;
const october = Date.UTC(2026, 9, 1);
const november = Date.UTC(2026, 10, 1);

let rows = 0;
const record = (more: object): object => ({
  tenant: 'main',
  source: 'billing',
  partition: 'p',
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(noon - day),
  currency: 'EUR',
  ...more,
});
const call = (at: number, charge: string): object =>
  record({ leg: 'rating', service: 'voice', direction: 'mo', subscriber: 1, start_time: writeInstant(at), charge, business_key: rows });
const bill = (account: number, more: object = {}): object =>
  record({
    invoice_id: `I${account}`,
    invoice_kind: 'retail',
    account,
    period_start: writeInstant(october),
    period_end: writeInstant(november),
    issued_at: writeInstant(november + 3 * day),
    amount: '20',
    ...more,
  });
const line = (account: number, amount: string): object =>
  record({
    invoice_id: `I${account}`,
    line: 1,
    line_kind: 'usage',
    account,
    service: 'voice',
    period_start: writeInstant(october),
    period_end: writeInstant(november),
    amount,
  });

it('N02: finds what was rated in October and is on no invoice, and the account that got none', async () => {
  const { store } = clickhouse;
  expect(await judgeStored(store, ratedNotInvoiced, { instant: noon })).toMatchObject([{ state: 'not_applicable' }]);
  const days = Array.from({ length: 31 }, (_, at) => call(october + at * day, '10'));
  await store.insert('usage', [...days, call(november + day, '99'), call(october - day, '99')], 'usage');
  const accounts = Array.from({ length: 19 }, (_, at) => at + 1);
  await store.insert(
    'invoices',
    accounts.map((account) => bill(account)),
    'invoices',
  );
  await store.insert('invoice_lines', [line(1, '150'), line(2, '100'), line(3, '35')], 'lines');
  const holders = [...accounts, 20].map((account) =>
    record({
      system: 'billing',
      subscription: account,
      account,
      status: 'active',
      plan: 'flex',
      valid_from: writeInstant(october - 90 * day),
    }),
  );
  const younger = record({ system: 'billing', subscription: 21, account: 21, status: 'active', valid_from: writeInstant(october + day) });
  await store.insert('subscriptions', [...holders, younger], 'holders');
  const found = await judgeStored(store, ratedNotInvoiced, { instant: noon });
  expect(found).toMatchObject([
    { state: 'violation', observed: 1, money: { amount: '20', class: 'leakage' }, cell: { check: 'account' } },
    {
      state: 'violation',
      observed: 285,
      expected: 310,
      money: { amount: '25', class: 'leakage' },
      cell: { check: 'service', service: 'voice' },
    },
  ]);
  expect(await evidenceRows<{ account: string }>(store, found[0]!)).toMatchObject([{ account: '20' }]);
  expect(await evidenceRows(store, found[1]!)).toHaveLength(34);
  // too early, then the missing line comes on a late invoice and nothing is left
  const early = await judgeStored(store, ratedNotInvoiced, { instant: november + 4 * day });
  expect(early).toMatchObject([{ state: 'not_applicable' }]);
  await store.insert('invoices', [bill(20)], 'late-invoice');
  await store.insert('invoice_lines', [line(20, '25')], 'late-line');
  expect((await judgeStored(store, ratedNotInvoiced, { instant: noon })).map(({ state }) => state)).toEqual(['ok', 'ok']);
});

const rate = (zone: string, perUnit: string, from: number, more: object = {}): object =>
  record({
    tariff: 'flex',
    version: '1',
    service: 'voice',
    zone,
    per_unit: perUnit,
    unit: 'minute',
    valid_from: writeInstant(from),
    ...more,
  });

it('N05: finds the price that fell to nothing, two prices at once, and usage that no table knows', async () => {
  const { store } = clickhouse;
  const before = await judgeStored(store, referenceData, { instant: noon });
  expect(new Set(before.map(({ state }) => state))).toEqual(new Set(['not_applicable']));
  const usage = (zone: string, cell: string) =>
    Array.from({ length: 10 }, (_, at) =>
      record({
        leg: 'rating',
        service: 'voice',
        direction: 'mo',
        answered: true,
        subscriber: at + 1,
        start_time: writeInstant(noon - (at + 1) * 600_000),
        billable_seconds: 120,
        tariff: 'flex-1',
        zone,
        cell,
      }),
    );
  await store.insert('usage', [...usage('world', 'c1'), ...usage('mars', 'c2')], 'priced');
  await store.insert('cells', [record({ cell: 'c1', valid_from: writeInstant(october) })], 'cells');
  await store.insert(
    'tariffs',
    [
      rate('world', '0.3', october),
      rate('world', '0', november, { version: '2' }),
      rate('home', '0', october),
      rate('europe', '0.2', october),
      rate('europe', '0.1', october, { version: '2' }),
      rate('far', '0.2', october, { version: '1', valid_to: writeInstant(november) }),
      rate('far', '0.25', november, { version: '2' }),
    ],
    'tariffs',
  );
  const prefix = (zone: string) => record({ prefix: '44', country: 'GB', zone, valid_from: writeInstant(october) });
  await store.insert('prefix_zones', [prefix('europe'), prefix('world')], 'prefixes');
  const all = await judgeStored(store, referenceData, { instant: noon });
  // By check: a rate that is told by itself before the rest, which is well.
  const checked = [...new Set(all.map(({ cell }) => cell['check']))];
  const found = checked.map((check) => all.find(({ cell }) => cell['check'] === check)!);
  expect(found[0]!.cell).toEqual({ check: 'zero_price', tariff: 'flex-1', service: 'voice', zone: 'world', cells: '' });
  expect(Object.fromEntries(found.map(({ cell, state, observed }) => [cell['check'], [state, observed]]))).toEqual({
    zero_price: ['violation', 1],
    ambiguous_rate: ['violation', 1],
    overlapping_rate: ['ok', 0],
    expired_rate: ['ok', 0],
    unrated_zone: ['violation', 1],
    unknown_cell: ['violation', 1],
    ambiguous_prefix: ['violation', 1],
  });
  // ten calls of two minutes at 0.30
  expect(found[0]).toMatchObject({ money: { amount: '6', class: 'leakage' }, customers: { count: 10 }, beganAt: november });
  for (const each of found.filter(({ state }) => state === 'violation')) expect(await evidenceRows(store, each)).not.toEqual([]);
  // of the two prices a third one holds now
  await store.insert('tariffs', [rate('europe', '0.15', november, { version: '3' })], 'settled');
  const settled = await judgeStored(store, referenceData, { instant: noon });
  expect(settled.filter(({ cell }) => cell['check'] === 'ambiguous_rate')).toMatchObject([{ state: 'ok', observed: 0 }]);
  // the price is loaded again
  await store.insert('tariffs', [rate('world', '0.3', november, { version: '2', ingest_time: writeInstant(noon) })], 'mended');
  const again = await judgeStored(store, referenceData, { instant: noon });
  expect(again.filter(({ cell }) => cell['check'] === 'zero_price')).toMatchObject([{ state: 'ok' }]);
});

it('N05: what is wrong costs from when it is wrong on, by started minutes, and once however many legs state it', async () => {
  const { store } = clickhouse;
  const at = noon + 3 * day;
  const hour = 3_600_000;
  // Nine calls of 61 s in a cell that nobody loaded, four of them before the price ended: on the switch with the cell, charged on two legs without.
  const calls = Array.from({ length: 9 }, (_, number) => {
    const of = {
      service: 'voice',
      direction: 'mo',
      answered: true,
      subscriber: number + 1,
      charging_id: `gold-${number}`,
      start_time: writeInstant(at - 30 * 60_000 + (number < 4 ? -hour : number * 60_000)),
      billable_seconds: 61,
    };
    const charged = { tariff: 'gold-7', zone: 'moon', charge: '0.65' };
    return [
      record({ ...of, leg: 'switch', cell: 'c9' }),
      record({ ...of, ...charged, leg: 'rating' }),
      record({ ...of, ...charged, leg: 'billing' }),
    ];
  });
  await store.insert('usage', calls.flat(), 'gold');
  const gold = {
    tariff: 'gold',
    version: '7',
    setup: '0.05',
    minimum_seconds: 60,
    increment_seconds: 60,
    valid_to: writeInstant(at - hour),
  };
  await store.insert('tariffs', [rate('moon', '0.3', october, gold)], 'gold');
  const found = (await judgeStored(store, referenceData, { instant: at })).filter(
    ({ cell, state }) => state === 'violation' && ['expired_rate', 'unknown_cell'].includes(cell['check']!),
  );
  // five calls x (2 x 0.30 + 0.05); nine in the cell
  expect(found).toMatchObject([
    { cell: { check: 'expired_rate' }, observed: 1, money: { amount: '3.25' }, customers: { count: 5 }, beganAt: at - hour },
    { cell: { check: 'unknown_cell' }, observed: 1, money: { amount: '5.85', class: 'risk' }, customers: { count: 9 } },
  ]);
});

it('S19: finds the agent who grants more than the others and twice, and the invoice that gives more than it takes', async () => {
  const { store } = clickhouse;
  const granted = (agent: string, amount: number, at: number, more: object = {}): object =>
    record({ event_time: writeInstant(at), agent, account: rows + 1000, amount: `${amount}`, reason: 'goodwill', ...more });
  const quiet = ['ana', 'bo', 'cy', 'di'].flatMap((agent, place) =>
    Array.from({ length: 10 }, (_, at) => granted(agent, 10 + place, noon - (at + 1) * 40_000_000)),
  );
  const loud = Array.from({ length: 20 }, (_, at) => granted('ed', 25, noon - at * 1000, { account: 500 + Math.floor(at / 2) }));
  await store.insert('credits', [...quiet, ...loud], 'credits');
  const discount = { line: 2, line_kind: 'discount', amount: '-400' };
  await store.insert('invoice_lines', [{ ...line(1, '0'), ...discount }], 'discount');
  const found = (await judgeStored(store, credits, { instant: noon })).filter(({ state }) => state === 'violation');
  expect(found).toMatchObject([
    { cell: { check: 'agent', agent: 'ed' }, money: { amount: '385', class: 'risk' }, beganAt: noon - 19_000 },
    // Of twenty credits the latest is at noon and each has its like a second before or after it: the second one of all is the first repeat.
    { cell: { check: 'repeated', agent: 'ed' }, observed: 10, money: { amount: '250', class: 'leakage' }, beganAt: noon - 18_000 },
    { cell: { check: 'discount' }, observed: 1, money: { amount: '250', class: 'leakage' } },
  ]);
  for (const each of found) expect((await evidenceRows(store, each)).length).toBeGreaterThan(1);
});

it('S19: finds a discount past its validity and one given twice; a longer validity and a corrected line close them', async () => {
  const { store } = clickhouse;
  const later = noon + 200 * day;
  const [from, to] = [later - 40 * day, later - 10 * day];
  const discounted = (account: number, at: number, reason: string, more: object = {}) =>
    record({
      invoice_id: `D${account}`,
      line: at,
      line_kind: 'discount',
      account,
      reason,
      amount: '-60',
      period_start: writeInstant(from),
      period_end: writeInstant(to),
      ...more,
    });
  const lines = [
    discounted(1, 1, 'summer'),
    discounted(2, 1, 'summer'),
    discounted(3, 1, 'welcome'),
    discounted(3, 2, 'welcome'),
    discounted(3, 3, 'welcome'),
  ];
  await store.insert('invoice_lines', lines, 'discounts');
  const term = (tariff: string, ends: number, more: object = {}) =>
    record({
      tariff,
      version: '1',
      service: 'discount',
      valid_from: writeInstant(october),
      valid_to: ends === 0 ? 0 : writeInstant(ends),
      ...more,
    });
  // `summer` ended in the instant in which the period began: it is over.
  await store.insert('tariffs', [term('summer', from), term('welcome', 0)], 'terms');
  const judge = async () =>
    (await judgeStored(store, credits, { instant: later })).filter(
      ({ state, cell }) => state === 'violation' && cell['check'] !== 'discount',
    );
  const found = await judge();
  expect(found).toMatchObject([
    { cell: { check: 'expired', agent: 'summer' }, observed: 2, money: { amount: '120' }, customers: { count: 2 } },
    { cell: { check: 'stacked', agent: 'welcome' }, observed: 2, money: { amount: '120' }, customers: { count: 1 } },
  ]);
  for (const each of found) expect((await evidenceRows(store, each)).length).toBeGreaterThan(1);
  await store.insert('tariffs', [term('summer', from + 1, { ingest_time: writeInstant(later) })], 'longer');
  await store.insert(
    'invoice_lines',
    [2, 3].map((at) => discounted(3, at, 'welcome', { amount: '0', line_kind: 'credit', ingest_time: writeInstant(later) })),
    'mended',
  );
  expect(await judge()).toEqual([]);
});

it('S19: finds the allowance that began to cover another zone', async () => {
  const { store } = clickhouse;
  const later = noon + 10 * day;
  const calls = (at: number, free: (n: number) => boolean) =>
    Array.from({ length: 100 }, (_, n) =>
      record({
        leg: 'ocs',
        service: 'data',
        direction: 'na',
        subscriber: n + 1,
        start_time: writeInstant(at + n * 60_000),
        zone: 'roaming',
        plan: 'smart',
        charge: free(n) ? '0' : '0.5',
        zero_reason: free(n) ? 'allowance' : '',
      }),
    );
  await store.insert(
    'usage',
    [...calls(later - 8 * 3_600_000, (n) => n % 2 === 0), ...calls(later - 32 * 3_600_000, (n) => n === 0)],
    'allowance',
  );
  const found = (await judgeStored(store, allowances, { instant: later })).filter(({ cell }) => cell['leg'] === 'ocs');
  expect(found).toMatchObject([{ state: 'violation', observed: 50, expected: 1, money: { amount: '24.5', class: 'leakage' } }]);
  expect(await evidenceRows(store, found[0]!)).toHaveLength(50);
  // Late: 1,700 charged sessions of the day; 50 of 1,800 are 2.8 %, and 1 % and 3 more are accepted.
  const late = Array.from({ length: 17 }, () => calls(later - 8 * 3_600_000, () => false)).flat();
  await store.insert('usage', late, 'allowance-late');
  const again = (await judgeStored(store, allowances, { instant: later })).filter(({ cell }) => cell['leg'] === 'ocs');
  expect(again).toMatchObject([{ state: 'ok', observed: 50 }]);
});

it('S14: finds calls that were charged by the second where the list says minutes', async () => {
  const { store } = clickhouse;
  const start = noon + 20 * day;
  const window = { from: start, to: start + 3_600_000 };
  expect(await judgeStored(store, rerating, { window, leg: 'rating' })).toMatchObject([{ state: 'not_applicable' }]);
  const calls = Array.from({ length: 30 }, (_, n) =>
    record({
      leg: 'rating',
      service: 'voice',
      direction: 'mo',
      answered: true,
      subscriber: n + 1,
      start_time: writeInstant(start + n * 60_000),
      billable_seconds: 90,
      zone: 'world',
      tariff: 'steady-1',
      // two started minutes at 0.30, or 90 s at 0.005
      charge: n < 20 ? '0.6' : '0.45',
      zero_reason: '',
    }),
  );
  await store.insert('usage', calls, 'rerated');
  const priced = rate('world', '0.3', october, { tariff: 'steady', minimum_seconds: 60, increment_seconds: 60 });
  await store.insert('tariffs', [priced], 'steady');
  const found = (await judgeStored(store, rerating, { window, leg: 'rating' })).filter(({ state }) => state === 'violation');
  expect(found).toMatchObject([
    { cell: { check: 'under', tariff: 'steady-1' }, observed: 10, money: { amount: '1.5', class: 'leakage' }, customers: { count: 10 } },
  ]);
  expect(await evidenceRows(store, found[0]!)).toHaveLength(31);
});

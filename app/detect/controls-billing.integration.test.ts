import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { ratedNotInvoiced } from '../../detectors/controls/rated-not-invoiced.ts';
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

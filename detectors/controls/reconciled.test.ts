import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { judgeRows } from './evaluation.fixture.ts';
import { mvnoWholesale } from './mvno-wholesale.ts';
import { recordMatch } from './record-match.ts';

const day = Date.UTC(2026, 10, 20);
const row = (more: object = {}): object => ({
  control: 'S08',
  comparison: 'switch-rating',
  run: '7',
  leg_a: 'switch',
  leg_b: 'rating',
  window_from: writeInstant(day),
  window_to: writeInstant(day + 86_400_000),
  state: 'done',
  note: '',
  records_a: '100000',
  records_b: '99900',
  exact: '99000',
  agreed: '800',
  charge_a: '0',
  charge_b: '5000000000',
  currency: 'EUR',
  cause: 'a_only/where/node msc-2',
  class: 'a_only',
  text: 'records of A have no partner in B on node msc-2',
  records: '100',
  share: 0.9,
  more_a: '12340000',
  more_b: '0',
  customers: '80',
  began_at: writeInstant(day + 3_600_000),
  samples: ['r1', 'r2'],
  names: ['node'],
  places: ['msc-2'],
  ...more,
});
const clean = row({ cause: '', class: '', text: '', records: '0', more_a: '0', customers: '0', samples: [], names: [], places: [] });
const over = row({ run: '0', state: 'over', records: '0', more_a: '0' });

it('found: one violation per cause with its money, customers and place, beside the whole', () => {
  const [whole, cause] = judgeRows(recordMatch, [row()]);
  expect(whole).toMatchObject({ cell: { comparison: 'switch-rating', cause: '' }, state: 'ok', observed: 99_800, expected: 100_000 });
  expect(cause).toMatchObject({
    cell: { comparison: 'switch-rating', cause: 'a_only/where/node msc-2' },
    state: 'violation',
    observed: 100,
    statistic: 0.001,
    money: { amount: '12.34', class: 'leakage' },
    customers: { count: 80 },
    explanation: [{ dimensions: { node: 'msc-2' } }],
    beganAt: day + 3_600_000,
    samples: ['r1', 'r2'],
    evidence: { params: { class: 'a_only', node: 'msc-2', plan: '' } },
  });
});

it('not found: a run without breaks is ok', () => {
  expect(judgeRows(recordMatch, [clean])).toMatchObject([{ state: 'ok', cell: { cause: '' } }]);
});

it('border: five records, a thousandth of the records, or half a thousandth of the charges', () => {
  const state = (more: object) => judgeRows(recordMatch, [row({ more_a: '0', ...more })])[1]!.state;
  expect([state({ records: '100' }), state({ records: '99' })]).toEqual(['violation', 'ok']);
  expect([state({ records: '5', more_a: '2500000' }), state({ records: '5', more_a: '2499999' })]).toEqual(['violation', 'ok']);
  expect(state({ records: '4', records_a: '10', records_b: '10', more_a: '99000000' })).toBe('ok');
});

it('missing data: says what it needs', () => {
  expect(judgeRows(recordMatch, [])).toMatchObject([
    { state: 'not_applicable', note: expect.stringContaining('not applicable, needs records of two legs') },
  ]);
  expect(judgeRows(mvnoWholesale, [row()])).toMatchObject([
    { state: 'not_applicable', note: expect.stringContaining('wholesale file of the host') },
  ]);
  const missing = row({ state: 'not_applicable', note: 'records of the leg rating', cause: '' });
  expect(judgeRows(recordMatch, [missing])).toMatchObject([
    { state: 'not_applicable', note: 'not applicable, needs records of the leg rating' },
  ]);
});

it('late data: a cause that a later run no longer has is judged ok, which clears it', () => {
  expect(judgeRows(recordMatch, [clean, over])).toMatchObject([
    { state: 'ok', cell: { cause: '' } },
    { state: 'ok', cell: { cause: 'a_only/where/node msc-2' } },
  ]);
  expect(judgeRows(recordMatch, [row(), over])[1]).toMatchObject({ state: 'violation', observed: 100 });
});

it('days of one cause add up to one finding', () => {
  const next = { run: '8', window_from: writeInstant(day + 86_400_000), window_to: writeInstant(day + 2 * 86_400_000) };
  expect(judgeRows(recordMatch, [row(), row(next)])[1]).toMatchObject({
    observed: 200,
    statistic: 0.001,
    money: { amount: '24.68' },
    window: { from: day, to: day + 2 * 86_400_000 },
  });
});

it('one day that reaches the limits is told, however many days beside it do not', () => {
  const later = (at: number, more: object) =>
    row({
      run: `${8 + at}`,
      window_from: writeInstant(day + at * 86_400_000),
      window_to: writeInstant(day + (at + 1) * 86_400_000),
      ...more,
    });
  const calm = { records: '2', more_a: '0' };
  const week = [1, 2, 3, 4, 5, 6].map((at) => later(at, calm));
  expect(judgeRows(recordMatch, [row(), ...week])[1]).toMatchObject({
    ...{ state: 'violation', observed: 100, statistic: 0.001, window: { from: day, to: day + 86_400_000 } },
  });
  expect(judgeRows(recordMatch, [row(calm), ...week])[1]).toMatchObject({ state: 'ok', observed: 14 });
});

it('S09: what the host states more is leakage, what it has not charged is a risk', () => {
  const host = { control: 'S09', comparison: 'retail-wholesale', cause: 'b_only/unexplained', class: 'b_only' };
  const money = (more: object) => judgeRows(mvnoWholesale, [row({ ...host, ...more })])[1]!.money;
  expect(money({ more_a: '1000000', more_b: '5000000' })).toMatchObject({ amount: '5', class: 'leakage' });
  expect(money({ more_a: '5000000', more_b: '1000000' })).toMatchObject({ amount: '5', class: 'risk' });
  expect(money({ more_a: '0', more_b: '0' })).toBeUndefined();
});

it('property: a cause is told exactly when it reaches the limits', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.integer({ min: 1, max: 1_000_000 }), (records, compared) => {
      const found = judgeRows(recordMatch, [row({ records, records_a: compared, records_b: 0, charge_b: 0 })])[1]!;
      expect(found.state === 'violation').toBe(records >= 5 && records / compared >= 0.001);
    }),
  );
});

import { expect, it } from 'vitest';
import { worthOfRecords } from './worth.ts';

const row = (leg: string, own: number, records: number, charge: number, more: object = {}) => ({
  leg,
  service: 'voice',
  own,
  records,
  charge: charge * 1e6,
  squares: charge,
  usual: [90, 110, 0, 100],
  present: 10,
  customers: 40,
  file_customers: 12,
  ...more,
});
/** 1,000 calls on the switch, of which 500 are charged 1 each by rating: half a unit behind each. */
const rows = [row('switch', 300, 1000, 0), row('rating', 0, 500, 500)];
const ask = { query: 'detect-worth', params: {}, class: 'leakage', what: 'missing records' };

it('values records of a leg without charges by the leg that charges the service', () => {
  const worth = worthOfRecords(rows, { ...ask, records: 80 }, 'EUR');
  expect(worth).toMatchObject({ records: 80, money: { amount: '40', currency: 'EUR', class: 'leakage' }, customers: { count: 12 } });
  // Each is worth 0 or 1 with equal chance: the sum of 80 has a standard error of sqrt(80) / 2.
  expect(Number(worth.money!.low)).toBeCloseTo(40 - Math.sqrt(80), 2);
  expect(Number(worth.money!.high)).toBeCloseTo(40 + Math.sqrt(80), 2);
});

it('counts as many as usual, less those that came; a week without any is before its time', () => {
  expect(worthOfRecords(rows, ask, 'EUR')).toMatchObject({
    records: 90,
    money: { amount: '45', low: '40', high: '50' },
    customers: { count: 40 },
  });
});

it('what may be nothing begins at nothing; nothing known is nothing said', () => {
  expect(worthOfRecords(rows, { ...ask, perhaps: true }, 'EUR').money?.low).toBe('0');
  expect(worthOfRecords([], ask, 'EUR')).toEqual({ records: 0 });
  expect(worthOfRecords([row('switch', 300, 1000, 0)], ask, 'EUR')).toEqual({ records: 90, customers: { count: 40, segments: {} } });
});

import { describe, expect, it } from 'vitest';
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

describe('usage that other legs tell of', () => {
  const told = { usages: 78, value: 61.5, customers: 20, held: 0, payable: 0, priced: 0 };

  it('is worth what they charged for it', () => {
    const worth = worthOfRecords(rows, { ...ask, records: 80, known: 'lacking' }, 'EUR', told);
    expect(worth).toMatchObject({ records: 80, money: { amount: '61.5', low: '61.5', high: '61.5' }, customers: { count: 20 } });
  });

  it('is an estimate where it is priced by mean prices', () => {
    expect(worthOfRecords(rows, { ...ask, records: 80, known: 'lacking' }, 'EUR', { ...told, priced: 1 }).money).toMatchObject({
      ...{ amount: '61.5', low: '49.2', high: '73.8' },
    });
  });

  it('is not believed where more of it is missing than records, or nothing of it is charged', () => {
    for (const wrong of [
      { ...told, usages: 102 },
      { ...told, value: 0 },
    ])
      expect(worthOfRecords(rows, { ...ask, records: 80, known: 'lacking' }, 'EUR', wrong).money?.amount).toBe('40');
    expect(worthOfRecords(rows, { ...ask, known: 'lacking' }, 'EUR', { ...told, usages: 102 }).money?.amount).toBe('61.5');
  });

  it('is scaled to the records that are meant where more repeat than are marked', () => {
    expect(worthOfRecords(rows, { ...ask, records: 80, known: 'repeats' }, 'EUR', { ...told, held: 40 }).money?.amount).toBe('123');
  });
});

it('records that came in, or that nobody answered, are known to cost nothing', () => {
  const told = { usages: 0, value: 0, customers: 0, held: 80, payable: 0, priced: 0 };
  expect(worthOfRecords(rows, { ...ask, records: 80, known: 'repeats' }, 'EUR', told)).toEqual({ records: 80, told: true });
  // One of them may be rated yet: then the mean holds.
  expect(worthOfRecords(rows, { ...ask, records: 80, known: 'repeats' }, 'EUR', { ...told, payable: 1 }).money?.amount).toBe('40');
});

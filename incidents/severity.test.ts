import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultIncidentSettings } from './settings.ts';
import { severityOf } from './severity.ts';

const settings = defaultIncidentSettings.severity;
const money = (amount: string, currency = 'EUR') => ({ amount, currency, class: 'leakage', method: '' });
const customers = (count: number) => ({ count, segments: {} });

describe('severityOf', () => {
  it('judges by money', () => {
    expect(severityOf({ detector: 'S10', category: 'revenue', money: money('12000') }, settings)).toBe(2);
    expect(severityOf({ detector: 'S10', category: 'revenue', money: money('99.99') }, settings)).toBe(5);
    expect(severityOf({ detector: 'S10', category: 'revenue', money: money('5000000000') }, settings)).toBe(1);
  });

  it('takes the worse of money and customers', () => {
    const figures = { detector: 'x', category: 'service', money: money('150'), customers: customers(10_000) };
    expect(severityOf(figures, settings)).toBe(1);
  });

  it('converts a currency that has a rate', () => {
    const figures = { detector: 'x', category: 'revenue', money: money('15000', 'JPY') };
    expect(severityOf(figures, { ...settings, rates: { JPY: 0.006 } })).toBe(5);
    expect(severityOf(figures, settings)).toBe(2);
  });

  it('falls back on the category where nothing is stated', () => {
    expect(severityOf({ detector: 'x', category: 'data' }, settings)).toBe(3);
    expect(severityOf({ detector: 'x', category: 'weather' }, settings)).toBe(4);
    expect(severityOf({ detector: 'x', category: 'data', money: money('much') }, settings)).toBe(3);
  });

  it('is at least what the detector demands', () => {
    expect(severityOf({ detector: 'S02', category: 'data', money: money('1') }, { ...settings, atLeast: { S02: 2 } })).toBe(2);
  });

  it('never gets milder when money or customers grow', () => {
    const figure = fc.nat(1_000_000);
    fc.assert(
      fc.property(figure, figure, figure, (amount, more, count) => {
        const base = { detector: 'x', category: 'revenue', customers: customers(count) };
        const before = severityOf({ ...base, money: money(`${amount}`) }, settings);
        expect(severityOf({ ...base, money: money(`${amount + more}`) }, settings)).toBeLessThanOrEqual(before);
        expect(severityOf({ ...base, money: money(`${amount}`), customers: customers(count + more) }, settings)).toBeLessThanOrEqual(
          before,
        );
      }),
    );
  });
});

import { expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { rounding, schemeOf } from './rounding.ts';

/** Calls that fit the schemes from `first` (an index of the list, coarsest first) on that are multiples of it. */
const row = (fits: readonly number[], more: object = {}): object => ({
  partner: 'south',
  calls: '1000',
  seconds: 120_000,
  charge: '240',
  fits: fits.map(String),
  minimum: fits.map(() => '400'),
  agreed: '1/1',
  first_at: '2026-11-20 00:01:00.000',
  hours: [],
  hour_calls: [],
  hour_seconds: [],
  hour_charges: [],
  hour_fits: [],
  hour_minimum: [],
  ...more,
});
const minutes = [1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000];
const seconds = [16, 20, 150, 700, 33, 160, 850, 50, 100, 166, 1000];
const judge = (one: object, limits = {}) => judgeRows(rounding, [one], { limits })[0]!;

it('reads what was agreed', () => {
  expect(schemeOf('60/1')).toEqual({ first: 60, next: 1 });
  expect(schemeOf(' 60 + 60 ')).toEqual({ first: 60, next: 60 });
  expect(schemeOf('6')).toEqual({ first: 6, next: 6 });
  for (const text of ['', 'per second', '0/1', '1e3'])
    expect(text === '1e3' ? schemeOf(text)!.first : schemeOf(text)).toBe(text === '1e3' ? 1 : undefined);
});

it('is ok where seconds are agreed and charged, or the partner rounds less than agreed', () => {
  expect(judge(row(seconds))).toMatchObject({ state: 'ok', note: 'pattern 1/1, agreed 1/1' });
  expect(judge(row(seconds, { agreed: '60/60' })).state).toBe('ok');
  expect(judge(row(minutes, { agreed: '60/60' })).state).toBe('ok');
});

it('finds whole minutes where seconds were agreed: 29.5 s each of 1,000 calls at 0.002 a second', () => {
  expect(judge(row(minutes))).toMatchObject({
    state: 'violation',
    observed: 120,
    expected: 90.5,
    statistic: 29.5,
    money: { amount: '59', low: '47.2', high: '70.8', class: 'leakage' },
    title: 'south: rounds calls 60/60, agreed is 1/1',
  });
});

it('finds a minimum that was not agreed: 29.5 s for the 400 calls at the minimum only', () => {
  const minimumOnly = [16, 20, 150, 1000, 33, 160, 1000, 50, 100, 166, 1000];
  expect(judge(row(minimumOnly))).toMatchObject({ state: 'violation', statistic: 11.8, money: { amount: '23.6' } });
});

it('finds minutes that began within the day: of 22 hours by the second, then two of 100 calls of 120 s, 29.5 s each at 0.002', () => {
  const start = Date.UTC(2026, 10, 20) / 1000;
  const hourly = (last: readonly number[]): object => {
    const fits = Array.from({ length: 24 }, (_, hour) => (hour < 22 ? seconds.map((each) => Math.round(each / 10)) : last));
    return {
      hours: fits.map((_, hour) => start + hour * 3600),
      hour_calls: fits.map(() => 100),
      hour_seconds: fits.map(() => 12_000),
      hour_charges: fits.map(() => 24),
      hour_fits: fits.flat(),
      hour_minimum: fits.flatMap(() => minutes.map(() => 40)),
    };
  };
  const whole = { calls: '2400', seconds: 288_000, charge: '576' };
  expect(
    judge(
      row(
        seconds.map((each) => 2.4 * each),
        { ...whole, ...hourly(minutes.map(() => 100)) },
      ),
    ),
  ).toMatchObject({
    state: 'violation',
    statistic: 29.5,
    money: { amount: '11.8' },
    title: 'south: rounds calls 60/60, agreed is 1/1',
    beganAt: (start + 22 * 3600) * 1000,
  });
  // A minimum of a minute with seconds after it may be chance in two hours.
  expect(
    judge(
      row(
        seconds.map((each) => 2.4 * each),
        { ...whole, ...hourly([2, 2, 15, 100, 3, 16, 100, 5, 10, 17, 100]) },
      ),
    ).state,
  ).toBe('ok');
});

it('wants nearly all calls to fit', () => {
  const nearly = [994, ...seconds.slice(1)];
  expect(judge(row(nearly)).state).toBe('ok');
  expect(judge(row([995, ...seconds.slice(1)])).state).toBe('violation');
});

it('says what it lacks: an agreement, calls, a pattern', () => {
  expect(judge(row(minutes, { agreed: '' })).state).toBe('not_applicable');
  expect(judge(row(minutes, { calls: '49' })).state).toBe('waiting');
  expect(judge(row(minutes.map(() => 3)))).toMatchObject({ state: 'ok', note: 'no pattern: finer than a second' });
  expect(judge(row(minutes, { charge: '0' })).note).toContain('no amount: the partner states no charge');
  expect(judgeRows(rounding, [])).toMatchObject([{ state: 'not_applicable' }]);
});

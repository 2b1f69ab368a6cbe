import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../core/definition.ts';
import { allowances } from './allowances.ts';
import { credits } from './credits.ts';
import { judgeRows } from './evaluation.fixture.ts';

const agent = (subject: string, amount: number, more: object = {}): object => ({
  kind: 'agent',
  subject,
  credits: '40',
  amount,
  customers: '38',
  near: '1',
  near_amount: 45,
  unapproved: '40',
  repeats: '0',
  repeats_amount: 0,
  approval_limit: 50,
  first_at: '2026-10-25 09:00:00.000',
  near_from: '2026-11-12 10:00:00.000',
  repeats_from: '2026-11-14 11:00:00.000',
  days: [],
  day_amounts: [],
  ...more,
});
const others = [agent('ana', 390), agent('bo', 400), agent('cy', 410), agent('di', 420)];
const find = (rows: object[], check: string, name: string, limits = {}): Judgement =>
  judgeRows(credits, rows, { limits }).find(({ cell }) => cell['check'] === check && cell['agent'] === name)!;

describe('S19 credits', () => {
  it('is ok where agents are alike, up to four deviations', () => {
    expect(find([...others, agent('ed', 450)], 'agent', 'ed').state).toBe('ok');
  });

  it('finds the agent who grants three times as much: 800 above the median', () => {
    expect(find([...others, agent('ed', 1205)], 'agent', 'ed')).toMatchObject({
      state: 'violation',
      money: { amount: '800', low: '0', high: '800', class: 'risk' },
      customers: { count: 38 },
      title: 'agent ed: 1,205 EUR of credits, usual are 405',
    });
    expect(find([...others.slice(1), agent('ed', 1205)], 'agent', 'ed').state).toBe('ok');
  });

  it('says since when: the day from which on an agent grants at least twice as much, the first credit that lies near the limit or repeats', () => {
    // Ten a day from 10-25 on, and 200 a day in the five days from 11-16 on: 22 days with 220, then 1,000.
    const day = (at: number): number => Date.UTC(2026, 9, 25 + at) / 1000;
    const days = Array.from({ length: 27 }, (_, at) => day(at));
    const grown = agent('ed', 1220, { days, day_amounts: days.map((_, at) => (at < 22 ? 10 : 200)) });
    expect(find([...others, grown], 'agent', 'ed').beganAt).toBe(Date.UTC(2026, 10, 16));
    // Who always granted 45 a day began with the first credit; 60 after 40 is no beginning either.
    const even = (later: number) => agent('ed', 1215, { days, day_amounts: days.map((_, at) => (at < 14 ? 90 - later : later)) });
    for (const later of [45, 52]) expect(find([...others, even(later)], 'agent', 'ed').beganAt).toBe(Date.UTC(2026, 9, 25, 9));
    const both = agent('ed', 540, { near: '12', near_amount: 560, repeats: '2', repeats_amount: 60 });
    expect(find([...others, both], 'near_limit', 'ed').beganAt).toBe(Date.UTC(2026, 10, 12, 10));
    expect(find([...others, both], 'repeated', 'ed').beganAt).toBe(Date.UTC(2026, 10, 14, 11));
  });

  it('finds one of many agents alike', () => {
    const crowd = Array.from({ length: 120 }, (_, at) => agent(`a${at}`, 380 + (at % 41)));
    const found = judgeRows(credits, [...crowd, agent('ed', 1200)]).filter(({ state }) => state === 'violation');
    expect(found).toMatchObject([{ cell: { check: 'agent', agent: 'ed' }, money: { class: 'risk' } }]);
    expect(Number(found[0]!.money!.amount)).toBeCloseTo(800, -1);
  });

  it('finds amounts split to stay below the approval limit: 12 of 40 where others have 1', () => {
    expect(find([...others, agent('ed', 540, { near: '12', near_amount: 560 })], 'near_limit', 'ed')).toMatchObject({
      state: 'violation',
      observed: 12,
      expected: 2,
      money: { amount: '560', class: 'risk' },
    });
    expect(find([...others, agent('ed', 400, { near: '4', near_amount: 180 })], 'near_limit', 'ed').state).toBe('ok');
    expect(find([...others, agent('ed', 540, { near: '12', near_amount: 560, approval_limit: 0 })], 'near_limit', 'ed').state).toBe('ok');
  });

  it('finds credits granted twice', () => {
    expect(find([...others, agent('ed', 400, { repeats: '2', repeats_amount: 60 })], 'repeated', 'ed')).toMatchObject({
      state: 'violation',
      money: { amount: '60', low: '60', class: 'leakage' },
    });
    expect(find([...others, agent('ed', 400, { repeats: '1', repeats_amount: 30 })], 'repeated', 'ed').state).toBe('ok');
  });

  it('finds invoices with more discount than charge, and says what it lacks', () => {
    const invoices = { ...agent('', 250, { kind: 'invoice', credits: '7', unapproved: '2000', customers: '7' }) };
    expect(find([invoices], 'discount', '')).toMatchObject({ state: 'violation', observed: 7, money: { amount: '250', class: 'leakage' } });
    expect(find([{ ...invoices, amount: 99 }], 'discount', '').state).toBe('ok');
    expect(find([], 'discount', '')).toMatchObject({ state: 'not_applicable' });
    expect(find([], 'agent', '')).toMatchObject({ state: 'not_applicable', note: 'not applicable, needs credits with their agents' });
  });
});

describe('S19 discounts', () => {
  const of = (kind: string, more: object = {}) => agent('summer', 120, { kind, credits: '12', unapproved: '80', customers: '12', ...more });

  it('finds a discount that is given after its end, by hand: 12 lines of 10', () => {
    expect(find([of('expired')], 'expired', 'summer')).toMatchObject({
      state: 'violation',
      observed: 12,
      statistic: 12 / 80,
      money: { amount: '120', class: 'leakage' },
      title: 'discount summer: 12 lines given after it had ended',
    });
  });

  it('border: the floor of 100 is told, a cent less is not; none is ok', () => {
    expect(find([of('expired', { amount: 100 })], 'expired', 'summer').state).toBe('violation');
    expect(find([of('expired', { amount: 99.99 })], 'expired', 'summer').state).toBe('ok');
    expect(find([of('expired', { credits: '0', amount: 0 })], 'expired', 'summer').state).toBe('ok');
  });

  it('finds a discount that is stacked, and says what it lacks for validity', () => {
    expect(find([of('stacked')], 'stacked', 'summer')).toMatchObject({
      state: 'violation',
      title: 'discount summer: 12 lines given more than once',
    });
    expect(find([of('stacked')], 'expired', '')).toMatchObject({
      state: 'not_applicable',
      note: 'not applicable, needs tariffs of service discount, named as the reason of discount lines',
    });
  });
});

describe('S19 allowances', () => {
  const row = (free: number, more: object = {}): object => ({
    leg: 'rating',
    service: 'data',
    zone: 'roaming',
    plan: 'smart',
    blocks: [0, 1, 2],
    n: [1000, 900, 800],
    free: [free, 90, 40],
    customers: '50',
    charged: '2000',
    total: 1000,
    free_units: 0,
    charged_units: 0,
    ends: '2026-11-21 12:00:00.000',
    ...more,
  });
  const judge = (one: object, limits = {}) => judgeRows(allowances, [one], { limits })[0]!;

  it('finds 60 % free where a tenth was: 500 records at 0.50', () => {
    expect(judge(row(600))).toMatchObject({
      state: 'violation',
      observed: 600,
      expected: 100,
      // The days before differ by a twentieth: three times that is accepted, a quarter in all.
      money: { amount: '250', low: '175', high: '300', class: 'leakage' },
      title: 'data (roaming, plan smart): 60 % free by an allowance, usual are 10 %',
    });
  });

  it('values by what was used, where that is known', () => {
    // 600 free records of 2,000 octets each, where 4,000,000 octets are charged 1,000 in all: 300 in all, 250 beyond the usual.
    expect(judge(row(600, { free_units: 600 * 2000, charged_units: 4e6 })).money).toMatchObject({ amount: '250', low: '175', high: '300' });
    expect(judge(row(600, { free_units: 600 * 200, charged_units: 4e6 })).money).toMatchObject({ amount: '25', low: '17.5', high: '30' });
  });

  it('finds a few where none ever were, and needs more where one day alone is known', () => {
    const never = { n: [60, 900, 800], free: [4, 0, 0] };
    expect(judge(row(4, never))).toMatchObject({ state: 'violation', observed: 4, expected: 0 });
    expect(judge(row(4, { ...never, free: [2, 0, 0] })).state).toBe('ok');
    expect(judge(row(4, { blocks: [0, 1], n: [60, 900], free: [4, 0] })).state).toBe('ok');
  });

  it('is ok near the usual, below the floor, and where nothing is ever charged', () => {
    expect(judge(row(250)).state).toBe('ok');
    expect(judge(row(600), { floor: 0.251 }).state).toBe('ok');
    expect(judge(row(600, { charged: '0', total: 0 })).state).toBe('ok');
  });

  it('says what it lacks', () => {
    expect(judge(row(600, { blocks: [0], n: [1000], free: [600] }))).toMatchObject({ state: 'not_applicable' });
    expect(judgeRows(allowances, [])).toMatchObject([{ state: 'not_applicable' }]);
    expect(judge(row(0, { blocks: [1], n: [900], free: [90] })).state).toBe('ok');
  });
});

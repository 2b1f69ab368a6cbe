import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { departure, usualRatio } from './conversion.ts';
import { judgeRows } from './evaluation.fixture.ts';
import { stageVolume } from './stage-volume.ts';

const hour = 3600;
const to = Date.UTC(2026, 10, 21, 12) / 1000;
const complete = '2026-11-21 13:00:00.000';

/** A leg of 27 hours up to noon, 1,000 calls of 60 s an hour; the last three as given. */
function series(leg: string, last: { n?: number; seconds?: number; charge?: number } = {}, more: object = {}): object {
  const hours = Array.from({ length: 27 }, (_, at) => to - (27 - at) * hour);
  const pick = (usual: number, given: number | undefined) => hours.map((_, at) => (at >= 24 ? (given ?? usual) : usual));
  const charge = leg === 'rating' ? 100 : 0;
  return {
    leg,
    complete_to: complete,
    service: 'voice',
    dimension: '',
    value: '',
    hours,
    n: pick(1000, last.n),
    seconds: pick(60_000, last.seconds),
    octets: hours.map(() => 0),
    charge: pick(charge, last.charge),
    unread: hours.map(() => 0),
    explained: hours.map(() => 0),
    ...more,
  };
}
const window = { from: (to - hour) * 1000, to: to * 1000 };
const judge = (rows: object[], limits = {}) => judgeRows(stageVolume, rows, { window, instant: window.to, limits });
const of = (rows: object[], measure: string, limits = {}) =>
  judge(rows, limits).find(({ cell }) => cell['measure'] === measure && cell['dimension'] === '')!;

describe('S07', () => {
  it('is ok where both legs agree as usual', () => {
    const all = judge([series('switch'), series('rating')]);
    expect(all.map(({ cell, state }) => [cell['measure'], state])).toEqual([
      ['records', 'ok'],
      ['seconds', 'ok'],
      ['charge', 'ok'],
    ]);
  });

  it('finds 5 % of the records lost for three hours: 150 records at 0.10, and no loss of length or price beside', () => {
    const rows = [series('switch'), series('rating', { n: 950, seconds: 57_000, charge: 95 })];
    expect(of(rows, 'records')).toMatchObject({
      state: 'violation',
      direction: 'down',
      observed: 2850,
      expected: 3000,
      money: { amount: '15', class: 'leakage' },
      beganAt: window.to - 3 * 3_600_000,
      cell: { from: 'switch', to: 'rating', service: 'voice' },
    });
    expect(of(rows, 'seconds').state).toBe('ok');
    expect(of(rows, 'charge').state).toBe('ok');
  });

  it('tells length from number: 54,000 of 60,000 s an hour are 18,000 s lost at 0.1 / 60 each', () => {
    const rows = [series('switch'), series('rating', { seconds: 54_000, charge: 90 })];
    expect(of(rows, 'records').state).toBe('ok');
    expect(of(rows, 'seconds')).toMatchObject({ state: 'violation', observed: 162_000, money: { amount: '30', class: 'leakage' } });
    expect(of(rows, 'charge').state).toBe('ok');
  });

  it('tells price from usage: 80 charged where 100 is usual, 60 in three hours', () => {
    const found = of([series('switch'), series('rating', { charge: 80 })], 'charge');
    expect(found).toMatchObject({ state: 'violation', observed: 240, money: { amount: '60', class: 'leakage' }, unit: 'EUR' });
    expect(found.expected).toBeCloseTo(300, 6);
    expect(of([series('switch'), series('rating', { charge: 120 })], 'charge').money).toMatchObject({ amount: '60', class: 'over_charge' });
  });

  it('calls more records downstream a risk that may be nothing', () => {
    expect(of([series('switch'), series('rating', { n: 1100, seconds: 66_000, charge: 110 })], 'records')).toMatchObject({
      state: 'violation',
      direction: 'up',
      money: { class: 'risk', low: '0' },
    });
  });

  it('leaves what moved from one plan to another: 65 of 1,000 records less of smart, of 20,000 none or few', () => {
    const plan = (leg: string, value: string, n: number, usual = 1000) =>
      series(leg, {}, { dimension: 'plan', value, n: Array.from({ length: 27 }, (_, at) => (at >= 24 ? n : usual)) });
    const many = (leg: string, n: number) => series(leg, {}, { n: Array.from({ length: 27 }, (_, at) => (at >= 24 ? n : 20_000)) });
    const smart = (whole: number) =>
      judge([many('switch', 20_000), many('rating', whole), plan('switch', 'smart', 1000), plan('rating', 'smart', 935)]).find(
        ({ cell }) => cell['value'] === 'smart' && cell['measure'] === 'records',
      )!;
    expect(smart(20_000)).toMatchObject({ state: 'ok', note: 'moved to or from another plan' });
    expect(smart(19_935)).toMatchObject({ state: 'violation', observed: 2805, expected: 3000 });
    // Two thirds of it are still missing.
    expect(smart(19_957).state).toBe('violation');
  });

  it('leaves a price that one plan lost and another gained: 6.5 of 100 an hour', () => {
    const plan = (leg: string, value: string, charge: number) => series(leg, { charge }, { dimension: 'plan', value });
    const parts = (smart: number, office: number) =>
      judge([
        ...[series('switch'), series('rating'), plan('switch', 'smart', 0), plan('rating', 'smart', smart)],
        ...[plan('switch', 'office', 0), plan('rating', 'office', office)],
      ]).find(({ cell }) => cell['value'] === 'smart' && cell['measure'] === 'charge')!;
    expect(parts(80, 120)).toMatchObject({ state: 'ok', note: 'moved to or from another plan' });
    expect(parts(80, 100).state).toBe('violation');
  });

  it('leaves a charge that rose because dear plans talked more: flex pays 0.2 a call, office 0.05, as ever', () => {
    // 400 calls of flex and 600 of office cost 110; 700 and 300 cost 155.
    const plan = (leg: string, value: string, n: number, price: number) => {
      const hours = (of: (many: number) => number) =>
        Array.from({ length: 27 }, (_, at) => of(at >= 24 ? n : value === 'flex' ? 400 : 600));
      const figures = { n: hours((many) => many), seconds: hours((many) => 60 * many), charge: hours((many) => many * price) };
      return series(leg, {}, { dimension: 'plan', value, ...figures });
    };
    const rating = series('rating', {}, { charge: Array.from({ length: 27 }, (_, at) => (at >= 24 ? 155 : 110)) });
    const plans = (flex: number, office: number) => [
      ...[plan('switch', 'flex', 700, 0), plan('switch', 'office', 300, 0)],
      ...[plan('rating', 'flex', 700, flex), plan('rating', 'office', 300, office)],
    ];
    expect(of([series('switch'), rating, ...plans(0.2, 0.05)], 'charge')).toMatchObject({ state: 'ok', note: 'another mix of plans' });
    expect(of([series('switch'), rating], 'charge').state).toBe('violation');
  });

  it('needs two of three hours: one bad hour decides nothing', () => {
    const rating = series('rating') as { n: number[] };
    rating.n[26] = 700;
    expect(of([series('switch'), rating], 'records').state).toBe('waiting');
    rating.n[25] = 700;
    expect(of([series('switch'), rating], 'records').state).toBe('violation');
  });

  it('stays within its limits: 0.4 % is not told, nor what is below the money floor', () => {
    expect(of([series('switch'), series('rating', { n: 996 })], 'records').state).not.toBe('violation');
    const rows = [series('switch'), series('rating', { n: 950 })];
    expect(of(rows, 'records', { floor: 0.1 })).toMatchObject({ state: 'ok', note: 'below the money floor' });
  });

  it('waits for the other leg, leaves to others what they explain, and says what it lacks', () => {
    const lost = { n: 900 };
    expect(of([series('switch'), series('rating', lost, { complete_to: '2026-11-21 11:59:59.999' })], 'records')).toMatchObject({
      state: 'waiting',
      note: 'waiting for the other leg',
    });
    const explained = Array.from({ length: 27 }, (_, at) => (at >= 24 ? 1 : 0));
    expect(of([series('switch', {}, { explained }), series('rating', lost)], 'records').state).toBe('waiting');
    const unread = explained.map((each) => each * 100);
    expect(of([series('switch'), series('rating', lost, { unread })], 'records').state).toBe('waiting');
    expect(of([series('switch'), series('rating', lost)], 'records', { hours: 25 })).toMatchObject({ state: 'not_applicable' });
    expect(judge([series('switch')])).toMatchObject([
      { state: 'not_applicable', note: 'not applicable, needs a neighbouring leg of the chain' },
    ]);
    expect(judge([])).toMatchObject([{ state: 'not_applicable' }]);
  });

  it('names the part that explains the whole, and tells a part alone where the whole is well', () => {
    const zone = (leg: string, value: string, share: number, last: number) =>
      series(leg, { n: last }, { dimension: 'zone', value, n: Array.from({ length: 27 }, (_, at) => (at >= 24 ? last : 1000 * share)) });
    const parts = (last: number) => [zone('switch', 'world', 0.1, 100), zone('rating', 'world', 0.1, last)];
    const whole = of([series('switch'), series('rating', { n: 950 }), ...parts(50)], 'records');
    expect(whole.summary).toContain('100 % of it in zone world');
    expect(whole.explanation).toEqual([{ dimensions: { zone: 'world' }, share: 1, remaining: 0 }]);
    // 4 of 1,000 are too few for the whole, of the 100 of a zone they are enough.
    const alone = judge([series('switch'), series('rating', { n: 996 }), ...parts(96)]).filter(
      ({ state, cell }) => state === 'violation' && cell['measure'] === 'records',
    );
    expect(alone).toMatchObject([{ cell: { dimension: 'zone', value: 'world', measure: 'records' } }]);
  });

  it('compares each leg with the next level that is there', () => {
    const pairs = judge([series('switch'), series('mediation'), series('rating')]);
    expect(new Set(pairs.map(({ cell }) => `${cell['from']}>${cell['to']}`))).toEqual(new Set(['switch>mediation']));
  });
});

describe('the usual ratio', () => {
  const honest = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 5, maxLength: 50 });
  it('is exact where every hour has it, and stays so when fewer than half are wrong', () => {
    fc.assert(
      fc.property(honest, fc.integer({ min: 1, max: 400 }), (counts, percent) => {
        const hours = counts.map((n) => ({ above: (n * percent) / 100, below: n, records: n }));
        const largest = Math.max(...counts);
        const wrong = { above: 0, below: largest, records: largest / 10 };
        expect(usualRatio([...hours, wrong])!.ratio).toBeCloseTo(percent / 100, 9);
        expect(departure(hours, usualRatio(hours)!, 0.1).effect).toBeCloseTo(0, 9);
      }),
    );
  });
  it('is unknown without usage', () => {
    expect(usualRatio([{ above: 0, below: 0, records: 0 }])).toBeUndefined();
    expect(departure([], { ratio: 1, spread: 0, hours: 1 }, 0.1)).toEqual({ effect: 0, z: 0 });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentsOf } from '../../../app/files/documents.ts';
import type { SlaTarget } from './agreement.ts';
import { capped, creditOf, kpiFigure, merged, readAgreements, repairFigure, type SlaFacts, totalCredit } from './index.ts';

const facts: SlaFacts = {
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  kpis: ['ner'],
  kpi: (name) => (name === 'ner' ? { as: 'ratio', counts: 'success', dimensions: ['partner', 'direction'], sliceMs: 60_000 } : undefined),
};
const text = `apiVersion: weir/v1
kind: Agreement
metadata: { name: alder-voice, displayName: Alder voice }
spec:
  partner: alder
  direction: they-owe-us
  monthlyCharge: "12000.00"
  validFrom: 2026-01-01
  capPercent: "25"
  claimDays: 30
  targets:
    - { name: ner, measure: average, kpi: ner, target: "98", credits: [{ beyond: "95", percent: "10" }, { beyond: "98", percent: "5" }] }
    - { name: up, measure: slices, kpi: ner, slice: 5m, limit: "90", target: "99.7", credits: [{ beyond: "99.7", percent: "20" }] }
    - { name: repair, measure: repair, hours: "4", target: "100", clockStart: ticket, mostSeverity: 2 }
  maintenance: { noticeHours: 48, mostMinutes: 240 }
  exclusions:
    - { kind: force-majeure, from: 2026-03-29 00:00, to: 2026-03-30 00:00, reason: flood, approver: ann, targets: [ner] }
`;
const read = (of: string) => {
  const { documents } = documentsOf(of, 'f');
  const { agreements, problems } = readAgreements(documents, facts);
  return {
    agreements,
    problems: problems.map(({ document, path, message }) => `${documents[document]!.placeOf(path).slice(2)}: ${message}`),
  };
};

describe('agreements', () => {
  it('are read, in the time zone of the agreement', () => {
    const { agreements, problems } = read(text);
    expect(problems).toEqual([]);
    expect(agreements[0]).toMatchObject({
      partner: 'alder',
      direction: 'they-owe-us',
      currency: 'EUR',
      monthlyCharge: '12000.00',
      capPercent: '25',
      claimDays: 30,
      validFrom: Date.UTC(2025, 11, 31, 23),
      targets: [
        { where: { partner: 'alder' }, sliceMs: 3_600_000, credits: [{ beyond: '98' }, { beyond: '95' }] },
        { measure: 'slices', sliceMs: 300_000, limitOp: 'gte' },
        { clockStart: 'ticket' },
      ],
      maintenance: { match: { partner: 'alder' }, noticeMs: 48 * 3_600_000, mostMs: 240 * 60_000 },
    });
    // The day on which the clock changes has 23 hours.
    const { from, to } = agreements[0]!.exclusions[0]!;
    expect((to - from) / 3_600_000).toBe(23);
  });

  it.each([
    [text.replace('they-owe-us', 'both'), '6: direction is "both"'],
    [text.replace('"12000.00"', '1e4x'), '7: monthlyCharge is not a decimal'],
    [text.replace('kpi: ner, target', 'kpi: nerr, target'), '12: there is no KPI nerr'],
    [text.replace('slice: 5m', 'slice: 7m'), '13: slice is "7m"'],
    [text.replace('percent: "10"', 'percent: "1"'), '12: the credit beyond 95 is smaller than that of the milder band'],
    [text.replace('to: 2026-03-30', 'to: 2026-03-28'), '17: to is not after from'],
    [text.replace(', approver: ann', ''), '17: approver is missing'],
    [text.replace('[ner] }', '[nor] }'), '17: there is no target nor'],
    [text.replace('name: up', 'name: ner'), '11: two targets are called ner'],
    [`${text}---\n${text}`, '21: there is another agreement alder-voice'],
  ])('name what is wrong: %#', (of, problem) => {
    expect(read(of).problems.join('\n')).toContain(problem);
  });
});

const share = (credits: SlaTarget['credits'], op: SlaTarget['op'] = 'gte', target = '99.7'): SlaTarget => ({
  ...{ name: 'x', measure: 'average', kpi: 'ner', where: {}, sliceMs: 3_600_000, ratio: true, op, target, credits },
});
const of = (good: number, total: number) => ({ value: total > 0 ? (good / total) * 100 : undefined, good, total });
const terms = { monthlyCharge: '1234.56', decimals: 2, capPercent: '25', combine: 'sum' } as const;

describe('credits, by hand', () => {
  const bands = [
    { beyond: '99.7', percent: '10' },
    { beyond: '99', percent: '20' },
  ];
  it('take the hardest band, exactly at its edge the milder one, and round half up to cents', () => {
    // 10 % of 1234.56 = 123.456; 20 % = 246.912.
    expect(creditOf(share(bands), of(9970, 10_000), terms)).toMatchObject({ state: 'kept', percent: '0', amount: '0' });
    expect(creditOf(share(bands), of(9969, 10_000), terms)).toMatchObject({ state: 'missed', percent: '10', amount: '123.46' });
    expect(creditOf(share(bands), of(9900, 10_000), terms)).toMatchObject({ percent: '10' });
    expect(creditOf(share(bands), of(9899, 10_000), terms)).toMatchObject({ percent: '20', amount: '246.91' });
    expect(creditOf(share(bands), of(0, 0), terms)).toMatchObject({ state: 'no_data', amount: '0' });
    // Floats: 0.997 x 1000 of 1000 is exactly 99.7 %.
    expect(creditOf(share(bands), { value: 99.69999999999999, good: 997, total: 1000 }, terms).state).toBe('kept');
    const delay = { ...share([{ beyond: '4', percent: '5' }], 'lte', '3'), ratio: false } as SlaTarget;
    expect(
      [3, 3.5, 4, 4.01].map((value) => creditOf(delay, { value, good: 1, total: 1 }, terms)).map(({ state, percent }) => [state, percent]),
    ).toEqual([
      ['kept', '0'],
      ['missed', '0'],
      ['missed', '0'],
      ['missed', '5'],
    ]);
  });

  it('are added up or the highest, and capped: 25 % of 1234.56 = 308.64', () => {
    const two = [of(9969, 10_000), of(9000, 10_000)].map((figure) => creditOf(share(bands), figure, terms));
    expect(totalCredit(two, terms)).toEqual({ uncapped: '370.37', cap: '308.64', amount: '308.64', isCapped: true });
    expect(totalCredit(two, { ...terms, combine: 'highest' })).toEqual({
      uncapped: '246.91',
      cap: '308.64',
      amount: '246.91',
      isCapped: false,
    });
    expect(totalCredit([], terms).amount).toBe('0');
  });

  it('never exceed the cap, and a worse figure never credits less', () => {
    const money = fc
      .integer({ min: 0, max: 10 ** 11 })
      .map((cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        money,
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (monthlyCharge, cap, a, b) => {
          const how = { ...terms, monthlyCharge, capPercent: String(cap) };
          const [worse, better] = [Math.min(a, b), Math.max(a, b)].map((good) => creditOf(share(bands), of(good, 10_000), how));
          expect(Number(worse!.amount)).toBeGreaterThanOrEqual(Number(better!.amount));
          const total = totalCredit([worse!, better!], how);
          expect(Number(total.amount)).toBeLessThanOrEqual(Number(total.cap));
          expect(Number(total.cap)).toBeLessThanOrEqual(Number(monthlyCharge) + 0.005);
        },
      ),
    );
  });
});

describe('figures, by hand', () => {
  const hour = 3_600_000;
  const slice = (at: number, events: number, volume: number, lengthMs = hour) => ({
    at,
    lengthMs,
    events,
    volume,
    value: volume > 0 ? events / volume : null,
  });
  const period = { from: 0, to: 5 * hour };
  const slices = [slice(0, 90, 100), slice(hour, 10, 100), slice(2 * hour, 100, 100), slice(3 * hour, 0, 0), slice(4 * hour, 98, 100)];

  it('an average leaves out what is excluded; hours without data are missing, not bad', () => {
    const figure = kpiFigure(share([]) as Extract<SlaTarget, { measure: 'average' }>, slices, [{ from: hour, to: 2 * hour }], period);
    expect(figure.raw).toEqual({ value: (298 * 100) / 400, good: 298, total: 400 });
    expect(figure.counted).toEqual({ value: 96, good: 288, total: 300 });
    expect(figure.minutes).toEqual({ period: 300, measured: 180, missing: 60, excluded: 60, bad: 0 });
    expect(figure.completeness).toBe(0.75);
  });

  it('slices are good or bad, a slice that touches an exclusion does not count', () => {
    const target = { ...share([]), measure: 'slices', limit: '95', limitOp: 'gte' } as Extract<SlaTarget, { measure: 'slices' }>;
    const all = kpiFigure(target, slices, [], period);
    expect(all.counted).toEqual({ value: 50, good: 2, total: 4 });
    expect(all.minutes.bad).toBe(120);
    expect(kpiFigure(target, slices, [{ from: hour + 1, to: hour + 2 }], period).counted).toEqual({ value: 200 / 3, good: 2, total: 3 });
    const percentile = { ...share([]), measure: 'percentile', percentile: 50 } as Extract<SlaTarget, { measure: 'percentile' }>;
    expect(kpiFigure(percentile, slices, [], period).counted.value).toBe(90);
  });

  it('repair counts from its clock, less exclusions; what may still be in time counts neither way', () => {
    const target = {
      measure: 'repair',
      name: 'r',
      op: 'gte',
      target: '100',
      credits: [],
      hours: '4',
      clockStart: 'ticket',
      mostSeverity: 5,
    } as const;
    const incident = (startedAt: number, resolvedAt?: number) => ({ incident_id: `${startedAt}`, startedAt, resolvedAt });
    const incidents = [incident(0, 4 * hour), incident(0, 5 * hour), incident(7 * hour), incident(2 * hour)];
    const figure = repairFigure(target, incidents, [{ from: hour, to: 2 * hour }], { from: 0, to: 10 * hour }, 10 * hour);
    expect(figure.raw).toEqual({ value: 100 / 3, good: 1, total: 3 });
    expect(figure.counted).toEqual({ value: 200 / 3, good: 2, total: 3 });
  });

  it('stretches are put together and capped', () => {
    expect(
      merged(
        [
          { from: 5, to: 9 },
          { from: 0, to: 6 },
          { from: 50, to: 40 },
        ],
        { from: 2, to: 100 },
      ),
    ).toEqual([{ from: 2, to: 9 }]);
    expect(
      capped(
        [
          { from: 20, to: 30 },
          { from: 0, to: 10 },
        ],
        15,
      ),
    ).toEqual([
      { from: 0, to: 10 },
      { from: 20, to: 25 },
    ]);
  });
});

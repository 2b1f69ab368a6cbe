/** The catalogue is whole, and a KPI without enough data has no value. */
import { describe, expect, it } from 'vitest';
import { queryNamed, queryNames } from '../../../sql/queries.ts';
import { everyQueryOf } from './every.ts';
import { everyLeg, type KpiDefinition, kpiDimensions, kpiNamed, kpiStanding, kpis, kpiValue, raters } from './index.ts';

describe('every KPI', () => {
  it.each(kpis.map((kpi) => [kpi.name, kpi] as const))('%s is whole', (name, kpi) => {
    expect(name).toMatch(/^[a-z][a-z0-9_]{1,40}$/);
    expect(kpiNamed(name)).toBe(kpi);
    for (const text of [kpi.title, kpi.standard, kpi.meaning, kpi.formula, kpi.unit, kpi.volume]) expect(text.trim()).not.toBe('');
    expect(raters).toContain(kpi.rater);
    expect(kpi.minimum).toBeGreaterThan(0);
    expect(kpi.runbook.length).toBeGreaterThan(0);
    for (const dimension of kpi.dimensions) expect(kpiDimensions[kpi.query]).toContain(dimension);
    for (const { source } of kpi.limits) expect(source).not.toBe('');
    const [good, poor] = ['good', 'poor'].map((level) => kpi.limits.find((limit) => limit.level === level)?.value);
    if (good !== undefined && poor !== undefined) expect(kpi.better === 'higher' ? good > poor : good < poor).toBe(true);
    if (kpi.better === 'steady') expect(kpi.limits).toEqual([]);
  });

  it('has a name of its own', () => expect(new Set(kpis.map(({ name }) => name)).size).toBe(kpis.length));

  it('names columns of its query', () => {
    for (const { measure, query, name } of kpis) {
      const { sql } = queryNamed(query);
      const columns = [
        measure.denominator,
        ...('numerator' in measure ? [measure.numerator] : []),
        ...('column' in measure ? [measure.column] : []),
      ];
      for (const column of columns) expect(sql, `${name}: ${column}`).toMatch(new RegExp(`AS ${column}\\b`));
    }
  });

  it('has the same columns and every dimension in the query that cuts by all of them at once, where there is one', () => {
    const asked = new Set<string>();
    for (const kpi of kpis) {
      const every = everyQueryOf(kpi);
      if (every === undefined) continue;
      asked.add(every);
      const { sql } = queryNamed(every);
      const { measure } = kpi;
      const columns = [measure.denominator, 'numerator' in measure ? measure.numerator : '', 'column' in measure ? measure.column : ''];
      for (const column of columns.filter((name) => name !== ''))
        expect(sql, `${kpi.name}: ${column}`).toMatch(new RegExp(`AS ${column}\\b`));
      // By leg it reads other legs than the chosen one: a query of its own.
      for (const dimension of kpi.dimensions.filter((name) => name !== 'leg' || kpi.legs === everyLeg)) {
        expect(sql, kpi.name).toContain(`grouping(${dimension}) = 0, '${dimension}'`);
        expect(sql, kpi.name).toMatch(new RegExp(`GROUPING SETS .*\\b${dimension}\\)`));
      }
    }
    expect([...asked].sort()).toEqual(queryNames().filter((name) => name.startsWith('kpi-every-')));
  });
});

describe('a value', () => {
  const ratio: Pick<KpiDefinition, 'measure' | 'minimum'> = {
    minimum: 50,
    measure: { kind: 'ratio', numerator: 'good', denominator: 'all' },
  };
  it.each([
    [{}, { state: 'no_data', value: null, volume: 0, events: 0 }],
    [
      { good: 0, all: 0 },
      { state: 'no_data', value: null, volume: 0, events: 0 },
    ],
    [
      { good: 0, all: 49 },
      { state: 'too_few', value: null, volume: 49, events: 0 },
    ],
    [
      { good: 0, all: 50 },
      { state: 'ok', value: 0, volume: 50, events: 0 },
    ],
    [{ all: 50 }, { state: 'ok', value: 0, volume: 50, events: 0 }],
    [
      { good: 25, all: 50 },
      { state: 'ok', value: 0.5, volume: 50, events: 25 },
    ],
    [
      { good: Number.NaN, all: Number.NaN },
      { state: 'no_data', value: null, volume: 0, events: 0 },
    ],
  ])('of %j is %j', (facts, expected) => expect(kpiValue(ratio, facts)).toEqual(expected));

  it('that is no number is none', () => {
    const stated: Pick<KpiDefinition, 'measure' | 'minimum'> = { minimum: 1, measure: { kind: 'stated', column: 'p95', denominator: 'n' } };
    expect(kpiValue(stated, { n: 5 })).toEqual({ state: 'too_few', value: null, volume: 5, events: null });
    expect(kpiValue(stated, { n: 5, p95: 3 })).toEqual({ state: 'ok', value: 3, volume: 5, events: null });
    const computed: Pick<KpiDefinition, 'measure' | 'minimum'> = {
      minimum: 1,
      measure: { kind: 'computed', of: () => Number.NaN, denominator: 'n' },
    };
    expect(kpiValue(computed, { n: 5 }).value).toBeNull();
  });

  it('stands against the usual limits', () => {
    const ner = kpiNamed('ner')!;
    expect([0.96, 0.95, 0.94, 0.9, 0.5, null].map((value) => kpiStanding(ner, value))).toEqual([
      'good',
      'good',
      'fair',
      'poor',
      'poor',
      'unrated',
    ]);
    const drops = kpiNamed('drop_rate')!;
    expect([0, 0.01, 0.015, 0.02].map((value) => kpiStanding(drops, value))).toEqual(['good', 'good', 'fair', 'poor']);
    expect(kpiStanding(kpiNamed('acd')!, 60)).toBe('unrated');
  });
});

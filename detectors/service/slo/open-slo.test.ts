import { describe, expect, it } from 'vitest';
import { documentsOf } from '../../../app/files/documents.ts';
import { readOpenSlo, type SloFacts } from './open-slo.ts';

const facts: SloFacts = {
  timeZone: 'Europe/Berlin',
  kpis: ['ner', 'pdd'],
  kpi: (name) =>
    name === 'ner' || name === 'pdd'
      ? { as: name === 'ner' ? 'ratio' : 'value', counts: 'success', dimensions: ['partner'], sliceMs: 60_000 }
      : undefined,
  queryFile: (path) => (path === 'q.sql' ? 'SELECT 1 AS at, 2 AS value' : undefined),
};
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What a text says: objectives, and problems as `line: message`. */
function read(text: string) {
  const { documents, problems } = documentsOf(text, 'f');
  const result = readOpenSlo(
    documents.map(({ value, file }) => ({ value, file })),
    facts,
  );
  return {
    objectives: result.objectives,
    problems: [
      ...problems.map(({ place, message }) => `${place.slice(2)}: ${message}`),
      ...result.problems.map(({ document, path, message }) => `${documents[document]!.placeOf(path).slice(2)}: ${message}`),
    ],
    hints: result.problems.map(({ hint }) => hint),
  };
}

const slo = (
  more: string,
  indicator = 'ratioMetric: { rawType: success, raw: { metricSource: { type: kpi, spec: { kpi: ner, where: { partner: alder } } } } }',
) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: voice }
spec:
  service: calls
  indicator: { metadata: { name: x }, spec: { ${indicator} } }
${more
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
`;
const usual = 'budgetingMethod: Occurrences\nobjectives: [{ target: 0.999 }]';

describe('OpenSLO files', () => {
  it('an SLO on a KPI gets thirty rolling days and the rules of the workbook', () => {
    const { objectives, problems } = read(slo(usual));
    expect(problems).toEqual([]);
    expect(objectives).toMatchObject([
      {
        identity: 'voice',
        service: 'calls',
        method: 'Occurrences',
        target: 0.999,
        window: { kind: 'rolling', ms: 30 * day },
        sliceMs: minute,
        source: { kind: 'kpi', kpi: 'ner', where: { partner: 'alder' }, as: 'success' },
        noDataAfterMs: 3 * hour,
      },
    ]);
    expect(
      objectives[0]!.rules.map(({ threshold, longMs, shortMs, minimumEvents }) => [threshold, longMs, shortMs, minimumEvents]),
    ).toEqual([
      [14.4, hour, 5 * minute, 348],
      [6, 6 * hour, 30 * minute, 834],
      [1, 3 * day, 6 * hour, 5000],
    ]);
  });

  it('reads calendar windows, time slices, several objectives, SQL, and policies by reference', () => {
    const text = `${slo(
      'timeWindow: [{ duration: 1M, calendar: { startTime: 2026-01-01 00:00:00, timeZone: America/New_York } }]\nbudgetingMethod: Timeslices\nobjectives:\n  - { target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 1 }\n  - { targetPercent: 99.9, timeSliceTarget: 0.9, timeSliceWindow: 5m }\nalertPolicies: [{ alertPolicyRef: policy }]',
      'ratioMetric: { counter: false, bad: { metricSource: { metricSourceRef: db, spec: { query: SELECT 1 AS at, column: bad, legs: [switch], lag: 10m } } }, total: { metricSource: { type: sql, spec: { queryFile: q.sql } } } }',
    )}---
apiVersion: openslo/v1
kind: DataSource
metadata: { name: db }
spec: { type: sql }
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: { name: policy }
spec: { alertWhenNoData: true, conditions: [{ conditionRef: quick }] }
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: { name: quick, annotations: { weir/short-window: 10m } }
spec: { severity: page, condition: { kind: burnrate, threshold: 10, lookbackWindow: 2h, alertAfter: 5m } }
`;
    const { objectives, problems } = read(text);
    expect(problems).toEqual([]);
    expect(objectives.map(({ identity, target, sliceMs, sliceTarget }) => [identity, target, sliceMs, sliceTarget])).toEqual([
      ['voice/1', 0.99, minute, 0.95],
      ['voice/2', 0.999, 5 * minute, 0.9],
    ]);
    expect(objectives[0]).toMatchObject({
      alertNoData: true,
      window: { kind: 'calendar', timeZone: 'America/New_York', startLocal: Date.UTC(2026, 0, 1), duration: { count: 1, unit: 'M' } },
      source: {
        kind: 'sql',
        bad: { column: 'bad' },
        total: { query: 'SELECT 1 AS at, 2 AS value', column: 'value' },
        legs: ['switch'],
        lagMs: 600_000,
      },
      rules: [
        { name: 'quick', severity: 'page', threshold: 10, longMs: 2 * hour, shortMs: 10 * minute, afterMs: 5 * minute, minimumEvents: 1 },
      ],
    });
  });

  it('a threshold metric compares a value', () => {
    const metric = 'thresholdMetric: { metricSource: { type: kpi, spec: { kpi: pdd } } }';
    expect(
      read(slo('budgetingMethod: Timeslices\nobjectives: [{ op: lte, value: 3, target: 0.95, timeSliceWindow: 5m }]', metric)).objectives,
    ).toMatchObject([{ compare: { op: 'lte', value: 3 }, sliceTarget: 1, source: { kind: 'kpi', as: 'value' } }]);
    expect(read(slo(usual, metric)).problems).toEqual(['8: op is missing', '8: value is missing']);
  });

  it('refuses a rule that can never fire, with the arithmetic and its line', () => {
    const condition = (threshold: number, window: string, more = '') =>
      `budgetingMethod: Occurrences\nobjectives: [{ target: 0.9 }]\nalertPolicies:\n  - spec:\n      conditions:\n        - spec:\n            severity: page\n            condition:\n              threshold: ${threshold}\n              lookbackWindow: ${window}${more}`;
    const refused = read(slo(condition(14.4, '1h')));
    expect(refused.objectives).toEqual([]);
    expect(refused.problems).toEqual([
      '15: can never fire: with the objective 90 % the highest burn rate is 1 / (1 - 0.9) = 10, below the threshold 14.4',
    ]);
    expect(refused.hints[0]).toContain('A threshold of at most 10, or an objective of at least 93.06 %');
    expect(read(slo(condition(10, '1h'))).problems).toEqual([]);
    expect(read(slo(condition(10, '1h', '\n              op: gt'))).problems[0]).toContain('not above the threshold 10');
    expect(read(slo(condition(2, '60d'))).problems[0]).toContain('longer than the window of the objective, 30d');
    expect(read(slo(condition(2, '1h', '\n              op: lte'))).problems[0]).toBe(
      '17: op is "lte": it would fire while the budget burns slowly',
    );
  });

  it.each([
    ['apiVersion: openslo/v1alpha\nkind: SLO\nmetadata: { name: a }\nspec: {}', '1: apiVersion is "openslo/v1alpha"'],
    ['apiVersion: openslo/v1\nkind: Slo\nmetadata: { name: a }\nspec: {}', '2: kind is "Slo"'],
    ['apiVersion: openslo/v1\nkind: SLO\nmetadata: { name: A_b }\nspec: {}', '3: name is "A_b"'],
    ['- 1', '1: the document is not a map of fields'],
    ['a: [', '1: Flow sequence'],
    [slo('budgetingMethod: Occurences\nobjectives: [{ target: 0.999 }]'), '7: budgetingMethod is "Occurences"'],
    [slo(`${usual}\nobjectve: 1`), '9: objectve: there is no such field'],
    [slo('budgetingMethod: Occurrences\nobjectives: [{ target: 1 }]'), '8: target is 1'],
    [slo('budgetingMethod: Occurrences\nobjectives: [{ targetPercent: 100 }]'), '8: targetPercent is 100'],
    [slo('budgetingMethod: Occurrences\nobjectives: [{}]'), '8: needs target or targetPercent, one of them'],
    [
      slo('budgetingMethod: Occurrences\nobjectives: [{ target: 0.9, timeSliceWindow: 1m }]'),
      '8: time slices belong to budgetingMethod Timeslices',
    ],
    [slo('budgetingMethod: Timeslices\nobjectives: [{ target: 0.9 }]'), '8: timeSliceWindow is missing'],
    [
      slo('budgetingMethod: Timeslices\nobjectives: [{ target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: 7m }]'),
      '8: a slice of 7 min does not divide a day',
    ],
    [
      slo(`timeWindow: [{ duration: 1M, calendar: { startTime: 2026-01-01 00:00:00, timeZone: Europe/Berln } }]\n${usual}`),
      '7: there is no time zone "Europe/Berln"',
    ],
    [slo(`timeWindow: [{ duration: 30d, isRolling: false }]\n${usual}`), '7: a window that does not roll needs calendar'],
    [slo(`timeWindow: [{ duration: 3x, isRolling: true }]\n${usual}`), '7: duration is "3x"'],
    [slo(`alertPolicies: [{ alertPolicyRef: lost }]\n${usual}`), '7: there is no AlertPolicy lost'],
    [slo(usual, 'ratioMetric: { rawType: success, raw: { metricSource: { type: kpi, spec: { kpi: nerr } } } }'), '6: there is no KPI nerr'],
    [slo(usual, 'ratioMetric: { rawType: failure, raw: { metricSource: { type: kpi, spec: { kpi: ner } } } }'), '6: ner counts successes'],
    [
      slo(usual, 'ratioMetric: { rawType: success, raw: { metricSource: { type: kpi, spec: { kpi: ner, where: { cell: x } } } } }'),
      '6: ner has no dimension cell',
    ],
    [
      slo(usual, 'ratioMetric: { rawType: success, raw: { metricSource: { type: kpi, spec: { kpi: pdd } } } }'),
      '6: pdd is a value, not a ratio',
    ],
    [slo(usual, 'ratioMetric: { counter: true, good: {}, total: {} }'), '6: counters that only grow are not read'],
    [
      slo(usual, 'ratioMetric: { rawType: success, raw: { metricSource: { type: sql, spec: { query: DROP TABLE usage } } } }'),
      '6: the query is not a SELECT',
    ],
    [
      slo(usual, 'ratioMetric: { rawType: success, raw: { metricSource: { type: sql, spec: { query: "SELECT {leg:String}" } } } }'),
      '6: the query uses the parameter {leg:String} that does not exist',
    ],
    [
      slo(usual, 'ratioMetric: { rawType: success, raw: { metricSource: { type: sql, spec: { queryFile: ../secret } } } }'),
      '6: ../secret cannot be read',
    ],
    [slo(usual, 'ratioMetric: { rawType: success, raw: { metricSource: { type: prometheus, spec: {} } } }'), '6: type is "prometheus"'],
    [`${slo(usual)}---\n${slo(usual)}`, '12: there is another SLO voice, in f'],
    [slo(usual).replace('name: voice', 'name: voice, annotations: { weir/no-data: 1h }'), '3: weir/no-data: there is no such annotation'],
  ])('names place and reason: %#', (text, problem) => {
    const { problems, hints } = read(text);
    expect(problems.join('\n')).toContain(problem);
    for (const hint of hints) expect(hint).not.toBe('');
  });

  it('a wrong document does not blind the others', () => {
    const { objectives, problems } = read(`${slo(usual)}---\n${slo(usual.replace('0.999', '2')).replace('name: voice', 'name: other')}`);
    expect(objectives.map(({ identity }) => identity)).toEqual(['voice']);
    expect(problems).toEqual(['17: target is 2']);
  });
});

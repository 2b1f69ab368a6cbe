import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../app/settings/load.ts';
import { instantOfTests, judgeRows } from '../../controls/evaluation.fixture.ts';
import { stepFailures } from './step-failures.ts';
import { plainWord, standardResults, standardSteps, wordsOf } from './words.ts';

const row = (more: object): object => ({
  step: 'provisioned',
  tried: [0, 0, 0],
  failed: [0, 0, 0],
  tried_before: 700,
  failed_before: 14,
  began_at: '2026-11-21 11:45:00.000',
  open: 0,
  segments: [],
  segment_counts: [],
  errors: [],
  error_counts: [],
  ...more,
});
const judge = (more: object, limits: Record<string, number> = {}) => judgeRows(stepFailures, [row(more)], { limits })[0]!;

describe('step_failures', () => {
  it('an outage of an hour, a slow rise over a day, and the usual share', () => {
    // 9 of 10 within the hour; usual are 2 %, 5 % are accepted.
    const outage = judge({
      tried: [10, 40, 100],
      failed: [9, 9, 11],
      open: 8,
      segments: ['consumer', ''],
      segment_counts: [7, 1],
      errors: ['HLR timeout', 'no such IMSI', ''],
      error_counts: [8, 2, 1],
    });
    expect(outage).toMatchObject({
      state: 'violation',
      observed: 9,
      expected: 0.2,
      statistic: 0.9,
      direction: 'up',
      customers: { count: 8, segments: { consumer: 7, unknown: 1 } },
      explanation: [{ dimensions: { error: 'HLR timeout' }, share: 8 / 11 }],
      title: 'provisioned: 9 orders of 10 failed the first time',
      beganAt: Date.UTC(2026, 10, 21, 11, 45),
    });
    expect(outage.upper).toBeCloseTo(0.5, 9);
    expect(outage.summary).toContain('within 1 h failed the first time (90 %; usual are 2 %)');
    expect(outage.summary).toContain('Errors: HLR timeout (8); no such IMSI (2); no word of an error (1)');
    expect(outage.evidence.params).toMatchObject({ step: 'provisioned', from: new Date(instantOfTests - 3_600_000).toISOString() });
    // 60 of 400 over the day: 15 % where 5 % are accepted; no hour by itself shows it.
    expect(judge({ tried: [5, 90, 400], failed: [1, 9, 60] })).toMatchObject({ state: 'violation', observed: 60 });
    expect(judge({ tried: [10, 60, 240], failed: [0, 1, 5] })).toMatchObject({ state: 'ok' });
  });

  it('borders: two failures are none, what is usual is well up to the share that never is', () => {
    expect(judge({ tried: [2, 2, 2], failed: [2, 2, 2] })).toMatchObject({ state: 'ok' });
    expect(judge({ tried: [3, 3, 3], failed: [3, 3, 3] })).toMatchObject({ state: 'ok' });
    expect(judge({ tried: [4, 4, 4], failed: [4, 4, 4] })).toMatchObject({ state: 'violation' });
    const usually = { tried_before: 1000, failed_before: 300 };
    expect(judge({ ...usually, tried: [0, 0, 200], failed: [0, 0, 60] })).toMatchObject({ state: 'ok' });
    expect(judge({ ...usually, tried: [0, 0, 2000], failed: [0, 0, 620] })).toMatchObject({ state: 'violation' });
  });

  it('without a week before, only the share that is never accepted counts', () => {
    const young = { tried_before: 19, failed_before: 0 };
    expect(judge({ ...young, tried: [0, 0, 30], failed: [0, 0, 5] })).toMatchObject({ state: 'ok' });
    const found = judge({ ...young, tried: [0, 0, 30], failed: [0, 0, 20] });
    expect(found).toMatchObject({ state: 'violation' });
    expect(found.summary).toContain('no usual share is known yet');
  });

  it('without events it says what it needs', () => {
    expect(judgeRows(stepFailures, [])).toMatchObject([{ state: 'not_applicable' }]);
  });

  it('more failures of as many orders are never less clear', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), fc.nat(200), (tried, failed, before) => {
        const bad = Math.min(failed, tried - 1);
        const of = (count: number) => judge({ tried: [0, 0, tried], failed: [0, 0, count], tried_before: 400, failed_before: before });
        expect(of(bad + 1).p).toBeLessThanOrEqual(of(bad).p);
        if (of(bad).state === 'violation') expect(of(bad + 1).state).toBe('violation');
      }),
    );
  });
});

describe('words', () => {
  const of = (yaml: string) => wordsOf(parseSettings(yaml, 'test').lifeCycle);
  const meaning = (yaml: string, kind: string, word: string) =>
    of(yaml).find((each) => each.kind === kind && each.stated === plainWord(word))?.standard;

  it('mean a standard step or result; what the settings say comes first', () => {
    expect(meaning('', 'step', 'Order Placed')).toBe('ordered');
    expect(meaning('', 'step', 'HLR-provisioned')).toBe('provisioned');
    expect(meaning('', 'result', 'NOK')).toBe('failed');
    expect(meaning('', 'step', 'go live')).toBeUndefined();
    const own = 'lifeCycle: { steps: { activated: [Go-Live, installed], shipped: [parcel out] }, results: { failed: [kaput] } }';
    expect(meaning(own, 'step', 'go live')).toBe('activated');
    expect(meaning(own, 'step', 'installed')).toBe('activated');
    expect(meaning(own, 'step', 'parcel  out')).toBe('shipped');
    expect(meaning(own, 'result', 'KAPUT')).toBe('failed');
  });

  it('each once, and the standard means itself', () => {
    const all = of('');
    expect(new Set(all.map(({ kind, stated }) => `${kind}/${stated}`)).size).toBe(all.length);
    for (const step of Object.keys(standardSteps)) expect(meaning('', 'step', step)).toBe(step);
  });

  it('that mean two things are refused with their place', () => {
    expect(() => parseSettings('lifeCycle:\n  steps: { activated: [live], provisioned: [Live] }\n', 'weir.yaml')).toThrow(
      'weir.yaml:2: lifeCycle.steps.provisioned: Live means activated already',
    );
  });

  it('stand in the documentation', () => {
    const page = readFileSync(new URL('../../../docs/life-cycle.md', import.meta.url), 'utf8');
    for (const [step, words] of Object.entries(standardSteps)) expect(page).toContain(`| \`${step}\` | ${words.join(', ')} |`);
    for (const [result, words] of Object.entries(standardResults)) expect(page).toContain(`| ${result} | ${words.join(', ')} |`);
  });
});

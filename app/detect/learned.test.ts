import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calm, define, type Limit, limitOf } from '../../core/definition.ts';
import { controls } from '../../detectors/controls/index.ts';
import { parseSettings } from '../settings/load.ts';
import { createVerdicts, learnedLimit, learnedLimits, learnedText } from './learned.ts';
import type { DetectionStore } from './port.ts';
import { run } from './run.ts';

const z: Limit = { name: 'z', default: 4.5, unit: 'z', min: 3, max: 12, description: '', learns: 'up' };
const p: Limit = { name: 'p', default: 1e-4, unit: 'p', min: 1e-12, max: 0.01, description: '', learns: 'down' };
const still: Limit = { name: 'records', default: 20, unit: 'records', min: 1, max: 1e9, description: '' };
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('bounds that the settings give', () => {
  const limits = [{ name: 'z', default: 4, unit: 'z', min: 3, max: 12, description: '', learns: 'up' as const }];
  const many = { true: 0, false: 1000 };
  const praised = { true: 1000, false: 0 };

  it('hold a limit within them, and within its own', () => {
    expect(learnedLimit(limits, {}, 'z', many).value).toBeGreaterThan(11.5);
    expect(learnedLimit(limits, {}, 'z', many, [3.5, 5]).value).toBeCloseTo(5, 1);
    expect(learnedLimit(limits, {}, 'z', many, [3.5, 5]).value).toBeLessThanOrEqual(5);
    expect(learnedLimit(limits, {}, 'z', praised, [3.5, 5]).value).toBeCloseTo(3.5, 1);
    expect(learnedLimit(limits, {}, 'z', praised, [3.5, 5]).value).toBeGreaterThanOrEqual(3.5);
    expect(learnedLimit(limits, {}, 'z', many, [1, 99]).value).toBeLessThanOrEqual(12);
  });

  it('of one value forbid learning, and what is configured always holds without verdicts', () => {
    expect(learnedLimit(limits, {}, 'z', many, [4, 4]).value).toBe(4);
    expect(learnedLimit(limits, { z: 9 }, 'z', undefined, [3, 5]).value).toBe(9);
    expect(learnedLimits(limits, {}, many, { z: [4, 4] })).toEqual([]);
  });
});

describe('learned limits', () => {
  it('become stricter with false alarms and looser with true ones', () => {
    const value = (limit: Limit, hits: number, misses: number): number =>
      learnedLimit([limit], undefined, limit.name, { true: hits, false: misses }).value;
    expect(value(z, 0, 10)).toBe(9.528);
    expect(value(z, 0, 1000)).toBeCloseTo(12, 1);
    expect(value(z, 1000, 0)).toBeCloseTo(3, 1);
    expect(value(p, 0, 1000)).toBeLessThan(1.1e-8);
    expect(value(p, 1000, 0)).toBeCloseTo(0.01, 3);
    expect(value(z, 3, 2), 'as many as are tolerated').toBe(4.5);
    expect(value(z, 0, 1), 'one word is not evidence enough to go far').toBeLessThan(5.5);
    expect(value(still, 0, 1000), 'one that does not learn').toBe(20);
    expect(learnedLimit([z], { z: 6 }, 'z', undefined)).toEqual({ name: 'z', unit: 'z', configured: 6, value: 6 });
  });

  it('never leave their bounds, never go further than tenfold, and are monotone', () => {
    const count = fc.integer({ min: 0, max: 300 });
    const all = controls.flatMap(({ limits }) => limits).filter(({ learns }) => learns);
    expect(all.length).toBeGreaterThanOrEqual(8);
    fc.assert(
      fc.property(fc.constantFrom(z, p, ...all), count, count, fc.double({ min: 0, max: 1, noNaN: true }), (limit, hits, misses, place) => {
        const set = { [limit.name]: limit.min + (limit.max - limit.min) * place };
        const value = (one: number, other: number): number => learnedLimit([limit], set, limit.name, { true: one, false: other }).value;
        const configured = limitOf([limit], set, limit.name);
        const learned = value(hits, misses);
        expect(learned).toBeGreaterThanOrEqual(limit.min);
        expect(learned).toBeLessThanOrEqual(limit.max);
        if (limit.unit !== 'p') expect(learned).toBeLessThanOrEqual(10.01 * configured);
        const stricter = value(hits, misses + 1) - learned;
        const slack = 2e-3 * Math.max(learned, configured);
        if (limit.learns === 'up') expect(stricter).toBeGreaterThanOrEqual(-slack);
        else expect(stricter).toBeLessThanOrEqual(slack);
      }),
    );
  });

  it('are told in words, only where they moved', () => {
    const verdicts = { true: 0, false: 10 };
    const moved = learnedLimits([z, still], undefined, verdicts);
    expect(moved).toEqual([{ name: 'z', unit: 'z', configured: 4.5, value: 9.528 }]);
    expect(learnedText(moved, verdicts)).toBe('learned from 10 verdicts: z 9.528 instead of 4.5');
    expect(learnedLimits([z, still], undefined, { true: 3, false: 2 })).toEqual([]);
    expect(learnedText([], verdicts)).toBe('');
  });

  it('exist once at least in each control that ships, in a direction that makes it quieter', () => {
    for (const { identity, limits } of controls)
      for (const { name, learns, unit } of limits) if (learns === 'down') expect(unit, `${identity} ${name}`).toBe('p');
    for (const identity of ['S01', 'S02', 'S03', 'S06', 'S07', 'S10', 'S12', 'S13'])
      expect(
        controls.find((each) => each.identity === identity)?.limits.some(({ learns }) => learns),
        identity,
      ).toBe(true);
  });
});

describe('a run', () => {
  const definition = define({
    identity: 'X',
    title: 'x',
    kind: 'data',
    rater: 'assurance',
    metric: 'm',
    trigger: 'minute',
    windowMs: 0,
    needs: { legs: [], tables: [], data: '' },
    query: 'x',
    columns: { n: 'number' },
    lookbackMs: 0,
    limits: [z],
    scope: ['source'],
    holdMs: 0,
    store: 'all',
    evaluate: (rows, { limit, window }) =>
      rows.map(({ n }) => ({
        ...calm({ source: 'a' }, window),
        state: n > limit('z') ? 'violation' : 'ok',
        observed: n,
        note: 'as it is',
      })),
    documentation: { meaning: '', formula: '', proof: '', recovery: '' },
  });
  const store: DetectionStore = { rows: async <T>() => [{ n: 6 }] as T[], insert: async () => undefined };
  const occasion = { instant: 1, window: { from: 0, to: 1 }, sources: [], changedFrom: 0, changedTo: 0, watchingSince: 0, leg: '' };
  const settings = parseSettings('', 'test');

  it('judges with what was learned, and says so only then', async () => {
    const before = await run(definition, store, settings, occasion);
    expect(before).toMatchObject({ judgements: [{ state: 'violation', note: 'as it is' }] });
    const after = await run(definition, store, settings, occasion, { true: 0, false: 10 });
    expect(after).toMatchObject({ judgements: [{ state: 'ok', note: 'as it is; learned from 10 verdicts: z 9.528 instead of 4.5' }] });
  });
});

describe('verdicts', () => {
  it('are read by detector, and stay known while the database is away', async () => {
    const answers: (readonly object[] | Error)[] = [
      [
        { detector: 'S12', finding_key: 'a', true_count: '1', false_count: '2' },
        { detector: 'S12', finding_key: 'b', true_count: '0', false_count: '3' },
      ],
      new Error('away'),
      [{ detector: 'S12' }],
      [],
    ];
    const errors: string[] = [];
    const verdicts = createVerdicts(
      {
        rows: async <T>() => {
          const answer = answers.shift()!;
          if (answer instanceof Error) throw answer;
          return answer as T[];
        },
        insert: async () => undefined,
      },
      'main',
      { ...silent, error: (fields) => errors.push(JSON.stringify(fields)) },
    );
    expect(verdicts.of('S12')).toBeUndefined();
    await verdicts.refresh();
    await verdicts.refresh();
    await verdicts.refresh();
    expect(verdicts.of('S12')).toEqual({ true: 1, false: 5 });
    expect(errors).toHaveLength(2);
    await verdicts.refresh();
    expect(verdicts.of('S12')).toBeUndefined();
  });
});

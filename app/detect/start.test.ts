import { describe, expect, it } from 'vitest';
import { calm, type Definition, define } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import { parseSettings } from '../settings/load.ts';
import type { SeriesStore } from './series/port.ts';
import { startDetection } from './start.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A store that answers from a table of queries and remembers what was inserted. */
function fakeStore(
  answers: Record<string, (params: Record<string, unknown>) => object[]>,
): SeriesStore & { inserted: Record<string, object[]> } {
  const inserted: Record<string, object[]> = {};
  return {
    inserted,
    rows: async <T>(query: string, params: Record<string, unknown> = {}) => (answers[query]?.(params) ?? []) as T[],
    columns: async () => [],
    insert: async (table, rows) => {
      inserted[table] = [...(inserted[table] ?? []), ...rows];
    },
  };
}

function control(identity: string, state: () => 'ok' | 'violation'): Definition {
  return define({
    identity,
    title: identity,
    kind: 'revenue',
    rater: 'assurance',
    metric: 'm',
    trigger: 'batch-stored',
    windowMs: 0,
    needs: { legs: [], tables: [], data: '' },
    query: identity,
    columns: { n: 'number' },
    lookbackMs: 0,
    limits: [],
    scope: ['source'],
    holdMs: 0,
    store: 'all',
    evaluate: (_, { sources, window }) =>
      sources.map((source) => ({ ...calm({ source }, window), state: state(), observed: 1, summary: identity })),
    documentation: { meaning: '', formula: '', proof: '', recovery: '' },
  });
}

describe('detection', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  const change = (name: string, at: number) => ({
    source: 'msc',
    change: name,
    at: writeInstant(at),
    planned_at: writeInstant(at),
    records: '1',
  });

  it('one bad control never stops the others: its error is a finding, and it judges what it owes when it is well again', async () => {
    let broken = true;
    let instant = now;
    let changes = [change('a', now)];
    const store = fakeStore({
      'detect-changes': () => changes,
      bad: () => {
        if (broken) throw new Error('no such column');
        return [];
      },
      good: () => [{ n: '1' }],
    });
    const said: Finding[] = [];
    const detection = await startDetection({
      detectors: [],
      store,
      clock: { now: () => instant },
      settings: parseSettings('', 'test'),
      onFindings: (findings) => {
        said.push(...findings);
      },
      log,
      definitions: [control('bad', () => 'violation'), control('good', () => 'violation')],
      everyMs: 0,
    });
    await detection.tick();
    expect(said.map(({ detector, kind, state }) => [detector, kind, state])).toEqual([
      ['control_failure', 'data', 'firing'],
      ['good', 'revenue', 'firing'],
    ]);
    expect(said[0]!.summary).toContain('no such column');
    broken = false;
    changes = [];
    instant += 10_000;
    await detection.tick();
    expect(said.slice(2).map(({ detector, state }) => [detector, state])).toEqual([
      ['control_failure', 'cleared'],
      ['bad', 'firing'],
    ]);
    await detection.stop();
    expect(store.inserted['watermarks']).toHaveLength(1);
  });

  it('what is not taken is handed over again, stored once, and the changes are not forgotten', async () => {
    const store = fakeStore({ 'detect-changes': () => [change('a', now)], good: () => [] });
    let taken: readonly Finding[] = [];
    let refuse = true;
    const detection = await startDetection({
      detectors: [],
      store,
      clock: { now: () => now },
      settings: parseSettings('', 'test'),
      onFindings: async (findings) => {
        if (refuse) throw new Error('not now');
        taken = findings;
      },
      log,
      definitions: [control('good', () => 'violation')],
      everyMs: 0,
    });
    await expect(detection.tick()).rejects.toThrow('not now');
    refuse = false;
    await detection.tick();
    expect(taken).toHaveLength(1);
    expect(store.inserted['findings']).toHaveLength(1);
    await detection.stop();
  });

  it('a row that a control does not understand is its failure, not ours', async () => {
    const store = fakeStore({ 'detect-changes': () => [change('a', now)], good: () => [{ n: 'x' }] });
    const said: Finding[] = [];
    const detection = await startDetection({
      detectors: [],
      store,
      clock: { now: () => now },
      settings: parseSettings('', 'test'),
      onFindings: (findings) => {
        said.push(...findings);
      },
      log,
      definitions: [control('good', () => 'ok')],
      everyMs: 0,
    });
    expect((await detection.tick()).judged).toEqual({ failed: 1 });
    expect(said[0]!.summary).toContain('query good: row 1: column n is not a number');
    await detection.stop();
  });

  it('a control that is switched off does not run', async () => {
    const store = fakeStore({ 'detect-changes': () => [change('a', now)], good: () => [] });
    const detection = await startDetection({
      detectors: [],
      store,
      clock: { now: () => now },
      settings: parseSettings('controls: { good: { enabled: false, limits: {} } }', 'test'),
      onFindings: () => undefined,
      log,
      definitions: [control('good', () => 'violation')],
      everyMs: 0,
    });
    expect((await detection.tick()).judged).toEqual({});
    await detection.stop();
  });
});

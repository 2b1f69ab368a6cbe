import { describe, expect, it } from 'vitest';
import { calm, type Definition, define, type JudgementState } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import { parseSettings } from '../settings/load.ts';
import type { SeriesStore } from './series/port.ts';
import { startDetection } from './start.ts';

const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 21, 12);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A control of one hour that counts records: more than 9 are a violation. */
const hourly = (counts: ReadonlyMap<number, number>, more: Partial<Definition> = {}): Definition =>
  define({
    identity: 'T',
    title: 'T',
    kind: 'revenue',
    rater: 'assurance',
    metric: 'm',
    trigger: 'window-close',
    windowMs: hour,
    needs: { legs: [], tables: [], data: '' },
    query: 'counts',
    columns: { n: 'number' },
    lookbackMs: 0,
    limits: [],
    scope: ['leg'],
    holdMs: 0,
    store: 'marked',
    evaluate: (_, { leg, window }) => {
      const n = counts.get(window.to) ?? 0;
      const state: JudgementState = n > 9 ? 'violation' : 'ok';
      const cell = more.holdMs ? { leg, at: `${window.to}` } : { leg };
      return [{ ...calm(cell, window), state, observed: n, summary: `${n} in ${new Date(window.from).toISOString()}`, direction: 'up' }];
    },
    documentation: { meaning: '', formula: '', proof: '', recovery: '' },
    ...more,
  } as Definition);

async function loopOver(definition: Definition) {
  let now = noon + 5 * 60_000;
  const late: object[] = [];
  let newest = noon;
  const results: Record<string, unknown>[] = [];
  const said: Finding[] = [];
  const inserted: { readonly table: string; readonly rows: readonly Record<string, unknown>[] }[] = [];
  const answers: Record<string, () => object[]> = {
    'detect-lateness': () => [{ leg: 'switch', source: 'a', newest: writeInstant(newest), late_ms: 0 }],
    'detect-late': () => late,
  };
  const store: SeriesStore = {
    rows: async <T>(query: string) => (answers[query]?.() ?? []) as T[],
    columns: async () => [],
    insert: async (table, rows) => {
      inserted.push({ table, rows: rows as Record<string, unknown>[] });
      if (table === 'control_results') results.push(...(rows as Record<string, unknown>[]));
    },
  };
  const detection = await startDetection({
    detectors: [],
    store,
    clock: { now: () => now },
    settings: parseSettings('', 'test'),
    onFindings: (findings) => {
      said.push(...findings);
    },
    log,
    definitions: [definition],
    everyMs: 0,
  });
  await detection.tick();
  return {
    results,
    said,
    inserted,
    detection,
    /** Late records for the hour that ends at `to`; looked for ten minutes later. */
    async arrive(...ends: number[]) {
      late.length = 0;
      for (const to of ends) late.push({ leg: 'switch', hour: writeInstant(to - hour), at: writeInstant(now + 60_000) });
      now += 11 * 60_000;
      const before = { said: said.length, results: results.length };
      await detection.tick();
      return { said: said.slice(before.said), results: results.slice(before.results) };
    },
    async close(to: number) {
      newest = to;
      now = Math.max(now, to + 60_000);
      const before = said.length;
      await detection.tick();
      return said.slice(before);
    },
  };
}

it('stores the marks of all windows of a look in one insert, after what was said of them', async () => {
  const { inserted, detection } = await loopOver(hourly(new Map([[noon, 10]])));
  const marks = inserted.filter(
    ({ table, rows }) => table === 'watermarks' && rows.some(({ leg, node }) => leg === 'weir' && node !== 'detect'),
  );
  expect(marks).toHaveLength(1);
  // Of the hours that were judged the last one counts.
  expect(marks[0]!.rows).toMatchObject([{ source: 'switch', complete_to: writeInstant(noon) }]);
  expect(inserted.indexOf(marks[0]!)).toBeGreaterThan(inserted.findIndex(({ table }) => table === 'findings'));
  await detection.stop();
});

describe('late data', () => {
  it('for the latest window closes the finding that it explains', async () => {
    const counts = new Map([[noon, 10]]);
    const loop = await loopOver(hourly(counts));
    expect(loop.said.map(({ state, observed }) => [state, observed])).toEqual([['firing', 10]]);
    counts.set(noon, 9);
    const { said, results } = await loop.arrive(noon);
    expect(said.map(({ state }) => state)).toEqual(['cleared']);
    // Only violations are stored of this control; an ok that corrects one is, with how far the leg was complete.
    expect(results).toMatchObject([{ state: 'ok', window_to: writeInstant(noon), watermarks: { switch: writeInstant(noon) } }]);
    await loop.detection.stop();
  });

  it('for the latest window corrects its figures', async () => {
    const counts = new Map([[noon, 20]]);
    const loop = await loopOver(hourly(counts));
    counts.set(noon, 12);
    expect((await loop.arrive(noon)).said.map(({ state, observed }) => [state, observed])).toEqual([['firing', 12]]);
    // Nothing new: nothing is judged again.
    expect((await loop.arrive()).said).toEqual([]);
    await loop.detection.stop();
  });

  it('for an earlier window corrects what is stored, and leaves the finding to the latest window', async () => {
    const counts = new Map([
      [noon, 10],
      [noon + hour, 11],
    ]);
    const loop = await loopOver(hourly(counts));
    await loop.close(noon + hour);
    counts.set(noon, 0);
    const { said, results } = await loop.arrive(noon);
    expect(said).toEqual([]);
    // The latest window was judged too, and is as it was.
    expect(results).toMatchObject([{ state: 'ok', window_to: writeInstant(noon) }]);
    await loop.detection.stop();
  });

  it('that shows something in an earlier window tells it, though it is over', async () => {
    const counts = new Map<number, number>();
    const loop = await loopOver(hourly(counts));
    expect(await loop.close(noon + hour)).toEqual([]);
    counts.set(noon, 15);
    expect((await loop.arrive(noon)).said.map(({ state, observed }) => [state, observed])).toEqual([
      ['firing', 15],
      ['cleared', 15],
    ]);
    expect((await loop.arrive(noon)).said).toEqual([]);
    await loop.detection.stop();
  });

  it('corrects cells that count for a day by themselves', async () => {
    const counts = new Map([
      [noon, 10],
      [noon + hour, 30],
    ]);
    const loop = await loopOver(hourly(counts, { holdMs: 24 * hour }));
    expect((await loop.close(noon + hour)).map(({ observed }) => observed)).toEqual([40]);
    counts.set(noon, 0);
    expect((await loop.arrive(noon)).said.map(({ state, observed }) => [state, observed])).toEqual([['firing', 30]]);
    counts.set(noon + hour, 0);
    expect((await loop.arrive(noon + hour)).said.map(({ state }) => state)).toEqual(['cleared']);
    await loop.detection.stop();
  });

  it('for what ended more than a day ago changes nothing', async () => {
    const counts = new Map([[noon, 10]]);
    const loop = await loopOver(hourly(counts));
    for (let to = noon + hour; to <= noon + 26 * hour; to += 6 * hour) await loop.close(to);
    counts.set(noon, 99);
    const { said } = await loop.arrive(noon);
    expect(said.filter(({ state }) => state === 'firing')).toEqual([]);
    await loop.detection.stop();
  });
});

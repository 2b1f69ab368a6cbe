import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Break, explainBreaks, type RecordCell } from './breaks.ts';

const nodes = ['n1', 'n2', 'n3', 'n4'];
const plans = ['p1', 'p2', 'p3'];
/** A thousand records in each of twelve cells. */
const cells: readonly RecordCell[] = nodes.flatMap((node) => plans.map((plan) => ({ dimensions: { node, plan }, a: 1000, b: 1000 })));

function broken(of: Break['class'], count: number, more: (i: number) => Partial<Break> = () => ({})): readonly Break[] {
  return Array.from({ length: count }, (_, i) => {
    const stated = { start: 1_000_000 + i, ms: 10_000 + i * 700, octets: 0, charge: 0 };
    const none = { start: 0, ms: 0, octets: 0, charge: 0 };
    return {
      class: of,
      service: 'voice',
      subscriber: `${1 + (i % 50)}`,
      record: `${of}${i}`,
      money: of === 'b_only' ? -1000 : 1000,
      dimensions: { node: nodes[i % 4]!, plan: plans[i % 3]! },
      a: of === 'b_only' ? none : stated,
      b: of === 'a_only' ? none : { ...stated, ms: stated.ms + 5_000 + ((i * 7919) % 40_000) },
      differs: of === 'mismatch' ? ['ms' as const] : [],
      ...more(i),
    };
  });
}

const rounded = (count: number, more: (i: number) => Partial<Break> = () => ({})) =>
  broken('mismatch', count, (i) => {
    const ms = 10_000 + i * 700;
    return {
      a: { start: 1, ms, octets: 0, charge: 0 },
      b: { start: 1, ms: Math.ceil(ms / 60_000) * 60_000, octets: 0, charge: 0 },
      ...more(i),
    };
  });

it('nothing broken has no cause', () => {
  expect(explainBreaks([], cells)).toEqual([]);
});

it('what no rule holds is unexplained, once per class, with its figures', () => {
  const causes = explainBreaks([...broken('a_only', 24), ...broken('b_only', 12)], cells);
  expect(causes).toMatchObject([
    { cause: 'a_only/unexplained', class: 'a_only', records: 24, share: 1, moreA: 24_000, moreB: 0, customers: 24, beganAt: 1_000_000 },
    { cause: 'b_only/unexplained', class: 'b_only', records: 12, moreA: 0, moreB: 12_000 },
  ]);
  expect(causes[0]!.samples).toHaveLength(5);
});

it('began with what it is about, not with a stray that lay there before', () => {
  // 157 breaks: the first three may be strays, the fourth is the beginning. Of 24 each counts.
  const early = (count: number, strays: number) =>
    broken('a_only', count, (i) => ({ a: { start: i < strays ? 5 + i : 1_000_000 + i, ms: 1, octets: 0, charge: 0 } }));
  expect(explainBreaks(early(157, 3), cells)[0]!.beganAt).toBe(1_000_003);
  expect(explainBreaks(early(157, 4), cells)[0]!.beganAt).toBe(8);
  expect(explainBreaks(early(24, 1), cells)[0]!.beganAt).toBe(5);
});

it('a node that loses records is named, the rest stays', () => {
  const causes = explainBreaks(
    [...broken('a_only', 400, () => ({ dimensions: { node: 'n2', plan: 'p1' } })), ...broken('a_only', 24)],
    cells,
  );
  expect(causes[0]).toMatchObject({ pattern: 'where', class: 'a_only', records: 402 });
  expect(causes[0]!.dimensions).toMatchObject({ node: 'n2' });
  expect(causes[1]).toMatchObject({ pattern: 'unexplained', records: 22 });
});

it('a pattern is placed where nearly all of it lies, and nowhere where it is everywhere', () => {
  const everywhere = explainBreaks(rounded(120), cells);
  expect(everywhere).toMatchObject([
    { cause: 'mismatch/rounding/ms/B rounds durations up 60/60', text: 'B rounds durations up 60/60', dimensions: {} },
  ]);
  const onPlan = explainBreaks(
    rounded(120, (i) => ({ dimensions: { node: nodes[i % 4]!, plan: 'p2' } })),
    cells,
  );
  expect(onPlan).toMatchObject([{ text: 'B rounds durations up 60/60, on plan p2', dimensions: { plan: 'p2' }, records: 120 }]);
});

it('subscribers that nobody knows are no customers', () => {
  expect(
    explainBreaks(
      broken('a_only', 12, () => ({ subscriber: '0' })),
      cells,
    )[0]!.customers,
  ).toBe(0);
});

it('property: every break is in exactly one cause, shares of a class add up to 1', () => {
  const some = fc.nat(60);
  fc.assert(
    fc.property(some, some, some, some, (differ, round, a, b) => {
      const all = [...broken('mismatch', differ), ...rounded(round), ...broken('a_only', a), ...broken('b_only', b)];
      const causes = explainBreaks(all, cells);
      expect(causes.reduce((sum, { records }) => sum + records, 0)).toBe(all.length);
      for (const of of ['mismatch', 'a_only', 'b_only'] as const) {
        const own = causes.filter((cause) => cause.class === of);
        if (own.length > 0) expect(own.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      }
      expect(new Set(causes.map(({ cause }) => cause)).size).toBe(causes.length);
    }),
    { numRuns: 40 },
  );
});

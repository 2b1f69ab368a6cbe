import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, detectorOf, feed, figuresOf, monday, quarter } from './part.fixture.ts';
import { createPart, fewestForRatio, type Part } from './part.ts';

const day = 86_400_000;
const cell = (node: string, name: string): readonly string[] => ['switch', node, name];
const at = (part: Part, ...values: string[]): number => part.state.nodes.find(['switch', ...values])!;

/** About a hundred records, more by day than by night, never twice the same. */
const usual = (time: number, of = 0): number => {
  const step = time / quarter;
  return Math.round(100 + 40 * Math.sin((2 * Math.PI * (time % day)) / day) + ((step * 7919 + of * 104729) % 19) - 9);
};

test('every node is the sum of what is below it', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const rows = fc.array(fc.tuple(name, name, fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 })), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), fc.constantFrom('usage_records', 'answer_ratio'), (buckets, metric) => {
      const part = createPart(detectorOf({ metric }), 'switch');
      for (const [i, bucket] of buckets.entries()) {
        part.tick(
          bucketOf(
            monday + i * quarter,
            bucket.map(([node, name, up, down]) => [cell(node, name), up, down] as const),
          ),
        );
        const { nodes, numerator, denominator } = part.state;
        const root = at(part);
        expect(numerator[root]).toBe(bucket.reduce((sum, [, , up]) => sum + up, 0));
        if (metric === 'answer_ratio') expect(denominator[root]).toBe(bucket.reduce((sum, [, , , down]) => sum + down, 0));
        for (let above = 0; above < nodes.size; above++) {
          const { start, children } = nodes.tree();
          const below = [...children.subarray(start[above], start[above + 1])];
          if (below.length > 0) expect(numerator[above]).toBe(below.reduce((sum, child) => sum + numerator[child]!, 0));
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('whatever comes, no score is anything but a number of at least 0 and nothing throws', () => {
  const figure = fc.oneof(
    fc.integer({ min: -5, max: 2000 }),
    fc.constantFrom(0, -1, 1e30, -1e30, 1e308, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5, 1e-300),
  );
  const name = fc.constantFrom('a', 'b');
  const rows = fc.array(fc.tuple(name, name, figure, figure), { maxLength: 6 });
  // Steps of 0 bring a bucket twice, negative ones bring it late.
  const buckets = fc.array(fc.tuple(fc.integer({ min: -2, max: 40 }), rows), { minLength: 1, maxLength: 40 });
  const definitions = fc.constantFrom(
    detectorOf(),
    detectorOf({ metric: 'answer_ratio' }),
    detectorOf({ metric: 'call_seconds' }),
    detectorOf({ metric: 'usage_octets_down' }),
    detectorOf({ statistic: 'silence' }),
  );
  fc.assert(
    fc.property(definitions, buckets, (definition, steps) => {
      const part = createPart(definition, 'switch');
      let time = monday;
      for (const [step, bucket] of steps) {
        time += step * quarter;
        part.tick(
          bucketOf(
            time,
            bucket.map(([node, name, up, down]) => [cell(node, name), up, down] as const),
          ),
        );
        const { scores, bands } = figuresOf(part);
        expect(scores.every((score) => Number.isFinite(score) && score >= 0)).toBe(true);
        // A band is NaN only before the first value.
        expect(bands.every((bound) => !Math.abs(bound) || Math.abs(bound) < Number.POSITIVE_INFINITY)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('constant series, zeros and a single point are quiet', () => {
  const part = createPart(detectorOf(), 'switch');
  feed(part, monday, 6, (time) => [
    [cell('n', 'constant'), 50],
    [cell('n', 'zeros'), 0],
    ...(time === monday ? [[cell('m', 'once'), 7] as const] : []),
  ]);
  for (const name of ['constant', 'zeros']) expect(part.state.bank.score[at(part, 'n', name)]).toBe(0);
  expect(Math.max(...figuresOf(part).scores)).toBeLessThan(0.1);
  expect(part.state.onsets.size).toBe(0);
});

test('no row is zero of a count, and a gap of a ratio', () => {
  const counts = createPart(detectorOf(), 'switch');
  counts.tick(bucketOf(monday, [[cell('n', 'c'), 60]]));
  counts.tick(bucketOf(monday + quarter, []));
  expect(counts.state.value[at(counts, 'n', 'c')]).toBe(0);
  const ratio = createPart(detectorOf({ metric: 'answer_ratio' }), 'switch');
  ratio.tick(bucketOf(monday, [[cell('n', 'c'), 40, fewestForRatio]]));
  expect(ratio.state.value[at(ratio, 'n', 'c')]).toBe(40 / fewestForRatio);
  ratio.tick(bucketOf(monday + quarter, []));
  expect(ratio.state.value[at(ratio, 'n', 'c')]).toBeNaN();
  ratio.tick(bucketOf(monday + 2 * quarter, [[cell('n', 'c'), 40, fewestForRatio - 1]]));
  expect(ratio.state.value[at(ratio, 'n', 'c')]).toBeNaN();
});

test('sums that run over are a gap', () => {
  const part = createPart(detectorOf(), 'switch');
  part.tick(
    bucketOf(monday, [
      [cell('n', 'a'), 1e308],
      [cell('n', 'b'), 1e308],
    ]),
  );
  expect(part.state.value[at(part, 'n')]).toBeNaN();
  expect(part.state.value[at(part, 'n', 'a')]).toBe(1e308);
});

test('a stop is told after its second bucket, when something comes again it clears, and the events missed are counted', () => {
  const part = createPart(detectorOf({ total: false }), 'switch');
  const end = feed(part, monday, 6, (time) => [
    [cell('n', 'c'), usual(time)],
    [cell('n', 'd'), usual(time, 1)],
  ]);
  const node = at(part, 'n', 'c');
  expect(part.state.persistence.open[node]).toBe(0);
  for (let i = 0; i < 3; i++) part.tick(bucketOf(end + i * quarter, [[cell('n', 'd'), usual(end + i * quarter, 1)]]));
  expect(part.state.persistence.open[node]).toBe(1);
  expect(part.state.missed[node]).toBeGreaterThan(150);
  const onset = part.state.onsets.get(node)!;
  expect(onset).toMatchObject({ direction: 'down', from: end, to: end + 3 * quarter, observed: 0 });
  feed(part, end + 3 * quarter, 1, (time) => [
    [cell('n', 'c'), usual(time)],
    [cell('n', 'd'), usual(time, 1)],
  ]);
  expect(part.state.persistence.open[node]).toBe(0);
  expect(part.state.missed[node]).toBe(0);
  expect(part.state.onsets.has(node)).toBe(false);
});

test('a series under maintenance neither opens nor learns', () => {
  const part = createPart(detectorOf({ total: false, dimensions: ['leg', 'node'] }), 'switch');
  const end = feed(part, monday, 6, (time) => [[['switch', 'n'], usual(time)]]);
  const before = part.state.bank.snapshotOf(at(part, 'n'));
  for (let i = 0; i < 8; i++) part.tick(bucketOf(end + i * quarter, []), { held: () => true });
  expect(part.state.onsets.size).toBe(0);
  expect(part.state.missed[at(part, 'n')]).toBe(0);
  expect(part.state.bank.score[at(part, 'n')]).toBe(0);
  expect(part.state.value[at(part, 'n')]).toBeNaN();
  expect(part.state.bank.snapshotOf(at(part, 'n')).length).toBe(before.length);
});

test('verdicts that make a series stricter keep it quiet', () => {
  const opened = (shift: number): boolean => {
    const part = createPart(detectorOf({ total: false, dimensions: ['leg', 'node'] }), 'switch');
    const end = feed(part, monday, 6, (time) => [[['switch', 'n'], usual(time)]]);
    for (let i = 0; i < 3; i++) part.tick(bucketOf(end + i * quarter, []), { shift: () => shift });
    return part.state.persistence.open[at(part, 'n')] === 1;
  };
  expect(opened(0)).toBe(true);
  expect(opened(400)).toBe(false);
});

test('an opening that is refused has to pass again', () => {
  const part = createPart(detectorOf({ total: false, dimensions: ['leg', 'node'] }), 'switch');
  let end = feed(part, monday, 6, (time) => [[['switch', 'n'], usual(time)]]);
  for (let i = 0; i < 2; i++, end += quarter) part.tick(bucketOf(end, []));
  expect(part.state.persistence.open[at(part, 'n')]).toBe(1);
  part.refuse(at(part, 'n'));
  expect(part.state.onsets.size).toBe(0);
  part.tick(bucketOf(end, []));
  expect(part.state.persistence.open[at(part, 'n')]).toBe(0);
  part.tick(bucketOf(end + quarter, []));
  expect(part.state.persistence.open[at(part, 'n')]).toBe(1);
  expect(part.state.onsets.get(at(part, 'n'))!.from).toBe(end);
});

test('a unit that changes by 1000 is learned, and no score stays high', () => {
  const part = createPart(detectorOf({ metric: 'usage_octets_down', total: false, dimensions: ['leg', 'node'] }), 'switch');
  const end = feed(part, monday, 6, (time) => [[['switch', 'n'], usual(time)]]);
  let most = 0;
  const later = feed(part, end, 10, (time) => {
    most = Math.max(most, part.state.bank.score[0]!);
    return [[['switch', 'n'], 1000 * usual(time)]];
  });
  expect(most).toBeGreaterThan(5);
  let least = Number.POSITIVE_INFINITY;
  feed(part, later, 1, (time) => {
    least = Math.min(least, part.state.bank.score[0]!);
    return [[['switch', 'n'], 1000 * usual(time)]];
  });
  expect(least).toBeLessThan(1);
  expect(part.state.bank.expected[0]).toBeGreaterThan(10_000);
});

test('a series that brought nothing for 35 days is forgotten and begins anew', () => {
  const part = createPart(detectorOf({ total: false, bucketMinutes: 60 }), 'switch');
  const end = feed(part, monday, 4, (time) => [
    [cell('n', 'gone'), usual(time)],
    [cell('n', 'stays'), usual(time, 1)],
  ]);
  const gone = at(part, 'n', 'gone');
  feed(part, end, 36, (time) => [[cell('n', 'stays'), usual(time, 1)]]);
  expect(part.state.firstSeen[gone]).toBeNaN();
  expect(part.state.value[gone]).toBeNaN();
  expect(part.state.persistence.open[gone]).toBe(0);
  expect(part.state.onsets.has(gone)).toBe(false);
  const back = end + 36 * day;
  part.tick(bucketOf(back, [[cell('n', 'gone'), 5]]));
  expect(part.state.firstSeen[gone]).toBe(back);
  expect(part.state.value[gone]).toBe(5);
});

test('buckets say how far the part has judged, and more series make the limit stricter', () => {
  const part = createPart(detectorOf(), 'switch');
  expect(part.judgedTo()).toBe(0);
  part.tick(bucketOf(monday, [[cell('n', 'c'), 1]]));
  expect(part.judgedTo()).toBe(monday + quarter);
  part.skipTo(monday);
  expect(part.judgedTo()).toBe(monday + quarter);
  part.skipTo(monday + day);
  expect(part.judgedTo()).toBe(monday + day);
  const few = part.limit();
  part.tick(
    bucketOf(
      monday + day,
      Array.from({ length: 300 }, (_, i) => [cell(`n${i % 9}`, `c${i}`), 1] as const),
    ),
  );
  expect(part.limit()).toBeGreaterThan(few);
  // 311 series share half an alarm a day of 96 buckets.
  expect(part.limit()).toBeCloseTo(-Math.log10(0.5 / part.state.nodes.size / 96), 10);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksum } from '../score/snapshot.ts';
import { bucketOf, detectorOf, feed, monday, quarter } from './part.fixture.ts';
import { createPart, type Part } from './part.ts';
import { beginningOf, snapshotPart } from './snapshot.ts';

const definition = detectorOf({ historyDays: 1 });
type Rows = Parameters<typeof bucketOf>[1];

/** Two days of two cells, then one of them stops. */
function learned(): { part: Part; end: number } {
  const part = createPart(definition, 'switch');
  const rows = (time: number): Rows => [
    [['switch', 'n', 'a'], 80 + ((time / quarter) % 13)],
    [['switch', 'n', 'b'], 60 + ((time / quarter) % 7)],
  ];
  const end = feed(part, monday, 4, rows);
  for (let i = 0; i < 3; i++) part.tick(bucketOf(end + i * quarter, [[['switch', 'n', 'a'], 85]]));
  return { part, end: end + 3 * quarter };
}

const { part, end } = learned();
const bytes = snapshotPart(part);
const again = (): Part => createPart(definition, 'switch', beginningOf(definition, 'switch', bytes)!);

/** Everything that a tick answers. */
function outcomes({ state, judgedTo, limit }: Part): unknown {
  const { size, keys } = state.nodes;
  const { bank, persistence } = state;
  const figures = [bank.score, bank.expected, bank.lower, bank.upper, state.value, state.expected, state.missed, persistence.open];
  return [judgedTo(), limit(), [...keys], [...state.onsets], figures.map((array) => [...array.subarray(0, size)])];
}

test('checksum of nothing is the offset', () => {
  expect(checksum(new Uint8Array(0), 0)).toBe(2166136261);
});

test('a part that was put back answers the same to whatever comes', () => {
  expect(part.state.onsets.size).toBeGreaterThan(0);
  const name = fc.constantFrom('a', 'b', 'new');
  const row = fc.tuple(name, fc.integer({ min: 0, max: 200 })).map(([cell, up]) => [['switch', 'n', cell], up] as const);
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 4 }), { minLength: 1, maxLength: 8 }), (buckets) => {
      const [one, other] = [again(), again()];
      const copy = createPart(definition, 'switch', beginningOf(definition, 'switch', snapshotPart(other))!);
      for (const [i, rows] of buckets.entries()) {
        const bucket = { ...bucketOf(end + i * quarter, rows), labels: [0, 1, 2].map((at) => rows.map(([values]) => values[at]!)) };
        one.tick(bucket);
        copy.tick(bucket);
        expect(outcomes(copy)).toEqual(outcomes(one));
      }
    }),
    { numRuns: 30 },
  );
});

test('the original goes on as the copy does', () => {
  const copy = again();
  const { part: original } = learned();
  for (let i = 0; i < 6; i++) {
    const bucket = bucketOf(end + i * quarter, [
      [['switch', 'n', 'a'], 84],
      [['switch', 'n', 'b'], i === 0 ? 0 : 63],
    ]);
    original.tick(bucket);
    copy.tick(bucket);
    expect(outcomes(copy)).toEqual(outcomes(original));
  }
});

test('bytes of another cut of the data or another leg are not taken', () => {
  expect(beginningOf(definition, 'billing', bytes)).toBeUndefined();
  expect(beginningOf({ ...definition, where: { service: ['voice'] } }, 'switch', bytes)).toBeUndefined();
  expect(beginningOf({ ...definition, bucketMs: 2 * quarter }, 'switch', bytes)).toBeUndefined();
  expect(beginningOf({ ...definition, title: 'Another' }, 'switch', bytes)).toBeDefined();
});

test('damaged, cut or lengthened bytes are not taken', () => {
  expect(beginningOf(definition, 'switch', new Uint8Array(0))).toBeUndefined();
  expect(beginningOf(definition, 'switch', Uint8Array.of(...bytes, 0))).toBeUndefined();
  const place = fc.oneof(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 0, max: 600 }));
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const damaged = bytes.slice();
      damaged[at] = damaged[at]! ^ flip;
      expect(beginningOf(definition, 'switch', damaged)).toBeUndefined();
      expect(beginningOf(definition, 'switch', bytes.subarray(0, at))).toBeUndefined();
    }),
    { numRuns: 300 },
  );
  expect(beginningOf(definition, 'switch', bytes)?.judgedTo).toBe(end);
});

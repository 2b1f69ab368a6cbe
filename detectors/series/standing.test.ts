import { expect, test } from 'vitest';
import { bucketOf, detectorOf, feed, monday, quarter } from './part.fixture.ts';
import { createPart, type Part } from './part.ts';
import { standingOf } from './standing.ts';

type Rows = Parameters<typeof bucketOf>[1];
const definition = detectorOf({ total: false, bucketMinutes: 60 });
const hour = 4 * quarter;
const records = (cell: number, time: number): number => 60 + (((time / hour) * 7 + cell * 31) % 11);

/** Cells 0 to 499 behind the node n0, forty behind each of four others. */
const cellsOf = (time: number): Rows => [
  ...Array.from({ length: 500 }, (_, cell) => [['switch', 'n0', `c${cell}`], records(cell, time)] as const),
  ...Array.from({ length: 160 }, (_, cell) => [['switch', `n${1 + (cell % 4)}`, `d${cell}`], records(cell, time)] as const),
];

function learned(): { part: Part; end: number } {
  const part = createPart(definition, 'switch');
  return { part, end: feed(part, monday, 5, cellsOf) };
}

test('nothing stands against a quiet part', () => {
  const { part } = learned();
  expect(standingOf(part)).toEqual([]);
});

test('500 cells behind one failed node are one standing with 500 in its evidence', () => {
  const { part, end } = learned();
  for (let i = 0; i < 3; i++) {
    const time = end + i * hour;
    part.tick(
      bucketOf(
        time,
        cellsOf(time).filter(([values]) => values[1] !== 'n0'),
      ),
    );
  }
  const standings = standingOf(part);
  expect(standings).toHaveLength(1);
  const [{ node, kind, evidence, onset, share }] = standings as [(typeof standings)[number]];
  expect(part.state.nodes.values(node)).toEqual(['switch', 'n0']);
  expect(kind).toBe('parent');
  expect(evidence).toHaveLength(500);
  expect(share).toBeGreaterThan(0.9);
  expect(onset).toMatchObject({ direction: 'down', from: end, to: end + 3 * hour, observed: 0 });
});

test('one cell that fails stands for itself', () => {
  const { part, end } = learned();
  for (let i = 0; i < 3; i++) {
    const time = end + i * hour;
    part.tick(
      bucketOf(
        time,
        cellsOf(time).filter(([values]) => values[2] !== 'd5'),
      ),
    );
  }
  expect(standingOf(part).map(({ node, kind }) => [part.state.nodes.values(node), kind])).toEqual([[['switch', 'n2', 'd5'], 'own']]);
});

test('where there is but one child, the narrowest speaks', () => {
  const part = createPart(detectorOf({ bucketMinutes: 60 }), 'switch');
  const only = (time: number): Rows => [[['switch', 'voice', 'acme'], records(1, time)]];
  const end = feed(part, monday, 5, only);
  for (let i = 0; i < 3; i++) part.tick(bucketOf(end + i * hour, [[['switch', 'voice', 'acme'], 5]]));
  expect(standingOf(part).map(({ node, evidence }) => [part.state.nodes.values(node), evidence])).toEqual([
    [['switch', 'voice', 'acme'], []],
  ]);
});

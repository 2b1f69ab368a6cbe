import { expect, it } from 'vitest';
import type { SimulatedFile } from '../../simulator/index.ts';
import { arrivals } from './arrivals.ts';

const file = (name: string, to: number, after: number): SimulatedFile => ({
  feed: 'f',
  name,
  kind: 'usage',
  sequence: 1,
  from: to - 3_600_000,
  to,
  modifiedAt: to + after,
  head: [],
  lines: [],
  figures: [],
  declared: undefined,
});

it('hands late files over when they are complete, all in the end', () => {
  const hour = 3_600_000;
  const files = [
    file('a', hour, 5000),
    file('late', hour, 2 * hour),
    file('b', 2 * hour, 5000),
    file('c', 3 * hour, 5000),
    file('last', 4 * hour, hour),
  ];
  expect([...arrivals(files)].map(({ name }) => name)).toEqual(['a', 'b', 'late', 'c', 'last']);
});

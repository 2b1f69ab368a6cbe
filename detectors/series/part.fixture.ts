/** Parts for tests: a detector of cells behind nodes, and buckets of it. */
import type { SeriesDefinition } from './definition.ts';
import { seriesDefinitions } from './definition.ts';
import type { Bucket, Part } from './part.ts';

export const quarter = 900_000;
/** A Monday. */
export const monday = Date.UTC(2026, 5, 1);

/** A detector of our own; default usage records by leg, node and cell. */
export function detectorOf(changes: Readonly<Record<string, unknown>> = {}): SeriesDefinition {
  const { definitions, problems } = seriesDefinitions({
    mine: { metric: 'usage_records', dimensions: ['leg', 'node', 'cell'], historyDays: 3, ...changes },
  });
  if (problems.length > 0) throw new Error(problems[0]!.message);
  return definitions.find(({ identity }) => identity === 'mine')!;
}

/** A bucket of rows [values from coarse to fine, numerator, denominator]. */
export function bucketOf(time: number, rows: readonly (readonly [readonly string[], number, number?])[]): Bucket {
  const depth = rows[0]?.[0].length ?? 0;
  return {
    time,
    labels: Array.from({ length: depth }, (_, at) => rows.map(([values]) => values[at]!)),
    numerator: rows.map(([, up]) => up),
    denominator: rows.map(([, up, down]) => down ?? up),
  };
}

/** Gives the part a bucket a quarter, `days` long, and returns the time after the last. */
export function feed(part: Part, from: number, days: number, rows: (time: number) => Parameters<typeof bucketOf>[1]): number {
  let time = from;
  for (; time < from + days * 86_400_000; time += part.definition.bucketMs) part.tick(bucketOf(time, rows(time)));
  return time;
}

/** Everything that must be a number, or a gap where a gap is allowed. */
export function figuresOf({ state }: Part): { scores: number[]; bands: number[]; expected: number[] } {
  const { size } = state.nodes;
  const { bank } = state;
  return {
    scores: [...bank.score.subarray(0, size)],
    bands: [...bank.lower.subarray(0, size), ...bank.upper.subarray(0, size), ...bank.expected.subarray(0, size)],
    expected: [...state.expected.subarray(0, size)],
  };
}

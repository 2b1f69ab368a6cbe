/**
 * The world of the tick benchmark: cells behind nodes, a hundred to a node, each with a level of its own and the same course of the day.
 * A few hundred cells are really learned, week by week; the others are copies of them, and every node is the sum of its cells.
 */
import { createSeriesBank } from '../../detectors/score/bank.ts';
import { scoreSettings } from '../../detectors/score/settings.ts';
import { type Bucket, type Part, type SeriesDefinition, seriesDefinitions } from '../../detectors/series/index.ts';
import { createPart, newState } from '../../detectors/series/part.ts';
import { draws, keyOf, poisson } from '../../simulator/random.ts';

export const bucketMs = 900_000;
export const leg = 'ran';
/** Cells of one node. */
const fan = 100;
/** Cells with a history of their own; nodes repeat after so many. */
const different = 500;
const learnedDays = 22;
/** First bucket that is not learned yet: yesterday at eight, as snapshots that are older than a week are not kept. */
export const begin = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 16 * 3_600_000;

/** The shipped detector of nodes and cells, for drops and surges. */
export function cellDetector(): SeriesDefinition {
  const { definitions } = seriesDefinitions({ network_volume: { direction: 'both' } });
  return definitions.find(({ identity }) => identity === 'network_volume')!;
}

/** Labels of a cell: 'n12', 'c1234'. */
export const labelsOfCell = (cell: number): readonly [string, string] => [`n${Math.floor(cell / fan)}`, `c${cell}`];

/** Mean records of a cell in a bucket, 10 to 200 over the day: `base` times what the hour brings. `recordsSql` says the same to ClickHouse. */
export function meanRecords(cell: number, time: number): number {
  return 10 * 20 ** ((cell % different) / different) * (1 + 0.5 * Math.sin((2 * Math.PI * (time % 86_400_000)) / 86_400_000));
}

/** Mean records of the cell `number` in the bucket {at:UInt32}, in seconds. */
export const recordsSql = `10 * pow(20, (number % ${different}) / ${different}) * (1 + 0.5 * sin(2 * pi() * ({at:UInt32} % 86400) / 86400))`;

/** The bucket of all cells at a time, drawn without the database. */
export function drawnBucket(series: number, time: number): Bucket {
  const from = draws(keyOf(3, time));
  const cells = Array.from({ length: series }, (_, cell) => cell);
  const numerator = cells.map((cell) => poisson(from, meanRecords(cell, time)));
  return {
    time,
    labels: [cells.map(() => leg), cells.map((cell) => labelsOfCell(cell)[0]), cells.map((cell) => labelsOfCell(cell)[1])],
    numerator,
    denominator: numerator,
  };
}

/** A part of so many cells and their nodes that has learned three weeks, up to `begin`. */
export function learnedPart(definition: SeriesDefinition, series: number): Part {
  const kinds = Math.min(different, Math.ceil(series / fan) * fan);
  const teacher = createSeriesBank(kinds + kinds / fan, scoreSettings({ refractoryRows: 0 }));
  const sums = new Float64Array(kinds / fan);
  const from = draws(keyOf(1, 0));
  for (let time = begin - learnedDays * 86_400_000; time < begin; time += bucketMs) {
    sums.fill(0);
    for (let kind = 0; kind < kinds; kind++) {
      const records = poisson(from, meanRecords(kind, time));
      sums[Math.floor(kind / fan)]! += records;
      teacher.push(kind, time / 1000, records);
    }
    for (let node = 0; node < sums.length; node++) teacher.push(kinds + node, time / 1000, sums[node]!);
  }
  const state = newState(definition, Math.ceil(series * 1.02));
  const taught = Array.from({ length: teacher.size }, (_, kind) => teacher.snapshotOf(kind));
  for (let cell = 0; cell < series; cell++) {
    const [node, name] = labelsOfCell(cell);
    const leaf = state.nodes.leaf([leg, node, name]);
    state.bank.restoreOf(leaf, taught[cell % kinds]!);
    const above = state.nodes.parent[leaf]!;
    if (cell % fan === 0 && above >= 0) state.bank.restoreOf(above, taught[kinds + (Math.floor(cell / fan) % sums.length)]!);
  }
  state.firstSeen.fill(begin - learnedDays * 86_400_000, 0, state.nodes.size);
  state.lastSeen.fill(begin - bucketMs, 0, state.nodes.size);
  return createPart(definition, leg, { judgedTo: begin, state });
}

/**
 * `npm run bench -- detect --nab DIR --kpi DIR [--seed N]`: the series scorer against public labels and a synthetic world, its calibration, its speed. One
 * configuration, the shipped one. The data are read from the folders given; nothing of them is part of this repository.
 */
import { parseArgs } from 'node:util';
import { createSeriesBank } from '../detectors/score/bank.ts';
import { STRIDE } from '../detectors/score/layout.ts';
import { createTick } from '../detectors/score/tick.ts';
import { tailCalibration } from '../detectors/statistics/tail-calibration.ts';
import { readKpi, scoreKpi, scoreKpiAtBudget } from './detect/kpi.ts';
import { readNab, scoreNab } from './detect/nab.ts';
import { createWorld, quietScores, scoreWorld, type World } from './detect/world.ts';

/** What one measure reached, what it must reach, and what would be better. */
interface Row {
  readonly measure: string;
  readonly measured: string;
  readonly must: string;
  readonly higher: string;
  readonly note: string;
}

const row = (measure: string, measured: string, must: string, higher: string, note: string): Row => ({
  measure,
  measured,
  must,
  higher,
  note,
});

/** Scores of one series alone. */
function scoresOf(times: Float64Array, values: Float64Array): Float64Array {
  const bank = createSeriesBank(1);
  return values.map((value, i) => bank.push(0, times[i]!, value));
}

/** Scores of all series of a world, tick by tick, as peers. */
function peerScores(world: World): Float64Array[] {
  const count = world.series.length;
  const bank = createSeriesBank(count);
  const tick = createTick(bank);
  const indexes = Uint32Array.from({ length: count }, (_, i) => i);
  const values = new Float64Array(count);
  const scores = world.series.map(({ values: { length } }) => new Float64Array(length));
  for (let bucket = 0; bucket < world.times.length; bucket++) {
    for (let i = 0; i < count; i++) values[i] = world.series[i]!.values[bucket]!;
    tick(world.times[bucket]!, indexes, values);
    for (let i = 0; i < count; i++) scores[i]![bucket] = bank.score[i]!;
  }
  return scores;
}

function benchNab(directory: string): Row[] {
  const corpus = readNab(directory);
  const scores = corpus.map(({ times, values }) => scoresOf(times, values));
  const halves = [0, 1].map((half) => {
    const mine = (_: unknown, i: number): boolean => i % 2 === half;
    return scoreNab(corpus.filter(mine), scores.filter(mine), 'standard').score.toFixed(1);
  });
  const standard = scoreNab(corpus, scores, 'standard');
  const low = scoreNab(corpus, scores, 'lowFalse');
  return [
    row(
      'NAB standard',
      standard.score.toFixed(1),
      '64',
      '72',
      `${standard.found}/${standard.windows} windows, ${standard.falseRows} false rows; halves ${halves}`,
    ),
    row('NAB reward-low-FP', low.score.toFixed(1), '58', '66', `${low.found}/${low.windows} windows, ${low.falseRows} false rows`),
  ];
}

function benchKpi(directory: string): Row[] {
  const series = readKpi(directory);
  const scores = series.map(({ times, values }) => scoresOf(times, values));
  const fixed = scoreKpi(series, scores, 2.5);
  const halves = [0, 1].map((half) => {
    const mine = (_: unknown, i: number): boolean => i % 2 === half;
    return scoreKpi(series.filter(mine), scores.filter(mine), 2.5).f1.toFixed(3);
  });
  const budget = scoreKpiAtBudget(series, scores, 0.16);
  const quiet = scores.flatMap((score, i) => Array.from(score).filter((_, at) => series[i]!.labels[at] === 0));
  const { ratios } = tailCalibration(quiet);
  return [
    row(
      'KPI F1, delay 7, p = 10^-2.5',
      fixed.f1.toFixed(3),
      '.74',
      '.80',
      `P ${fixed.precision.toFixed(3)} R ${fixed.recall.toFixed(3)}; halves ${halves}`,
    ),
    row(
      'KPI event recall, <= 0.16 false alarms a series-day',
      budget.eventRecall.toFixed(3),
      '.55',
      '.70',
      `threshold ${budget.threshold.toFixed(2)}, F1 ${budget.f1.toFixed(3)}`,
    ),
    row(
      'KPI unlabelled rows, observed / nominal',
      ratios.map(({ ratio }) => ratio.toFixed(2)).join(' '),
      '',
      '',
      'at 10^-2 10^-3 10^-4; holds unlabelled faults',
    ),
  ];
}

function benchWorld(seed: number): Row[] {
  const plain = createWorld(seed);
  const alone = plain.series.map(({ values }) => scoresOf(plain.times, values));
  const ordinary = scoreWorld(plain, alone);
  const among = scoreWorld(plain, peerScores(plain));
  const { ratios } = tailCalibration(quietScores(plain, alone));
  const festive = createWorld(seed, { holidays: 2 });
  const common = scoreWorld(festive, peerScores(festive));
  const single = scoreWorld(
    festive,
    festive.series.map(({ values }) => scoresOf(festive.times, values)),
  );
  return [
    row(
      'world, 5 false alarms per 1000 series-days',
      among.recall.toFixed(3),
      '.66',
      '.72',
      `seed ${seed}; each series alone ${ordinary.recall.toFixed(3)}`,
    ),
    row(
      'same with two unannounced holidays',
      common.recall.toFixed(3),
      '.57',
      '.65',
      `days ${festive.holidays}; without common mode ${single.recall.toFixed(3)}`,
    ),
    row(
      'observed / nominal at 10^-4, quiet',
      ratios[2]!.ratio.toFixed(2),
      '.5-2',
      '.67-1.5',
      `10^-2 ${ratios[0]!.ratio.toFixed(2)}, 10^-3 ${ratios[1]!.ratio.toFixed(2)}`,
    ),
  ];
}

function benchSpeed(): Row[] {
  const count = 100_000;
  const bank = createSeriesBank(count);
  const tick = createTick(bank);
  const indexes = Uint32Array.from({ length: count }, (_, i) => i);
  const values = new Float64Array(count);
  const wall: number[] = [];
  const processor: number[] = [];
  for (let minute = 0; minute < 60; minute++) {
    for (let i = 0; i < count; i++) values[i] = 50 + ((i * 31 + minute * 17) % 23);
    const before = process.cpuUsage();
    const from = performance.now();
    tick(1_704_067_200 + minute * 60, indexes, values);
    wall.push(performance.now() - from);
    const used = process.cpuUsage(before);
    processor.push((used.user + used.system) / 1000);
  }
  const middle = (taken: readonly number[]): string =>
    taken
      .slice(30)
      .sort((a, b) => a - b)[15]!
      .toFixed(0);
  return [
    row('100,000 series, one tick', `${middle(wall)} ms`, '200 ms', '', `median of 30; processor time ${middle(processor)} ms`),
    row('state of a series', `${STRIDE * 4 + 16} bytes`, '1024', '', 'snapshot adds 33 bytes of outputs'),
  ];
}

function print(rows: readonly Row[]): void {
  console.log('| measure | measured | must reach | higher | note |\n|---|---|---|---|---|');
  for (const { measure, measured, must, higher, note } of rows) console.log(`| ${measure} | ${measured} | ${must} | ${higher} | ${note} |`);
}

/** Runs what its arguments allow: the public data sets only where a folder is given. */
export async function benchDetect(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { nab: { type: 'string' }, kpi: { type: 'string' }, seed: { type: 'string', default: '101' } },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`--seed must be a whole number, not '${values.seed}'`);
  const rows: Row[] = [];
  if (values.nab !== undefined) rows.push(...benchNab(values.nab));
  if (values.kpi !== undefined) rows.push(...benchKpi(values.kpi));
  rows.push(...benchWorld(seed), ...benchSpeed());
  print(rows);
}

/**
 * A synthetic telecom world: counts by quarter of an hour of a thousand partners or cells, four weeks to learn and two that are judged, one drop in each
 * series. Volumes are lognormal around 40 a bucket, the day has its shape, the weekend its own factor for each series, days resemble the day before, and
 * counts are gamma-Poisson. A holiday is a weekday on which every series behaves as on its weekend.
 */
const BUCKETS = 96;

export interface WorldSeries {
  readonly values: Float64Array;
  readonly mean: Float64Array;
  /** First bucket, number of buckets and lost share of the drop. */
  readonly from: number;
  readonly length: number;
  readonly size: number;
}

export interface World {
  readonly series: readonly WorldSeries[];
  readonly times: Float64Array;
  /** First judged bucket. */
  readonly judged: number;
  readonly holidays: readonly number[];
}

/** Monday 2024-01-01. */
const START = 1_704_067_200;

function createRandom(seed: number) {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (((mixed ^ (mixed >>> 15)) >>> 0) + 0.5) / 4294967296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  /** Marsaglia, Tsang (2000), shape >= 1. */
  const gamma = (shape: number): number => {
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const poisson = (mean: number): number => {
    if (mean <= 0) return 0;
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let count = 0;
    for (let product = uniform(); product > Math.exp(-mean); product *= uniform()) count++;
    return count;
  };
  return { uniform, normal, gamma, poisson };
}

/**
 * @param options `series` 1000, `history` 28 days, `scored` 14 days, `holidays` 0
 */
export function createWorld(seed: number, options: { series?: number; history?: number; scored?: number; holidays?: number } = {}): World {
  const { series: count = 1000, history = 28, scored = 14, holidays = 0 } = options;
  const random = createRandom(seed);
  const buckets = (history + scored) * BUCKETS;
  const days = new Set<number>();
  while (days.size < holidays) days.add(7 + Math.floor(random.uniform() * (history + scored - 7)));
  const series = Array.from({ length: count }, (): WorldSeries => {
    const base = 40 * Math.exp(1.6 * random.normal());
    const swing = 0.5 + 0.4 * random.uniform();
    const phase = 0.06 * random.uniform();
    const weekend = 0.5 + 0.6 * random.uniform();
    const variation = 0.05 + 0.1 * random.uniform();
    const length = 4 + Math.floor(20 * random.uniform());
    const size = [0.2, 0.3, 0.5, 0.8, 1][Math.floor(5 * random.uniform())]!;
    const from = history * BUCKETS + Math.floor(random.uniform() * (scored * BUCKETS - length - 8));
    const mean = new Float64Array(buckets);
    const values = new Float64Array(buckets);
    let mood = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const day = Math.floor(bucket / BUCKETS);
      if (bucket % BUCKETS === 0) mood = 0.6 * mood + 0.04 * random.normal();
      const hour = (bucket % BUCKETS) / BUCKETS;
      const shape = Math.max(0.03, 1 + swing * Math.sin(2 * Math.PI * (hour - 0.35 - phase)) + 0.3 * Math.sin(4 * Math.PI * hour));
      mean[bucket] = base * shape * Math.exp(mood) * (day % 7 >= 5 || days.has(day) ? weekend : 1);
      const left = bucket >= from && bucket < from + length ? 1 - size : 1;
      values[bucket] = random.poisson(mean[bucket]! * left * random.gamma(variation ** -2) * variation ** 2);
    }
    return { values, mean, from, length, size };
  });
  return {
    series,
    times: Float64Array.from({ length: buckets }, (_, i) => START + i * 900),
    judged: history * BUCKETS,
    holidays: [...days],
  };
}

export interface WorldResult {
  readonly threshold: number;
  /** Episodes more than 16 buckets apart, outside the drop and a day after it, for 1000 series-days. */
  readonly falseAlarms: number;
  readonly recall: number;
  readonly medianDelay: number;
}

const isQuiet = (series: WorldSeries, bucket: number): boolean => bucket < series.from || bucket >= series.from + series.length + BUCKETS;

function falseAlarmsAt(world: World, scores: readonly Float64Array[], threshold: number): number {
  let episodes = 0;
  world.series.forEach((series, number) => {
    let last = Number.NEGATIVE_INFINITY;
    for (let bucket = world.judged; bucket < series.values.length; bucket++) {
      if (scores[number]![bucket]! < threshold || !isQuiet(series, bucket)) continue;
      if (bucket - last > 16) episodes++;
      last = bucket;
    }
  });
  const days = (world.times.length - world.judged) / BUCKETS;
  return (episodes / world.series.length / days) * 1000;
}

/** Recall at the lowest threshold that keeps the budget of false alarms. */
export function scoreWorld(world: World, scores: readonly Float64Array[], budget = 5): WorldResult {
  let low = 0;
  let high = 100;
  for (let round = 0; round < 26; round++) {
    const middle = (low + high) / 2;
    if (falseAlarmsAt(world, scores, middle) > budget) low = middle;
    else high = middle;
  }
  const delays: number[] = [];
  world.series.forEach(({ from, length }, number) => {
    for (let bucket = from; bucket < from + length; bucket++)
      if (scores[number]![bucket]! >= high) {
        delays.push(bucket - from);
        break;
      }
  });
  delays.sort((a, b) => a - b);
  return {
    threshold: high,
    falseAlarms: falseAlarmsAt(world, scores, high),
    recall: delays.length / world.series.length,
    medianDelay: delays[delays.length >> 1] ?? Number.NaN,
  };
}

/** Scores of the judged buckets without a drop: what calibration is checked on. */
export function quietScores(world: World, scores: readonly Float64Array[]): Float64Array {
  const quiet: number[] = [];
  world.series.forEach((series, number) => {
    for (let bucket = world.judged; bucket < series.values.length; bucket++)
      if (isQuiet(series, bucket)) quiet.push(scores[number]![bucket]!);
  });
  return Float64Array.from(quiet);
}

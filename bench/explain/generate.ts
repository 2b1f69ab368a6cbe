/**
 * Cases with a planted cause. What is admitted to the headline is decided here, from what was planted alone, before any method runs.
 *
 * A case: 5 dimensions of 3 to 200 values (log-uniform; each value's popularity log-normal), 2,000 to 30,000 leaf cells with log-normal
 * expectations; a cause of 1 to 3 values over 1 to 3 dimensions, all drawn alike; its values expect tens (30-100), hundreds or thousands
 * (to 10,000) of events each; an effect of 10 to 80 %, down or up, in half of
 * the cases the same for all values, else drawn for each; counts with over-dispersion 1 to 3; the expectation either exact or
 * learned from 8 earlier windows with the same scatter. That is the reading "volumes of the cause"; under the reading "volumes of the
 * cells" every leaf expects 10 to 5,000 events (log-uniform) and any value may be planted.
 *
 * Admitted: every planted value on its own meets the detectability rule effect^2 * volume / dispersion >= (4.2 + 1.3)^2: it would be
 * seen with 90 % probability by a test of that value alone at z = 4.2. Below that no method can be expected to name it among the
 * up to 100,000 combinations it has to choose from.
 */
import type { Cells } from '../../detectors/explain/cells.ts';
import type { Random } from './random.ts';

export interface Case {
  readonly cells: Cells;
  /** The planted values. */
  readonly cause: readonly Readonly<Record<string, string>>[];
  /** Leaf cells that the cause holds. */
  readonly inside: Uint8Array;
  readonly dimensions: number;
  readonly values: number;
  /** Of the planted value that is hardest to see. */
  readonly effect: number;
  /** Whether all planted values have the same effect. */
  readonly shared: boolean;
  readonly direction: 'down' | 'up';
  readonly dispersion: number;
  /** Expected volume of the planted value that is hardest to see. */
  readonly volume: number;
  readonly band: Band;
  readonly learned: boolean;
  readonly admitted: boolean;
}

export const bands = ['tens', 'hundreds', 'thousands'] as const;
export type Band = (typeof bands)[number];

const limits: Record<Band, readonly [number, number]> = { tens: [30, 100], hundreds: [100, 1_000], thousands: [1_000, 10_000] };
const requiredZ = 4.2 + 1.3;
const historyWindows = 8;

/** What "volumes from tens to thousands" is said of. */
export type Volumes = 'cause' | 'cell';

interface World {
  readonly codes: Int32Array[];
  readonly sizes: readonly number[];
  readonly mean: Float64Array;
}

/** One case; draws again where the world holds no cause of the drawn shape. */
export function generate(random: Random, volumes: Volumes = 'cause'): Case {
  for (;;) {
    const world = newWorld(random, volumes);
    const planted = plant(world, random, volumes);
    if (planted) return observe(world, planted, random);
  }
}

function newWorld(random: Random, volumes: Volumes): World {
  const sizes = Array.from({ length: 5 }, () => Math.round(random.logUniform(3, 200)));
  const cumulative = sizes.map((size) => popularity(size, random));
  const wanted = Math.round(random.logUniform(2_000, 30_000));
  const seen = new Set<string>();
  const rows: number[][] = [];
  for (let tries = 0; tries < 3 * wanted && rows.length < wanted; tries++) {
    const row = cumulative.map((steps) => steps.findIndex((step) => step >= random.uniform() * steps.at(-1)!));
    const key = row.join();
    if (seen.has(key)) continue;
    seen.add(key);
    rows.push(row);
  }
  return { codes: sizes.map((_, d) => Int32Array.from(rows, (row) => row[d]!)), sizes, mean: means(rows.length, volumes, random) };
}

function means(leaves: number, volumes: Volumes, random: Random): Float64Array {
  if (volumes === 'cell') return Float64Array.from({ length: leaves }, () => random.logUniform(10, 5_000));
  const total = random.logUniform(20_000, 1_000_000);
  const raw = Float64Array.from({ length: leaves }, () => Math.exp(random.normal()));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((x) => (x * total) / sum);
}

function popularity(size: number, random: Random): number[] {
  let sum = 0;
  return Array.from({ length: size }, () => {
    sum += Math.exp(random.normal());
    return sum;
  });
}

interface Planted {
  readonly over: readonly number[];
  /** Codes of each planted value, in the order of `over`. */
  readonly picks: readonly (readonly number[])[];
  /** Expected volume of each. */
  readonly volumes: readonly number[];
}

function plant(world: World, random: Random, volumes: Volumes): Planted | undefined {
  const dimensions = 1 + random.below(3);
  const values = 1 + random.below(3);
  const drawn = bands[random.below(3)]!;
  const over = drawDistinct(5, dimensions, random).sort((a, b) => a - b);
  const sums = new Map<string, number>();
  for (let leaf = 0; leaf < world.mean.length; leaf++) {
    const key = over.map((d) => world.codes[d]![leaf]!).join();
    sums.set(key, (sums.get(key) ?? 0) + world.mean[leaf]!);
  }
  const [low, high] = volumes === 'cell' ? [0, Number.POSITIVE_INFINITY] : limits[drawn];
  const fitting = [...sums].filter(([, volume]) => volume >= low && volume < high);
  if (fitting.length < values || sums.size <= values) return undefined;
  const picks = drawDistinct(fitting.length, values, random).map((i) => fitting[i]!);
  const total = world.mean.reduce((a, b) => a + b, 0);
  if (picks.reduce((sum, [, volume]) => sum + volume, 0) > total / 2) return undefined;
  return { over, picks: picks.map(([key]) => key.split(',').map(Number)), volumes: picks.map(([, each]) => each) };
}

function bandOf(volume: number): Band {
  return volume < 100 ? 'tens' : volume < 1_000 ? 'hundreds' : 'thousands';
}

function drawDistinct(from: number, count: number, random: Random): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(random.below(from));
  return [...drawn];
}

function observe(world: World, { over, picks, volumes }: Planted, random: Random): Case {
  const shared = random.uniform() < 0.5;
  const one = 0.1 + 0.7 * random.uniform();
  const effects = picks.map(() => (shared ? one : 0.1 + 0.7 * random.uniform()));
  const direction = random.uniform() < 0.5 ? 'down' : 'up';
  const dispersion = 1 + 2 * random.uniform();
  const learned = random.uniform() < 0.5;
  const sign = direction === 'down' ? -1 : 1;
  const pickOf = (leaf: number) => picks.findIndex((pick) => over.every((d, i) => world.codes[d]![leaf] === pick[i]));
  const member = Int32Array.from(world.mean, (_, leaf) => pickOf(leaf));
  const inside = Uint8Array.from(member, (pick) => (pick >= 0 ? 1 : 0));
  const observed = world.mean.map((mean, leaf) => random.count(mean * (1 + sign * (effects[member[leaf]!] ?? 0)), dispersion));
  const expected = learned ? world.mean.map((mean) => random.count(mean * historyWindows, dispersion) / historyWindows) : world.mean;
  const information = effects.map((effect, i) => (effect * effect * volumes[i]!) / dispersion);
  const hardest = information.indexOf(Math.min(...information));
  const names = over.map((d) => `d${d}`);
  return {
    cells: {
      dimensions: world.codes.map((codes, d) => ({
        name: `d${d}`,
        values: Array.from({ length: world.sizes[d]! }, (_, i) => `v${i}`),
        codes,
      })),
      observed,
      expected,
    },
    cause: picks.map((pick) => Object.fromEntries(names.map((name, i) => [name, `v${pick[i]}`]))),
    inside,
    dimensions: over.length,
    values: picks.length,
    effect: effects[hardest]!,
    shared: shared || picks.length === 1,
    direction,
    dispersion,
    volume: volumes[hardest]!,
    band: bandOf(volumes[hardest]!),
    learned,
    admitted: information[hardest]! >= requiredZ * requiredZ,
  };
}

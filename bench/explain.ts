/**
 * `npm run bench -- explain [--cases 1000] [--seed N]`: how often the planted set is ranked first, exactly.
 *
 * What is admitted to the headline is fixed by the generator from what it planted (bench/explain/generate.ts), never by what a method
 * found. Both figures are printed: over the admitted cases and over all. A seed that is not given is new each time and printed.
 */
import { parseArgs } from 'node:util';
import { WeirError } from '../core/errors.ts';
import type { Cells } from '../detectors/explain/cells.ts';
import { type Explained, explain } from '../detectors/explain/explain.ts';
import { adtributor } from './explain/adtributor.ts';
import { bands, type Case, generate, type Volumes } from './explain/generate.ts';
import { newRandom } from './explain/random.ts';

interface Tally {
  cases: number;
  exact: number;
  /** Exact also in the words: the planted labels, not others for the same cells. */
  byName: number;
  top3: number;
  baseline: number;
}

type Labels = readonly Readonly<Record<string, string>>[];

/** Prints a table for each reading of "volumes of tens to thousands": of the cause (the headline) and of the cells. */
export async function benchExplain(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { cases: { type: 'string', default: '1000' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) } },
  });
  const cases = wholeNumber('--cases', values.cases);
  const seed = wholeNumber('--seed', values.seed);
  measure('cause', cases, seed);
  measure('cell', Math.ceil(cases / 4), seed);
  timeLarge(seed);
  console.log('Admitted: each planted value alone has effect^2 x volume / over-dispersion >= 5.5^2, fixed before any method runs.');
  console.log('The rest plants causes that a test of the planted value itself would miss; no method can name them reliably.');
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new WeirError('usage', `${option} wants a whole number, not ${text}.`);
  return value;
}

function measure(volumes: Volumes, cases: number, seed: number): void {
  const table = new Map<string, Tally>();
  const times: number[] = [];
  for (let i = 0; i < cases; i++) {
    const each = generate(newRandom(Math.imul(seed, 2_654_435_761) ^ Math.imul(i + 1, 0x9e3779b1)), volumes);
    const began = performance.now();
    const found = explain(each.cells);
    times.push(performance.now() - began);
    book(table, each, found);
  }
  console.log(`Explanation: exact set ranked first. Volumes of the ${volumes}. seed ${seed}`);
  print(table, times);
}

/** Time for 100,000 cells over five dimensions. */
function timeLarge(seed: number): void {
  const random = newRandom(seed);
  const rows = 100_000;
  const expected = Float64Array.from({ length: rows }, () => random.logUniform(1, 20));
  const dimensions = [200, 200, 50, 20, 5].map((size, d) => ({
    name: `d${d}`,
    values: Array.from({ length: size }, (_, i) => `v${i}`),
    codes: Int32Array.from({ length: rows }, () => random.below(size)),
  }));
  const observed = expected.map((mean, row) => random.count(dimensions[0]!.codes[row] === 7 ? mean / 2 : mean, 2));
  const times = Array.from({ length: 15 }, () => {
    const began = performance.now();
    explain({ dimensions, observed, expected });
    return performance.now() - began;
  });
  console.log(
    `100,000 cells over 5 dimensions: median of 15 ${times.sort((a, b) => a - b)[7]?.toFixed(0)} ms, fastest ${times[0]?.toFixed(0)} ms`,
  );
}

const admitted = 'admitted cases';

function book(table: Map<string, Tally>, each: Case, found: Explained): void {
  const truth = nameOf(each.cause);
  const ranked = found.sets.map((set) => nameOf(set.values.map(({ dimensions }) => dimensions)));
  const first = found.sets[0];
  const byName = ranked[0] === truth;
  const exact = byName || holdsTheSame(each, first?.values.map(({ dimensions }) => dimensions) ?? []);
  const top3 = exact || ranked.slice(0, 3).includes(truth);
  const single = adtributor(each.cells);
  const baseline = nameOf(single) === truth || holdsTheSame(each, single);
  for (const layer of layersOf(each)) {
    const tally = table.get(layer) ?? { cases: 0, exact: 0, byName: 0, top3: 0, baseline: 0 };
    table.set(layer, {
      cases: tally.cases + 1,
      exact: tally.exact + Number(exact),
      byName: tally.byName + Number(byName),
      top3: tally.top3 + Number(top3),
      baseline: tally.baseline + Number(baseline),
    });
  }
}

function layersOf(each: Case): string[] {
  if (!each.admitted) return ['all cases', 'cases not admitted'];
  return [
    'all cases',
    admitted,
    `volume: ${each.band}`,
    `effect: ${Math.floor(each.effect * 5) * 20} to ${Math.floor(each.effect * 5) * 20 + 20} %`,
    `over-dispersion: ${(1 + Math.floor((each.dispersion - 1) * 1.5) / 1.5).toFixed(2)} and up`,
    `dimensions: ${each.dimensions}`,
    `values: ${each.values}`,
    ...(each.values > 1 ? [`effects of several values: ${each.shared ? 'one for all' : 'each its own'}`] : []),
    `direction: ${each.direction}`,
    `expectation: ${each.learned ? 'learned from 8 windows' : 'exact'}`,
  ];
}

function nameOf(labels: Labels): string {
  const names = labels.map((each) => JSON.stringify(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))));
  return names.sort().join();
}

/** Two descriptions of the very same cells cannot be told apart by any data: either counts as the planted set. */
function holdsTheSame({ cells, inside }: Case, labels: Labels): boolean {
  const tests = labels.map((each) => testsOf(cells, each));
  return inside.every((planted, leaf) => (planted === 1) === tests.some((test) => test.every(({ codes, code }) => codes[leaf] === code)));
}

function testsOf({ dimensions }: Cells, labels: Readonly<Record<string, string>>): { codes: Int32Array; code: number }[] {
  const used = dimensions.filter(({ name }) => labels[name] !== undefined);
  return used.map(({ name, values, codes }) => ({ codes, code: values.indexOf(labels[name] ?? '') }));
}

function print(table: ReadonlyMap<string, Tally>, times: readonly number[]): void {
  const order = ['all cases', admitted, 'cases not admitted', ...bands.map((band) => `volume: ${band}`)];
  const rest = [...table.keys()].filter((layer) => !order.includes(layer)).sort();
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`.padStart(8);
  console.log(`${''.padEnd(36)}${'cases'.padStart(6)}   exact  ±s.e.   by name   top 3   single-dimension surprise`);
  for (const layer of [...order, ...rest]) {
    const tally = table.get(layer);
    if (!tally) continue;
    const share = tally.exact / tally.cases;
    const error = (100 * Math.sqrt((share * (1 - share)) / tally.cases)).toFixed(1);
    const columns = [
      percent(tally.exact, tally.cases),
      error.padStart(6),
      `  ${percent(tally.byName, tally.cases)}`,
      ` ${percent(tally.top3, tally.cases)}`,
      ` ${percent(tally.baseline, tally.cases)}`,
    ];
    console.log(`${layer.padEnd(36)}${String(tally.cases).padStart(6)}${columns.join('')}`);
  }
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(`time per explanation (2,000 to 30,000 cells): median ${at(0.5)} ms, p95 ${at(0.95)} ms\n`);
}

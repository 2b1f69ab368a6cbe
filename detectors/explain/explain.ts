/** Which dimension values explain a drop or a surge. */
import type { Explanation } from '../../core/finding.ts';
import { type Cells, type Leaves, leavesOf } from './cells.ts';
import { estimateDispersion } from './dispersion.ts';
import { newGrouper } from './group.ts';
import { type Candidate, type Cuboid, choicesOf, everywhere, type Podium, type Scale, scanCuboid } from './scan.ts';
import { type ExplainingSet, rankSets } from './sets.ts';
import { shortlist } from './shortlist.ts';

export interface ExplainOptions {
  /** Direction of the finding. `auto` looks both ways. Default auto. */
  readonly direction?: 'down' | 'up' | 'auto';
  /** Dimensions in one explanation, 1 to 3. Default 3. */
  readonly maxDimensions?: number;
  /** Values (or combinations) in one explanation, 1 to 3. Default 3. */
  readonly maxValues?: number;
  /** Over-dispersion known from history, at least 1. Default: estimated from the cells. */
  readonly dispersion?: number;
  /** The baseline's own common relative error, 0 to 1. Default 0.02. */
  readonly tolerance?: number;
  /** Sets that moved relatively less are not reported. Default 0.03. */
  readonly smallestEffect?: number;
  /** How many ranked sets are returned. Default 10. */
  readonly alternatives?: number;
}

/**
 * `explained`: the first set holds at least half of the effect. `partly`: less. `everywhere`: all cells moved alike, no dimension tells
 * them apart. `unexplained`: no set is more likely than chance.
 */
export type Verdict = 'explained' | 'partly' | 'everywhere' | 'unexplained';

export interface Explained {
  readonly verdict: Verdict;
  /** The first set for the finding, one entry per value, largest share first; empty unless explained or partly. `remaining` counts down. */
  readonly explanations: readonly Explanation[];
  /** Ranked sets with their figures; also below chance, for inspection. */
  readonly sets: readonly ExplainingSet[];
  readonly observed: number;
  readonly expected: number;
  readonly dispersion: number;
  /** Log odds of the hypothesis that everything moved alike. */
  readonly everywhere: number;
  readonly cells: number;
  /** Cells that could not be judged: not finite, negative, k > n, or never seen and never expected. */
  readonly skipped: number;
}

/** Elements kept per choice of dimensions and direction. */
const shortlistSize = 12;

/** A combination that expects fewer events than this (per unit of dispersion) cannot be found, so it is not counted as a hypothesis. */
const smallestCandidate = 5;

const smallestShare = 0.5;

/** Sets scanned for each one returned: some turn out to hold the same cells. */
const spare = 4;

/**
 * Ranks the sets of dimension values by how well they explain the deviation of `observed` from `expected`.
 *
 * Method: an expectation-based scan (Kulldorff 1997, Neill 2009) over all choices of 1 to 3 dimensions and 1 to 3 values, scored as log
 * posterior odds: likelihood ratio / dispersion, less the cost of the free effect, plus the term that asks whether the rest is normal
 * again, less the logarithm of the number of sets of that shape (parsimony). See docs/explanation.md.
 * Cost: O(cells x choices of dimensions); 100,000 cells over 5 dimensions take tens of milliseconds. Deterministic. No cells, or none
 * that can be judged: `unexplained` with empty lists. RangeError only for columns that do not fit each other.
 *
 * @example
 * const rows = ['A', 'B', 'C', 'D'].map((partner) => ({ values: { partner }, observed: partner === 'B' ? 40 : 100, expected: 100 }));
 * explain(cellsOf(['partner'], rows)).explanations // [{ dimensions: { partner: 'B' }, share: 1, remaining: 0 }]
 */
export function explain(cells: Cells, options: ExplainOptions = {}): Explained {
  const leaves = leavesOf(cells);
  const whole = wholeOf(leaves, cells, options);
  if (leaves.observed.length === 0 || whole.choices.length < 2) return nothing(leaves);
  const directions = options.direction === 'down' || options.direction === 'up' ? [options.direction] : (['down', 'up'] as const);
  const known = options.dispersion;
  let dispersion = Math.max(1, known ?? (cells.dispersion ? 1 : estimateDispersion(leaves, (leaf) => leaves.expected[leaf]!)));
  const cuboids = cuboidsOf(leaves, cells, whole.choices.length - 1, smallestCandidate * dispersion);
  const keep = Math.max(1, options.alternatives ?? 10);
  for (let round = 0; ; round++) {
    const scale: Scale = { ...whole, dispersion };
    const podium: Podium = { places: spare * keep, sets: [] };
    for (const cuboid of cuboids) for (const direction of directions) scanCuboid(cuboid, direction, scale, podium);
    const ranked = rankSets(podium.sets, keep, cells, leaves);
    const refined = known === undefined && !cells.dispersion && ranked[0] ? refine(leaves, ranked[0].candidate) : dispersion;
    if (round === 2 || Math.abs(refined - dispersion) < 0.01 * dispersion)
      return conclude(
        ranked.map(({ set }) => set),
        scale,
        leaves,
        cells,
      );
    dispersion = refined;
  }
}

function cuboidsOf(leaves: Leaves, cells: Cells, maxDimensions: number, smallest: number): Cuboid[] {
  const group = newGrouper(
    leaves,
    cells.dimensions.map(({ values }) => values.length),
  );
  return choicesOf(cells.dimensions.length, maxDimensions).map((dimensions) => ({
    dimensions,
    lists: shortlist(group(dimensions), leaves.trials !== undefined, shortlistSize, smallest),
  }));
}

function wholeOf(leaves: Leaves, cells: Cells, options: ExplainOptions): Omit<Scale, 'dispersion'> {
  const most = Math.min(clamp(options.maxDimensions ?? 3, 1, 3), cells.dimensions.length);
  const counts = choicesOf(cells.dimensions.length, most).map((choice) => choice.length);
  return {
    observed: sum(leaves.observed),
    expected: sum(leaves.expected),
    trials: leaves.trials ? sum(leaves.trials) : 0,
    withTrials: leaves.trials !== undefined,
    tolerance: clamp(options.tolerance ?? 0.02, 0, 1),
    choices: Array.from({ length: most + 1 }, (_, size) => counts.filter((count) => count === size).length),
    maxValues: clamp(options.maxValues ?? 3, 1, 3),
    smallestEffect: clamp(options.smallestEffect ?? 0.03, 0, 1),
  };
}

/** The scatter that is left once the set's own effect is taken out. */
function refine(leaves: Leaves, { cuboid, elements, observed, expected }: Candidate): number {
  const factor = expected > 0 ? observed / expected : 1;
  const inside = (leaf: number) =>
    elements.some((element) => cuboid.dimensions.every((at) => leaves.codes[at]![leaf] === leaves.codes[at]![element.leaf]));
  return estimateDispersion(leaves, (leaf) => leaves.expected[leaf]! * (inside(leaf) ? factor : 1), 0.001);
}

function conclude(sets: readonly ExplainingSet[], scale: Scale, leaves: Leaves, cells: Cells): Explained {
  const first = sets[0];
  const all = everywhere(scale);
  const verdict = verdictOf(first, all);
  return {
    verdict,
    explanations: first && (verdict === 'explained' || verdict === 'partly') ? explanationsOf(first) : [],
    sets,
    observed: sum(leaves.origin, cells.observed),
    expected: sum(leaves.origin, cells.expected),
    dispersion: scale.dispersion,
    everywhere: all,
    cells: leaves.observed.length,
    skipped: leaves.skipped,
  };
}

function verdictOf(first: ExplainingSet | undefined, all: number): Verdict {
  if (!first || Math.max(first.logOdds, all) <= 0) return 'unexplained';
  if (all > first.logOdds) return 'everywhere';
  return first.share >= smallestShare ? 'explained' : 'partly';
}

function explanationsOf(set: ExplainingSet): Explanation[] {
  let left = 1;
  return set.values.map(({ dimensions, share }) => {
    left = Math.max(0, left - share);
    return { dimensions, share, remaining: left };
  });
}

function nothing(leaves: Leaves): Explained {
  const none = { explanations: [], sets: [], observed: 0, expected: 0, dispersion: 1, everywhere: 0 };
  return { verdict: 'unexplained', ...none, cells: leaves.observed.length, skipped: leaves.skipped };
}

function clamp(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : low;
}

/** Sum of a column, or of another column at the places the first names. */
function sum(column: Float64Array | Int32Array, of?: Float64Array): number {
  let total = 0;
  for (let i = 0; i < column.length; i++) total += of ? of[column[i]!]! : column[i]!;
  return total;
}

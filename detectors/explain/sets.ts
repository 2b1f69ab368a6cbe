/** Ranking of the scored sets and their figures in the caller's units. */
import type { Cells, Leaves } from './cells.ts';
import type { Candidate } from './scan.ts';

/** One value, or one combination of values, of an explaining set. */
export interface ExplainingValue {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly observed: number;
  readonly expected: number;
  /** Of the whole effect, 0 to 1. */
  readonly share: number;
}

/** One ranked set. */
export interface ExplainingSet {
  /** Largest share first. */
  readonly values: readonly ExplainingValue[];
  readonly observed: number;
  readonly expected: number;
  /** (observed - expected) / expected inside the set; Infinity where nothing was expected. */
  readonly effect: number;
  /** Of the whole effect, 0 to 1. */
  readonly share: number;
  /** 1 - share. */
  readonly remaining: number;
  /** Observed / expected outside the set: near 1 when the rest is normal again. */
  readonly rest: number;
  /** Natural log of the posterior odds against "nothing moved". */
  readonly logOdds: number;
  /** Probability among the returned sets, adding up to 1. */
  readonly weight: number;
}

/**
 * The `keep` most likely sets, best first; of sets that hold the same cells (a cell that implies its site) only the one
 * with the fewest labels, in the better one's place. Equal
 * scores are ordered by fewer dimensions, then names, so that neither the order of rows, values nor dimensions shows.
 */
export function rankSets(
  found: readonly Candidate[],
  keep: number,
  cells: Cells,
  leaves: Leaves,
): { candidate: Candidate; set: ExplainingSet }[] {
  const shown = found
    .map((candidate) => ({ candidate, name: nameOf(candidate, cells, leaves), rounded: Math.round(candidate.logOdds * 1e6) }))
    .sort(
      (a, b) =>
        b.rounded - a.rounded || a.candidate.cuboid.dimensions.length - b.candidate.cuboid.dimensions.length || compare(a.name, b.name),
    );
  const kept: Candidate[] = [];
  for (const { candidate } of shown) {
    if (kept.length >= keep) break;
    const twin = kept.findIndex((other) => sameCells(other, candidate, leaves));
    if (twin < 0) kept.push(candidate);
    else if (sizeOf(candidate) < sizeOf(kept[twin]!)) kept[twin] = candidate;
  }
  const top = kept[0]?.logOdds ?? 0;
  const mass = kept.reduce((sum, { logOdds }) => sum + Math.exp(logOdds - top), 0);
  const totals = totalsOf(leaves, cells);
  return kept.map((candidate) => ({ candidate, set: setOf(candidate, Math.exp(candidate.logOdds - top) / mass, totals, cells, leaves) }));
}

/** Labels that name the set: dimensions times values. */
function sizeOf({ cuboid, elements }: Candidate): number {
  return cuboid.dimensions.length * elements.length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function labels({ cuboid }: Candidate, leaf: number, cells: Cells, leaves: Leaves): Record<string, string> {
  const dimensions = cuboid.dimensions.map((at) => cells.dimensions[at]!);
  const pairs = dimensions.map(({ name, values }, i) => [name, values[leaves.codes[cuboid.dimensions[i]!]![leaf]!]!] as const);
  return Object.fromEntries([...pairs].sort(([a], [b]) => compare(a, b)));
}

function nameOf(candidate: Candidate, cells: Cells, leaves: Leaves): string {
  return candidate.elements
    .map(({ leaf }) => JSON.stringify(labels(candidate, leaf, cells, leaves)))
    .sort()
    .join();
}

/** Whether the leaf lies in the candidate, and in which of its elements; -1 outside. */
export function elementOf({ cuboid, elements }: Candidate, leaf: number, leaves: Leaves): number {
  for (let i = 0; i < elements.length; i++) {
    const like = elements[i]!.leaf;
    let same = true;
    for (const at of cuboid.dimensions) if (leaves.codes[at]![leaf] !== leaves.codes[at]![like]) same = false;
    if (same) return i;
  }
  return -1;
}

function sameCells(a: Candidate, b: Candidate, leaves: Leaves): boolean {
  const close = (x: number, y: number) => Math.abs(x - y) <= 1e-9 * Math.max(x, y);
  if (!close(a.expected, b.expected) || !close(a.observed, b.observed)) return false;
  for (let leaf = 0; leaf < leaves.observed.length; leaf++) {
    if (elementOf(a, leaf, leaves) >= 0 !== elementOf(b, leaf, leaves) >= 0) return false;
  }
  return true;
}

function totalsOf(leaves: Leaves, cells: Cells): { observed: number; expected: number } {
  let observed = 0;
  let expected = 0;
  for (const row of leaves.origin) {
    observed += cells.observed[row]!;
    expected += cells.expected[row]!;
  }
  return { observed, expected };
}

function setOf(
  candidate: Candidate,
  weight: number,
  totals: { observed: number; expected: number },
  cells: Cells,
  leaves: Leaves,
): ExplainingSet {
  const sums = sumsOf(candidate, cells, leaves);
  const observed = sums.reduce((sum, part) => sum + part.observed, 0);
  const expected = sums.reduce((sum, part) => sum + part.expected, 0);
  const whole = totals.observed - totals.expected;
  const shareOf = (part: { observed: number; expected: number }) => shareOfWhole(part.observed - part.expected, whole);
  const values = candidate.elements.map(({ leaf }, i) => ({
    dimensions: labels(candidate, leaf, cells, leaves),
    ...sums[i]!,
    share: shareOf(sums[i]!),
  }));
  values.sort((a, b) => b.share - a.share || compare(JSON.stringify(a.dimensions), JSON.stringify(b.dimensions)));
  const share = shareOf({ observed, expected });
  const restExpected = totals.expected - expected;
  return {
    values,
    observed,
    expected,
    effect: expected > 0 ? (observed - expected) / expected : Number.POSITIVE_INFINITY,
    share,
    remaining: 1 - share,
    rest: restExpected > 0 ? (totals.observed - observed) / restExpected : 1,
    logOdds: candidate.logOdds,
    weight,
  };
}

/** The elements' counts in the caller's units: as scanned, unless the cells were scaled by a dispersion of their own. */
function sumsOf(candidate: Candidate, cells: Cells, leaves: Leaves): { observed: number; expected: number }[] {
  if (!cells.dispersion) return candidate.elements.map(({ observed, expected }) => ({ observed, expected }));
  const sums = candidate.elements.map(() => ({ observed: 0, expected: 0 }));
  for (let leaf = 0; leaf < leaves.observed.length; leaf++) {
    const sum = sums[elementOf(candidate, leaf, leaves)];
    if (!sum) continue;
    sum.observed += cells.observed[leaves.origin[leaf]!]!;
    sum.expected += cells.expected[leaves.origin[leaf]!]!;
  }
  return sums;
}

/** Part of the whole deviation, 0 to 1: 0 where the part moved against the whole. */
function shareOfWhole(part: number, whole: number): number {
  if (whole === 0 || part * whole <= 0) return 0;
  return Math.min(1, part / whole);
}

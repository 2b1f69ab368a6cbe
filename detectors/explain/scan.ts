/** The scan: every set of 1 to 3 combinations over every choice of 1 to 3 dimensions, scored by how much more likely it makes the counts. */
import { binomialRatio, clumpedRatio, commonGain, logChoose, occam, poissonRatio } from './likelihood.ts';
import type { Element, Shortlists } from './shortlist.ts';

/** The shortlists of one choice of dimensions. */
export interface Cuboid {
  /** Indexes of the dimensions, ascending. */
  readonly dimensions: readonly number[];
  readonly lists: Shortlists;
}

/** A scored set. Counts are divided by the cells' own dispersion. */
export interface Candidate {
  readonly cuboid: Cuboid;
  readonly elements: readonly Element[];
  readonly observed: number;
  readonly expected: number;
  readonly trials: number;
  /** Natural log of the posterior odds against "nothing moved here". */
  readonly logOdds: number;
}

/** Below this the negative binomial's terms cancel to nothing but rounding. */
const nearlyPoisson = 1.02;

/** The values of one cause mostly share its effect: 1 in 20 do not (log odds). */
const ownEffects = 3;

/** Each further value in a set is rarer by e (log odds). */
const furtherValue = 1;

/** What scoring needs to know of the whole. */
export interface Scale {
  readonly observed: number;
  readonly expected: number;
  readonly trials: number;
  readonly withTrials: boolean;
  /** Common over-dispersion, at least 1. */
  readonly dispersion: number;
  /** Deviation of the logarithm of the baseline's own common error. */
  readonly tolerance: number;
  /** Number of choices of dimensions by their count: choices[2] = pairs. */
  readonly choices: readonly number[];
  readonly maxValues: number;
  readonly smallestEffect: number;
}

/** Every choice of 1 to `most` of `count` dimensions, fewest first. @example choicesOf(3, 2) // [[0], [1], [2], [0, 1], [0, 2], [1, 2]] */
export function choicesOf(count: number, most: number): number[][] {
  let level: number[][] = [[]];
  const all: number[][] = [];
  for (let size = 1; size <= most; size++) {
    level = level.flatMap((choice) => range((choice.at(-1) ?? -1) + 1, count).map((next) => [...choice, next]));
    all.push(...level);
  }
  return all;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** The best sets found so far over all cuboids, best first. */
export interface Podium {
  readonly places: number;
  readonly sets: Candidate[];
}

/**
 * Scores the sets of one cuboid in one direction and puts the best on the podium. The shortlist bounds the work (at most 298 sets for 12
 * elements); sets that could not reach the last place even at no cost for their effect are passed over.
 */
export function scanCuboid(cuboid: Cuboid, direction: 'down' | 'up', scale: Scale, podium: Podium): void {
  const list = cuboid.lists[direction];
  const alone = list.map((element) => evidence(element, scale));
  const priors = range(0, scale.maxValues + 1).map((size) => logPrior(cuboid, size, scale));
  const chosen: Element[] = [];
  const visit = (from: number, before: Counts, separate: number): void => {
    for (let i = from; i < list.length; i++) {
      const counts = plus(before, list[i]!);
      const apart = separate + alone[i]!;
      chosen.push(list[i]!);
      if (Math.abs(counts.observed - counts.expected) >= scale.smallestEffect * counts.expected) {
        const given = restGain(counts.observed, counts.expected, scale) + priors[chosen.length]!;
        const own = chosen.length === 1 ? apart : apart - ownEffects;
        const most = Math.max(own, quasiRatio(counts, scale)) + given;
        if (most > barOf(podium)) {
          const gain = chosen.length === 1 ? own : Math.max(own, evidence(counts, scale));
          insert(podium, { cuboid, elements: [...chosen], ...counts, logOdds: gain + given });
        }
      }
      if (chosen.length < scale.maxValues) visit(i + 1, counts, apart);
      chosen.pop();
    }
  };
  visit(0, { observed: 0, expected: 0, trials: 0 }, 0);
}

interface Counts {
  readonly observed: number;
  readonly expected: number;
  readonly trials: number;
}

function plus(a: Counts, b: Counts): Counts {
  return { observed: a.observed + b.observed, expected: a.expected + b.expected, trials: a.trials + b.trials };
}

function barOf({ places, sets }: Podium): number {
  return sets.length < places ? Number.NEGATIVE_INFINITY : sets[places - 1]!.logOdds;
}

function insert({ places, sets }: Podium, candidate: Candidate): void {
  let at = sets.length;
  while (at > 0 && sets[at - 1]!.logOdds < candidate.logOdds) at--;
  sets.splice(at, 0, candidate);
  if (sets.length > places) sets.pop();
}

/** Log odds that everything moved alike, against "nothing moved". */
export function everywhere(scale: Scale): number {
  return evidence(scale, scale) - commonGain(scale.observed / scale.dispersion, scale.expected / scale.dispersion, scale.tolerance);
}

/** Evidence that these counts moved by one free factor: likelihood ratio less the cost of the free factor. */
function evidence(counts: Counts, scale: Scale): number {
  const { observed, trials } = counts;
  const information = scale.withTrials ? observed * (1 - observed / trials) : observed;
  return ratioOf(counts, scale) + occam(information / scale.dispersion);
}

/** For over-dispersed counts the negative binomial's ratio where that is smaller: a clump is not a surge. */
function ratioOf(counts: Counts, scale: Scale): number {
  const plain = quasiRatio(counts, scale);
  if (scale.withTrials || scale.dispersion <= nearlyPoisson) return plain;
  return Math.min(plain, clumpedRatio(counts.observed, counts.expected, scale.dispersion));
}

function quasiRatio({ observed, expected, trials }: Counts, scale: Scale): number {
  return (scale.withTrials ? binomialRatio(observed, expected, trials) : poissonRatio(observed, expected)) / scale.dispersion;
}

/**
 * The "is the rest normal again" term: what the common error of the baseline still has to absorb outside the set, less what it would
 * absorb with no set at all. Leaving a deviating rest behind is never free: the gain of the common error is capped by its tolerance.
 */
function restGain(observed: number, expected: number, scale: Scale): number {
  const { dispersion, tolerance } = scale;
  const rest = commonGain((scale.observed - observed) / dispersion, Math.max(0, scale.expected - expected) / dispersion, tolerance);
  return rest - commonGain(scale.observed / dispersion, scale.expected / dispersion, tolerance);
}

/** Parsimony: every number of dimensions alike, further values rarer, then every set of that shape alike: more and finer values cost. Choices never fall with dimensions. */
function logPrior(cuboid: Cuboid, size: number, scale: Scale): number {
  const shapes = (scale.choices.length - 1) * scale.maxValues;
  return (
    -furtherValue * (size - 1) -
    Math.log(shapes) -
    Math.log(scale.choices[cuboid.dimensions.length]!) -
    logChoose(cuboid.lists.candidates, size)
  );
}

/** Series of days: their weekly rhythm taken out, and whether a line or a step describes them better. Pure. */
import { median } from 'simple-statistics';
import { theilSen } from '../statistics/theil-sen.ts';

export const dayMs = 86_400_000;

/** Days on either side of the median that stands for the level of a day. */
const around = 3;
/** Finite days among those seven without which there is no such level. */
const enough = 5;

/**
 * Values without their rhythm of the week: from each value what its weekday usually lies above or below the median of the seven days
 * around it. A trend, a step and an outlier stay as they are; gaps (NaN) stay gaps.
 * @param weekdays 0 to 6, one per value
 * @example withoutWeek([5, 1, 1, 1, 1, 1, 1, 5, 1, 1, 1, 1, 1, 1], [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6])[7] // 1
 */
export function withoutWeek(values: readonly number[], weekdays: readonly number[]): number[] {
  const departures: number[][] = [[], [], [], [], [], [], []];
  for (let at = around; at < values.length - around; at++) {
    if (!Number.isFinite(values[at])) continue;
    const near = values.slice(at - around, at + around + 1).filter(Number.isFinite);
    if (near.length >= enough) departures[weekdays[at]!]!.push(values[at]! - median(near));
  }
  const usual = departures.map((each) => (each.length === 0 ? 0 : median(each)));
  return values.map((value, at) => value - usual[weekdays[at]!]!);
}

/**
 * Sum of absolute residuals around the robust line.
 * @param values finite
 */
export function lineMisfit(values: readonly number[]): number {
  const slope = theilSen(values);
  return aroundMedian(values.map((value, at) => value - slope * at));
}

/**
 * Sum of absolute residuals around the two medians of the best single step.
 * @param shortest fewest values on either side
 */
export function stepMisfit(values: readonly number[], shortest: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let at = shortest; at <= values.length - shortest; at++)
    best = Math.min(best, aroundMedian(values.slice(0, at)) + aroundMedian(values.slice(at)));
  return best;
}

function aroundMedian(values: readonly number[]): number {
  const centre = median([...values]);
  return values.reduce((sum, value) => sum + Math.abs(value - centre), 0);
}

/** Share of the misfit of a line below which a step describes the values better. */
const clearlyBetter = 0.85;

/**
 * Whether a step describes values better than a line does: what has shifted has not drifted, so that one cause is one finding.
 * @param values at least `2 * shortest`, finite
 * @example isStep([1, 2, 1, 2, 9, 8, 9, 8], 3) // true
 */
export function isStep(values: readonly number[], shortest: number): boolean {
  return stepMisfit(values, shortest) < clearlyBetter * lineMisfit(values);
}

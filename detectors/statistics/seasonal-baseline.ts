import { median } from 'simple-statistics';

/** A value with its time in epoch seconds. */
export interface TimedValue {
  readonly time: number;
  readonly value: number;
}

export interface SeasonalBaseline {
  /** Expectation at a time; NaN for a time of day and day type never seen. */
  readonly at: (time: number) => number;
  /** Mean level of the last day, as a factor on the profile. */
  readonly level: number;
  /** Growth per day, as a share of the level. */
  readonly trend: number;
}

const DAY = 86_400;

/** Type of a day: 0 Monday to Friday, 1 Saturday, 2 Sunday; a calendar with holidays answers 2 for them. */
export function weekdayType(time: number): number {
  const weekday = (((Math.floor(time / DAY) + 3) % 7) + 7) % 7;
  return weekday < 5 ? 0 : weekday - 4;
}

const slotOf = (time: number, bucketSeconds: number, dayType: (time: number) => number): number =>
  dayType(time) * 100_000 + Math.floor((((time % DAY) + DAY) % DAY) / bucketSeconds);

/** Least-squares line through [day, value]. */
function lineOf(points: readonly (readonly [number, number])[]): { slope: number; at: (x: number) => number } {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let product = 0;
  let square = 0;
  for (const [x, y] of points) {
    product += (x - meanX) * (y - meanY);
    square += (x - meanX) ** 2;
  }
  const slope = square > 0 ? product / square : 0;
  return { slope, at: (x) => meanY + slope * (x - meanX) };
}

/**
 * # Seasonal baseline
 * What is usual at this time of day on this type of day, at today's level? The profile is the median of each time of day and day type over the history;
 * level and trend come from the daily medians of value / profile, so that one bad day bends neither. A day type without history borrows the working day's.
 *
 * Cost: O(n log n). Source: classical decomposition with medians (Cleveland et al., STL, 1990, keeps the same three parts).
 *
 * @param history in any order; values that are not finite are gaps
 * @param options `bucketSeconds` of the profile (900), `dayType` (working day, Saturday, Sunday in UTC)
 * @example
 * const history = Array.from({ length: 14 * 24 }, (_, hour) => ({ time: hour * 3600, value: hour % 24 < 12 ? 10 : 30 }));
 * seasonalBaseline(history, { bucketSeconds: 3600 }).at(15 * 86_400 + 13 * 3600); // => 30
 */
export function seasonalBaseline(
  history: readonly TimedValue[],
  options: { readonly bucketSeconds?: number; readonly dayType?: (time: number) => number } = {},
): SeasonalBaseline {
  const { bucketSeconds = 900, dayType = weekdayType } = options;
  const slots = new Map<number, number[]>();
  const finite = history.filter(({ time, value }) => Number.isFinite(time) && Number.isFinite(value));
  for (const { time, value } of finite) {
    const slot = slotOf(time, bucketSeconds, dayType);
    const values = slots.get(slot);
    if (values === undefined) slots.set(slot, [value]);
    else values.push(value);
  }
  const profile = new Map([...slots].map(([slot, values]) => [slot, median(values)]));
  const shape = (time: number): number =>
    profile.get(slotOf(time, bucketSeconds, dayType)) ?? profile.get(slotOf(time, bucketSeconds, () => 0)) ?? Number.NaN;

  const ratios = new Map<number, number[]>();
  for (const { time, value } of finite) {
    const expected = shape(time);
    if (!(Math.abs(expected) > 0)) continue;
    const day = Math.floor(time / DAY);
    const list = ratios.get(day);
    if (list === undefined) ratios.set(day, [value / expected]);
    else list.push(value / expected);
  }
  const days = [...ratios].map(([day, values]) => [day, median(values)] as const).sort((a, b) => a[0] - b[0]);
  if (days.length < 3) return { at: shape, level: 1, trend: 0 };
  const line = lineOf(days);
  const last = days[days.length - 1]![0];
  const level = line.at(last);
  return { at: (time) => shape(time) * line.at(Math.floor(time / DAY)), level, trend: level === 0 ? 0 : line.slope / level };
}

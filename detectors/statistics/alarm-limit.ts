/**
 * # Alarm limit
 * The p-value at which a team gets at most so many false alarms a day, however many series are judged however often. The false discovery rate does not
 * do that: in a quiet cycle any hit is false.
 *
 * Cost: O(1). Source: expected number of false alarms = series x looks x p.
 *
 * @param perDay false alarms a day, > 0
 * @param series number of series
 * @param looksPerDay how often each is judged; 1440 for every minute
 * @returns p, at most 1
 * @example
 * alarmLimit(50, 100_000, 1440); // => 3.472222222222222e-7
 */
export function alarmLimit(perDay: number, series: number, looksPerDay: number): number {
  const looks = series * looksPerDay;
  return looks > 0 ? Math.min(1, perDay / looks) : 1;
}

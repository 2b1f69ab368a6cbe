/** The hard alarm budget: the p below which one look at one series may alarm. */

/**
 * p* = B / (N M): with N series looked at M times a day and calibrated p values, B false alarms a day are expected. (Bonferroni on the
 * expectation; it holds whatever the dependence between series.) Within 0 to 1; 0 for no budget, 1 where there is nothing to spend it on.
 * @example hardLimit(50, 100_000, 1440) // 3.47222…e-7
 */
export function hardLimit(falseAlarmsPerDay: number, series: number, looksPerDay: number): number {
  if (!(falseAlarmsPerDay > 0)) return 0;
  const looks = series * looksPerDay;
  return looks > 0 ? Math.min(1, falseAlarmsPerDay / looks) : 1;
}

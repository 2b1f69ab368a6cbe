/** Evidence for a lasting fall and a lasting rise. */
export interface Cusum {
  readonly down: number;
  readonly up: number;
}

export const CUSUM_START: Cusum = { down: 0, up: 0 };

/**
 * # CUSUM
 * Adds up small deviations of one sign until they cannot be chance: a partner that lost a third of its calls is within its limits in every quarter of an
 * hour and far outside after ten. The allowance k is half the shift that is found fastest; a deviate counts for at most `most`, so that one wild bucket is
 * not taken for a lasting shift.
 *
 * Cost: O(1). Source: Page, Biometrika 41 (1954), 100-115.
 *
 * @param state result of the row before, `CUSUM_START` for the first
 * @param deviate standardised residual; NaN is a gap and changes nothing
 * @param allowance k > 0; 0.75
 * @param most cap of one deviate; 5
 * @example
 * cusum(cusum(CUSUM_START, -2), -2); // => { down: 2.5, up: 0 }
 */
export function cusum(state: Cusum, deviate: number, allowance = 0.75, most = 5): Cusum {
  if (Number.isNaN(deviate)) return state;
  const cut = Math.max(-most, Math.min(most, deviate));
  return { down: Math.max(0, state.down - cut - allowance), up: Math.max(0, state.up + cut - allowance) };
}

/**
 * # Run length of a CUSUM
 * Mean number of rows between false alarms of a one-sided CUSUM over independent normal deviates.
 *
 * Cost: O(1). Source: Siegmund, Sequential Analysis (1985), 2.5: (exp(2 k b) - 2 k b - 1) / (2 k^2) with b = limit + 1.166.
 *
 * @param limit h
 * @param allowance k > 0
 * @example
 * cusumRunLength(5, 0.5); // => 938.1…
 */
export function cusumRunLength(limit: number, allowance: number): number {
  const b = limit + 1.166;
  return (Math.exp(2 * allowance * b) - 2 * allowance * b - 1) / (2 * allowance * allowance);
}

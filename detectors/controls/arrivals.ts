/** Expected arrivals of a feed over a stretch of time, from its rate by hour of the week or one flat rate. */

const hourMs = 3_600_000;
const hoursOfWeek = 168;

/**
 * Sum of the rates over a half-open stretch, hours counted in parts; hour 0 of the week is Thursday 00:00 UTC (1970-01-01).
 * @param ratePerHour arrivals per hour for each of the 168 hours
 * @example expectedArrivals(() => 4, 0, 5_400_000) // 6
 */
export function expectedArrivals(ratePerHour: (hourOfWeek: number) => number, from: number, to: number): number {
  let sum = 0;
  let at = from;
  while (at < to && sum < 1e6) {
    const next = Math.min(to, (Math.floor(at / hourMs) + 1) * hourMs);
    sum += (ratePerHour(Math.floor(at / hourMs) % hoursOfWeek) * (next - at)) / hourMs;
    at = next;
  }
  return sum;
}

/**
 * Probability that a Poisson feed brings nothing where so much was expected: exp(-expected).
 * @example Number(silenceP(9.21).toFixed(6)) // 0.0001
 */
export function silenceP(expected: number): number {
  return Math.exp(-Math.max(0, expected));
}

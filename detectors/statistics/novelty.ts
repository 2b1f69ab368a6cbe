/**
 * # Novelty
 * How far does a value leave the range of everything seen before, measured in typical steps? What has happened before is not new: a nightly peak scores
 * once, then never again. The range counts a twentieth, so that a series that moves little inside a wide range is not shouted about.
 *
 * Cost: O(1). Source: record-breaking statistics; the n-th of n equal values is a record with probability 1 / n (Renyi, 1962).
 *
 * @param value the new value
 * @param lowest lowest value so far
 * @param highest highest value so far
 * @param step mean absolute difference of neighbouring values
 * @returns 0 inside the range, else the distance in units of (step + range / 20)
 * @example
 * novelty(13, 0, 10, 1); // => 2
 */
export function novelty(value: number, lowest: number, highest: number, step: number): number {
  const unit = step + 0.05 * (highest - lowest) + 1e-12;
  if (value > highest) return (value - highest) / unit;
  return value < lowest ? (lowest - value) / unit : 0;
}

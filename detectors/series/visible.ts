/** Blindness: the smallest drop of a series that would be seen within an hour. */
import { probit } from 'simple-statistics';
import { powerMargin } from '../budget/visible.ts';
import { incompleteGamma } from '../statistics/incomplete-gamma.ts';

const hourMs = 3_600_000;
/** The band is drawn where one channel reaches p = 10^-3, one-sided. */
const bandDeviate = 3.09;

/**
 * The deviate of the normal beyond which lies a tail of p; 0 from p = 0.5 on, infinite at 0. Begun with an approximation (below 1e-7 the
 * asymptotic series z^2 = -2 ln p - ln(-4 pi ln p)), then two steps of Newton on the logarithm of the tail.
 * @example deviateOf(0.001).toFixed(4) // '3.0902'
 */
export function deviateOf(p: number): number {
  if (!(p < 0.5)) return 0;
  if (p < 1e-300) return Number.POSITIVE_INFINITY;
  const l = -2 * Math.log(p);
  let z = p > 1e-7 ? probit(1 - p) : Math.sqrt(l - Math.log(2 * Math.PI * l) + (Math.log(2 * Math.PI * l) - 2) / l);
  for (let step = 0; step < 2; step++) {
    // One side of the normal is half an incomplete gamma function of shape 1/2.
    const tail = incompleteGamma(0.5, (z * z) / 2).upper / 2;
    const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
    z += (Math.log(tail / p) * tail) / density;
  }
  return z;
}

/** All series of a part share their limit, so its deviate is kept: finding it takes longer than all the rest. */
let known = { limit: 0, deviate: 0 };

/**
 * Share of the expected that must be missing for an hour to be seen with 90 % probability at the limit of the budget; null where not even
 * a full stop would be. The deviation of one bucket is that of the upper half of the band, as the lower one ends at zero.
 *
 * @param limit -log10 of the hard limit
 * @example visibleDrop({ expected: 100, upper: 130.9, bucketMs: 900_000, limit: 4.28 })?.toFixed(2) // '0.26'
 */
export function visibleDrop(of: { expected: number; upper: number; bucketMs: number; limit: number }): number | null {
  const { expected, upper, bucketMs, limit } = of;
  const deviation = (upper - expected) / bandDeviate;
  if (!(expected > 0) || !(deviation >= 0)) return null;
  if (known.limit !== limit) known = { limit, deviate: deviateOf(10 ** -limit) };
  const buckets = Math.max(1, hourMs / bucketMs);
  const drop = ((known.deviate + powerMargin) * deviation) / expected / Math.sqrt(buckets);
  return drop <= 1 ? drop : null;
}

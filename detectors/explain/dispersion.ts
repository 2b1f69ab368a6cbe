/** How much more the cells scatter than Poisson (or binomial) counts would: one factor for all cells. */
import type { Leaves } from './cells.ts';

/** A cell's part in the estimate: where it should be under the explanation found so far. */
export type Fitted = (leaf: number) => number;

/** The largest squared deviations left out of the first estimate, so that the effect itself does not count as scatter. */
const trimmedShare = 0.02;

/** More than this many leaves are thinned: the estimate's error is already far below what matters. */
const enoughLeaves = 20_000;

/**
 * phi = sum (O - m)^2 / sum v over the cells, v the Poisson (m) or binomial (m (1 - m/n)) variance, at least 1: the moment estimate of
 * McCullagh and Nelder 1989, section 6.2.4, in its ratio form, which cells with tiny expectations do not dominate. The cells with the
 * largest deviations for their variance are trimmed. 1 for fewer than 10 cells: too few to tell.
 */
export function estimateDispersion(leaves: Leaves, fitted: Fitted, trim = trimmedShare): number {
  const rows = leaves.observed.length;
  const step = Math.max(1, Math.floor(rows / enoughLeaves));
  const count = Math.ceil(rows / step);
  if (count < 10) return 1;
  const squares = new Float64Array(count);
  const variances = new Float64Array(count);
  const excess = new Float64Array(count);
  for (let i = 0, row = 0; i < count; i++, row += step) {
    const mean = fitted(row);
    const gap = leaves.observed[row]! - mean;
    squares[i] = gap * gap;
    variances[i] = leaves.trials ? mean * (1 - mean / leaves.trials[row]!) : mean;
    excess[i] = squares[i]! / Math.max(variances[i]!, 1);
  }
  const bar = Float64Array.from(excess).sort()[Math.min(count - 1, Math.floor(count * (1 - trim)))]!;
  let scatter = 0;
  let variance = 0;
  for (let i = 0; i < count; i++) {
    if (excess[i]! > bar) continue;
    scatter += squares[i]!;
    variance += variances[i]!;
  }
  return variance > 0 ? Math.max(1, scatter / variance) : 1;
}

/** Learning from people: verdicts on findings move a limit, within bounds. */

/** How many findings people marked, of one detector and scope. `useful` counts as true. */
export interface VerdictCounts {
  readonly true: number;
  readonly false: number;
}

/** Where the limit may go. Either end may be the larger number. */
export interface LearningBounds {
  /** Loosest permitted value: more findings. */
  readonly loose: number;
  /** Strictest permitted value: fewer findings. */
  readonly strict: number;
  /** Share of true findings aimed at. Default 0.6. */
  readonly precision?: number;
  /** Deviates of the normal by which the evidence must be clear. Default 1.2816 (90 % one-sided). */
  readonly confidence?: number;
}

/**
 * The limit after the verdicts. With k false of n, the limit moves towards `strict` by how far the Wilson lower bound of k/n lies above
 * the tolerated share of false findings (1 - precision), as a part of what lies above it; with the Wilson lower bound of the true share
 * above `precision`, towards `loose` likewise. The two never hold together, and in between nothing moves.
 *
 * A function of the configured limit and all verdicts that stand, never of an earlier result: so it is reversible (a verdict taken back
 * takes its effect back), independent of their order, monotone (a further false verdict never loosens, a further true one never
 * tightens) and it never leaves the bounds. A configured limit outside the bounds is first brought to the nearer bound. Counts that are not
 * finite or negative count as 0.
 *
 * @example learnLimit(6, { true: 0, false: 10 }, { loose: 5, strict: 9 }) // 8.29461…
 */
export function learnLimit(configured: number, verdicts: VerdictCounts, bounds: LearningBounds): number {
  const { loose, strict, precision = 0.6, confidence = 1.2816 } = bounds;
  const start = Math.min(Math.max(configured, Math.min(loose, strict)), Math.max(loose, strict));
  const hits = sound(verdicts.true);
  const misses = sound(verdicts.false);
  const tooMany = pressure(wilsonLower(misses, hits + misses, confidence), 1 - precision);
  if (tooMany > 0) return start + (strict - start) * tooMany;
  return start + (loose - start) * pressure(wilsonLower(hits, hits + misses, confidence), precision);
}

function sound(count: number): number {
  return Number.isFinite(count) && count > 0 ? count : 0;
}

/** Part of the room above the mark that the share has taken, 0 to 1. */
function pressure(share: number, mark: number): number {
  return mark < 1 ? Math.min(1, Math.max(0, (share - mark) / (1 - mark))) : 0;
}

/**
 * Lower end of the Wilson score interval (1927) of k out of n; 0 for n = 0.
 * @example wilsonLower(10, 10, 1.96) // 0.7224598312333834
 */
export function wilsonLower(k: number, n: number, z: number): number {
  if (!(n > 0)) return 0;
  const share = k / n;
  const centre = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return Math.max(0, (centre - half) / (1 + (z * z) / n));
}

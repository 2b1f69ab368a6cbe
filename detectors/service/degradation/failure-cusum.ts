/** A sequential test of failures: evidence is added up minute by minute until chance cannot explain it. */

/** One minute of one place. */
export interface Minute {
  /** Start, ms. */
  readonly at: number;
  readonly attempts: number;
  readonly failures: number;
  /** Failures that are usual for these attempts. */
  readonly expected: number;
}

export interface Evidence {
  readonly fires: boolean;
  /** Start of the minute with which the evidence began; NaN while it does not fire. */
  readonly since: number;
  /** Log-likelihood ratio, at most one and a half times the limit. */
  readonly score: number;
}

/** Shares of failures, beyond the usual, that are told apart from it: a part of the calls, half of them, nearly all. */
const alternatives = [0.15, 0.5, 0.85] as const;
/** Evidence is capped at so many times the limit, so that it ends some minutes after the fault. */
const most = 1.5;
/** The usual share is taken as so much larger: it moves by hour and day, and bursts are no fault. */
const allowance = { times: 1.5, points: 0.01 } as const;

/**
 * CUSUM of the log-likelihood ratio of binomial counts (Page, Biometrika 41 (1954), 100-115) for three sizes of fault. It fires when the sum of
 * any reaches `limit` and ends when all have fallen to half of it; each is capped at one and a half times the limit. Between false alarms lie, by Wald, at least about exp(t limit) / 3
 * minutes of one place, t > 0 being the root of E exp(t gain) = 1: 1 at the edge of the allowance, 1.23 or more where the share of failures is the usual one (0.5 to 10 %).
 * @param minutes in order of time
 * @example failureCusum([{ at: 0, attempts: 20, failures: 18, expected: 0.5 }], 16).fires // true
 */
export function failureCusum(minutes: readonly Minute[], limit: number): Evidence {
  const sums = alternatives.map(() => 0);
  const began = alternatives.map(() => Number.NaN);
  let fires = false;
  let since = Number.NaN;
  for (const { at, attempts, failures, expected } of minutes) {
    if (attempts <= 0) continue;
    const usual = Math.min(0.9, (allowance.times * expected) / attempts + allowance.points);
    alternatives.forEach((beyond, which) => {
      const wrong = Math.min(0.98, usual + beyond);
      const gain = failures * Math.log(wrong / usual) + (attempts - failures) * Math.log((1 - wrong) / (1 - usual));
      if (sums[which] === 0 && gain > 0) began[which] = at;
      sums[which] = Math.min(most * limit, Math.max(0, sums[which]! + gain));
    });
    const strongest = sums.indexOf(Math.max(...sums));
    if (!fires && sums[strongest]! >= limit) {
      fires = true;
      since = began[strongest]!;
    } else if (fires && Math.max(...sums) <= limit / 2) {
      fires = false;
    }
  }
  return { fires, since: fires ? since : Number.NaN, score: Math.max(...sums) };
}

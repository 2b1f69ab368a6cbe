/** What all peers do at the same time. */
export interface CommonMode {
  /** Weekday that today resembles, counted forward from today (1-6), or 0. */
  readonly likeDay: number;
  /** How much of that day's difference is seen, 0 to 1. */
  readonly share: number;
  /** Shift of all peers beyond that, as a share of their expectation. */
  readonly shift: number;
}

/** One peer at one time: expectation, value, deviation, then the change of the expectation if today were 1-6 weekdays later. */
export type PeerLook = ArrayLike<number>;

/** Squared residuals, in deviations, that an announced day is worth: so much must speak against it before half of its share is taken back. */
const ANNOUNCED = 30;
const NOTHING: CommonMode = { likeDay: 0, share: 0, shift: 0 };

/** Residuals and their fit to one weekday's difference, all standardised; residuals are cut three deviations beyond the difference. */
function fitOf(peers: readonly PeerLook[], day: number): { product: number; square: number } {
  let product = 0;
  let square = 0;
  for (const peer of peers) {
    const difference = peer[2 + day]! / peer[2]!;
    const residual = (peer[1]! - peer[0]!) / peer[2]!;
    const bound = Math.abs(difference) + 3;
    product += Math.max(-bound, Math.min(bound, residual)) * difference;
    square += difference * difference;
  }
  return { product, square };
}

/** The weekday whose difference explains most, by least squares. */
function likeliestDay(peers: readonly PeerLook[]): { likeDay: number; share: number; gain: number } {
  let best = { likeDay: 0, share: 0, gain: 0 };
  for (let day = 1; day < 7; day++) {
    const { product, square } = fitOf(peers, day);
    const gain = product > 0 ? (product * product) / square : 0;
    if (gain > best.gain) best = { likeDay: day, share: Math.min(1, product / square), gain };
  }
  return best;
}

/** The announced day with the share that peers see, or the likeliest day where it is believed. */
function dayOf(peers: readonly PeerLook[], gain: number, announced: number): { likeDay: number; share: number } {
  if (announced > 0) {
    const { product, square } = fitOf(peers, announced);
    return { likeDay: announced, share: Math.max(0, Math.min(1, (product + ANNOUNCED) / (square + ANNOUNCED))) };
  }
  const day = likeliestDay(peers);
  return day.gain > gain && day.share > 0.3 ? day : { likeDay: 0, share: 0 };
}

/**
 * # Common mode
 * What all peers do at once is nobody's own fault: a public holiday, a football final, a late collector. First it asks whether today behaves like another
 * day of the week, each series by its own difference of that day - a holiday halves the calls of an office and doubles those of a resort, and one median
 * over both would say that nothing happened. What is left in common is the median relative residual, taken where it is four times its standard error.
 *
 * Cost: O(peers log peers). Source: least squares with bounded residuals (Huber, 1981, 7); median of ratios.
 *
 * @param peers at least `fewest`, each with an expectation above 0 and a deviation above 0
 * @param fewest below this nothing is said
 * @param gain how much the squared residuals (in deviations) must fall before a day is believed
 * @param announced weekday (1-6, counted forward) that the calendar says today resembles: believed, the peers only refine its share; 0 for none
 * @example
 * commonMode(Array.from({ length: 9 }, () => [100, 80, 5, 0, 0, 0, 0, 0, 0])); // => { likeDay: 0, share: 0, shift: -0.2 }
 */
export function commonMode(peers: readonly PeerLook[], fewest = 8, gain = 30, announced = 0): CommonMode {
  const usable = peers.filter((peer) => peer[0]! > 0 && peer[2]! > 0 && Number.isFinite(peer[1]!));
  if (usable.length < fewest) return announced === 0 ? NOTHING : { likeDay: announced, share: 1, shift: 0 };
  const { likeDay, share } = dayOf(usable, gain, announced);
  const left = usable
    .map((peer) => (peer[1]! - peer[0]! - (likeDay > 0 ? share * peer[2 + likeDay]! : 0)) / peer[0]!)
    .sort((a, b) => a - b);
  const middle = left[left.length >> 1]!;
  const spread = (left[Math.floor(left.length * 0.75)]! - left[Math.floor(left.length * 0.25)]!) / 1.349;
  const error = (1.2533 * spread) / Math.sqrt(left.length);
  return { likeDay, share, shift: Math.abs(middle) < Math.max(0.01, 4 * error) ? 0 : middle };
}

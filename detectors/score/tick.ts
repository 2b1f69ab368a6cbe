import { type CommonMode, commonMode } from '../statistics/common-mode.ts';
import type { SeriesBank } from './bank.ts';
import { type ScoreSettings, SHIPPED } from './settings.ts';

/** Peers with a smaller transformed expectation (20 events) are noise to the common mode. */
const LEAST_EXPECTATION = 9;
/** More peers than this say nothing more: every k-th is asked. */
const MOST_PEERS = 2000;
/** How uncertain a common part is, as a share of itself: of the day's difference, of the shift. */
const DAY_UNCERTAINTY = 0.15;
const SHIFT_UNCERTAINTY = 0.3;

/** How uncertain an announced day is that no peers confirm: as a share of the day's difference, and of the expectation where no difference is known yet. */
const ANNOUNCED_UNCERTAINTY = 0.3;
const UNKNOWN_UNCERTAINTY = 0.1;

/** What the calendar says about a day. */
export interface TickHint {
  /** Weekday that today resembles, counted forward from today (1-6): a public holiday on a Wednesday is like the Sunday four days later. */
  readonly likeDay: number;
}

/** Scores one time of many series, see `createTick`. */
export type Tick = (time: number, indexes: ArrayLike<number>, values: ArrayLike<number>, hint?: TickHint) => CommonMode;

/**
 * # Tick
 * One time of many series that are peers (the same metric over partners, services, cells): what they all do together is taken out before each is judged.
 * First the common mode is found, from at most 2000 of them, then every series is pushed with its part of it. The results stand in the bank.
 *
 * A hint of the calendar holds for every series, also where there are too few peers, too young ones, or none that counts; then the day is less certain. Enough
 * peers say how much of the announced day is seen.
 *
 * Cost: a push for each series, and a look at most 2000 of them.
 *
 * @param bank peers share a bank; the indexes of one tick must differ
 * @returns a function of time, indexes, values (NaN for a gap) and hint that answers what was common
 * @throws RangeError where a hint's day is not a whole number from 1 to 6
 * @example
 * const tick = createTick(createSeriesBank(1));
 * tick(1_704_067_200, [0], [12], { likeDay: 6 }); // => { likeDay: 6, share: 1, shift: 0 }
 */
export function createTick(bank: SeriesBank, settings: ScoreSettings = SHIPPED): Tick {
  const peers: Float64Array[] = [];
  const pool: Float64Array[] = [];
  const whole = new Float64Array(9);
  /** Without the differences of the other days, which are the dear part. */
  const brief = new Float64Array(3);
  return (time, indexes, values, hint) => {
    const announced = hint === undefined ? 0 : hint.likeDay;
    if (hint !== undefined && !(Number.isInteger(announced) && announced >= 1 && announced <= 6))
      throw new RangeError(`tick: a hint's likeDay must be a whole number from 1 to 6, not ${announced}`);
    peers.length = 0;
    const stride = Math.ceil(indexes.length / MOST_PEERS);
    for (let i = 0; i < indexes.length; i += stride) {
      pool[peers.length] ??= new Float64Array(9);
      const peer = pool[peers.length]!;
      if (bank.look(indexes[i]!, time, values[i]!, peer) && peer[0]! > LEAST_EXPECTATION) peers.push(peer);
    }
    const common = commonMode(peers, settings.fewestPeers, undefined, announced);
    const look = common.likeDay > 0 ? whole : brief;
    const alone = common.likeDay === 0 && common.shift === 0;
    const dayUncertainty = peers.length < settings.fewestPeers ? ANNOUNCED_UNCERTAINTY : DAY_UNCERTAINTY;
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i]!;
      const value = values[i]!;
      if (!alone && bank.look(index, time, value, look)) {
        const byDay = common.likeDay > 0 ? common.share * look[2 + common.likeDay]! : 0;
        const byShift = common.shift * Math.abs(look[0]!);
        bank.push(index, time, value, byDay + byShift, Math.hypot(dayUncertainty * byDay, SHIFT_UNCERTAINTY * byShift), byShift);
      } else if (announced > 0) {
        const known = bank.dayDifference(index, time, announced);
        const byDay = Number.isNaN(known) ? 0 : common.share * known;
        const uncertainty = Number.isNaN(known) ? UNKNOWN_UNCERTAINTY * Math.abs(bank.usual(index, time)) : ANNOUNCED_UNCERTAINTY * byDay;
        bank.push(index, time, value, byDay, Number.isNaN(uncertainty) ? 0 : Math.abs(uncertainty));
      } else bank.push(index, time, value);
    }
    return common;
  };
}

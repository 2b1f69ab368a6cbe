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

/** Scores one time of many series, see `createTick`. */
export type Tick = (time: number, indexes: ArrayLike<number>, values: ArrayLike<number>) => CommonMode;

/**
 * # Tick
 * One time of many series that are peers (the same metric over partners, services, cells): what they all do together is taken out before each is judged.
 * First the common mode is found, from at most 2000 of them, then every series is pushed with its part of it. The results stand in the bank.
 *
 * Cost: a push for each series, and a look at most 2000 of them.
 *
 * @param bank peers share a bank; the indexes of one tick must differ
 * @returns a function of time, indexes and values (NaN for a gap) that answers what was common
 */
export function createTick(bank: SeriesBank, settings: ScoreSettings = SHIPPED): Tick {
  const peers: Float64Array[] = [];
  const pool: Float64Array[] = [];
  const look = new Float64Array(9);
  return (time, indexes, values) => {
    peers.length = 0;
    const stride = Math.ceil(indexes.length / MOST_PEERS);
    for (let i = 0; i < indexes.length; i += stride) {
      pool[peers.length] ??= new Float64Array(9);
      const peer = pool[peers.length]!;
      if (bank.look(indexes[i]!, time, values[i]!, peer) && peer[0]! > LEAST_EXPECTATION) peers.push(peer);
    }
    const common = commonMode(peers, settings.fewestPeers);
    const alone = common.likeDay === 0 && common.shift === 0;
    for (let i = 0; i < indexes.length; i++) {
      if (alone || !bank.look(indexes[i]!, time, values[i]!, look)) {
        bank.push(indexes[i]!, time, values[i]!);
        continue;
      }
      const byDay = common.likeDay > 0 ? common.share * look[2 + common.likeDay]! : 0;
      const byShift = common.shift * Math.abs(look[0]!);
      bank.push(indexes[i]!, time, values[i]!, byDay + byShift, Math.hypot(DAY_UNCERTAINTY * byDay, SHIFT_UNCERTAINTY * byShift), byShift);
    }
    return common;
  };
}

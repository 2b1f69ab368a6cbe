import { type CommonMode, commonMode } from '../statistics/common-mode.ts';
import type { SeriesBank } from './bank.ts';
import { type ScoreSettings, SHIPPED } from './settings.ts';

/** Peers with a smaller transformed expectation (20 events) are noise to the common mode. */
const LEAST_EXPECTATION = 9;
/** How uncertain a common part is, as a share of itself: of the day's difference, of the shift. */
const DAY_UNCERTAINTY = 0.15;
const SHIFT_UNCERTAINTY = 0.3;

/** Scores one time of many series, see `createTick`. */
export type Tick = (time: number, indexes: ArrayLike<number>, values: ArrayLike<number>) => CommonMode;

/**
 * # Tick
 * One time of many series that are peers (the same metric over partners, services, cells): what they all do together is taken out before each is judged.
 * Two passes: every series is looked at, the common mode is found, then every series is pushed with its part of it. The results stand in the bank.
 *
 * Cost: a push and about 0.1 microsecond more for each series.
 *
 * @param bank peers share a bank; the indexes of one tick must differ
 * @returns a function of time, indexes and values (NaN for a gap) that answers what was common
 */
export function createTick(bank: SeriesBank, settings: ScoreSettings = SHIPPED): Tick {
  const looks = Array.from({ length: bank.size }, () => new Float64Array(9));
  const seen = new Uint8Array(bank.size);
  const peers: Float64Array[] = [];
  return (time, indexes, values) => {
    peers.length = 0;
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i]!;
      const look = looks[index]!;
      seen[index] = bank.look(index, time, values[i]!, look) ? 1 : 0;
      if (seen[index] === 1 && look[0]! > LEAST_EXPECTATION) peers.push(look);
    }
    const common = commonMode(peers, settings.fewestPeers);
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i]!;
      if (seen[index] === 0) {
        bank.push(index, time, values[i]!);
        continue;
      }
      const look = looks[index]!;
      const byDay = common.likeDay > 0 ? common.share * look[2 + common.likeDay]! : 0;
      const byShift = common.shift * Math.abs(look[0]!);
      bank.push(index, time, values[i]!, byDay + byShift, Math.hypot(DAY_UNCERTAINTY * byDay, SHIFT_UNCERTAINTY * byShift), byShift);
    }
    return common;
  };
}

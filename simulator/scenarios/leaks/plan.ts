/** Which leaks stand when: a schedule drawn by a seed in which none hides another. */
import { day, hour, minute } from '../../instant.ts';
import { type Draws, draws, integer, keyOf, uniform } from '../../random.ts';
import type { Scenario } from '../../scenario.ts';
import { offsetAt, type World } from '../../world.ts';
import { leakTypes } from './index.ts';
import type { LeakType, Site } from './leak.ts';
import { spanKey } from './onset.ts';

export interface LeakOptions {
  readonly seed: number;
  /** Event time in which leaks may stand, ms, half-open. Leave two weeks of history before it. */
  readonly from: number;
  readonly to: number;
  /** Controls whose leaks are planted. Default: all. */
  readonly controls?: readonly string[];
  /** Most leaks. Default: as many as fit. */
  readonly most?: number;
  /** Magnitude as a share of the cell's daily revenue, drawn log-uniformly. Default: 0.002 to 0.2. */
  readonly share?: readonly [number, number];
}

/** Time between two leaks that disturb the same. */
const gap = day / 2;

/**
 * Plants leaks of all types in turn until no more fit: each starts in a busy hour and has its lanes for itself, half a day before and after it included.
 * The same options give the same leaks.
 * @example leakScenarios(createWorld({ subscribers: 50 }), { seed: 1, from: 0, to: 864e5, most: 1 }).length // 1
 */
export function leakScenarios(world: World, options: LeakOptions): Scenario[] {
  const { seed, from, to, controls, most = Number.POSITIVE_INFINITY } = options;
  const lots = draws(keyOf(seed, 0x504c414e));
  const types = leakTypes.filter(({ control }) => controls === undefined || controls.includes(control));
  const taken = new Map<string, { readonly from: number; readonly to: number }[]>();
  const free = (lane: string, start: number, end: number): boolean =>
    (taken.get(lane) ?? []).every((each) => end + gap <= each.from || start >= each.to + gap);
  const sites: { readonly type: LeakType; readonly site: Site }[] = [];
  for (let round = 0, planted = -1; planted < sites.length && sites.length < most; round++) {
    planted = sites.length;
    shuffled(types, lots).forEach((type, place) => {
      if (sites.length >= most) return;
      const key = spanKey(seed, round, place);
      const onset = type.onsets[integer(lots, type.onsets.length)]!;
      const [low, high] = options.share ?? [0.002, 0.2];
      const share = low * (high / low) ** uniform(lots);
      const length = Math.min(type.lasts * (onset === 'drift' || onset === 'intermittent' ? 2 : 1), to - from);
      const lanes = type.lanes({ key });
      const start = shuffled(starts(world, from, to - length, lots), lots).find((at) => lanes.every((lane) => free(lane, at, at + length)));
      if (start === undefined) return;
      for (const lane of lanes) taken.set(lane, [...(taken.get(lane) ?? []), { from: start, to: start + length }]);
      sites.push({ type, site: { world, key, from: start, to: start + length, onset, share } });
    });
  }
  return sites.sort((a, b) => a.site.from - b.site.from).map(({ type, site }) => type.plant(site));
}

/** One instant each day, in the busy hours of the place; the first instant where nothing else fits. */
function starts(world: World, from: number, last: number, lots: Draws): number[] {
  const found: number[] = [];
  for (let midnight = Math.floor(from / day) * day; midnight <= last; midnight += day) {
    const at = midnight - offsetAt(world, midnight) * minute + 9 * hour + integer(lots, 7) * hour;
    if (at >= from && at <= last) found.push(at);
  }
  return found.length > 0 ? found : last >= from ? [from] : [];
}

function shuffled<T>(list: readonly T[], lots: Draws): T[] {
  const found = [...list];
  for (let i = found.length - 1; i > 0; i--) {
    const j = integer(lots, i + 1);
    [found[i], found[j]] = [found[j]!, found[i]!];
  }
  return found;
}

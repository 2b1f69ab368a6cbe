/** Clocks and counters that are wrong (S20). */
import type { UsageEvent } from '../../event.ts';
import { chargeable, feedsOf } from '../../feeds.ts';
import { day, hour, minute } from '../../instant.ts';
import { priceOf } from '../../plans.ts';
import { localDay } from '../../rhythm.ts';
import type { Onset, Scenario } from '../../scenario.ts';
import { offsetAt } from '../../world.ts';
import { tally } from '../tally.ts';
import { chanceFor, recordsSpoilt, type Words } from './chance.ts';
import { onService } from './lanes.ts';
import { type LeakType, lasting, oneOf, planOf, type Site, typeOf } from './leak.ts';
import { intensity } from './onset.ts';

const clocks = ['msc-1', 'msc-2', 'smsc', 'pgw'] as const;

/** A node whose clock is wrong. The money is that of the records which it moves to another day. @param offset ms at an instant. */
function clockOff(site: Site, leak: string, summary: (node: string) => string, offset: (at: number) => number): Scenario {
  const feed = oneOf(site, clocks);
  const { node } = feedsOf(site.world).find((each) => each.feed === feed)!;
  const value = -offset(site.to - 1);
  const count = tally(
    planOf(
      site,
      'S20',
      leak,
      { leg: 'switch', source: feed, node, check: 'offset' },
      {
        class: 'risk',
        share: 0,
        also: ['S08'],
        ...(Math.abs(value) > minute ? { cause: { pattern: 'start_offset', value, dimensions: { node } } as const } : {}),
      },
    ),
  );
  return {
    name: leak,
    summary: summary(node),
    inject: {
      feeds: [feed],
      record(draft, _, world) {
        const { event } = draft;
        const off = offset(event.start);
        if (off === 0) return;
        draft.clockMs += off;
        const of = (at: number): number => localDay(at, offsetAt(world, at));
        count.record(of(event.start) === of(event.start + off) ? 0 : draft.value);
      },
    },
    truth: count.truth,
  };
}

/** Seconds a day, from 3 at the smallest planned share to 40 at the largest. */
function clockDrifts(site: Site): Scenario {
  const perDay = Math.min(40, Math.max(3, 3 * (site.share / 0.002) ** 0.56)) * 1000;
  return clockOff(
    site,
    'clock-drifts',
    (node) => `The clock of ${node} gains ${Math.round(perDay / 100) / 10} s a day.`,
    (at) => (at < site.from || at >= site.to ? 0 : Math.round((perDay * (at - site.from)) / day)),
  );
}

function wrongZone(site: Site): Scenario {
  const off = oneOf(site, [hour, -hour, 30 * minute, -2 * hour], 2);
  return clockOff(
    site,
    'wrong-time-zone',
    (node) => `${node} writes times that are ${off / minute} minutes off.`,
    (at) => (intensity(site, at) > 0 ? off : 0),
  );
}

const talkOf = ({ answer, end }: UsageEvent): number => end - answer;
const calls = (event: UsageEvent): boolean => chargeable(event) && event.service === 'voice' && event.rate.perUnit > 0;

/** Calls of an impossible length. @param length ms that rating states instead. */
function impossible(
  site: Site,
  leak: string,
  summary: string,
  length: (event: UsageEvent) => number,
  charged: (event: UsageEvent) => number,
): Scenario {
  const about = (event: UsageEvent): boolean => calls(event) && talkOf(event) > 2 * minute;
  const words: Words = {
    control: 'S20',
    leak,
    scope: { leg: 'rating', node: 'billing-1', check: 'duration' },
    summary,
    about,
    chance: chanceFor(site, calls, (event) => (about(event) ? charged(event) - event.charge : 0)),
    more: { class: 'over_charge', also: ['S07', 'S08', 'S14'] },
  };
  return recordsSpoilt(site, words, ['rating'], (draft) => {
    const before = draft.charge;
    draft.durationMs = length(draft.event);
    draft.billableMs = draft.durationMs;
    draft.charge = charged(draft.event);
    return draft.charge - before;
  });
}

/** A counter that ran below zero, as unsigned milliseconds over sixty: 71,582,788 s. The engine charges an hour, its longest call. */
const ranOver = 71_582_788_000;

const once: readonly Onset[] = ['step', 'intermittent'];
const onClock: LeakType['lanes'] = (site) => [oneOf(site, clocks)];
const onRating = onService('voice');

export const clockLeaks: readonly LeakType[] = [
  typeOf('S20', 'clock-drifts', 4, ['step'], clockDrifts, onClock),
  typeOf('S20', 'wrong-time-zone', 1, once, wrongZone, onClock),
  typeOf(
    'S20',
    'counter-ran-over',
    1,
    lasting,
    (site) =>
      impossible(
        site,
        'counter-ran-over',
        'A counter runs over: calls of two years, charged as an hour.',
        () => ranOver,
        (event) => Math.max(event.charge, priceOf(event.rate, hour)),
      ),
    onRating,
  ),
  typeOf(
    'S20',
    'stops-late',
    1,
    lasting,
    (site) =>
      impossible(
        site,
        'stops-late',
        'Stops come late: calls are charged at three times their length.',
        (event) => Math.ceil((3 * talkOf(event)) / 1000) * 1000,
        (event) => priceOf(event.rate, 3 * talkOf(event)),
      ),
    onRating,
  ),
];

/** Usage that nobody's subscription pays for: test SIMs, ended, suspended and unknown subscriptions (S16). */
import type { UsageEvent } from '../../event.ts';
import { chargeable } from '../../feeds.ts';
import { hour } from '../../instant.ts';
import { homeNumber, imeiOf, imsiOf } from '../../numbers.ts';
import { accountOf, changesOf } from '../../office/subscriptions.ts';
import type { Scenario } from '../../scenario.ts';
import type { Subscriber } from '../../world.ts';
import { type Tally, tally } from '../tally.ts';
import { dailyWorth, dayOf, type LeakType, oneOf, planOf, type Site, typeOf } from './leak.ts';
import { chosen, moment, shapes, statements, type Wrong } from './wrongs.ts';

/** Records by which a leak of usage is counted: those of rating, from an hour after the state changed. */
function usageTruth(count: Tally, since: ReadonlyMap<number, number>, to: number) {
  return (event: UsageEvent): void => {
    const at = since.get(event.subscriber.index);
    if (at !== undefined && event.start >= at + hour && event.start < to) count.record(event.charge);
  };
}

/** Subscribers who go on using the network in a state in which nobody bills them. */
function usedInState(site: Site, leak: string, status: string, summary: string): Scenario {
  const charges = new Map<number, number>();
  const { events, scale } = dayOf(site.world, site.from);
  for (const event of events) charges.set(event.subscriber.index, (charges.get(event.subscriber.index) ?? 0) + event.charge * scale);
  const goal = site.share * dailyWorth(site.world, site.from, chargeable);
  const some = chosen(site, site.world.subscriberList, ({ index }) => charges.get(index) ?? 0, goal);
  const wrong = some.map((who, place): Wrong => ({ who, at: moment(site, place) }));
  const since = new Map(wrong.map(({ who, at }) => [who.index, at]));
  const unbilled = new Set(some.map(({ index }) => accountOf(index)));
  const count = tally(planOf(site, 'S16', leak, { leg: 'rating', check: status }, { also: ['N02'] }));
  const used = usageTruth(count, since, site.to);
  return {
    name: leak,
    summary,
    inject: {
      feeds: ['rating'],
      record: ({ event }) => used(event),
      rows(rows, feed, from, to) {
        for (const system of ['hlr', 'billing'] as const)
          if (feed === changesOf(system)) return [...rows, ...statements(system, wrong, site, from, to, () => ({ status }))];
        const bills = (feed === 'invoices' || feed === 'invoice-lines') && to > site.from && from < site.to;
        return bills ? rows.filter((row) => !unbilled.has(`${row['account_number']}`)) : rows;
      },
    },
    truth: count.truth,
  };
}

/** Somebody whom no system knows. */
function ghost(index: number, like: Subscriber): Subscriber {
  const number = 8_000_000 + index;
  return { ...like, index: number, number: homeNumber(number), imsi: imsiOf(number), imei: imeiOf(like.tac, number) };
}

/** Numbers and IMSIs that were used again before anybody loaded them: usage of people whom no system names. */
function unknownSubscribers(site: Site): Scenario {
  const charges = new Map<number, number>();
  const { events, scale } = dayOf(site.world, site.from);
  for (const event of events) charges.set(event.subscriber.index, (charges.get(event.subscriber.index) ?? 0) + event.charge * scale);
  const goal = site.share * dailyWorth(site.world, site.from, chargeable);
  const some = chosen(site, site.world.subscriberList, ({ index }) => charges.get(index) ?? 0, goal);
  const since = new Map(some.map(({ index }, place) => [index, moment(site, place)]));
  const ghosts = new Map(some.map((one) => [one.index, ghost(one.index, one)]));
  const count = tally(planOf(site, 'S16', 'unknown-subscribers', { leg: 'rating', check: 'unknown' }, { also: ['N02'] }));
  return {
    name: 'unknown-subscribers',
    summary: 'Subscribers whom no system names use the network.',
    inject: {
      alter(event) {
        const at = since.get(event.subscriber.index);
        if (at === undefined || event.start < at || event.start >= site.to) return event;
        return { ...event, subscriber: ghosts.get(event.subscriber.index)! };
      },
      feeds: ['rating'],
      record({ event }) {
        const { index } = event.subscriber;
        if (index >= 8_000_000 && ghosts.has(index - 8_000_000) && event.start >= site.from && event.start < site.to)
          count.record(event.charge);
      },
    },
    truth: count.truth,
  };
}

/** Usage of people is no lane of feeds: a few people each, other ones each time. */
const people: LeakType['lanes'] = (site) => [`people-${oneOf(site, [1, 2, 3])}`];

export const orphanLeaks: readonly LeakType[] = [
  typeOf(
    'S16',
    'test-sims-in-use',
    3,
    shapes,
    (site) => usedInState(site, 'test-sims-in-use', 'test', 'SIMs that are marked as tests are in normal use.'),
    people,
  ),
  typeOf(
    'S16',
    'usage-after-end',
    3,
    shapes,
    (site) => usedInState(site, 'usage-after-end', 'ceased', 'Subscriptions that have ended are still in use.'),
    people,
  ),
  typeOf(
    'S16',
    'usage-while-suspended',
    3,
    shapes,
    (site) => usedInState(site, 'usage-while-suspended', 'suspended', 'Suspended subscriptions are still in use.'),
    people,
  ),
  typeOf('S16', 'unknown-subscribers', 3, shapes, unknownSubscribers, people),
];

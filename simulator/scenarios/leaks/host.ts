/** Leaks between an MVNO and its host: usage that only the host knows, charged twice, rounded, forgotten (S09, N06). */
import type { UsageEvent } from '../../event.ts';
import { chargeable } from '../../feeds.ts';
import { hour, minute } from '../../instant.ts';
import { homeNumber, imeiOf, imsiOf } from '../../numbers.ts';
import { plans, priceOf, wholesale } from '../../plans.ts';
import { draws, integer, keyOf, mix, poisson } from '../../random.ts';
import { rhythm } from '../../rhythm.ts';
import type { Scenario, Truth } from '../../scenario.ts';
import { offsetAt, type Subscriber, type World } from '../../world.ts';
import { tally } from '../tally.ts';
import { chanceFor, recordsSpoilt, type Words } from './chance.ts';
import { dayOf, type LeakType, lasting, oneOf, planOf, type Site, typeOf } from './leak.ts';
import { madeBy, madeSession } from './made.ts';
import { intensity, spanKey } from './onset.ts';

const feed = 'host-wholesale';
const scope = { partner: 'host-mno', source: feed };
/** What the host does with calls, and what with data; a delay of its feed disturbs both. */
const onVoice = () => [`${feed}/voice`];
const onData = () => [`${feed}/data`];
const hostServices = ['voice', 'data'] as const;
const hostService = (site: Pick<Site, 'key'>) => oneOf(site, hostServices, 4);
const onEither: LeakType['lanes'] = (site) => [`${feed}/${hostService(site)}`];
const cost = ({ wholesaleCharge }: UsageEvent): number => wholesaleCharge;

/** Micro-units a day that the host charges. */
function dailyCost({ world, from }: Site): number {
  const { events, scale } = dayOf(world, from);
  return events.reduce((sum, event) => sum + (chargeable(event) ? event.wholesaleCharge : 0), 0) * scale;
}

/** A data session that the host alone writes down. */
function hostSession(site: Site, subscriber: Subscriber, hourStart: number, number: number): UsageEvent {
  const lots = draws(keyOf(site.key, number, Math.floor(hourStart / hour)));
  const start = hourStart + integer(lots, hour);
  const cell = site.world.cellList[integer(lots, site.world.cellList.length)];
  const length = minute + integer(lots, 20 * minute);
  return {
    ...madeSession({ key: site.key, lots, subscriber, start, cell }, length, 500_000 + integer(lots, 12_000_000)),
    charge: 0,
    only: feed,
  };
}

/** Mean charge of such a session, micro-units. */
const sessionCost = 5_600;

/** Sessions that the host charges and nobody else has. @param who makes them. */
function strangers(
  site: Site,
  leak: string,
  summary: string,
  who: (lots: ReturnType<typeof draws>) => Subscriber,
  also: readonly string[],
): Scenario {
  const count = tally(planOf(site, 'S09', leak, scope, { also }));
  const perHour = (site.share * dailyCost(site)) / sessionCost / 24;
  const { world } = site;
  return {
    name: leak,
    summary,
    inject: {
      feeds: [feed],
      extra(start) {
        const strength = intensity(site, start);
        if (strength === 0) return [];
        const lots = draws(keyOf(site.key, 0x484f53, Math.floor(start / hour)));
        const busy = rhythm(world.seed, 'data', start, offsetAt(world, start), world.backOffice);
        const many = poisson(lots, perHour * strength * busy);
        return Array.from({ length: many }, (_, n) => hostSession(site, who(lots), start, n)).filter((event) => event.start < site.to);
      },
      record({ event, wholesaleCharge }) {
        if (madeBy(event, site.key)) count.record(wholesaleCharge);
      },
    },
    truth: count.truth,
  };
}

/** Changes what the host states. @param act returns micro-units of wholesale charge. */
function hostRecords(
  site: Site,
  leak: string,
  summary: string,
  about: (event: UsageEvent) => boolean,
  chance: number,
  act: Parameters<typeof recordsSpoilt>[3],
  more: Words['more'],
  control = 'S09',
): Scenario {
  return recordsSpoilt(site, { control, leak, scope, summary, about, chance, ...(more ? { more } : {}) }, [feed], act);
}

/** Charged usage of the service that the site takes. */
const ofService =
  (site: Site) =>
  (event: UsageEvent): boolean =>
    chargeable(event) && event.service === hostService(site);

const hostTwice = (site: Site): Scenario =>
  hostRecords(
    site,
    'host-charges-twice',
    'The host charges the same usage twice.',
    ofService(site),
    site.share,
    (draft) => {
      draft.copies = 2;
      return draft.wholesaleCharge;
    },
    { also: ['S10'] },
  );

const hostForgets = (site: Site): Scenario =>
  hostRecords(
    site,
    'host-forgets',
    'The host forgets usage, and may charge it later.',
    ofService(site),
    site.share,
    (draft) => {
      draft.copies = 0;
      return draft.wholesaleCharge;
    },
    { class: 'risk' },
  );

/** The host counts volume in thousands where a kibibyte was agreed. */
function hostCountsMore(site: Site): Scenario {
  const factor = 1.1;
  const data = ({ service }: UsageEvent): boolean => service === 'data';
  const more = ({ octetsUp, octetsDown, zone, wholesaleCharge }: UsageEvent): number =>
    priceOf(wholesale.data[zone], Math.round((octetsUp + octetsDown) * factor)) - wholesaleCharge;
  return hostRecords(
    site,
    'host-counts-more',
    `The host counts ${factor} times the volume.`,
    data,
    chanceFor(site, data, more, cost),
    (draft) => {
      const before = draft.wholesaleCharge;
      draft.octetsUp = Math.round(Number(draft.octetsUp) * factor);
      draft.octetsDown = Math.round(Number(draft.octetsDown) * factor);
      draft.wholesaleCharge = priceOf(wholesale.data[draft.event.zone], draft.octetsUp + draft.octetsDown);
      return draft.wholesaleCharge - before;
    },
    { cause: { pattern: 'ratio', value: factor, dimensions: {} } },
  );
}

/** The host goes on with the old rate, a quarter dearer, for some of the usage. */
const oldRate = (site: Site): Scenario =>
  hostRecords(
    site,
    'host-old-rate',
    'The host charges the old rate, a quarter more than agreed.',
    ofService(site),
    Math.min(0.95, site.share * 4),
    (draft) => {
      const more = Math.round(draft.wholesaleCharge / 4);
      draft.wholesaleCharge += more;
      return more;
    },
    { also: ['S14'] },
  );

/** The host charges calls by a coarser increment than was agreed: all of them. */
function hostRounds(site: Site, leak: string, seconds: number, following: number): Scenario {
  const rounded = (ms: number): number => Math.max(seconds, seconds + Math.ceil((ms / 1000 - seconds) / following) * following) * 1000;
  const cause: Truth['cause'] = { pattern: 'rounding', value: following, dimensions: {} };
  return hostRecords(
    site,
    leak,
    `The host charges calls ${seconds}/${following} where 1/1 was agreed.`,
    ({ service }) => service === 'voice',
    1,
    (draft) => {
      const before = draft.wholesaleCharge;
      draft.billableMs = rounded(draft.billableMs);
      draft.durationMs = draft.billableMs;
      draft.wholesaleCharge = priceOf(wholesale.voice[draft.event.zone], draft.billableMs);
      return draft.wholesaleCharge - before;
    },
    { also: ['S09'], share: 0, cause },
    'N06',
  );
}

/** Subscribers of another operator on the same host. */
function stranger(world: World, lots: ReturnType<typeof draws>): Subscriber {
  const index = 7_000_000 + integer(lots, 400);
  const [plan, home] = [plans[0]!, world.cellList[0]!];
  const perHour = { voice: 0, sms: 0, data: 0 };
  const imei = imeiOf('00100101', index);
  return { index, number: homeNumber(index), imsi: imsiOf(index), imei, tac: '00100101', plan, home, perHour, key: mix(index) };
}

const rounds = (leak: string, seconds: number, following: number): LeakType =>
  typeOf('N06', leak, 2, ['step'], (site) => hostRounds(site, leak, seconds, following), onVoice);

export const hostLeaks: readonly LeakType[] = [
  typeOf(
    'S09',
    'host-bills-strangers',
    2,
    lasting,
    (site) =>
      strangers(
        site,
        'host-bills-strangers',
        'The host charges usage of subscribers of another operator.',
        (lots) => stranger(site.world, lots),
        ['S16'],
      ),
    onData,
  ),
  typeOf(
    'S09',
    'sims-hang',
    2,
    lasting,
    (site) => {
      const { subscriberList } = site.world;
      const hanging = Array.from({ length: 12 }, (_, n) => subscriberList[spanKey(site.key, n, 1) % subscriberList.length]!);
      return strangers(
        site,
        'sims-hang',
        'A dozen SIMs hang: the host charges sessions that we never saw.',
        (lots) => hanging[integer(lots, 12)]!,
        [],
      );
    },
    onData,
  ),
  typeOf('S09', 'host-charges-twice', 2, lasting, hostTwice, onEither),
  typeOf('S09', 'host-counts-more', 2, lasting, hostCountsMore, onData),
  typeOf('S09', 'host-old-rate', 2, lasting, oldRate, onEither),
  typeOf('S09', 'host-forgets', 2, lasting, hostForgets, onEither),
  rounds('host-rounds-to-minutes', 60, 60),
  rounds('host-rounds-half-minutes', 30, 30),
  rounds('host-rounds-six-seconds', 6, 6),
];

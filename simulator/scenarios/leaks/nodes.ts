/** Records and parts of sessions that are lost in a node of the network (S04, S05). */
import type { UsageEvent } from '../../event.ts';
import { partsOf } from '../../feed.ts';
import { feedsOf } from '../../feeds.ts';
import { hour, minute, second } from '../../instant.ts';
import { priceOf } from '../../plans.ts';
import { mix } from '../../random.ts';
import type { Scenario } from '../../scenario.ts';
import { tally } from '../tally.ts';
import { chanceFor } from './chance.ts';
import { type LeakType, lasting, oneOf, planOf, type Site, typeOf } from './leak.ts';
import { takes } from './onset.ts';
import { nodeOf } from './places.ts';

const switches = ['msc-1', 'msc-2', 'smsc', 'pgw'] as const;
const nodes: Readonly<Record<(typeof switches)[number], string>> = { 'msc-1': 'msc-1', 'msc-2': 'msc-2', smsc: 'smsc-1', pgw: 'pgw-1' };

/** Records that a node numbered and lost: nothing behind it ever sees them. @param gone by the event alone. */
function lostInNode(site: Site, leak: string, summary: (node: string) => string, gone: (event: UsageEvent) => boolean): Scenario {
  const feed = oneOf(site, switches);
  const node = nodes[feed];
  const lost = (event: UsageEvent): boolean => nodeOf(event) === node && event.start >= site.from && event.start < site.to && gone(event);
  const count = tally(planOf(site, 'S04', leak, { leg: 'switch', source: feed, node }, { also: ['S09'] }));
  return {
    name: leak,
    summary: summary(node),
    inject: {
      feeds: [feed],
      record(draft) {
        if (!lost(draft.event)) return;
        draft.copies = 0;
        count.record(draft.value);
      },
      stage: (event, stage) => (stage === 'mediation' && lost(event) ? 'unseen' : undefined),
    },
    truth: count.truth,
  };
}

const messagesLost = (site: Site): Scenario =>
  lostInNode(
    site,
    'charging-messages-lost',
    (node) => `Charging messages of ${node} are lost one by one.`,
    ({ lot, start }) => takes(site, site.share, lot, start),
  );

/** All that is closed in the same half minute is lost together. */
const bufferOverflow = (site: Site): Scenario =>
  lostInNode(
    site,
    'buffer-overflow',
    (node) => `The buffer of ${node} runs over, for half minutes at a time.`,
    ({ closedAt, start }) => takes(site, site.share, mix(Math.floor(closedAt / (30 * second))), start),
  );

/** Records from some cells match a filter that was meant for others. */
const filterInNode = (site: Site): Scenario =>
  lostInNode(
    site,
    'cells-filtered',
    (node) => `A filter in ${node} takes the records of some cells.`,
    ({ cell, start }) => (cell === undefined ? false : takes(site, site.share, mix(Number(cell.cell.slice(-4))), start)),
  );

/** Parts of data sessions that are lost: mediation and rating know the rest alone. @param which part of a chain of several, from 0. */
function partsLost(
  site: Site,
  leak: string,
  summary: string,
  check: 'hole' | 'unclosed',
  which: (event: UsageEvent, part: number, parts: number) => boolean,
): Scenario {
  const { cutMs } = feedsOf(site.world).find(({ feed }) => feed === 'pgw')!;
  const chance = chanceFor(
    site,
    ({ service }) => service === 'data',
    (event) => {
      const parts = partsOf(event, cutMs);
      let lost = 0;
      for (let part = 0; parts > 1 && part < parts; part++) if (which(event, part, parts)) lost += shareOf(event, part, parts, cutMs);
      return lost * event.charge;
    },
  );
  const gone = (event: UsageEvent, part: number, parts: number): boolean =>
    parts > 1 && which(event, part, parts) && takes(site, chance, event.lot, event.start);
  const count = tally(
    planOf(site, 'S05', leak, { leg: 'switch', source: 'pgw', node: 'pgw-1', service: 'data', check }, { also: ['S04', 'S09'] }),
  );
  return {
    name: leak,
    summary,
    inject: {
      feeds: ['pgw', 'mediation', 'rating'],
      record(draft, { feed }) {
        const { event } = draft;
        const parts = partsOf(event, cutMs);
        if (parts < 2) return;
        if (feed === 'pgw') {
          if (!gone(event, draft.partial - 1, parts)) return;
          draft.copies = 0;
          count.record(0);
          return;
        }
        let left = 1;
        for (let part = 0; part < parts; part++) if (gone(event, part, parts)) left -= shareOf(event, part, parts, cutMs);
        if (left === 1) return;
        draft.octetsUp = Math.round(event.octetsUp * left);
        draft.octetsDown = Math.round(event.octetsDown * left);
        if (feed !== 'rating') return;
        draft.charge = priceOf(event.rate, draft.octetsUp + draft.octetsDown);
        count.money(event.charge - draft.charge);
      },
    },
    truth: count.truth,
  };
}

/** Part of the time, and so of the volume, that one part of a session has. */
function shareOf(event: UsageEvent, part: number, parts: number, cutMs: number): number {
  const length = event.end - event.start;
  return (part + 1 < parts ? cutMs : length - (parts - 1) * cutMs) / length;
}

const onSwitch: LeakType['lanes'] = (site) => [oneOf(site, switches)];

export const nodeLeaks: readonly LeakType[] = [
  typeOf('S04', 'charging-messages-lost', 1, lasting, messagesLost, onSwitch),
  typeOf('S04', 'buffer-overflow', 1, lasting, bufferOverflow, onSwitch),
  typeOf('S04', 'cells-filtered', 1, ['step', 'intermittent'], filterInNode, onSwitch),
  typeOf(
    'S05',
    'first-parts-lost',
    2,
    lasting,
    (site) => partsLost(site, 'first-parts-lost', 'The first parts of long data sessions are lost.', 'hole', (_, part) => part === 0),
    () => ['pgw'],
  ),
  typeOf(
    'S05',
    'ends-lost',
    2,
    lasting,
    (site) => partsLost(site, 'ends-lost', 'The ends of long data sessions are lost.', 'unclosed', (_, part, parts) => part === parts - 1),
    () => ['pgw'],
  ),
  typeOf(
    'S05',
    'parts-lost-by-restart',
    2,
    ['step', 'intermittent'],
    (site) =>
      partsLost(
        site,
        'parts-lost-by-restart',
        'Each restart of the gateway loses the parts it was writing.',
        'hole',
        (event, part, parts) => part + 1 < parts && Math.floor((event.start + (part + 1) * hour) / (20 * minute)) % 2 === site.key % 2,
      ),
    () => ['pgw'],
  ),
];

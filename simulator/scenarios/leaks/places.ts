/** Where a leak may lie: one value of a dimension that carries enough chargeable usage to be looked at. */
import type { UsageEvent } from '../../event.ts';
import { chargeable } from '../../feeds.ts';
import { destinations, homeCountry } from '../../numbers.ts';
import { dayOf, oneOf, type Site } from './leak.ts';

export type Dimension = 'service' | 'node' | 'plan' | 'zone' | 'route' | 'prefix';

/** Node of the switch that writes an event. */
export const nodeOf = ({ service, cell }: UsageEvent): string =>
  service === 'sms' ? 'smsc-1' : service === 'data' ? 'pgw-1' : (cell?.node ?? 'msc-1');

/** Longest known prefix of the other party. */
export const prefixOf = ({ other }: UsageEvent): string =>
  other === '' ? '' : (destinations.find(({ prefix }) => other.startsWith(prefix))?.prefix ?? homeCountry.code);

const values: Readonly<Record<Dimension, (event: UsageEvent) => string>> = {
  service: ({ service }) => service,
  node: nodeOf,
  plan: ({ plan }) => plan.name,
  zone: ({ zone }) => zone,
  route: ({ route }) => route,
  prefix: prefixOf,
};

export interface Place {
  readonly dimension: Dimension;
  readonly value: string;
  readonly holds: (event: UsageEvent) => boolean;
}

/** Chargeable records of a day that make a place worth looking at. */
const busy = 300;
/** Share of all such records above which a value is no place but nearly everything. */
const everywhere = 0.6;

/**
 * One value of a dimension, by the key of the site: of those with enough usage and worth, else the busiest.
 * @param within what is looked at. Default: all chargeable usage.
 */
export function placeOf(site: Site, dimension: Dimension, within: (event: UsageEvent) => boolean = chargeable): Place {
  const of = values[dimension];
  const counts = new Map<string, { records: number; worth: number }>();
  const { events, scale } = dayOf(site.world, site.from);
  let all = 0;
  for (const event of events) {
    if (!within(event) || of(event) === '') continue;
    const count = counts.get(of(event)) ?? { records: 0, worth: 0 };
    all += scale;
    count.records += scale;
    count.worth += event.charge;
    counts.set(of(event), count);
  }
  const sorted = [...counts].filter(([, { worth }]) => worth > 0).sort((a, b) => b[1].records - a[1].records);
  const busyOnes = sorted.filter(([, { records }]) => records >= busy && records <= everywhere * all);
  const value = oneOf(site, busyOnes.length > 0 ? busyOnes : sorted.slice(0, 1), 1)?.[0] ?? '';
  return { dimension, value, holds: (event) => within(event) && of(event) === value };
}

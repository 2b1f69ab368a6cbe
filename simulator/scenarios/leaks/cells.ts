/** Cells of rating: usage of a plan and service in a zone, as price lists have them. */
import type { UsageEvent } from '../../event.ts';
import { chargeable } from '../../feeds.ts';
import { dayOf, oneOf, type Site } from './leak.ts';

/** Usage of a plan and service in a zone. */
export interface RatedCell {
  readonly plan: string;
  readonly tariff: string;
  readonly service: string;
  readonly zone: string;
  readonly holds: (event: UsageEvent) => boolean;
}

/** Charged records of a day that a cell has to have. */
const busy = 60;

const charged = (event: UsageEvent): boolean => chargeable(event) && event.rate.perUnit > 0;

/** A cell with charged usage, one of the busy ones, by the key of the site; the busiest where none is. */
export function cellOf(site: Site, about: (event: UsageEvent) => boolean = charged): RatedCell {
  const counts = new Map<string, { readonly first: UsageEvent; records: number }>();
  const { events, scale } = dayOf(site.world, site.from);
  for (const event of events) {
    if (!charged(event) || !about(event)) continue;
    const key = `${event.plan.name} ${event.service} ${event.zone}`;
    const count = counts.get(key) ?? { first: event, records: 0 };
    count.records += scale;
    counts.set(key, count);
  }
  const sorted = [...counts.values()].sort((a, b) => b.records - a.records);
  const busyOnes = sorted.filter(({ records }) => records >= busy);
  const first = oneOf(site, busyOnes.length > 0 ? busyOnes : sorted.slice(0, 1), 1)?.first;
  const [plan, service, zone] = [first?.plan.name ?? '', first?.service ?? '', first?.zone ?? ''];
  return {
    plan,
    tariff: first ? `${first.plan.tariff}-${first.plan.version}` : '',
    service,
    zone,
    holds: (event) => charged(event) && about(event) && event.plan.name === plan && event.service === service && event.zone === zone,
  };
}

/** A cell in words. */
export const cellText = ({ service, zone, plan }: RatedCell): string => `${service} ${zone} of plan ${plan}`;

/** What a price is for: ms of a call, octets of a session. */
export const quantityOf = ({ service, answer, end, octetsUp, octetsDown }: UsageEvent): number =>
  service === 'voice' ? end - answer : octetsUp + octetsDown;

/**
 * Lanes of rating: leaks in different cells of a price list do not hide each other, so several stand at the same time. A leak of a whole service
 * takes all lanes of it, one of the feed all lanes.
 */
import { plans } from '../../plans.ts';
import type { Service } from '../../rhythm.ts';
import { type LeakType, oneOf, type Site } from './leak.ts';

/** A service and plan in which enough is charged to look at. */
export interface RatedLane {
  readonly service: Service;
  readonly plan: string;
}

const all: readonly RatedLane[] = [
  { service: 'voice', plan: 'flex' },
  { service: 'voice', plan: 'office' },
  { service: 'sms', plan: 'flex' },
  { service: 'sms', plan: 'office' },
  { service: 'data', plan: 'flex' },
  { service: 'data', plan: 'smart' },
  { service: 'data', plan: 'office' },
];

const laneText = ({ service, plan }: RatedLane): string => `rating/${service}/${plan}`;

/** Lanes of which a condition holds. */
export const ratedLanes = (keep: (lane: RatedLane) => boolean = () => true): readonly RatedLane[] => all.filter(keep);

/** Whether a plan charges calls at home by started minutes. */
export const byMinute = ({ plan }: RatedLane): boolean =>
  plans.some(({ name, rates }) => name === plan && rates.voice.national.incrementSeconds === 60);

/** The one that a site takes. */
export const laneOf = (site: Pick<Site, 'key'>, among: readonly RatedLane[] = all): RatedLane => oneOf(site, among, 9);

/** One lane, by the key of the site. */
export const onCell =
  (among: readonly RatedLane[] = all): LeakType['lanes'] =>
  (site) => [laneText(laneOf(site, among))];

/** The services of the lanes, each of them once. */
const services: readonly Service[] = [...new Set(all.map(({ service }) => service))];

/** A service, by the key of the site. */
export const serviceOf = (site: Pick<Site, 'key'>): Service => oneOf(site, services, 9);

/** All lanes of a service. Default: of the one that the site takes. */
export const onService =
  (service?: Service): LeakType['lanes'] =>
  (site) =>
    ratedLanes((lane) => lane.service === (service ?? serviceOf(site))).map(laneText);

/** The lanes of a feed: that of rating has one for each cell, that of the host one for each service. */
export const onFeed = (feed: string): readonly string[] =>
  feed === 'rating' ? all.map(laneText) : feed === 'host-wholesale' ? [`${feed}/voice`, `${feed}/data`] : [feed];

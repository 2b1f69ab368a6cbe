/** Usage that is lost in a stage, or on its way to one (S06, S07, S08). */
import { chargeable } from '../../feeds.ts';
import type { Scenario } from '../../scenario.ts';
import { takenAtStage, type Words } from './chance.ts';
import { onFeed, onService, serviceOf } from './lanes.ts';
import { type LeakType, lasting, type Site, typeOf } from './leak.ts';
import { type Dimension, placeOf } from './places.ts';

const someOf = (text: string, { value }: { value: string }): string => `${text} ${value}`;

/** Mediation or rating takes records in and hands fewer on. */
function stageLeak(site: Site, leak: string, stage: 'mediation' | 'rating', fate: 'vanished'): Scenario {
  const own = serviceOf(site);
  const service = placeOf(site, 'service', stage === 'rating' ? (event) => chargeable(event) && event.service === own : chargeable);
  const node = stage === 'mediation' ? 'med-1' : 'billing-1';
  const words: Words = {
    control: 'S06',
    leak,
    scope: { stage, node, service: service.value },
    summary: someOf(
      fate === 'vanished'
        ? `Records vanish in ${stage}: ${stage} takes in more than it accounts for, of`
        : `A filter of ${stage} takes too much of`,
      service,
    ),
    about: service.holds,
    more: { also: ['S07', 'S08'] },
  };
  return takenAtStage(site, words, stage, fate);
}

/** A dropped record that its stage explains: filtered, while the planned share is what the whole stage hands on. */
const filteredTooMuch = (site: Site): Scenario => {
  const words: Words = {
    control: 'S06',
    leak: 'filter-too-wide',
    scope: { stage: 'mediation', node: 'med-1' },
    summary: 'A filter of mediation takes usage that should be billed.',
    about: chargeable,
    more: { also: ['S07', 'S08'] },
  };
  return takenAtStage(site, words, 'mediation', 'filtered');
};

/** Usage that never reaches a stage, of one value of a dimension. */
function lostOnWay(site: Site, control: 'S07' | 'S08', leak: string, stage: 'mediation' | 'rating', dimension: Dimension): Scenario {
  const only = control === 'S07' ? serviceOf(site) : undefined;
  const place = placeOf(site, dimension, (event) => chargeable(event) && (only === undefined || event.service === only));
  const words: Words = {
    control,
    leak,
    scope: {
      from: stage === 'mediation' ? 'switch' : 'mediation',
      to: stage,
      ...(only ? { service: only } : {}),
      [dimension]: place.value,
    },
    summary: someOf(`Usage does not reach ${stage}, of ${dimension}`, place),
    about: place.holds,
    more: {
      also: control === 'S07' ? ['S08'] : ['S07'],
      // Zones of rating are not those of the switch, so only what both know is a place there.
      ...(dimension === 'zone' || dimension === 'service'
        ? {}
        : { cause: { pattern: 'where', value: 0, dimensions: { [dimension]: place.value } } as const }),
    },
  };
  return takenAtStage(site, words, stage, 'unseen');
}

const onRating: LeakType['lanes'] = () => onFeed('rating');
const onMediation: LeakType['lanes'] = () => ['mediation'];

export const chainLeaks: readonly LeakType[] = [
  typeOf('S06', 'mediation-loses', 1, lasting, (site) => stageLeak(site, 'mediation-loses', 'mediation', 'vanished'), onMediation),
  typeOf('S06', 'rating-loses', 1, lasting, (site) => stageLeak(site, 'rating-loses', 'rating', 'vanished'), onService()),
  typeOf('S06', 'filter-too-wide', 1, lasting, filteredTooMuch, onMediation),
  typeOf('S07', 'service-unseen', 1, lasting, (site) => lostOnWay(site, 'S07', 'service-unseen', 'rating', 'service'), onService()),
  typeOf('S07', 'zone-unseen', 1, lasting, (site) => lostOnWay(site, 'S07', 'zone-unseen', 'rating', 'zone'), onService()),
  typeOf('S08', 'lost-on-route', 1, lasting, (site) => lostOnWay(site, 'S08', 'lost-on-route', 'mediation', 'route'), onMediation),
  typeOf('S08', 'lost-by-plan', 1, lasting, (site) => lostOnWay(site, 'S08', 'lost-by-plan', 'rating', 'plan'), onRating),
  typeOf('S08', 'lost-by-node', 1, lasting, (site) => lostOnWay(site, 'S08', 'lost-by-node', 'mediation', 'node'), onMediation),
  typeOf('S08', 'lost-by-prefix', 1, lasting, (site) => lostOnWay(site, 'S08', 'lost-by-prefix', 'rating', 'prefix'), onRating),
];

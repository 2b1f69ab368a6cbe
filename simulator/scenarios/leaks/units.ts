/** Rating that counts other seconds or octets than there were (S07, S08). */
import type { UsageEvent } from '../../event.ts';
import { chargeable } from '../../feeds.ts';
import { minute } from '../../instant.ts';
import { priceOf } from '../../plans.ts';
import type { Scenario } from '../../scenario.ts';
import { chanceFor, recordsSpoilt, type Words } from './chance.ts';
import { onService } from './lanes.ts';
import { type LeakType, lasting, type Site, typeOf } from './leak.ts';
import { placeOf } from './places.ts';

/** Rating shortens calls of a plan, as after a wrong unit or a lost part. */
function callsShortened(site: Site): Scenario {
  const place = placeOf(site, 'plan', (event) => chargeable(event) && event.service === 'voice' && event.rate.perUnit > 0);
  const left = 0.7;
  const cost = ({ rate, answer, end, charge }: UsageEvent): number => charge - priceOf(rate, Math.floor((end - answer) * left));
  const words: Words = {
    control: 'S07',
    leak: 'calls-shortened',
    scope: { leg: 'rating', service: 'voice', plan: place.value },
    summary: `Rating counts ${left * 100} % of the length of calls of plan ${place.value}.`,
    about: place.holds,
    chance: chanceFor(site, place.holds, cost),
    more: { also: ['S08'], cause: { pattern: 'ratio', value: left, dimensions: {} } },
  };
  return recordsSpoilt(site, words, ['rating'], (draft) => {
    const { event } = draft;
    const before = draft.charge;
    draft.billableMs = Math.floor(((event.end - event.answer) * left) / 1000) * 1000;
    draft.charge = priceOf(event.rate, draft.billableMs);
    return before - draft.charge;
  });
}

/** Rating counts volume in another unit. @param factor of what is right. */
function volumeScaled(site: Site, control: 'S07' | 'S08', leak: string, factor: number): Scenario {
  const place = placeOf(site, 'plan', (event) => event.service === 'data' && event.rate.perUnit > 0);
  const cost = ({ rate, octetsUp, octetsDown, charge }: UsageEvent): number =>
    charge - priceOf(rate, Math.floor((octetsUp + octetsDown) * factor));
  const words: Words = {
    control,
    leak,
    scope: { leg: 'rating', service: 'data', plan: place.value },
    summary: `Rating counts ${factor} of the volume of plan ${place.value}.`,
    about: place.holds,
    chance: chanceFor(site, place.holds, cost),
    more: { also: control === 'S07' ? ['S08'] : ['S07'], cause: { pattern: 'ratio', value: factor, dimensions: {} } },
  };
  return recordsSpoilt(site, words, ['rating'], (draft) => {
    const { event } = draft;
    const before = draft.charge;
    draft.octetsUp = Math.floor(event.octetsUp * factor);
    draft.octetsDown = Math.floor(event.octetsDown * factor);
    draft.charge = priceOf(event.rate, draft.octetsUp + draft.octetsDown);
    return before - draft.charge;
  });
}

/** Rating charges whole minutes where its customers pay by the second. */
function callsRoundedUp(site: Site): Scenario {
  const place = placeOf(
    site,
    'plan',
    (event) => chargeable(event) && event.service === 'voice' && event.rate.perUnit > 0 && event.rate.incrementSeconds === 1,
  );
  const minutes = ({ answer, end }: UsageEvent): number => Math.ceil((end - answer) / minute) * minute;
  const words: Words = {
    control: 'S08',
    leak: 'calls-rounded-up',
    scope: { leg: 'rating', service: 'voice', plan: place.value },
    summary: `Rating counts whole minutes of calls of plan ${place.value}, which pays by the second.`,
    about: place.holds,
    chance: chanceFor(site, place.holds, (event) => priceOf(event.rate, minutes(event)) - event.charge),
    more: { also: ['S07'], class: 'over_charge', cause: { pattern: 'rounding', value: 60, dimensions: {} } },
  };
  return recordsSpoilt(site, words, ['rating'], (draft) => {
    const before = draft.charge;
    draft.billableMs = minutes(draft.event);
    draft.charge = priceOf(draft.event.rate, draft.billableMs);
    return draft.charge - before;
  });
}

export const unitLeaks: readonly LeakType[] = [
  typeOf('S07', 'calls-shortened', 1, lasting, callsShortened, onService('voice')),
  typeOf('S07', 'volume-cut', 1, lasting, (site) => volumeScaled(site, 'S07', 'volume-cut', 0.5), onService('data')),
  typeOf(
    'S08',
    'volume-in-other-unit',
    1,
    ['step'],
    (site) => volumeScaled(site, 'S08', 'volume-in-other-unit', 1 / 1.048576),
    onService('data'),
  ),
  typeOf('S08', 'calls-rounded-up', 1, lasting, callsRoundedUp, onService('voice')),
];

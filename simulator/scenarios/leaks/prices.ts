/** Usage at another price than that of the price list (S14). */
import type { UsageEvent } from '../../event.ts';
import { minute, second } from '../../instant.ts';
import { priceOf, type Rate } from '../../plans.ts';
import type { Scenario, Truth } from '../../scenario.ts';
import { cellOf, cellText, quantityOf } from './cells.ts';
import { chanceFor, recordsSpoilt, type Words } from './chance.ts';
import { byMinute, laneOf, onCell, type RatedLane, ratedLanes } from './lanes.ts';
import { type LeakType, lasting, type Site, typeOf } from './leak.ts';

/** Records of a cell at a price that the list does not know. @param wrong what is charged instead, micro-units. */
function mispriced(
  site: Site,
  leak: string,
  summary: string,
  among: readonly RatedLane[],
  about: (event: UsageEvent) => boolean,
  wrong: (event: UsageEvent) => number,
  kind: Truth['class'] = 'leakage',
): Scenario {
  const { service, plan } = laneOf(site, among);
  const cell = cellOf(site, (event) => event.service === service && event.plan.name === plan && about(event));
  const cost = (event: UsageEvent): number => Math.abs(event.charge - wrong(event));
  const words: Words = {
    control: 'S14',
    leak,
    scope: { leg: 'rating', tariff: cell.tariff, service: cell.service, zone: cell.zone },
    summary: `${summary}: ${cellText(cell)}.`,
    about: cell.holds,
    chance: chanceFor(site, cell.holds, cost),
    more: { also: ['S07'], class: kind },
  };
  return recordsSpoilt(site, words, ['rating'], (draft) => {
    const money = Math.abs(draft.charge - wrong(draft.event));
    if (money === 0) return undefined;
    draft.charge = wrong(draft.event);
    return money;
  });
}

const voices = ratedLanes(({ service }) => service === 'voice');
const slow = voices.filter(byMinute);
const fast = voices.filter((lane) => !byMinute(lane));
const chargedByUnit = ({ rate }: UsageEvent): boolean => rate.perUnit > 0;
const voice = ({ service }: UsageEvent): boolean => service === 'voice';
const withRate = (event: UsageEvent, change: Partial<Rate>): number => priceOf({ ...event.rate, ...change }, quantityOf(event));
/** Time after which a counter of a rating engine runs over. */
const overflow = 5 * minute;

export const priceLeaks: readonly LeakType[] = [
  typeOf(
    'S14',
    'wrong-increment',
    1,
    lasting,
    (site) =>
      mispriced(
        site,
        'wrong-increment',
        'Calls are charged by the second where the list says minutes',
        slow,
        (event) => voice(event) && event.rate.incrementSeconds === 60,
        (event) => withRate(event, { incrementSeconds: 1, minimumSeconds: 1 }),
      ),
    onCell(slow),
  ),
  typeOf(
    'S14',
    'old-price',
    1,
    lasting,
    (site) =>
      mispriced(
        site,
        'old-price',
        'Usage is charged by the price of the year before, two thirds of the one that holds',
        ratedLanes(),
        chargedByUnit,
        // A multiple of 60, so that a second has an exact price.
        (event) => withRate(event, { perUnit: Math.round(event.rate.perUnit / 90) * 60 }),
      ),
    onCell(),
  ),
  typeOf(
    'S14',
    'dear-minutes',
    1,
    lasting,
    (site) =>
      mispriced(
        site,
        'dear-minutes',
        'Calls of a plan by the second are charged by the minute',
        fast,
        (event) => voice(event) && event.rate.incrementSeconds === 1,
        (event) => withRate(event, { incrementSeconds: 60, minimumSeconds: 60 }),
        'over_charge',
      ),
    onCell(fast),
  ),
  typeOf(
    'S14',
    'long-calls-cut',
    1,
    lasting,
    (site) =>
      mispriced(site, 'long-calls-cut', 'Calls of more than five minutes cost as much as one second', voices, voice, (event) =>
        quantityOf(event) > overflow ? priceOf(event.rate, second) : event.charge,
      ),
    onCell(voices),
  ),
];

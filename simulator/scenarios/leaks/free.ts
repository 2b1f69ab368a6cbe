/** Usage that costs nothing for a wrong reason: free, unrated, without duration, covered by an allowance (S13, S19). */
import type { UsageEvent } from '../../event.ts';
import type { Draft } from '../../feed.ts';
import type { Scenario } from '../../scenario.ts';
import { cellOf, cellText } from './cells.ts';
import { recordsSpoilt, type Words } from './chance.ts';
import { laneOf, onCell, type RatedLane, ratedLanes } from './lanes.ts';
import { type LeakType, lasting, type Site, typeOf } from './leak.ts';

const inLane =
  ({ service, plan }: RatedLane) =>
  (event: UsageEvent): boolean =>
    event.service === service && event.plan.name === plan;
const voices = ratedLanes(({ service }) => service === 'voice');
const goingAbroad = ratedLanes(({ service }) => service !== 'data');
const withAllowance = ratedLanes(({ plan }) => plan !== 'flex');

/** Records of a cell that cost nothing for a wrong reason. */
function free(
  site: Site,
  control: string,
  leak: string,
  summary: string,
  change: (draft: Draft) => void,
  more: Words['more'] = {},
): Scenario {
  const cell = cellOf(site, inLane(laneOf(site)));
  const words: Words = {
    control,
    leak,
    scope: { leg: 'rating', service: cell.service, zone: cell.zone, plan: cell.plan },
    summary: `${summary}: ${cellText(cell)}.`,
    about: cell.holds,
    more: { also: ['S07'], ...more },
  };
  return recordsSpoilt(site, words, ['rating'], (draft) => {
    const before = draft.charge;
    draft.charge = 0;
    change(draft);
    return before;
  });
}

const becameFree = (site: Site): Scenario =>
  free(
    site,
    'S13',
    'zone-became-free',
    'Usage costs nothing after a price upload',
    (draft) => {
      draft.zeroReason = 'free';
    },
    { also: ['S07', 'S14'] },
  );

const unrated = (site: Site): Scenario =>
  free(site, 'S13', 'passed-on-unrated', 'Rating passes records on without a price', (draft) => {
    draft.status = 'guided';
    draft.zeroReason = '';
  });

/** The answer of a call is lost: it has no duration in any leg behind the switch and costs nothing. */
function withoutDuration(site: Site): Scenario {
  const cell = cellOf(site, inLane(laneOf(site, voices)));
  const words: Words = {
    control: 'S13',
    leak: 'calls-without-duration',
    scope: { leg: 'rating', service: 'voice', zone: cell.zone, plan: cell.plan },
    summary: `Answers of calls are lost, so that they last no time: ${cellText(cell)}.`,
    about: cell.holds,
    more: { also: ['S07', 'S08'] },
  };
  return recordsSpoilt(site, words, ['mediation', 'rating'], (draft, { feed }) => {
    draft.billableMs = 0;
    if (feed !== 'rating') return undefined;
    const before = draft.charge;
    draft.charge = 0;
    draft.zeroReason = 'unanswered';
    return before;
  });
}

/** An allowance covers what it was not sold for. @param about which usage it covers by mistake. */
function covered(site: Site, leak: string, summary: string, among: readonly RatedLane[], about: (event: UsageEvent) => boolean): Scenario {
  const lane = inLane(laneOf(site, among));
  const cell = cellOf(site, (event) => lane(event) && about(event));
  const words: Words = {
    control: 'S19',
    leak,
    scope: { leg: 'rating', service: cell.service, zone: cell.zone, plan: cell.plan },
    summary: `${summary}: ${cellText(cell)}.`,
    about: cell.holds,
    more: { also: ['S07', 'S14'] },
  };
  return recordsSpoilt(site, words, ['rating'], (draft) => {
    const before = draft.charge;
    draft.charge = 0;
    draft.zeroReason = 'allowance';
    return before;
  });
}

export const freeLeaks: readonly LeakType[] = [
  typeOf('S13', 'zone-became-free', 1, lasting, becameFree, onCell()),
  typeOf('S13', 'passed-on-unrated', 1, lasting, unrated, onCell()),
  typeOf('S13', 'calls-without-duration', 1, lasting, withoutDuration, (site) => [...onCell(voices)(site), 'mediation']),
  typeOf(
    'S19',
    'allowance-covers-abroad',
    1,
    lasting,
    (site) =>
      covered(
        site,
        'allowance-covers-abroad',
        'An allowance covers what it was not sold for',
        goingAbroad,
        ({ zone, rate }) => zone !== 'national' && rate.perUnit > 0,
      ),
    onCell(goingAbroad),
  ),
  typeOf(
    'S19',
    'allowance-never-ends',
    1,
    ['step', 'drift'],
    (site) => covered(site, 'allowance-never-ends', 'An allowance no longer counts down', withAllowance, ({ rate }) => rate.perUnit > 0),
    onCell(withAllowance),
  ),
];

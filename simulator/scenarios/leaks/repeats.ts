/** Records that come twice, or days later (S10, S11). */
import { feedsOf } from '../../feeds.ts';
import { hour } from '../../instant.ts';
import type { Scenario } from '../../scenario.ts';
import { recordsSpoilt, type Words } from './chance.ts';
import { onFeed } from './lanes.ts';
import { type LeakType, lasting, oneOf, type Site, typeOf } from './leak.ts';

const switches = ['msc-1', 'msc-2', 'smsc', 'pgw'] as const;

/** Records written twice, counted twice. */
function recordsDoubled(site: Site): Scenario {
  const feed = oneOf(site, [...switches, 'rating'] as const);
  const leg = feedsOf(site.world).find((each) => each.feed === feed)!;
  const words: Words = {
    control: 'S10',
    leak: 'records-doubled',
    scope: { source: feed },
    summary: `Records of ${feed} are written twice.`,
    about: (event) => leg.takes(event),
    more: { class: 'over_charge', also: feed === 'rating' ? ['S08', 'S07'] : ['S08'] },
  };
  return recordsSpoilt(site, words, [feed], (draft) => {
    draft.copies = 2;
    return draft.value;
  });
}

/** Records that stay where they are until a day after the leak, and come all at once. */
function recordsHeld(site: Site, leak: string, feeds: readonly string[]): Scenario {
  const feed = oneOf(site, feeds);
  const leg = feedsOf(site.world).find((each) => each.feed === feed)!;
  const until = site.to + 30 * hour;
  const words: Words = {
    control: 'S11',
    leak,
    scope: { source: feed },
    summary: `Records of ${feed} wait in a queue and come days later.`,
    about: (event) => leg.takes(event),
    more: { class: 'risk', also: ['S07', 'S08', 'S09', 'S04'], comesAt: until },
  };
  return recordsSpoilt(site, words, [feed], (draft) => {
    draft.heldUntil = until;
    return draft.value;
  });
}

const onSwitch: LeakType['lanes'] = (site) => [oneOf(site, switches)];
const onRating: LeakType['lanes'] = () => onFeed('rating');

export const repeatLeaks: readonly LeakType[] = [
  typeOf('S10', 'records-doubled', 1, lasting, recordsDoubled, (site) => onFeed(oneOf(site, [...switches, 'rating']))),
  typeOf('S11', 'records-held', 1, ['step', 'drift'], (site) => recordsHeld(site, 'records-held', switches), onSwitch),
  typeOf('S11', 'rating-queue-late', 1, ['step', 'drift'], (site) => recordsHeld(site, 'rating-queue-late', ['rating']), onRating),
];

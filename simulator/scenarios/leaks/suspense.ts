/** Records that cannot be read (S12). */
import type { Draft } from '../../feed.ts';
import { feedsOf } from '../../feeds.ts';
import { recordsSpoilt } from './chance.ts';
import { onFeed } from './lanes.ts';
import { type LeakType, lasting, oneOf, type Site, typeOf } from './leak.ts';

const feeds = ['msc-1', 'msc-2', 'pgw', 'mediation', 'rating'] as const;

function spoilt(site: Site, leak: string, names: readonly string[], summary: string, reason: string, spoil: (draft: Draft) => void) {
  const name = oneOf(site, names);
  const feed = feedsOf(site.world).find((each) => each.feed === name)!;
  const words = {
    control: 'S12',
    leak,
    scope: { source: name, reason },
    summary: `${name} writes records that cannot be read: ${summary}.`,
    about: feed.takes,
    more: { also: ['S07', 'S08'] },
  };
  return recordsSpoilt(site, words, [name], (draft) => {
    spoil(draft);
    return draft.value;
  });
}

export const suspenseLeaks: readonly LeakType[] = [
  typeOf(
    'S12',
    'times-unreadable',
    1,
    lasting,
    (site) =>
      spoilt(site, 'times-unreadable', feeds, 'an impossible time', 'bad_time', (draft) => {
        draft.start = '2026-13-45T99:00:00';
      }),
    (site) => onFeed(oneOf(site, feeds)),
  ),
  typeOf(
    'S12',
    'volumes-unreadable',
    1,
    lasting,
    (site) =>
      spoilt(site, 'volumes-unreadable', ['pgw'], 'a volume in a unit that nobody knows', 'bad_number', (draft) => {
        draft.octetsDown = `${draft.octetsDown}blk`;
      }),
    () => ['pgw'],
  ),
  typeOf(
    'S12',
    'durations-unreadable',
    1,
    lasting,
    (site) =>
      spoilt(site, 'durations-unreadable', feeds, 'a duration that is no number', 'bad_number', (draft) => {
        draft.durationMs = 'n/a';
      }),
    (site) => onFeed(oneOf(site, feeds)),
  ),
];

/** Files that are lost or late on their way: gaps, overwritten numbers, silence (S01, S02). */

import type { Draft } from '../../feed.ts';
import { worthOf } from '../../file.ts';
import { hour } from '../../instant.ts';
import type { Scenario } from '../../scenario.ts';
import { tally } from '../tally.ts';
import { onFeed } from './lanes.ts';
import { type LeakType, lasting, oneOf, planOf, type Site, typeOf } from './leak.ts';
import { chosenFiles, feedOf, onFiles, slowable, valuedLane, worthOfFeed } from './on-files.ts';
import { intensity } from './onset.ts';

function filesLost(site: Site): Scenario {
  const feed = feedOf(site);
  const lost = chosenFiles(site, worthOfFeed(site, feed));
  return onFiles(site, 'S01', 'files-lost', feed, `Files of ${feed} are lost on their way: their numbers are missing.`, (file, count) => {
    if (!lost(file)) return [file];
    count.lines(file.figures);
    return [];
  });
}

/** All at once: files in a row until the share of a day is gone, two at least. */
function filesLostInARow(site: Site): Scenario {
  const feed = feedOf(site);
  const goal = site.share * worthOfFeed(site, feed);
  let [lost, worth] = [0, 0];
  return onFiles(site, 'S01', 'files-lost-in-a-row', feed, `A full disk loses files of ${feed} in a row.`, (file, count) => {
    if (file.from < site.from || file.from >= site.to || (lost >= 2 && worth >= goal)) return [file];
    lost++;
    worth += worthOf(file.figures);
    count.lines(file.figures);
    return [];
  });
}

/** The counter of the sender stands still for one file: the next one overwrites it at the sender under the same number. */
function fileOverwritten(site: Site): Scenario {
  const feed = feedOf(site);
  const overwritten = chosenFiles(site, worthOfFeed(site, feed));
  let sequence: number | undefined;
  return onFiles(
    site,
    'S01',
    'file-overwritten',
    feed,
    `Files of ${feed} carry the number of the file before, which they overwrite at the sender.`,
    (file, count) => {
      const { name, head } = file;
      if (sequence !== undefined) {
        const [own, first] = [`${file.sequence}`.padStart(6, '0'), `${sequence}`.padStart(6, '0')];
        const again = { ...file, sequence, name: name.replace(own, first), head: [`#header,${sequence}`, ...head.slice(1)] };
        sequence = undefined;
        return [again];
      }
      if (overwritten(file)) {
        count.lines(file.figures);
        sequence = file.sequence;
      }
      return [file];
    },
    { class: 'risk' },
  );
}

/** Half a day to a day without files; no number is used up. */
function feedSilent(site: Site, leak: string, closing: 'lose' | 'delay'): Scenario {
  const feed = feedOf(site);
  const until = site.from + (12 + (site.key % 12)) * hour;
  const span = { ...site, to: until, onset: 'once' as const };
  const count = tally(
    planOf(span, 'S02', leak, { source: feed }, closing === 'lose' ? { also: ['S04'] } : { class: 'risk', also: ['S11'] }),
  );
  const within = (from: number, to: number): boolean => to > site.from && from < until;
  return {
    name: leak,
    summary:
      closing === 'lose'
        ? `${feed} falls silent, and what it would have sent is lost.`
        : `${feed} stalls and sends everything later at once.`,
    inject: {
      closing: (name, from, to) =>
        name !== feed || to <= site.from
          ? 'write'
          : closing === 'lose'
            ? within(from, to)
              ? 'lose'
              : 'write'
            : to < until
              ? 'delay'
              : 'write',
      lost: (file) => count.lines(file.figures),
      // What stalls is at risk from when it was written, not only once it comes.
      feeds: [feed],
      ...(closing === 'delay'
        ? {
            record: ({ event, value }: Draft) => {
              if (event.closedAt >= site.from && event.closedAt < until) count.record(value);
            },
          }
        : {}),
    },
    truth: count.truth,
  };
}

/** Transfer grows slower from file to file, up to eight hours. */
function feedSlower(site: Site): Scenario {
  const feed = feedOf(site, slowable);
  return onFiles(
    site,
    'S02',
    'feed-slower',
    feed,
    `Files of ${feed} come later and later.`,
    (file, count) => {
      const strength = intensity(site, file.from);
      if (strength === 0) return [file];
      count.lines(file.figures);
      return [{ ...file, modifiedAt: file.modifiedAt + Math.round(4 * hour * strength) }];
    },
    { class: 'risk' },
  );
}

export const fileLeaks: readonly LeakType[] = [
  typeOf('S01', 'files-lost', 2, lasting, filesLost, valuedLane),
  typeOf('S01', 'files-lost-in-a-row', 1, ['once'], filesLostInARow, valuedLane),
  typeOf('S01', 'file-overwritten', 2, ['step', 'intermittent'], fileOverwritten, valuedLane),
  typeOf('S02', 'feed-silent', 1, ['once'], (site) => feedSilent(site, 'feed-silent', 'lose'), valuedLane),
  typeOf('S02', 'feed-stalled', 1, ['once'], (site) => feedSilent(site, 'feed-stalled', 'delay'), valuedLane),
  typeOf('S02', 'feed-slower', 2, ['step', 'drift'], feedSlower, (site) => onFeed(oneOf(site, slowable))),
];

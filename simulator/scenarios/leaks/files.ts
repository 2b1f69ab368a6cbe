/** Leaks on the way of files: lost, overwritten, silent, cut short, sent again, late (S01, S02, S03, and by files S10 and S11). */
import { feedsOf } from '../../feeds.ts';
import { type LineFigures, type SimulatedFile, totalsOf, worthOf } from '../../file.ts';
import { day, hour, minute } from '../../instant.ts';
import { mix } from '../../random.ts';
import type { Injection, Onset, Scenario, Truth } from '../../scenario.ts';
import { type Tally, tally } from '../tally.ts';
import { dailyWorth, type LeakType, lasting, oneOf, planOf, type Site } from './leak.ts';
import { intensity, strengthUpTo } from './onset.ts';

/** Feeds whose records carry retail value. */
const valued = ['msc-1', 'msc-2', 'smsc', 'pgw', 'rating'] as const;

const slowable = [...valued, 'host-wholesale'] as const;

const feedOf = (site: Site, names: readonly string[] = valued): string => oneOf(site, names);

/** Micro-units a day behind the records of a feed. */
export function worthOfFeed({ world, from }: Site, name: string): number {
  const feed = feedsOf(world).find((each) => each.feed === name)!;
  return dailyWorth(world, from, (event) => feed.takes(event));
}

/**
 * Chooses whole files so that what they are worth follows the planned share: a file goes when the plan is ahead by more than half of it. The first
 * file of the span goes in any case, so that there is something to find.
 */
function chosenFiles(site: Site, daily: number): (file: SimulatedFile) => boolean {
  let taken = 0;
  return (file) => {
    if (file.from < site.from || file.from >= site.to || file.lines.length === 0) return false;
    const due = (site.share * daily * strengthUpTo(site, file.to)) / day;
    const worth = worthOf(file.figures);
    if (taken > 0 && due - taken < worth / 2) return false;
    taken += Math.max(1, worth);
    return true;
  };
}

function onFiles(
  site: Site,
  control: string,
  leak: string,
  feed: string,
  summary: string,
  act: (file: SimulatedFile, count: Tally) => readonly SimulatedFile[],
  more: Partial<Truth> = {},
  scope: Truth['scope'] = { source: feed },
): Scenario {
  const count = tally(planOf(site, control, leak, scope, more));
  const file: Injection['file'] = (each) => (each.feed === feed ? act(each, count) : [each]);
  return { name: leak, summary, inject: { file }, truth: count.truth };
}

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
      file(file) {
        if (closing === 'delay' && file.feed === feed && within(file.from, file.to)) count.lines(file.figures);
        return [file];
      },
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

/** Lines of a file without those that a condition takes; the trailer stays as it was. */
function without(file: SimulatedFile, gone: (index: number) => boolean, count: Tally): SimulatedFile {
  const kept: number[] = [];
  file.lines.forEach((_, index) => {
    if (gone(index)) count.lines([file.figures[index]!]);
    else kept.push(index);
  });
  return { ...file, lines: kept.map((index) => file.lines[index]!), figures: kept.map((index) => file.figures[index]!) };
}

function filesTruncated(site: Site): Scenario {
  const feed = feedOf(site);
  return onFiles(site, 'S03', 'files-truncated', feed, `The ends of files of ${feed} are lost; the trailers arrive.`, (file, count) => {
    const share = site.share * intensity(site, file.from);
    if (share === 0 || file.lines.length === 0) return [file];
    const kept = file.lines.length - Math.min(file.lines.length - 1, Math.max(1, Math.round(file.lines.length * share)));
    return [without(file, (index) => index >= kept, count)];
  });
}

/** A step before Weir leaves out a type of record without a word. */
function recordsSkipped(site: Site): Scenario {
  const feed = feedOf(site);
  return onFiles(
    site,
    'S03',
    'records-skipped',
    feed,
    `A decoder leaves out records of ${feed} that the trailers count.`,
    (file, count) => {
      const share = Math.min(0.9, site.share * intensity(site, file.from));
      if (share === 0) return [file];
      return [without(file, (index) => mix(mix(file.from) ^ site.key ^ index) < share * 4294967296, count)];
    },
  );
}

/** A release of the sender appends the end of the file before; trailers do not count it. */
function filesSwollen(site: Site): Scenario {
  const feed = feedOf(site);
  let last: SimulatedFile | undefined;
  return onFiles(
    site,
    'S03',
    'files-swollen',
    feed,
    `Files of ${feed} hold the end of the file before, which their trailers do not count.`,
    (file, count) => {
      const share = last ? site.share * intensity(site, file.from) : 0;
      const many = Math.min(last?.lines.length ?? 0, Math.max(1, Math.round((last?.lines.length ?? 0) * share)));
      const [lines, figures] = share > 0 && last ? [last.lines.slice(-many), last.figures.slice(-many)] : [[], []];
      last = file;
      if (lines.length === 0) return [file];
      count.lines(figures);
      return [{ ...file, lines: [...lines, ...file.lines], figures: [...figures, ...file.figures] }];
    },
    { class: 'over_charge', also: ['S10'] },
  );
}

function filesReplayed(site: Site): Scenario {
  const feed = feedOf(site);
  const again = chosenFiles(site, worthOfFeed(site, feed));
  return onFiles(
    site,
    'S10',
    'files-replayed',
    feed,
    `Files of ${feed} are sent again under another name.`,
    (file, count) => {
      if (!again(file)) return [file];
      count.lines(file.figures);
      return [file, { ...file, name: file.name.replace(/(\.\w+)$/, '_resend$1'), modifiedAt: file.modifiedAt + 40 * minute }];
    },
    { class: 'over_charge' },
  );
}

/** After a restart a node sends the last records of the file before once more, counted like all others. */
function recordsResent(site: Site): Scenario {
  const feed = feedOf(site);
  let last: SimulatedFile | undefined;
  return onFiles(
    site,
    'S10',
    'records-resent',
    feed,
    `After restarts ${feed} sends the last records of the file before again.`,
    (file, count) => {
      const share = last ? site.share * intensity(site, file.from) : 0;
      const before: SimulatedFile | undefined = last;
      last = file;
      if (share === 0 || !before || before.lines.length === 0) return [file];
      const many = Math.min(before.lines.length, Math.max(1, Math.round(before.lines.length * share)));
      const figures: readonly LineFigures[] = [...before.figures.slice(-many), ...file.figures];
      count.lines(figures.slice(0, many));
      return [{ ...file, lines: [...before.lines.slice(-many), ...file.lines], figures, declared: totalsOf(figures) }];
    },
    { class: 'over_charge' },
  );
}

/** A node that was forgotten: one file in some hours stays there for days. */
function filesForgotten(site: Site): Scenario {
  const feed = feedOf(site);
  const forgotten = chosenFiles(site, worthOfFeed(site, feed));
  const days = 2 + (site.key % 4);
  return onFiles(
    site,
    'S11',
    'files-forgotten',
    feed,
    `Files of ${feed} stay on the node for ${days} days.`,
    (file, count) => {
      if (!forgotten(file)) return [file];
      count.lines(file.figures);
      return [{ ...file, modifiedAt: file.modifiedAt + days * day }];
    },
    { class: 'risk', also: ['S01'] },
  );
}

const valuedLane = (site: Pick<Site, 'key'>): readonly string[] => [oneOf(site, valued)];

const type = (
  control: string,
  leak: string,
  days: number,
  onsets: readonly Onset[],
  plant: LeakType['plant'],
  lanes = valuedLane,
): LeakType => ({
  leak,
  control,
  lanes,
  lasts: days * day,
  onsets,
  plant,
});

export const fileLeaks: readonly LeakType[] = [
  type('S01', 'files-lost', 2, lasting, filesLost),
  type('S01', 'files-lost-in-a-row', 1, ['once'], filesLostInARow),
  type('S01', 'file-overwritten', 2, ['step', 'intermittent'], fileOverwritten),
  type('S02', 'feed-silent', 1, ['once'], (site) => feedSilent(site, 'feed-silent', 'lose')),
  type('S02', 'feed-stalled', 1, ['once'], (site) => feedSilent(site, 'feed-stalled', 'delay')),
  type('S02', 'feed-slower', 2, ['step', 'drift'], feedSlower, (site) => [oneOf(site, slowable)]),
  type('S03', 'files-truncated', 1, lasting, filesTruncated),
  type('S03', 'records-skipped', 1, lasting, recordsSkipped),
  type('S03', 'files-swollen', 1, lasting, filesSwollen),
  type('S10', 'files-replayed', 1, lasting, filesReplayed),
  type('S10', 'records-resent', 1, lasting, recordsResent),
  type('S11', 'files-forgotten', 1, ['step', 'intermittent'], filesForgotten),
];

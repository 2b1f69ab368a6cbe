/** Files that hold other records than they should, or come again, or after days (S03, S10, S11). */
import { type LineFigures, type SimulatedFile, totalsOf } from '../../file.ts';
import { day, minute } from '../../instant.ts';
import { mix } from '../../random.ts';
import type { Scenario } from '../../scenario.ts';
import type { Tally } from '../tally.ts';
import { type LeakType, lasting, type Site, typeOf } from './leak.ts';
import { chosenFiles, feedOf, onFiles, valuedLane, worthOfFeed } from './on-files.ts';
import { intensity } from './onset.ts';

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

export const contentLeaks: readonly LeakType[] = [
  typeOf('S03', 'files-truncated', 1, lasting, filesTruncated, valuedLane),
  typeOf('S03', 'records-skipped', 1, lasting, recordsSkipped, valuedLane),
  typeOf('S03', 'files-swollen', 1, lasting, filesSwollen, valuedLane),
  typeOf('S10', 'files-replayed', 1, lasting, filesReplayed, valuedLane),
  typeOf('S10', 'records-resent', 1, lasting, recordsResent, valuedLane),
  typeOf('S11', 'files-forgotten', 1, ['step', 'intermittent'], filesForgotten, valuedLane),
];

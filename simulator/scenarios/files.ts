/** Scenarios about files: missing, cut short, sent again, doubled inside, late, and a feed that falls silent. */
import type { LineFigures, SimulatedFile } from '../file.ts';
import { minute } from '../instant.ts';
import { keyOf } from '../random.ts';
import type { Scenario, Truth } from '../scenario.ts';
import { tally } from './tally.ts';

/** One feed at one moment: the file whose window holds `at` is meant. */
export interface FileMoment {
  readonly feed: string;
  readonly at: number;
}

const meant = (moment: FileMoment, file: SimulatedFile): boolean =>
  file.feed === moment.feed && file.from <= moment.at && moment.at < file.to;

const named = (name: string, nature: Truth['nature'], control: string, { feed, at }: FileMoment) => ({
  scenario: name,
  nature,
  control,
  scope: { source: feed },
  from: at,
  to: at + 1,
});

/** A file that never arrives (S01). */
export function missingFile(moment: FileMoment): Scenario {
  const count = tally(named('missing-file', 'leak', 'S01', moment));
  return {
    name: 'missing-file',
    summary: `A file of ${moment.feed} is lost on its way: its number is missing.`,
    inject: {
      file(file) {
        if (!meant(moment, file)) return [file];
        count.lines(file.figures);
        return [];
      },
    },
    truth: count.truth,
  };
}

/** A file whose end is lost although the trailer arrives, as after a filter that drops rows (S03). @param share of the rows that is lost. */
export function truncatedFile(moment: FileMoment, share: number): Scenario {
  const count = tally(named('truncated-file', 'leak', 'S03', moment));
  return {
    name: 'truncated-file',
    summary: `A file of ${moment.feed} holds fewer records than its trailer declares.`,
    inject: {
      file(file) {
        if (!meant(moment, file)) return [file];
        const kept = Math.min(file.lines.length - 1, Math.floor(file.lines.length * (1 - share)));
        count.lines(file.figures.slice(kept));
        return [{ ...file, lines: file.lines.slice(0, kept), figures: file.figures.slice(0, kept) }];
      },
    },
    truth: count.truth,
  };
}

/** A file that arrives again under another name, byte for byte (S10). @param after ms until it comes again. */
export function replayedFile(moment: FileMoment, after: number): Scenario {
  const count = tally(named('replayed-file', 'leak', 'S10', moment));
  return {
    name: 'replayed-file',
    summary: `A file of ${moment.feed} is sent again under another name.`,
    inject: {
      file(file) {
        if (!meant(moment, file)) return [file];
        count.lines(file.figures);
        return [file, { ...file, name: file.name.replace(/(\.\w+)$/, '_resend$1'), modifiedAt: file.modifiedAt + after }];
      },
    },
    truth: count.truth,
  };
}

/** Rows written twice into one file; the trailer counts them, so only the records themselves tell (S10). @param share of the rows. */
export function duplicatedRecords(moment: FileMoment, share: number): Scenario {
  const count = tally(named('duplicated-records', 'leak', 'S10', moment));
  return {
    name: 'duplicated-records',
    summary: `Records of ${moment.feed} are written twice.`,
    inject: {
      file(file) {
        if (!meant(moment, file)) return [file];
        const lines: string[] = [];
        const figures: LineFigures[] = [];
        const twice = Math.max(1, Math.round(1 / share));
        const phase = keyOf(file.from, 0x445550) % Math.min(twice, file.lines.length);
        file.lines.forEach((line, index) => {
          const again = index % twice === phase;
          for (let copy = 0; copy < (again ? 2 : 1); copy++) {
            lines.push(line);
            figures.push(file.figures[index]!);
          }
          if (again) count.lines([file.figures[index]!]);
        });
        return [recounted(file, lines, figures)];
      },
    },
    truth: count.truth,
  };
}

function recounted(file: SimulatedFile, lines: readonly string[], figures: readonly LineFigures[]): SimulatedFile {
  if (!file.declared) return { ...file, lines, figures };
  const declared = { records: figures.length, durationMs: 0, octets: 0, charge: 0 };
  for (const line of figures) {
    declared.durationMs += line.durationMs;
    declared.octets += line.octets;
    declared.charge += line.charge;
  }
  return { ...file, lines, figures, declared };
}

/** A feed that writes no files for a while, and whose records of that time are gone (S02). No number is used up. */
export function silentFeed(feed: string, from: number, to: number): Scenario {
  const count = tally({ scenario: 'silent-feed', nature: 'leak', control: 'S02', scope: { source: feed }, from, to });
  return {
    name: 'silent-feed',
    summary: `${feed} falls silent for ${Math.round((to - from) / minute)} minutes.`,
    inject: {
      closing: (name, since, until) => (name === feed && until > from && since < to ? 'lose' : 'write'),
      lost: (file) => count.lines(file.figures),
    },
    truth: count.truth,
  };
}

/** Innocent: the file of one moment comes late but whole. @param delay ms. */
export function lateFile(moment: FileMoment, delay: number): Scenario {
  const count = tally(named('late-file', 'innocent', '', moment));
  return {
    name: 'late-file',
    summary: `A file of ${moment.feed} arrives ${Math.round(delay / minute)} minutes late, and whole.`,
    inject: { file: (file) => [meant(moment, file) ? { ...file, modifiedAt: file.modifiedAt + delay } : file] },
    truth: count.truth,
  };
}

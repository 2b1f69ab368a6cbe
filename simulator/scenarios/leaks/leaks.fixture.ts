/** A small operator with and without one leak, for the tests of leaks. */
import { type LineFigures, type SimulatedFile, worthOf } from '../../file.ts';
import { hour } from '../../instant.ts';
import { startRun } from '../../run.ts';
import type { Onset, Scenario, Truth } from '../../scenario.ts';
import { createWorld } from '../../world.ts';
import { leakTypes } from './index.ts';
import type { Site } from './leak.ts';
import { spanKey } from './onset.ts';

export const world = createWorld({
  seed: 11,
  subscribers: 400,
  eventsPerDay: 4_000,
  pons: 1,
  ontsPerPon: 1,
  backOffice: true,
  billingDays: 1,
});
export const from = Date.UTC(2026, 10, 17, 5);
/** The first billing day is invoiced four hours before. */
export const to = from + 58 * hour;

/** Hourly files. */
export function played(scenarios: readonly Scenario[] = []): SimulatedFile[] {
  return [...startRun(world, { from, scenarios }).until(to, hour, true)].filter(({ kind }) => kind !== 'measurement');
}

export const clean = played();

export interface Planted {
  readonly truth: Truth;
  readonly files: readonly SimulatedFile[];
  /** Feeds whose lines differ from those of the clean operator. */
  readonly touched: readonly string[];
  readonly site: Site;
}

/** A leak of a type from ten hours on. @param length ms it stands; default: as its type says. */
export function planted(leak: string, onset: Onset, share = 0.08, length?: number): Planted {
  const type = leakTypes.find((each) => each.leak === leak)!;
  const start = from + 10 * hour;
  const site: Site = {
    world,
    key: spanKey(3, leak.length, 0),
    from: start,
    to: Math.min(to - 2 * hour, start + (length ?? type.lasts)),
    onset,
    share,
  };
  const scenario = type.plant(site);
  const files = played([scenario]);
  const feeds = [...new Set([...files, ...clean].map(({ feed }) => feed))];
  const text = (list: readonly SimulatedFile[], feed: string): string =>
    list
      .filter((file) => file.feed === feed)
      .map((file) => `${file.name} ${file.modifiedAt}\n${file.lines.join('\n')}`)
      .join('\n');
  return { truth: scenario.truth(), files, touched: feeds.filter((feed) => text(files, feed) !== text(clean, feed)), site };
}

export const of = (list: readonly SimulatedFile[], feed: string): SimulatedFile[] => list.filter((file) => file.feed === feed);
export const figures = (list: readonly SimulatedFile[], feed: string): LineFigures[] => of(list, feed).flatMap((file) => file.figures);
/** Records and worth of the lines of a feed. */
export const sums = (list: readonly SimulatedFile[], feed: string): { records: number; money: number } => ({
  records: figures(list, feed).length,
  money: worthOf(figures(list, feed)),
});
/** What the clean operator has more than the planted one. */
export function less(files: readonly SimulatedFile[], feed: string): { records: number; money: number } {
  const [before, after] = [sums(clean, feed), sums(files, feed)];
  return { records: before.records - after.records, money: before.money - after.money };
}

/** Rows of a feed by column name. */
export function rowsOf(list: readonly SimulatedFile[], feed: string): Readonly<Record<string, string>>[] {
  return of(list, feed).flatMap(({ head, lines }) => {
    const columns = head.at(-1)!.split(',');
    return lines.map((line) => {
      const fields = line.split(',');
      return Object.fromEntries(columns.map((column, at) => [column, fields[at] ?? '']));
    });
  });
}

/** Micro-units of a column of amounts over all rows of a feed. */
export function amounts(list: readonly SimulatedFile[], feed: string, column: string): number {
  return rowsOf(list, feed).reduce((sum, row) => sum + Math.round(Number(row[column]) * 1e6), 0);
}

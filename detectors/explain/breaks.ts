/** Why the breaks of a reconciliation break: a million of them become a few causes, each with its count and its money. */
import { cellsOf } from './cells.ts';
import { explain } from './explain.ts';
import { type DifferingPair, type Measures, type Pattern, patternsOf } from './patterns.ts';

export type BreakClass = 'mismatch' | 'a_only' | 'b_only';

/** One break. `a` and `b` as stated; the side that is missing is all zeros. */
export interface Break extends DifferingPair {
  readonly class: BreakClass;
  readonly service: string;
  readonly subscriber: string;
  readonly record: string;
  /** Micro-units that A states more than B. */
  readonly money: number;
  /** Values by dimension; an empty one is not stated. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** How many records one combination of dimension values has, of A and of B. */
export interface RecordCell {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly a: number;
  readonly b: number;
}

export interface Cause {
  /** Stable from run to run: class, pattern, measure, value and dimensions. */
  readonly cause: string;
  readonly class: BreakClass;
  readonly pattern: Pattern['pattern'] | 'where' | 'unexplained';
  readonly text: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly records: number;
  /** Share of the breaks of its class, 0 to 1. */
  readonly share: number;
  /** Micro-units that A states more, and that B states more. */
  readonly moreA: number;
  readonly moreB: number;
  readonly customers: number;
  /** Start of the first break, ms since 1970; of fifty and more the first in fifty are taken for strays that were there before. */
  readonly beganAt: number;
  readonly samples: readonly string[];
}

/** A value that so much of a group has, and at most so much of all records, is where the group sits. */
const shareOfGroup = 0.9;
const shareOfAll = 0.6;
/** Fewest breaks for which dimensions are searched. */
const fewestToSearch = 10;
const mostSamples = 5;

const titles: Readonly<Record<BreakClass, string>> = {
  mismatch: 'pairs differ',
  a_only: 'records of A have no partner in B',
  b_only: 'records of B have no partner in A',
};

const labelText = (dimensions: Readonly<Record<string, string>>): string =>
  Object.entries(dimensions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const startOf = ({ a, b, class: of }: Break): number => (of === 'b_only' ? b.start : a.start);

/** One break in so many may lie before what the others are about. */
const strayOf = 50;

/** Start of the first break that is not one of the few that always are. */
function beginningOf(breaks: readonly Break[]): number {
  const starts = Float64Array.from(breaks, startOf).sort();
  return starts[Math.floor(starts.length / strayOf)] ?? Number.POSITIVE_INFINITY;
}

function causeOf(
  breaks: readonly Break[],
  of: Pick<Cause, 'class' | 'pattern' | 'text' | 'dimensions' | 'value'> & { readonly measure?: keyof Measures },
  all: number,
): Cause {
  const { measure, ...rest } = of;
  const key = [
    of.class,
    of.pattern,
    measure,
    of.pattern === 'rounding' ? of.text : of.value === 0 ? undefined : of.value,
    labelText(of.dimensions),
  ];
  return {
    ...rest,
    cause: key.filter((part) => part !== undefined && part !== '').join('/'),
    records: breaks.length,
    share: breaks.length / all,
    moreA: breaks.reduce((sum, { money }) => sum + Math.max(0, money), 0),
    moreB: breaks.reduce((sum, { money }) => sum + Math.max(0, -money), 0),
    customers: new Set(breaks.map(({ subscriber }) => subscriber).filter((each) => each !== '0')).size,
    beganAt: beginningOf(breaks),
    samples: breaks.slice(0, mostSamples).map(({ record }) => record),
  };
}

/** Values that nearly all breaks of a group have and few other records. */
function placeOf(breaks: readonly Break[], cells: readonly RecordCell[]): Readonly<Record<string, string>> {
  const place: Record<string, string> = {};
  const total = cells.reduce((sum, { a }) => sum + a, 0);
  for (const name of Object.keys(breaks[0]?.dimensions ?? {})) {
    const counts = new Map<string, number>();
    for (const { dimensions } of breaks) counts.set(dimensions[name] ?? '', (counts.get(dimensions[name] ?? '') ?? 0) + 1);
    const [value, count] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0]);
    if (value === '' || count < shareOfGroup * breaks.length) continue;
    const everywhere = cells.reduce((sum, { dimensions, a }) => sum + (dimensions[name] === value ? a : 0), 0);
    if (total > 0 && everywhere <= shareOfAll * total) place[name] = value;
  }
  return place;
}

const keyOf = (dimensions: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(dimensions).sort());

const lies = (within: Readonly<Record<string, string>>, dimensions: Readonly<Record<string, string>>): boolean =>
  Object.entries(within).every(([name, value]) => dimensions[name] === value);

/** Sets of dimension values that hold more breaks than their share of the records, largest first. */
function placesOf(breaks: readonly Break[], cells: readonly RecordCell[], side: 'a' | 'b'): readonly Readonly<Record<string, string>>[] {
  const names = Object.keys(breaks[0]?.dimensions ?? {});
  const broken = new Map<string, number>();
  for (const { dimensions } of breaks) broken.set(keyOf(dimensions), (broken.get(keyOf(dimensions)) ?? 0) + 1);
  const rows = cells.filter((cell) => cell[side] > 0);
  const total = rows.reduce((sum, cell) => sum + cell[side], 0);
  if (total === 0) return [];
  const stated = (dimensions: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(dimensions).filter(([, value]) => value !== ''));
  const counted = rows.map((cell) => ({ cell, observed: Math.min(cell[side], broken.get(keyOf(cell.dimensions)) ?? 0) }));
  // The usual rate is that of most records: the median over cells by weight, which a place that breaks wholly does not move.
  const byRate = counted
    .map(({ cell, observed }) => ({ rate: observed / cell[side], records: cell[side] }))
    .sort((x, y) => x.rate - y.rate);
  let seen = 0;
  let usual = 0;
  for (const { rate, records } of byRate) {
    if (seen >= total / 2) break;
    usual = rate;
    seen += records;
  }
  const floor = 0.05 * (breaks.length / total);
  const found = explain(
    cellsOf(
      names,
      counted.map(({ cell, observed }) => ({ values: stated(cell.dimensions), observed, expected: cell[side] * Math.max(usual, floor) })),
    ),
    { direction: 'up' },
  );
  return found.explanations.map(({ dimensions }) => dimensions);
}

/**
 * The causes of breaks. Pairs that differ are first split by numeric pattern (`patternsOf`), and each pattern is placed where nearly all
 * of it lies; the rest, and records without partner, are split by the dimension values that hold more of them than of all records
 * (`explain`). What no rule holds is one cause `unexplained` per class, so that the counts of all causes add up to the breaks.
 * `cells` counts all records that were compared. Largest cause first.
 */
export function explainBreaks(breaks: readonly Break[], cells: readonly RecordCell[]): readonly Cause[] {
  const causes: Cause[] = [];
  for (const of of ['mismatch', 'a_only', 'b_only'] as const) {
    let left = breaks.filter((each) => each.class === of);
    const all = left.length;
    const take = (holds: (each: Break) => boolean, make: (taken: readonly Break[]) => Cause): void => {
      const taken = left.filter(holds);
      if (taken.length === 0) return;
      left = left.filter((each) => !holds(each));
      causes.push(make(taken));
    };
    for (const pattern of of === 'mismatch' ? patternsOf(left) : []) {
      take(pattern.holds, (taken) => {
        const dimensions = placeOf(taken, cells);
        const where = labelText(dimensions);
        const { pattern: kind, measure, value } = pattern;
        const text = where ? `${pattern.text}, on ${where}` : pattern.text;
        return causeOf(taken, { class: of, pattern: kind, measure, value, dimensions, text }, all);
      });
    }
    const places = left.length >= fewestToSearch ? placesOf(left, cells, of === 'b_only' ? 'b' : 'a') : [];
    for (const dimensions of places) {
      take(
        (each) => lies(dimensions, each.dimensions),
        (taken) =>
          causeOf(taken, { class: of, pattern: 'where', text: `${titles[of]} on ${labelText(dimensions)}`, dimensions, value: 0 }, all),
      );
    }
    take(
      () => true,
      (taken) => causeOf(taken, { class: of, pattern: 'unexplained', text: titles[of], dimensions: {}, value: 0 }, all),
    );
  }
  return causes.sort((x, y) => y.records - x.records);
}

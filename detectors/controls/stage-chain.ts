/** The legs of the chain as S07 sees them: pairs of neighbours, hour by hour, and what of them can be compared. */
import type { Evaluation } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import type { RatioHour } from './conversion.ts';

/** Columns of the query `control-stage-volume`. */
export const stageColumns = {
  leg: 'text',
  complete_to: 'instant',
  service: 'text',
  dimension: 'text',
  value: 'text',
  hours: 'numbers',
  n: 'numbers',
  seconds: 'numbers',
  octets: 'numbers',
  charge: 'numbers',
  unread: 'numbers',
  explained: 'numbers',
} as const;

/** One leg, service and part of it. */
export type StageRow = RowOf<typeof stageColumns>;

/** Level of a leg in the chain: each is compared with the next level that is there. */
const levels: Readonly<Record<string, number>> = { switch: 0, aaa: 0, mediation: 1, ocs: 2, rating: 3, billing: 4 };

/** Both legs of a cell in one hour; charge in micro-units. */
export interface Hour {
  readonly at: number;
  readonly a: Figures;
  readonly b: Figures;
  /** Named by another control already: not judged. */
  readonly explained: boolean;
}

export interface Figures {
  readonly n: number;
  readonly seconds: number;
  readonly octets: number;
  readonly charge: number;
}

export interface Measure {
  readonly name: 'records' | 'seconds' | 'octets' | 'charge';
  readonly hour: (hour: Hour) => RatioHour;
  /** Of the downstream leg. */
  readonly observed: (hour: Hour) => number;
  /** Least relative deviation of one record: root of the share that may come after the watermark times how heavy single records weigh. */
  readonly least: number;
}

const late = 0.005;
const of = (name: keyof Figures) => (hour: Hour) => hour.b[name];
/** A mean; 0 of nothing. */
export const rate = (above: number, n: number): number => (n > 0 ? above / n : 0);

/** The number of records: what can always be compared. */
export const records: Measure = {
  name: 'records',
  hour: ({ a, b }) => ({ above: b.n, below: a.n, records: a.n }),
  observed: of('n'),
  least: Math.sqrt(late),
};
const perRecord = (name: 'seconds' | 'octets' | 'charge', weight: number): Measure => ({
  name,
  // Means of both legs, so that records that are missing as a whole are no loss of length as well.
  hour: ({ a, b }) => ({ above: rate(b[name], b.n) * a.n, below: b.n > 0 ? a[name] : 0, records: a.n }),
  observed: of(name),
  least: Math.sqrt(late * weight),
});
/** Charge of the downstream leg against its own usage, where the upstream leg charges nothing. */
const price = (base: 'n' | 'seconds' | 'octets', least: number): Measure => ({
  name: 'charge',
  hour: ({ b }) => ({ above: b.charge, below: b[base], records: b.n }),
  observed: of('charge'),
  // Prices differ by zone and plan many times over, and a few long records carry most of the usage: the mix alone moves the mean so far.
  least,
});

/** What can be compared: means of seconds and octets where both legs state them; charge with charge, else with what was used. */
export function measuresOf(hours: readonly Hour[]): readonly Measure[] {
  const has = (side: 'a' | 'b', name: keyof Figures) => hours.some((hour) => hour[side][name] > 0);
  const found: Measure[] = [records];
  if (has('a', 'seconds') && has('b', 'seconds')) found.push(perRecord('seconds', 4));
  if (has('a', 'octets') && has('b', 'octets')) found.push(perRecord('octets', 25));
  if (has('a', 'charge') && has('b', 'charge')) found.push(perRecord('charge', 25));
  else if (has('b', 'charge'))
    found.push(has('b', 'octets') ? price('octets', 3) : has('b', 'seconds') ? price('seconds', 2) : price('n', 1.5));
  return found;
}

function figuresBy(row: StageRow): ReadonlyMap<number, Figures & { readonly unread: number; readonly explained: boolean }> {
  return new Map(
    row.hours.map((hour, at) => [
      hour * 1000,
      {
        n: row.n[at]!,
        seconds: row.seconds[at]!,
        octets: row.octets[at]!,
        charge: row.charge[at]! * 1e6,
        unread: row.unread[at]!,
        explained: row.explained[at] === 1,
      },
    ]),
  );
}

/** One cell of a pair of legs over time. */
export interface Cell {
  readonly a: string;
  readonly b: string;
  readonly service: string;
  readonly dimension: string;
  readonly value: string;
  readonly complete: boolean;
  readonly hours: readonly Hour[];
}

function cellOf(a: StageRow, b: StageRow, { window, limit, completeTo }: Evaluation, whole: ReadonlyMap<string, StageRow>): Cell {
  const [own, next] = [figuresBy(a), figuresBy(b)];
  const wholes = [a, b].map((row) => figuresBy(whole.get(`${row.leg}/${row.service}`) ?? row));
  const none: Figures = { n: 0, seconds: 0, octets: 0, charge: 0 };
  const unreadable = (at: number) =>
    wholes.some((each) => {
      const hour = each.get(at);
      return hour !== undefined && (hour.explained || hour.unread > limit('unread') * hour.n);
    });
  const hours = [...new Set([...own.keys(), ...next.keys()])]
    .filter((at) => at < window.to)
    .sort((one, other) => one - other)
    .map((at) => ({ at, a: own.get(at) ?? none, b: next.get(at) ?? none, explained: unreadable(at) }));
  return {
    a: a.leg,
    b: b.leg,
    service: a.service,
    dimension: a.dimension,
    value: a.value,
    complete: [a, b].every(({ leg, complete_to }) => (completeTo?.(leg) ?? complete_to) >= window.to),
    hours,
  };
}

/** Each leg with the next level of the chain that carries the service, of pairs that the closed leg belongs to. */
export function cellsOf(rows: readonly StageRow[], evaluation: Evaluation): readonly Cell[] {
  const whole = new Map(rows.filter(({ dimension }) => dimension === '').map((row) => [`${row.leg}/${row.service}`, row]));
  const found: Cell[] = [];
  for (const row of rows) {
    const level = levels[row.leg] ?? 0;
    const later = [...whole.values()].filter(({ leg, service }) => service === row.service && (levels[leg] ?? 0) > level);
    const next = Math.min(...later.map(({ leg }) => levels[leg]!));
    for (const { leg } of later.filter((each) => levels[each.leg] === next)) {
      if (evaluation.leg !== row.leg && evaluation.leg !== leg) continue;
      const other = rows.find(
        (each) => each.leg === leg && each.service === row.service && each.dimension === row.dimension && each.value === row.value,
      );
      if (other) found.push(cellOf(row, other, evaluation, whole));
    }
  }
  return found;
}

/** Figures of a KPI as frames: a series with its band, or one table of totals. */
import type { Signal } from '../../../detectors/series/metrics.ts';
import { bandsOf, type Counted, weekSeconds } from './band.ts';
import { type Column, type Frame, type FrameNotice, frameOf } from './frame.ts';
import type { AdhocFilter } from './macros.ts';

export interface KpiQuery {
  readonly metric: string;
  readonly dimensions: readonly string[];
  readonly filters: readonly AdhocFilter[];
  /** What is to be expected from the four weeks before, as fields `expected`, `lower`, `upper`. */
  readonly band: boolean;
  /** The week before beside it. */
  readonly compare: boolean;
  /** A series over time, or one figure for the whole stretch. */
  readonly format: 'series' | 'total';
  /** Most series: those with the most records. */
  readonly limit: number;
  /** Least length of a bucket in seconds; 0 = by the width of the panel alone. */
  readonly stepSeconds: number;
}

/** One group: its labels and what was counted, by bucket in seconds. */
export interface Group {
  readonly labels: Readonly<Record<string, string>>;
  readonly counted: ReadonlyMap<number, Counted>;
}

/** A group that is being filled. */
export interface CountedGroup extends Group {
  readonly counted: Map<number, Counted>;
}

/** What holds for all frames of an answer. */
export interface About {
  readonly signal: Signal;
  /** What it is called on a panel. */
  readonly title: string;
  /** Of Grafana. */
  readonly unit: string;
  readonly sql: string;
  readonly notices: readonly FrameNotice[];
}

/** The figure that was counted; of a count or sum nothing is zero, of a ratio or mean it is unknown. */
function readingOf(signal: Signal, counted: Counted | undefined): number | null {
  if (signal === 'count' || signal === 'sum') return counted?.up ?? 0;
  return counted && counted.down > 0 ? counted.up / counted.down : null;
}

/** A series with what was expected and how it was a week before. @param buckets that are shown, seconds */
export function seriesFrame(
  { labels, counted }: Group,
  query: KpiQuery,
  { signal, title, unit, sql, notices }: About,
  buckets: readonly number[],
): Frame {
  const shown = Object.values(labels)
    .map((value) => value || '(none)')
    .join(' ');
  const named = (name: string): string => (shown === '' ? name : `${shown} ${name}`);
  const field = (name: string, display: string, values: readonly (number | null)[], config: Record<string, unknown> = {}): Column => ({
    name,
    type: 'number',
    labels,
    config: { unit, displayNameFromDS: display, ...config },
    values,
  });
  const columns: Column[] = [
    { name: 'time', type: 'time', values: buckets.map((bucket) => bucket * 1000) },
    field(
      'value',
      shown || title,
      buckets.map((bucket) => readingOf(signal, counted.get(bucket))),
    ),
  ];
  if (query.compare) {
    const before = buckets.map((bucket) => readingOf(signal, counted.get(bucket - weekSeconds)));
    columns.push(field('last_week', named('last week'), before, { custom: { lineWidth: 0, fillOpacity: 20 } }));
  }
  if (query.band) {
    const bands = bandsOf(signal, counted, buckets);
    const hidden = { hideFrom: { legend: true, tooltip: false, viz: false } };
    columns.push(
      field(
        'expected',
        named('expected'),
        bands.map((band) => band?.expected ?? null),
        {
          custom: { lineWidth: 1, lineStyle: { fill: 'dash', dash: [4, 4] }, fillOpacity: 0 },
        },
      ),
      field(
        'lower',
        named('lower'),
        bands.map((band) => band?.lower ?? null),
        { custom: { lineWidth: 0, fillOpacity: 0, ...hidden } },
      ),
      field(
        'upper',
        named('upper'),
        bands.map((band) => band?.upper ?? null),
        {
          custom: { lineWidth: 0, fillOpacity: 12, fillBelowTo: named('lower'), ...hidden },
        },
      ),
    );
  }
  return frameOf(columns, { type: 'timeseries-multi', executedQueryString: sql, notices }, shown || title);
}

/** One figure for each group, the largest first. */
export function totalFrame(
  groups: readonly Group[],
  query: KpiQuery,
  { signal, title, unit, sql, notices }: About,
  from: number,
  shift: number,
): Frame {
  const now = groups.map(({ counted }) => readingOf(signal, counted.get(from)));
  const before = groups.map(({ counted }) => (counted.has(from - shift) ? readingOf(signal, counted.get(from - shift)) : null));
  const number = (name: string, display: string, values: readonly (number | null)[], of = unit): Column => ({
    name,
    type: 'number',
    config: { unit: of, displayNameFromDS: display },
    values,
  });
  const columns: Column[] = [
    ...query.dimensions.map(
      (dimension): Column => ({ name: dimension, type: 'string', values: groups.map(({ labels }) => labels[dimension] || '(none)') }),
    ),
    number('value', title, now),
  ];
  if (query.compare) {
    columns.push(
      number('last_week', 'before', before),
      number(
        'change',
        'change',
        now.map((value, index) => changeOf(value, before[index] ?? null)),
        'percentunit',
      ),
    );
  }
  const order = groups
    .map((_, index) => index)
    .sort((i, j) => (groups[j]!.counted.get(from)?.down ?? 0) - (groups[i]!.counted.get(from)?.down ?? 0));
  return frameOf(
    columns.map((column) => ({ ...column, values: order.map((index) => column.values[index]) })),
    { type: 'table', executedQueryString: sql, notices },
  );
}

const changeOf = (now: number | null, before: number | null): number | null => (now === null || !before ? null : now / before - 1);

/** Good and all of each slice of a stretch, from the queries or the KPI of an objective. Queries run as the analyst, who may only read. */
import { WeirError } from '../../core/errors.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import { meets, type Objective, type Slice, type SqlMetric } from '../../detectors/service/slo/index.ts';
import { type AskAnalyst, ownStatement } from '../own/ask.ts';
import type { KpiPort } from './kpi-port.ts';

export interface SliceSources {
  readonly tenant: string;
  readonly ask: AskAnalyst;
  readonly kpis: KpiPort;
  readonly timeoutMs: number;
}

/** Most rows of one question: a day of slices of a minute, and some. */
const mostRows = 10_000;

function refuse(objective: Objective, message: string, hint: string): never {
  throw new WeirError('query_refused', `${objective.identity}: ${message}`, { place: objective.place, hint });
}

/** A time that a query gives: `YYYY-MM-DD hh:mm:ss`, or seconds since 1970. */
function atOf(value: unknown): number {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,10}$/.test(value))) return Number(value) * 1000;
  return typeof value === 'string' ? readInstant(value) : Number.NaN;
}

/** The values of one metric by slice. Several rows of one slice are added up. */
async function askMetric(
  { tenant, ask, timeoutMs }: SliceSources,
  objective: Objective,
  { query, column }: SqlMetric,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const { columns, rows } = await ask(ownStatement(query, mostRows + 1), {
    params: { tenant, from: writeInstant(from), to: writeInstant(to), slice_seconds: objective.sliceMs / 1000 },
    timeoutMs,
  });
  const [time, value] = ['at', column].map((name) => columns.findIndex((each) => each.name === name));
  if (time === -1 || value === -1)
    refuse(
      objective,
      `the query gives no column ${time === -1 ? 'at' : column}; it gives ${columns.map(({ name }) => name).join(', ') || 'none'}`,
      'at: the beginning of the slice, e.g. toStartOfMinute(start_time) AS at; value: what was counted in it.',
    );
  if (rows.length > mostRows)
    refuse(objective, `the query gives more than ${mostRows} rows for a stretch`, 'One row for each slice of {slice_seconds:UInt32}.');
  const found = new Map<number, number[]>();
  for (const row of rows) {
    const at = atOf(row[time!]);
    const number = row[value!] === null ? Number.NaN : Number(row[value!]);
    if (!Number.isFinite(at)) refuse(objective, 'the column at holds no time', 'A DateTime in UTC, or seconds since 1970.');
    // What lies outside was not asked for.
    if (at < from || at >= to || !Number.isFinite(number)) continue;
    const slice = from + Math.floor((at - from) / objective.sliceMs) * objective.sliceMs;
    found.set(slice, [...(found.get(slice) ?? []), number]);
  }
  return found;
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

async function sqlSlices(sources: SliceSources, objective: Objective, from: number, to: number): Promise<readonly Slice[]> {
  const { source, compare } = objective;
  if (source.kind !== 'sql') return [];
  const asked = new Map<string, Promise<ReadonlyMap<number, readonly number[]>>>();
  const values = (metric: SqlMetric) => {
    const key = `${metric.column}\n${metric.query}`;
    const known = asked.get(key) ?? askMetric(sources, objective, metric, from, to);
    asked.set(key, known);
    return known;
  };
  if (source.value && compare) {
    return [...(await values(source.value))].map(([at, each]) => ({
      at,
      good: each.filter((value) => meets(value, compare)).length,
      total: each.length,
    }));
  }
  if (source.ratio) {
    return [...(await values(source.ratio))].map(([at, each]) => {
      const share = Math.min(1, Math.max(0, sum(each) / each.length));
      return { at, good: source.ratioOf === 'failure' ? 1 - share : share, total: 1 };
    });
  }
  const [part, all] = await Promise.all([values((source.good ?? source.bad)!), values(source.total!)]);
  return [...all].map(([at, each]) => {
    const total = Math.max(0, sum(each));
    // A query that groups gives no row where nothing was good, or nothing was bad.
    const counted = Math.min(total, Math.max(0, sum(part.get(at) ?? [])));
    return { at, good: source.good ? counted : total - counted, total };
  });
}

async function kpiSlices(
  { kpis }: SliceSources,
  { source, compare, sliceMs }: Objective,
  from: number,
  to: number,
): Promise<readonly Slice[]> {
  if (source.kind !== 'kpi') return [];
  const slices = await kpis.slices(source.kpi, source.where, from, to, sliceMs);
  return slices.flatMap(({ at, value, volume, events }) => {
    if (source.as === 'value') return value === null || !compare ? [] : [{ at, good: meets(value, compare) ? 1 : 0, total: 1 }];
    return volume > 0 && events !== null ? [{ at, good: source.as === 'success' ? events : volume - events, total: volume }] : [];
  });
}

/**
 * The slices of [from, to) that have data, in order. `from` and `to` are bounds of slices.
 * @throws WeirError query_refused: not a reading statement, over a limit, a column is missing
 */
export async function readSlices(sources: SliceSources, objective: Objective, from: number, to: number): Promise<readonly Slice[]> {
  const slices = await (objective.source.kind === 'sql'
    ? sqlSlices(sources, objective, from, to)
    : kpiSlices(sources, objective, from, to));
  return slices.filter(({ total }) => total > 0).sort((a, b) => a.at - b.at);
}

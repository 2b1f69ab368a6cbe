/** Figures of KPIs out of the store: the query of the KPI, its rows, and how they make values. */
import { WeirError } from '../../core/errors.ts';
import type { Window } from '../../core/finding.ts';
import { type KpiDefinition, type KpiFacts, type KpiValue, kpiValue } from '../../detectors/service/kpis/index.ts';
import type { Store } from '../../sql/store.ts';
import type { KpiQuestion } from './ask.ts';
import { legsOf } from './legs.ts';

/** One step of a series. */
export interface KpiPoint extends KpiValue {
  /** Start of the step, ms since 1970. */
  readonly at: number;
}

/** A group: the whole window, and its steps when they are asked for, every one of the window. */
export interface KpiGroupSeries {
  /** Dimension to value; empty without `by`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly total: KpiValue;
  readonly points: readonly KpiPoint[];
}

export interface KpiAnswer {
  readonly question: KpiQuestion;
  /** Legs that it was read from; empty = no leg has any, or the KPI has no legs. */
  readonly legs: readonly string[];
  /** The largest volume first. */
  readonly groups: readonly KpiGroupSeries[];
  /** Groups that were left out. */
  readonly more: number;
}

/** A row of a KPI query. */
export interface KpiRow {
  readonly bucket: number;
  readonly a: string;
  readonly b: string;
  readonly facts: KpiFacts;
}

type RawRow = { readonly bucket: number; readonly a: string; readonly b: string } & Readonly<Record<string, unknown>>;

export type KpiStore = Pick<Store, 'rows'>;

/** Most rows of one query. */
export const mostRows = 200_000;
const deadline = { timeoutMs: 30_000 };
const hourMs = 3_600_000;
const none: KpiValue = { state: 'no_data', value: null, volume: 0, events: null };

/** Answers a question that `kpiQuestion` has checked. */
export async function readKpi(store: KpiStore, tenant: string, question: KpiQuestion): Promise<KpiAnswer> {
  const { kpi, window, by, limit, stepMs } = question;
  const legs = await legsOf(store, tenant, question);
  const read = (step: number, groups: readonly KpiRow[]) => readRows(store, params(tenant, question, legs, step, groups), kpi.query);
  const empty = kpi.legs.length > 0 && legs.length === 0;
  const totals = empty ? [] : await read(window.to - window.from, []);
  const ranked = rankedGroups(kpi, totals, by);
  const shown = ranked.slice(0, by.length === 0 ? 1 : limit);
  const steps = stepMs === 0 || shown.length === 0 ? [] : await read(stepMs, by.length === 0 ? [] : shown.map(({ row }) => row));
  const bySeries = new Map<string, KpiRow[]>();
  for (const row of steps) {
    const key = `${row.a}\0${row.b}`;
    const series = bySeries.get(key);
    if (series) series.push(row);
    else bySeries.set(key, [row]);
  }
  const groups = shown.map(({ row, total }) => ({
    labels: labelsOf(by, row),
    total,
    points: pointsOf(kpi, window, stepMs, bySeries.get(`${row.a}\0${row.b}`) ?? []),
  }));
  if (groups.length === 0 && by.length === 0)
    groups.push({
      labels: {},
      total: { ...none, events: kpi.measure.kind === 'ratio' ? 0 : null },
      points: pointsOf(kpi, window, stepMs, []),
    });
  return { question, legs, groups, more: ranked.length - shown.length };
}

/** Every step of the window: those without a row have no data. */
export function pointsOf(kpi: KpiDefinition, { from, to }: Window, stepMs: number, rows: readonly KpiRow[]): KpiPoint[] {
  if (stepMs === 0) return [];
  const facts = new Map(rows.map((row) => [row.bucket * 1000, row.facts]));
  const points: KpiPoint[] = [];
  for (let at = from; at < to; at += stepMs) points.push({ at, ...kpiValue(kpi, facts.get(at) ?? {}) });
  return points;
}

/** A group of a KPI query over the whole window. */
export interface RankedGroup {
  readonly row: KpiRow;
  readonly total: KpiValue;
}

/** The groups of an answer over the whole window that have any volume, the largest first; without `by` the one that there is, whatever it has. */
export const rankedGroups = (kpi: KpiDefinition, rows: readonly KpiRow[], by: readonly string[]): readonly RankedGroup[] =>
  rows
    .map((row) => ({ row, total: kpiValue(kpi, row.facts) }))
    .filter(({ total }) => total.volume > 0 || by.length === 0)
    .sort((one, other) => other.total.volume - one.total.volume);

/** Dimension to value of a row. */
export const labelsOf = (by: readonly string[], { a, b }: Pick<KpiRow, 'a' | 'b'>): Record<string, string> =>
  Object.fromEntries(by.map((dimension, place) => [dimension, place === 0 ? a : b]));

/** Parameters of a KPI query; what a query does not know it ignores. */
export function params(
  tenant: string,
  { kpi, window, by, only }: Pick<KpiQuestion, 'kpi' | 'window' | 'by' | 'only'>,
  legs: readonly string[],
  stepMs: number,
  groups: readonly KpiRow[],
): Record<string, unknown> {
  const [first = 'tenant', second = 'tenant'] = by;
  const [[onlyDimension, onlyValues] = ['tenant', []], [alsoDimension, alsoValues] = ['tenant', []]] = Object.entries(only);
  const hourly = [window.from, window.to, stepMs].every((ms) => ms % hourMs === 0);
  return {
    tenant,
    table: hourly ? 'usage_hour' : 'usage_minute',
    time: hourly ? 'hour' : 'minute',
    from: window.from / 1000,
    to: window.to / 1000,
    step: stepMs / 1000,
    legs,
    services: kpi.services,
    metrics: kpi.metrics,
    first,
    second,
    only: onlyDimension,
    only_values: onlyValues,
    also: alsoDimension,
    also_values: alsoValues,
    groups_a: groups.map(({ a }) => a),
    groups_b: groups.map(({ b }) => b),
    most: mostRows,
  };
}

/**
 * Rows of a KPI query.
 * @throws WeirError usage when there are more than one answer may hold
 */
export async function readRows(store: KpiStore, given: Readonly<Record<string, unknown>>, query: string): Promise<KpiRow[]> {
  const rows = await store.rows<RawRow>(query, given, deadline);
  if (rows.length >= mostRows) throw tooMany();
  return rows.map(({ bucket, a, b, ...columns }) => ({ bucket: Number(bucket), a, b, facts: factsOf(columns) }));
}

/** Refuses an answer that was cut. */
export const tooMany = (): WeirError =>
  new WeirError('usage', 'The answer has too many groups.', { hint: 'Ask for a coarser dimension, certain values or a shorter window.' });

/** Columns as numbers; null (a quantile of nothing) is left out. */
export function factsOf(columns: Readonly<Record<string, unknown>>): KpiFacts {
  const facts: Record<string, number> = {};
  for (const [name, value] of Object.entries(columns)) if (value !== null) facts[name] = Number(value);
  return facts;
}

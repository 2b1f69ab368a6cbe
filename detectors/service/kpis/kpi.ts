/**
 * What a KPI is: data that names a query over the rollups and the columns (facts) of it, and how they make one figure. A KPI is never 0 or NaN for
 * want of data: without traffic it has no value, with too little of it neither.
 */
import type { Rater } from '../../../core/rater.ts';

/** What one row of a KPI query says of one group and stretch of time, by column. Columns that are missing count as 0. */
export type KpiFacts = Readonly<Record<string, number>>;

/** Named queries in `sql/queries/`; each answers all of its KPIs in one scan. */
export type KpiQuery =
  | 'kpi-usage'
  | 'kpi-quality'
  | 'kpi-arrivals'
  | 'kpi-repeats'
  | 'kpi-complete'
  | 'kpi-rejects'
  | 'kpi-measurements'
  | 'kpi-devices'
  | 'kpi-pons'
  | 'kpi-orders'
  | 'kpi-incidents';

/**
 * How facts make the figure. `ratio`: events of events, 0 to 1. `mean`: an amount over how many have it, times `scale`. `stated`: a column of the
 * query, such as a quantile. `computed`: a pure function. `denominator`: the volume behind the figure.
 */
export type KpiMeasure =
  | { readonly kind: 'ratio'; readonly numerator: string; readonly denominator: string }
  | { readonly kind: 'mean'; readonly numerator: string; readonly denominator: string; readonly scale?: number }
  | { readonly kind: 'stated'; readonly column: string; readonly denominator: string; readonly scale?: number }
  | { readonly kind: 'computed'; readonly of: (facts: KpiFacts) => number; readonly denominator: string };

/** A usual limit: from `good` on it is well, from `poor` on it is not; between them it is fair. */
export interface KpiLimit {
  readonly level: 'good' | 'poor';
  readonly value: number;
  /** Who says so: a standard, a regulator, the habit of the field, or Weir's own choice. */
  readonly source: string;
}

export interface KpiDefinition {
  /** Stable short name, as in `weir kpis NAME`. */
  readonly name: string;
  readonly title: string;
  readonly group: KpiGroup;
  /** Standard or publication with the clause that defines it, or "own definition". */
  readonly standard: string;
  /** Name of the nearest parameter of ETSI TS 102 250-2 or of TM Forum, if there is one. */
  readonly alias?: string;
  readonly meaning: string;
  readonly formula: string;
  /** ratio (0 to 1), s, ms, MOS, R, dBm, Mbit/s, …  */
  readonly unit: string;
  /** `steady`: to be judged against its own past alone, neither more nor less is better. */
  readonly better: 'higher' | 'lower' | 'steady';
  readonly rater: Rater;
  readonly query: KpiQuery;
  /** Usage: the services that it looks at; empty = all. */
  readonly services: readonly string[];
  /** Usage: legs that show it, the best first; what several legs tell of one call is never added up. `everyLeg`: it is about the records, of all legs. */
  readonly legs: readonly string[];
  /** Measurements: the metrics that it reads, under the names of Weir and of Telegraf. */
  readonly metrics: readonly string[];
  /** By what it can be cut. */
  readonly dimensions: readonly string[];
  readonly measure: KpiMeasure;
  /** Volume below which it has no value. */
  readonly minimum: number;
  /** What the volume counts: seizures, messages, readings, … */
  readonly volume: string;
  readonly limits: readonly KpiLimit[];
  /** What a person does when it is poor, step by step. */
  readonly runbook: readonly string[];
}

export type KpiGroup = 'voice' | 'sms' | 'data' | 'roaming' | 'access' | 'records' | 'orders' | 'incidents';

/** `no_data`: no traffic at all. `too_few`: less than the minimum volume. Neither has a value. */
export type KpiState = 'ok' | 'too_few' | 'no_data';

/** What a KPI says of one group and stretch of time. */
export interface KpiValue {
  readonly state: KpiState;
  /** In the unit of the KPI; null without enough data. */
  readonly value: number | null;
  /** How much stands behind it; of a ratio the denominator. */
  readonly volume: number;
  /** Of a ratio the numerator: good events where more is better, bad ones where less is. Null for the others. */
  readonly events: number | null;
}

/**
 * The figure of a KPI from the facts of a row.
 * @example kpiValue({ minimum: 50, measure: { kind: 'ratio', numerator: 'a', denominator: 'b' } }, { a: 30, b: 60 }).value // 0.5
 */
export function kpiValue({ measure, minimum }: Pick<KpiDefinition, 'measure' | 'minimum'>, facts: KpiFacts): KpiValue {
  const volume = facts[measure.denominator] ?? 0;
  const events = measure.kind === 'ratio' ? (facts[measure.numerator] ?? 0) : null;
  if (!(volume > 0)) return { state: 'no_data', value: null, volume: 0, events: events === null ? null : 0 };
  if (volume < minimum) return { state: 'too_few', value: null, volume, events };
  const value = figureOf(measure, facts, volume);
  // A quantile of nothing, or a function outside its range.
  if (!Number.isFinite(value)) return { state: 'too_few', value: null, volume, events };
  return { state: 'ok', value, volume, events };
}

function figureOf(measure: KpiMeasure, facts: KpiFacts, volume: number): number {
  switch (measure.kind) {
    case 'ratio':
      return (facts[measure.numerator] ?? 0) / volume;
    case 'mean':
      return ((facts[measure.numerator] ?? 0) / volume) * (measure.scale ?? 1);
    case 'stated':
      return (facts[measure.column] ?? Number.NaN) * (measure.scale ?? 1);
    case 'computed':
      return measure.of(facts);
  }
}

/** `unrated`: there is no value, or no limit to compare it with. */
export type KpiStanding = 'good' | 'fair' | 'poor' | 'unrated';

/**
 * How a value stands against the usual limits.
 * @example kpiStanding({ better: 'lower', limits: [{ level: 'poor', value: 5, source: '' }] }, 5) // 'poor'
 */
export function kpiStanding({ better, limits }: Pick<KpiDefinition, 'better' | 'limits'>, value: number | null): KpiStanding {
  if (value === null || better === 'steady' || limits.length === 0) return 'unrated';
  const sign = better === 'higher' ? 1 : -1;
  const good = limits.find(({ level }) => level === 'good');
  const poor = limits.find(({ level }) => level === 'poor');
  if (poor && sign * value <= sign * poor.value) return 'poor';
  if (good && sign * value < sign * good.value) return 'fair';
  return good ? 'good' : 'fair';
}

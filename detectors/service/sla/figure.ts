/** What was measured becomes the figure of a target, with and without its exclusions. Pure. */
import { meets } from '../slo/objective.ts';
import type { SlaTarget } from './agreement.ts';
import { lengthOf, type Stretch, touches } from './exclusions.ts';

/** A slice of the KPI of a target. */
export interface MeasuredSlice {
  readonly at: number;
  readonly lengthMs: number;
  /** In the unit of the KPI, ratios 0 to 1; null = too little to say. */
  readonly value: number | null;
  readonly volume: number;
  readonly events: number | null;
}

/** An incident as a repair target sees it; ms. */
export interface MeasuredIncident {
  readonly incident_id: string;
  readonly startedAt: number;
  /** undefined = not solved yet. */
  readonly resolvedAt: number | undefined;
}

export interface Figure {
  /** Percent, unit of the KPI, or hours; undefined = no data. */
  readonly value: number | undefined;
  /** What it was made of: good of all. Of averages of values the volume. */
  readonly good: number;
  readonly total: number;
}

export interface SlaFigure {
  /** Without any exclusion. */
  readonly raw: Figure;
  /** What counts. */
  readonly counted: Figure;
  /** Minutes: of the period, with data, without, excluded, and (of slices) that missed the limit and count. */
  readonly minutes: {
    readonly period: number;
    readonly measured: number;
    readonly missing: number;
    readonly excluded: number;
    readonly bad: number;
  };
  /** Share of the period, less exclusions, that has data: 0 to 1. */
  readonly completeness: number;
}

const minuteMs = 60_000;
const percent = 100;

/** The nearest-rank percentile. @example percentileOf([1, 2, 3, 4], 95) // 4 */
export function percentileOf(values: readonly number[], rank: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)];
}

/** Whether a slice meets the limit of a target of slices; undefined = too little to say. Limits of ratios are percent. */
export function sliceMeets(
  target: Extract<SlaTarget, { measure: 'slices' }>,
  { value }: Pick<MeasuredSlice, 'value'>,
): boolean | undefined {
  if (value === null) return undefined;
  const shown = target.ratio ? Math.round(value * percent * 1e9) / 1e9 : value;
  return meets(shown, { op: target.limitOp, value: Number(target.limit) });
}

function figureOf(target: Exclude<SlaTarget, { measure: 'repair' }>, slices: readonly MeasuredSlice[]): Figure {
  if (target.measure === 'average') {
    const known = slices.filter(({ volume }) => volume > 0);
    const total = known.reduce((sum, { volume }) => sum + volume, 0);
    if (target.ratio) {
      const good = known.reduce((sum, { events }) => sum + (events ?? 0), 0);
      return { value: total > 0 ? (good * percent) / total : undefined, good, total };
    }
    const valued = known.filter(({ value }) => value !== null);
    const weight = valued.reduce((sum, { volume }) => sum + volume, 0);
    const sum = valued.reduce((all, { value, volume }) => all + (value ?? 0) * volume, 0);
    return { value: weight > 0 ? sum / weight : undefined, good: weight, total };
  }
  const known = slices.filter(({ value }) => value !== null);
  if (target.measure === 'percentile') {
    const value = percentileOf(
      known.map((each) => each.value!),
      target.percentile,
    );
    return { value: value === undefined ? undefined : target.ratio ? value * percent : value, good: known.length, total: known.length };
  }
  const good = known.filter((slice) => sliceMeets(target, slice)).length;
  return { value: known.length > 0 ? (good * percent) / known.length : undefined, good, total: known.length };
}

/**
 * The figure of a target of a KPI. A slice that touches an exclusion does not count.
 * @param excluded without overlaps, in order
 */
export function kpiFigure(
  target: Exclude<SlaTarget, { measure: 'repair' }>,
  slices: readonly MeasuredSlice[],
  excluded: readonly Stretch[],
  period: Stretch,
): SlaFigure {
  const counting = slices.filter(({ at, lengthMs }) => !touches(excluded, at, at + lengthMs));
  const hasData = ({ value, volume }: MeasuredSlice): boolean => (target.measure === 'average' ? volume > 0 : value !== null);
  const minutesOf = (of: readonly MeasuredSlice[]): number => of.reduce((sum, { lengthMs }) => sum + lengthMs, 0) / minuteMs;
  const whole = (period.to - period.from) / minuteMs;
  const out = lengthOf(excluded) / minuteMs;
  const measured = minutesOf(counting.filter(hasData));
  const all = minutesOf(counting);
  return {
    raw: figureOf(target, slices),
    counted: figureOf(target, counting),
    minutes: {
      period: whole,
      measured,
      missing: Math.max(0, all - measured),
      excluded: out,
      bad: target.measure === 'slices' ? minutesOf(counting.filter((slice) => sliceMeets(target, slice) === false)) : 0,
    },
    completeness: all > 0 ? measured / all : 0,
  };
}

/** Time to repair less what is excluded of it, ms. */
export function repairMs({ startedAt, resolvedAt }: MeasuredIncident, excluded: readonly Stretch[], now: number): number {
  const to = resolvedAt ?? now;
  const out = excluded.reduce((sum, each) => sum + Math.max(0, Math.min(each.to, to) - Math.max(each.from, startedAt)), 0);
  return Math.max(0, to - startedAt - out);
}

/** The figure of a repair target: percent of incidents that were solved in time. Those that still may be count neither way. */
export function repairFigure(
  target: Extract<SlaTarget, { measure: 'repair' }>,
  incidents: readonly MeasuredIncident[],
  excluded: readonly Stretch[],
  period: Stretch,
  now: number,
): SlaFigure {
  const limit = Number(target.hours) * 60 * minuteMs;
  const figure = (out: readonly Stretch[]): Figure => {
    const judged = incidents.flatMap((incident) => {
      const took = repairMs(incident, out, now);
      return incident.resolvedAt === undefined && took <= limit ? [] : [took <= limit];
    });
    const good = judged.filter(Boolean).length;
    return { value: judged.length > 0 ? (good * percent) / judged.length : undefined, good, total: judged.length };
  };
  const whole = (period.to - period.from) / minuteMs;
  return {
    raw: figure([]),
    counted: figure(excluded),
    minutes: { period: whole, measured: whole, missing: 0, excluded: lengthOf(excluded) / minuteMs, bad: 0 },
    completeness: 1,
  };
}

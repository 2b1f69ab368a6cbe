/** A lasting change of the level of usage, with its date. */
import { median } from 'simple-statistics';
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../core/definition.ts';
import { amountOf } from '../controls/amount.ts';
import { figure, percent } from '../controls/texts.ts';
import { type LevelShift, levelShifts } from '../statistics/level-shift.ts';
import { normalTail } from '../statistics/normal-tail.ts';
import { robustScale } from '../statistics/robust-scale.ts';
import { dayMs, isStep } from './days.ts';
import {
  chargePerRecord,
  logLevels,
  lookbackMs,
  trafficOf,
  type UsageSeries,
  usageColumns,
  usageEvidence,
  usageSeries,
} from './usage-series.ts';

/** Days at the old level without which it was no level. */
const established = 14;
/** Share of the days since then that must be at the new level. */
const mostly = 0.75;
/** Records in the median hour from which that hour stands for its day; below, the day itself does. */
const thickHour = 10;

const limits: readonly Limit[] = [
  { name: 'z', default: 5, unit: 'z', min: 3, max: 12, description: 'Standard deviations between the two levels', learns: 'up' },
  {
    name: 'effect',
    default: 0.2,
    unit: 'ratio',
    min: 0.05,
    max: 1,
    description: 'Smallest relative change of level that counts',
    learns: 'up',
  },
  { name: 'records', default: 100, unit: 'records', min: 1, max: 1e9, description: 'Smallest change of the records per day that counts' },
  {
    name: 'lasting',
    default: 3,
    unit: 'days',
    min: 3,
    max: 14,
    description: 'Ordinary days at the new level before it is told',
    learns: 'up',
  },
  { name: 'recent', default: 21, unit: 'days', min: 7, max: 42, description: 'Days after which the new level is taken as the usual one' },
  { name: 'days', default: 28, unit: 'days', min: 28, max: 56, description: 'Days of history before a series is judged' },
];

/** The last shift of a series, and how sure it is. */
interface Shift {
  readonly day: number;
  /** Days since then, also special ones. */
  readonly age: number;
  readonly before: number;
  readonly after: number;
  readonly effect: number;
  readonly z: number;
}

const sizeOf = ({ before, after }: LevelShift): number => Math.abs(after - before);

/** The latest change of level of at least half the size that counts, when it lasts to the end; undefined when there is none. */
function lastShift({ days, records, middles }: UsageSeries, lasting: number, effect: number): Shift | undefined {
  const thick = median([...middles]) >= thickHour;
  const levels = logLevels(days, thick ? middles : records);
  const kept = levels.map((value, at) => ({ value, day: days[0]! + at * dayMs })).filter(({ value }) => Number.isFinite(value));
  const values = kept.map(({ value }) => value);
  const shifts = levelShifts(values, lasting);
  const last = shifts.findLast((each) => sizeOf(each) >= Math.log1p(effect / 2));
  if (!last) return undefined;
  // A very even series is cut at trifles too: what is not half as large ends no level.
  const from = shifts.findLast((each) => each.at < last.at && sizeOf(each) >= sizeOf(last) / 2)?.at ?? 0;
  const [old, fresh] = [values.slice(from, last.at), values.slice(last.at)];
  if (old.length < established) return undefined;
  const [low, high] = [median(old), median(fresh)];
  const change = high - low;
  // A bridge of two days draws a third one into its stretch: each day speaks for itself. Who is nearer to the old level again has come back.
  const changed = fresh.map((value) => Math.abs(value - high) < Math.abs(value - low));
  const lasts = changed.at(-1) === true && changed.filter(Boolean).length >= Math.max(lasting, fresh.length * mostly);
  if (!lasts || Math.abs(change) < unheardOf(values.slice(0, last.at), fresh.length) || !isStep(values.slice(from), lasting))
    return undefined;
  const day = kept[last.at + changed.indexOf(true)]!.day;
  const perDay = (first: number, end: number): number => median(records.filter((_, at) => days[at]! >= first && days[at]! < end));
  const before = perDay(kept[from]!.day, day);
  return {
    day,
    age: (days.at(-1)! - day) / dayMs + 1,
    before,
    after: perDay(day, Number.POSITIVE_INFINITY),
    effect: Math.exp(change) - 1,
    z: change / (noiseOf(old, fresh, before) * Math.sqrt(1 / old.length + 1 / fresh.length)),
  };
}

/**
 * Least change that the series did not make by itself before: three times the spread of all earlier days for three new ones, less for
 * more of them.
 */
function unheardOf(earlier: readonly number[], newDays: number): number {
  return robustScale(earlier).scale * (1.5 + 4.5 / newDays);
}

/**
 * Standard deviation of a day, as far as a mean over days feels it: of the steps from day to day, around the levels, or of counting alone,
 * whichever is largest; days that resemble each other count for less.
 */
function noiseOf(old: readonly number[], fresh: readonly number[], perDay: number): number {
  const residuals = [old, fresh].map((values) => {
    const centre = median([...values]);
    return values.map((value) => value - centre);
  });
  const steps = residuals.flatMap((values) => values.slice(1).map((value, at) => value - values[at]!));
  const own = robustScale(residuals.flat()).scale;
  const alike = Math.min(0.9, Math.max(0, resemblance(residuals[0]!)));
  return Math.max(robustScale(steps).scale / Math.SQRT2, own, 1 / Math.sqrt(Math.max(1, perDay))) * Math.sqrt((1 + alike) / (1 - alike));
}

/** Lag-1 autocorrelation of residuals, without the little that chance brings in so few. */
function resemblance(residuals: readonly number[]): number {
  const square = residuals.reduce((sum, value) => sum + value * value, 0);
  const product = residuals.slice(1).reduce((sum, value, at) => sum + value * residuals[at]!, 0);
  return square > 0 ? product / square : 0;
}

function judge(series: UsageSeries, evaluation: Evaluation): Judgement {
  const { limit, instant, currency } = evaluation;
  const { row, days, age, obstacle } = series;
  const cell = { leg: row.leg, service: row.service, partner: row.partner };
  const to = (days.at(-1) ?? row.first_day - dayMs) + dayMs;
  const start = {
    ...calm(cell, { from: days[0] ?? row.first_day, to }),
    unit: 'records per day',
    evidence: usageEvidence(row, evaluation),
  };
  if (obstacle !== '') return { ...start, state: 'waiting', note: obstacle };
  if (age < limit('days') || days.length < (limit('days') * 3) / 4)
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('days')} days of history, has ${age}` };
  const shift = lastShift(series, Math.ceil(limit('lasting')), limit('effect'));
  if (!shift || shift.age > limit('recent'))
    return { ...start, note: shift ? `level of ${new Date(shift.day).toISOString().slice(0, 10)} taken as usual` : '' };
  const { before, after, effect, z } = shift;
  const figures = {
    ...start,
    window: { from: shift.day, to },
    observed: after,
    expected: before,
    lower: before * (1 - limit('effect')),
    upper: before * (1 + limit('effect')),
    statistic: z,
    p: normalTail(z),
  };
  const size = Math.abs(after - before);
  if (Math.abs(z) < limit('z') || Math.abs(effect) < limit('effect') || size < limit('records')) {
    const near = Math.abs(z) >= limit('z') && Math.abs(effect) >= limit('effect') / 2;
    return near ? { ...figures, state: 'waiting', note: 'between the limits' } : figures;
  }
  const down = effect < 0;
  const traffic = trafficOf(row);
  const date = new Date(shift.day).toISOString().slice(0, 10);
  const price = chargePerRecord(row);
  const records = size * shift.age;
  const method = `${figure(Math.round(records))} records ${down ? 'fewer' : 'more'} since ${date} than at the level before x mean charge of the series`;
  return {
    ...figures,
    state: 'violation',
    direction: down ? 'down' : 'up',
    ...(price === undefined ? {} : { money: amountOf({ micro: records * price, class: 'risk', method }, currency) }),
    affected: {
      query: 'nightly-usage-customers',
      params: {
        tenant: evaluation.tenant,
        leg: row.leg,
        service: row.service,
        partner: row.partner,
        since: new Date(shift.day - dayMs).toISOString(),
        to: new Date(shift.day).toISOString(),
      },
      share: Math.min(1, Math.abs(effect)),
    },
    note: price === undefined ? 'no amount: the series is not charged' : '',
    title: `${traffic} ${percent(Math.abs(effect), 2)} ${down ? 'lower' : 'higher'} since ${date}`,
    summary: `${traffic} changed its level on ${date}: ${figure(Math.round(before))} records per day before, ${figure(Math.round(after))} since then (${percent(effect, 2)}), for ${Math.round(shift.age)} days.`,
    beganAt: Math.min(shift.day, instant),
  };
}

/**
 * Usage level shift: since a date a leg, service and partner brings lastingly more or less than before.
 * @example usageLevelShift.identity // 'usage_level_shift'
 */
export const usageLevelShift = define({
  identity: 'usage_level_shift',
  title: 'Usage has another level',
  kind: 'service',
  rater: 'reliability',
  metric: 'records_per_day',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: ['usage_hour'], data: 'four weeks of usage' },
  query: 'nightly-usage-days',
  columns: usageColumns,
  lookbackMs,
  limits,
  scope: ['leg', 'service', 'partner'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) => usageSeries(rows, evaluation).map((series) => judge(series, evaluation)),
  documentation: {
    meaning:
      'Since a certain day a partner or a service brings lastingly less or more: a route that was moved, a configuration that drops some kinds of records, a contract that began. What compares with earlier weeks falls silent as soon as those weeks have the new level; this says the date.',
    formula:
      'y = log of the median hour of the day (of the whole day where that hour has fewer than 10 records) without the rhythm of the week, up to 56 days; PELT with penalty 3 ln n finds the changes of level. Violation when the latest one lasts to the last complete day, at least `lasting` ordinary days and at most `recent` days, with 14 days at the level before; z = change / (noise x sqrt(1/n1 + 1/n2)), noise the largest of steps from day to day, spread around the levels and counting, times sqrt((1 + r) / (1 - r)) with r the autocorrelation of days at the level before; the change is at least (1.5 + 4.5/n2) times the spread of all days before, and a step describes the days better than a line. What is left out: as in usage_drift.',
    proof: 'Run the SQL of the finding: records per day of the series beside its leg and service.',
    recovery: 'Look for what changed on that day: routes, releases, price lists, contracts. Records that were lost are to be sent again.',
  },
});

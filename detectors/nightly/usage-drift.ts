/** Slow rise or fall of usage: what no comparison with last week can see. */
import { median } from 'simple-statistics';
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../core/definition.ts';
import { amountOf } from '../controls/amount.ts';
import { figure, percent } from '../controls/texts.ts';
import { mannKendall } from '../statistics/mann-kendall.ts';
import { theilSen } from '../statistics/theil-sen.ts';
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

const month = 30;
/** Part of the slope that either half of the days must have. */
const evenly = 0.25;

const limits: readonly Limit[] = [
  { name: 'p', default: 1e-3, unit: 'p', min: 1e-9, max: 0.01, description: 'Largest p of the Mann-Kendall test', learns: 'down' },
  {
    name: 'effect',
    default: 0.1,
    unit: 'ratio',
    min: 0.02,
    max: 1,
    description: 'Smallest relative change in 30 days that counts',
    learns: 'up',
  },
  {
    name: 'records',
    default: 100,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Smallest change of the records per day, in 30 days, that counts',
  },
  { name: 'days', default: 28, unit: 'days', min: 28, max: 56, description: 'Days of history before a series is judged' },
];

function judge(series: UsageSeries, evaluation: Evaluation): Judgement {
  const { limit, instant, currency } = evaluation;
  const { row, days, records, age, obstacle } = series;
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
  const levels = logLevels(days, records);
  const values = levels.filter(Number.isFinite);
  const slope = theilSen(levels);
  const monthly = Math.exp(slope * month) - 1;
  const { z, p } = mannKendall(values);
  const middle = (levels.length - 1) / 2;
  const centre = median(levels.map((value, at) => value - slope * (at - middle)).filter(Number.isFinite));
  const [before, now] = [-middle, middle].map((at) => Math.max(0, Math.exp(centre + slope * at) - 0.5)) as [number, number];
  const judged = {
    ...start,
    observed: now,
    expected: before,
    lower: before * (1 - limit('effect')),
    upper: before * (1 + limit('effect')),
  };
  const figures = { ...judged, statistic: z, p };
  const perMonth = Math.abs(monthly) * median([...records]);
  const strong = p <= limit('p') && Math.abs(monthly) >= limit('effect') && perMonth >= limit('records');
  const half = Math.floor(levels.length / 2);
  const goesOn = [levels.slice(0, half), levels.slice(half)].every((part) => theilSen(part) / slope >= evenly);
  const near = goesOn && p <= limit('p') && Math.abs(monthly) >= limit('effect') / 2 && !isStep(values, 3);
  if (!strong || !near) {
    return near ? { ...figures, state: 'waiting', note: 'between the limits' } : figures;
  }
  const down = slope < 0;
  const length = Math.round((to - days[0]!) / dayMs);
  const traffic = trafficOf(row);
  const price = chargePerRecord(row);
  const lost = Math.abs(now - before) * month;
  return {
    ...figures,
    state: 'violation',
    direction: down ? 'down' : 'up',
    ...(price === undefined
      ? {}
      : {
          money: amountOf(
            {
              micro: lost * price,
              class: 'risk',
              method: `${figure(Math.round(lost))} records in 30 days ${down ? 'fewer' : 'more'} than at the level of ${length} days ago x mean charge of the series`,
            },
            currency,
          ),
        }),
    note: [price === undefined ? 'no amount: the series is not charged' : '', 'customers not counted: all of the series']
      .filter(Boolean)
      .join('; '),
    title: `${traffic} ${down ? 'falls' : 'rises'} by ${percent(Math.abs(monthly), 2)} a month`,
    summary: `${traffic} ${down ? 'falls' : 'rises'} slowly: ${percent(Math.abs(monthly), 2)} in 30 days, from ${figure(Math.round(before))} to ${figure(Math.round(now))} records per day within ${length} days, weekly rhythm and special days left out.`,
    beganAt: Math.min(days[0]!, instant),
  };
}

/**
 * Usage drift: a slow change of the records per day of a leg, service and partner over up to eight weeks.
 * @example usageDrift.identity // 'usage_drift'
 */
export const usageDrift = define({
  identity: 'usage_drift',
  title: 'Usage drifts',
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
      'A partner or a service loses or gains a little every day: customers who leave, a route that is used less, a slow leak, a fraud that grows. No week differs much from the one before, so nothing else says it.',
    formula:
      'y = log(records of the day + 1/2) without the rhythm of the week (median departure of a weekday from the seven days around it); slope by Theil-Sen over up to 56 days; Mann-Kendall test, autocorrelation taken out. Violation when p, the change in 30 days and the records per day are beyond their limits, either half of the days has at least a quarter of the slope, and a single step does not describe the days better than a line (sum of absolute residuals below 0.85 of the line). Days of the calendar, the day that is not complete and days on which the leg brought nothing are left out; while more than 5 % of the older records came within the last day (history is being loaded) it waits. The 2,000 largest series are judged.',
    proof: 'Run the SQL of the finding: records per day of the series beside its leg and service.',
    recovery: 'Compare with customers and contracts of the partner; look into routes, prices and plans that changed in these weeks.',
  },
});

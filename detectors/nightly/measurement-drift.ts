/** A gauge of a device that slowly gets worse: light that fades, a temperature that climbs. */
import { median } from 'simple-statistics';
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { figure } from '../controls/texts.ts';
import { mannKendall } from '../statistics/mann-kendall.ts';
import { robustScale } from '../statistics/robust-scale.ts';
import { theilSen } from '../statistics/theil-sen.ts';
import { dayMs, isStep, withoutWeek } from './days.ts';
import { lookbackMs } from './usage-series.ts';

const columns = {
  metric: 'text',
  device: 'text',
  node: 'text',
  unit: 'text',
  first_day: 'instant',
  days: 'numbers',
  medians: 'numbers',
  change: 'number',
  common: 'number',
  peers: 'number',
} as const;

type Row = RowOf<typeof columns>;

const month = 30;
/** Devices of a metric from which what all of them do is no drift of one. */
const enoughPeers = 8;
const recent = 21;

const limits: readonly Limit[] = [
  {
    name: 'p',
    default: 1e-6,
    unit: 'p',
    min: 1e-12,
    max: 0.01,
    description: 'Largest p of the Mann-Kendall test: there are many devices',
    learns: 'down',
  },
  {
    name: 'effect',
    default: 0.1,
    unit: 'ratio',
    min: 0.01,
    max: 10,
    description: 'Smallest change in 30 days, as a part of the level, that counts',
    learns: 'up',
  },
  { name: 'decibels', default: 1, unit: 'dB', min: 0.1, max: 20, description: 'The same for values in dB and dBm', learns: 'up' },
  {
    name: 'noise',
    default: 2,
    unit: 'ratio',
    min: 0.5,
    max: 20,
    description: 'Change in 30 days in deviations of a day that it must reach too',
  },
  { name: 'days', default: 28, unit: 'days', min: 28, max: 56, description: 'Days of history before a device is judged' },
];

const isDecibel = (unit: string): boolean => /^dbm?$/i.test(unit);

/** Daily medians on a grid of days without their weekly rhythm; NaN where the device said nothing. */
function levelsOf({ days, medians, first_day }: Row): number[] {
  const first = days[0] ?? 0;
  const grid = new Array<number>(days.length === 0 ? 0 : days.at(-1)! - first + 1).fill(Number.NaN);
  days.forEach((day, at) => {
    grid[day - first] = medians[at]!;
  });
  return withoutWeek(
    grid,
    grid.map((_, at) => new Date(first_day + (first + at) * dayMs).getUTCDay()),
  );
}

function judge(row: Row, evaluation: Evaluation): Judgement {
  const { limit, instant, tenant } = evaluation;
  const { metric, device, node, unit, days, first_day } = row;
  const from = first_day + (days[0] ?? 0) * dayMs;
  const to = first_day + (days.at(-1) ?? -1) * dayMs + dayMs;
  const start = {
    ...calm({ metric, node, device }, { from, to: Math.max(from, to) }),
    unit,
    evidence: {
      query: 'nightly-measurement-evidence',
      params: { tenant, metric, device, since: new Date(from).toISOString(), to: new Date(instant).toISOString() },
    },
  };
  const levels = levelsOf(row);
  if (levels.length < limit('days') || days.length < (limit('days') * 3) / 4)
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('days')} days of history, has ${days.length}` };
  const values = levels.filter(Number.isFinite);
  // What the middle of all devices does in the same time, season or load, is no drift of this one.
  const common = row.peers >= enoughPeers ? row.common / (levels.length / 2) : 0;
  const own = levels.map((value, at) => value - common * at);
  const slope = theilSen(own);
  const { z, p } = mannKendall(own);
  const middle = (levels.length - 1) / 2;
  const residuals = own.map((value, at) => value - slope * (at - middle));
  const { centre, scale } = robustScale(residuals);
  const monthly = slope * month;
  const floor = isDecibel(unit) ? limit('decibels') : limit('effect') * Math.abs(median(values));
  const needed = Math.max(floor, limit('noise') * scale);
  const [before, now] = [centre - slope * middle, centre + slope * middle];
  const figures = { ...start, observed: now, expected: before, lower: before - needed, upper: before + needed, statistic: z, p };
  const goesOn = theilSen(own.slice(-recent)) * slope > 0;
  const near = goesOn && p <= limit('p') && Math.abs(monthly) >= needed / 2 && !isStep(own.filter(Number.isFinite), 3);
  if (!near || Math.abs(monthly) < needed) {
    return near ? { ...figures, state: 'waiting', note: 'between the limits' } : figures;
  }
  const down = slope < 0;
  const change = `${figure(Math.abs(monthly))} ${unit} ${down ? 'less' : 'more'} in 30 days`;
  return {
    ...figures,
    state: 'violation',
    direction: down ? 'down' : 'up',
    note: 'no amount and no number of customers: a gauge of a device',
    title: `${device}: ${metric} drifts, ${change}`,
    summary: `${metric} of ${device}${node === '' || node === device ? '' : ` behind ${node}`} drifts: ${change}, from ${figure(before)} to ${figure(now)} ${unit} within ${levels.length} days.`,
    beganAt: Math.min(from, instant),
  };
}

/**
 * Measurement drift: the daily median of a gauge of a device slowly rises or falls over up to eight weeks.
 * @example measurementDrift.identity // 'measurement_drift'
 */
export const measurementDrift = define({
  identity: 'measurement_drift',
  title: 'A measurement drifts',
  kind: 'service',
  rater: 'tangibles',
  metric: 'daily_median',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: ['measurements'], data: 'four weeks of gauges' },
  query: 'nightly-measurement-days',
  columns,
  lookbackMs,
  limits,
  scope: ['metric', 'node', 'device'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) => rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'A gauge of a device slowly leaves its level: optical power that fades with a dirty connector, a temperature, an error rate or a queue that climbs. There are weeks to act before a customer feels it.',
    formula:
      'Daily medians of up to 56 days without the rhythm of the week, less what the middle of all devices of the metric does (from 8 devices on); slope by Theil-Sen, Mann-Kendall test with autocorrelation taken out. Violation when p is below its limit, the change in 30 days reaches the limit (decibels for dB and dBm, else a part of the level) and twice the deviation of a day, the last 21 days go the same way, and a line describes the days at least as well as a step. Each night at most about 20 million values are read: with more, the devices take turns by night; of those the 2,000 are judged that changed most.',
    proof: 'Run the SQL of the finding: median, lowest and highest value of the device by day.',
    recovery: 'Look at the device and its line before it fails: clean or replace connectors, splices, fans; then watch the value return.',
  },
});

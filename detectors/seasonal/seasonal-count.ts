/** Drop or surge of the number of records of a partner, service and leg against the same time of earlier weeks. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../core/definition.ts';
import type { FindingMoney } from '../../core/finding.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf } from '../controls/amount.ts';
import { figure, percent, utc } from '../controls/texts.ts';
import { type BucketLimits, type BucketScore, beyond, normalTail, persistence, scoreBucket } from './bucket.ts';

const columns = {
  partner: 'text',
  service: 'text',
  places: 'numbers',
  records: 'numbers',
  usual_records: 'number',
  usual_charge: 'money',
} as const;

type Row = RowOf<typeof columns>;

const minuteMs = 60_000;
const windowMs = 15 * minuteMs;
const weekMs = 7 * 86_400_000;
const weeks = 5;
const slots = 5;
/** Slots of week 0 that are judged, oldest first; slots 0 and 4 are neighbours for the comparison. */
const judged = [1, 2, 3];

const limits: readonly Limit[] = [
  { name: 'z', default: 4.5, unit: 'z', min: 3, max: 12, description: 'Standard deviations beyond which a bucket counts' },
  { name: 'effect', default: 0.2, unit: 'ratio', min: 0.02, max: 1, description: 'Smallest relative change that counts' },
  { name: 'records', default: 20, unit: 'records', min: 1, max: 1e9, description: 'Smallest absolute change per bucket that counts' },
  { name: 'weeks', default: 3, unit: 'weeks', min: 2, max: 5, description: 'Weeks of history before a series is judged' },
  {
    name: 'expected',
    default: 10,
    unit: 'records',
    min: 5,
    max: 1e9,
    description: 'Expected records per bucket below which a series is too thin',
  },
];

/** Weeks of history: up to the oldest week in which the series brought anything at this time. */
function weeksOf({ places, records }: Row): number {
  return places.reduce((oldest, place, at) => (records[at]! > 0 ? Math.max(oldest, Math.floor(place / slots)) : oldest), 0);
}

/** Scores of the three latest buckets, oldest first, each against its own slot and its neighbours in the earlier weeks. */
function scoresOf(row: Row, history: number, limit: BucketLimits): readonly BucketScore[] {
  const grid = new Float64Array((weeks + 1) * slots);
  row.places.forEach((place, at) => {
    if (place >= 0 && place < grid.length) grid[place] = row.records[at]!;
  });
  return judged.map((slot) => {
    const comparable: number[] = [];
    for (let week = 1; week <= history; week++) for (const near of [-1, 0, 1]) comparable.push(grid[week * slots + slot + near]!);
    return scoreBucket(grid[slot]!, comparable, history, limit.z);
  });
}

function judge(row: Row, evaluation: Evaluation): Judgement {
  const { limit, window, leg } = evaluation;
  const cell = { leg, service: row.service, partner: row.partner };
  const history = weeksOf(row);
  const start = { ...calm(cell, { from: window.to - judged.length * windowMs, to: window.to }), unit: 'records' };
  if (history < limit('weeks'))
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('weeks')} weeks of history, has ${history}` };
  const bounds = { z: limit('z'), effect: limit('effect'), records: limit('records') };
  const scores = scoresOf(row, history, bounds);
  const total = (of: (score: BucketScore) => number) => scores.reduce((sum, score) => sum + of(score), 0);
  const expected = total((score) => score.expected);
  if (expected < judged.length * limit('expected') && total(({ observed }) => observed) < judged.length * limit('expected'))
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('expected')} records per bucket` };
  const sum = {
    ...start,
    state: persistence(scores, bounds),
    observed: total(({ observed }) => observed),
    expected,
    lower: total(({ lower }) => lower),
    upper: total(({ upper }) => upper),
  };
  // The weaker of the two that agree: what persists.
  const outside = scores.filter((score) => beyond(score, bounds) !== 0).sort((a, b) => Math.abs(a.z) - Math.abs(b.z));
  const weakest = outside[0];
  if (sum.state !== 'violation' || !weakest) return { ...sum, note: sum.state === 'waiting' ? 'between the limits' : '' };
  return violation(row, evaluation, sum, scores, weakest, bounds);
}

/** Records lost or gained in the buckets beyond the limits, at the mean charge of the series in the earlier weeks. */
function worth(row: Row, records: number, currency: string): FindingMoney | undefined {
  if (row.usual_records === 0 || row.usual_charge === 0) return undefined;
  const mean = row.usual_charge / row.usual_records;
  const method = `${figure(Math.round(records))} records ${records < 0 ? 'missing' : 'too many'} x mean charge of the series in the weeks before`;
  return amountOf({ micro: Math.abs(records) * mean, class: 'risk', method }, currency);
}

function violation(
  row: Row,
  { instant, tenant, currency, window, leg }: Evaluation,
  sum: Judgement,
  scores: readonly BucketScore[],
  weakest: BucketScore,
  bounds: BucketLimits,
): Judgement {
  const down = weakest.z < 0;
  const change = (sum.observed - sum.expected) / sum.expected;
  const money = worth(row, sum.observed - sum.expected, currency);
  const beganAt = sum.window.from + scores.findIndex((score) => beyond(score, bounds) !== 0) * windowMs;
  const params = { tenant, leg, service: row.service, partner: row.partner };
  const named = [row.service, row.partner].filter(Boolean).join(' of ');
  return {
    ...sum,
    direction: down ? 'down' : 'up',
    statistic: weakest.z,
    p: normalTail(weakest.z),
    ...(money ? { money } : {}),
    affected: {
      query: 'detect-seasonal-customers',
      params: { ...params, since: new Date(sum.window.from - weekMs).toISOString(), to: new Date(sum.window.to - weekMs).toISOString() },
      share: Math.min(1, Math.abs(change)),
    },
    note: money ? '' : 'no amount: the series carries no charge',
    summary: `${named || 'usage'} on ${leg}: ${figure(sum.observed)} records in 45 minutes, ${figure(Math.round(sum.expected))} expected from the same time of earlier weeks (${down ? '-' : '+'}${percent(Math.abs(change))}), since ${utc(beganAt)}.`,
    beganAt: Math.min(beganAt, instant),
    evidence: {
      query: 'detect-seasonal-count-evidence',
      params: { ...params, since: new Date(window.to - 2 * 86_400_000).toISOString(), to: new Date(window.to).toISOString() },
    },
  };
}

/**
 * Seasonal count: records of (leg, service, partner) per quarter of an hour against the median of the same time in up to five weeks.
 * @example seasonalCount.identity // 'seasonal_count'
 */
export const seasonalCount = define({
  identity: 'seasonal_count',
  title: 'Drop or surge of usage',
  kind: 'service',
  metric: 'records',
  trigger: 'window-close',
  windowMs,
  needs: { legs: [], tables: ['usage_minute'], data: 'three weeks of usage' },
  query: 'detect-seasonal-count',
  columns,
  lookbackMs: weeks * weekMs,
  limits,
  scope: ['leg', 'service', 'partner'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) => rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'A partner, a service or a leg brings far fewer or far more records than at the same time of the weeks before: an outage, a route that fails, a feed that loses a part, fraud.',
    formula:
      'expected = median of the same quarter of an hour and its neighbours in up to five weeks; z = 2 (sqrt(x + 3/8) - sqrt(mu + 3/8)) / sqrt(phi), phi from the median absolute deviation, at least 1; two of three buckets beyond z, relative and absolute limits in one direction. Clears when the latest and one more are within half the limits. Only buckets that the watermark of the leg calls complete.',
    proof: 'Run the SQL of the finding: the series by quarter of an hour beside the week before.',
    recovery: 'Find what changed at that time on the route, node or feed. If records were lost on the way, have them sent again.',
  },
});

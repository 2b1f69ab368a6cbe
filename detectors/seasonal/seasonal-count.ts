/** Drop or surge of the number of records of a partner, service and leg against the same time of earlier weeks. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../core/definition.ts';
import type { FindingMoney } from '../../core/finding.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf } from '../controls/amount.ts';
import { figure, percent, utc } from '../controls/texts.ts';
import { groupedBy } from '../grouped.ts';
import {
  type BucketLimits,
  type BucketScore,
  beyond,
  medianOf,
  normalTail,
  persistence,
  scoreAgainst,
  scoreBucket,
  togetherOf,
} from './bucket.ts';

const columns = {
  partner: 'text',
  service: 'text',
  places: 'numbers',
  records: 'numbers',
  usual_records: 'number',
  usual_charge: 'money',
  node: 'text',
  unread_places: 'numbers',
  unread: 'numbers',
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
  { name: 'z', default: 4.5, unit: 'z', min: 3, max: 12, description: 'Standard deviations beyond which a bucket counts', learns: 'up' },
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

/** Others of a node expected in a bucket below which they say nothing about it. */
const othersMinimum = 5;

/** One series over all nodes that write it, and what its nodes bring of everything else. */
interface Series {
  readonly partner: string;
  readonly service: string;
  readonly grid: Float64Array;
  /** Records of the series that were rejected, by slot of week 0. */
  readonly unread: Float64Array;
  readonly usual_records: number;
  readonly usual_charge: number;
  /** By slot of week 0: how much of its usual level everything else on its nodes has, weighed by what the series has there; 1 = all of it. */
  readonly around: Float64Array;
}

const cells = (weeks + 1) * slots;

function gridOf(rows: readonly Row[]): Float64Array {
  const grid = new Float64Array(cells);
  for (const row of rows) {
    row.places.forEach((place, at) => {
      if (place >= 0 && place < cells) grid[place]! += row.records[at]!;
    });
  }
  return grid;
}

/** What the other weeks brought in a slot. */
function weeksAt(grid: Float64Array, slot: number): readonly number[] {
  return Array.from({ length: weeks }, (_, at) => grid[(at + 1) * slots + slot]!).filter((records) => records > 0);
}

/** Level of everything on a node but one series, by slot; 1 where that is too little to tell, or within its own chance. */
function levelOf(node: Float64Array, own: Float64Array): Float64Array {
  const others = node.map((records, place) => records - own[place]!);
  return new Float64Array(slots).map((_, slot) => {
    const usual = weeksAt(others, slot);
    const expected = usual.length === 0 ? 0 : medianOf(usual);
    if (expected < othersMinimum) return 1;
    const level = others[slot]! / expected;
    return Math.abs(level - 1) * Math.sqrt(expected) < 2 ? 1 : level;
  });
}

/** Rows by node make series, each with the level of everything else around it. */
function seriesOf(rows: readonly Row[]): readonly Series[] {
  const nodes = new Map([...groupedBy(rows, ({ node }) => node)].map(([node, all]) => [node, gridOf(all)]));
  return [...groupedBy(rows, ({ partner, service }) => JSON.stringify([partner, service])).values()].map((own) => {
    const usual = own.reduce((sum, row) => sum + row.usual_records, 0);
    const around = new Float64Array(slots).fill(usual === 0 ? 1 : 0);
    const unread = new Float64Array(slots);
    for (const row of own) {
      const level = levelOf(nodes.get(row.node)!, gridOf([row]));
      if (usual > 0) for (let slot = 0; slot < slots; slot++) around[slot]! += (level[slot]! * row.usual_records) / usual;
      row.unread_places.forEach((place, at) => {
        if (place >= 0 && place < slots) unread[place]! += row.unread[at]!;
      });
    }
    const { partner, service } = own[0]!;
    const usual_charge = own.reduce((sum, row) => sum + row.usual_charge, 0);
    return { partner, service, grid: gridOf(own), unread, usual_records: usual, usual_charge, around };
  });
}

/** Weeks of history: up to the oldest week in which the series brought anything at this time. */
function weeksOf({ grid }: Series): number {
  return grid.reduce((oldest, records, place) => (records > 0 ? Math.max(oldest, Math.floor(place / slots)) : oldest), 0);
}

/**
 * Scores of the three latest buckets, oldest first, each against its own slot and its neighbours in the earlier weeks. What a node lacks
 * of everything is no drop of one series, and what was rejected has come: the expected gives way as far as that explains it.
 */
function scoresOf({ grid, around, unread }: Series, history: number, limit: BucketLimits): readonly BucketScore[] {
  return judged.map((slot) => {
    const comparable: number[] = [];
    for (let week = 1; week <= history; week++) for (const near of [-1, 0, 1]) comparable.push(grid[week * slots + slot + near]!);
    const raw = scoreBucket(grid[slot]!, comparable, history, limit.z);
    const down = raw.observed < raw.expected;
    const level = down ? Math.min(1, around[slot]!) : Math.max(1, around[slot]!);
    const explained = raw.expected * level - (down ? unread[slot]! : 0);
    const expected = down ? Math.max(raw.observed, explained) : Math.min(raw.observed, explained);
    return expected === raw.expected ? raw : scoreAgainst(raw.observed, expected, raw.phi, limit.z);
  });
}

function judge(row: Series, evaluation: Evaluation): Judgement {
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
  const weakest = outside.length >= 2 ? outside[0] : togetherOf(scores, bounds.z);
  if (sum.state !== 'violation' || !weakest) return { ...sum, note: sum.state === 'waiting' ? 'between the limits' : '' };
  return violation(row, evaluation, sum, scores, weakest, bounds);
}

/** Records lost or gained in the buckets beyond the limits, at the mean charge of the series in the earlier weeks. */
function worth(row: Series, records: number, currency: string): FindingMoney | undefined {
  if (row.usual_records === 0 || row.usual_charge === 0) return undefined;
  const mean = row.usual_charge / row.usual_records;
  const method = `${figure(Math.round(records))} records ${records < 0 ? 'missing' : 'too many'} x mean charge of the series in the weeks before`;
  return amountOf({ micro: Math.abs(records) * mean, class: 'risk', method }, currency);
}

function violation(
  row: Series,
  { instant, tenant, currency, window, leg }: Evaluation,
  sum: Judgement,
  scores: readonly BucketScore[],
  weakest: BucketScore,
  bounds: BucketLimits,
): Judgement {
  const down = weakest.z < 0;
  const change = (sum.observed - sum.expected) / sum.expected;
  const money = worth(row, sum.observed - sum.expected, currency);
  const first = scores.findIndex(({ z }) => (down ? -z : z) >= bounds.z / Math.sqrt(scores.length));
  const beganAt = sum.window.from + Math.max(0, first) * windowMs;
  const params = { tenant, leg, service: row.service, partner: row.partner };
  const traffic = [row.partner && `${row.partner}:`, row.service || 'usage', 'traffic', row.partner ? '' : `of ${leg}`]
    .filter(Boolean)
    .join(' ');
  const amount = `${percent(Math.abs(change), 2)} ${down ? 'below' : 'above'} expected`;
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
    // A leg that charges states the amount itself; of the others the value of their records is asked.
    valued: {
      query: 'detect-worth',
      params: {
        tenant,
        source: '',
        file: '',
        leg,
        service: row.service,
        from: new Date(sum.window.from).toISOString(),
        to: new Date(sum.window.to).toISOString(),
      },
      records: Math.abs(Math.round(sum.observed - sum.expected)),
      class: 'risk',
      what: down ? 'records missing' : 'records too many',
    },
    note: '',
    title: `${traffic} ${amount}`,
    summary: `${traffic} is ${amount}: ${figure(sum.observed)} records of ${leg} in the 45 minutes to ${utc(sum.window.to)}, ${figure(Math.round(sum.expected))} at the same time of earlier weeks; since ${utc(beganAt)} at the latest.`,
    beganAt: Math.min(beganAt, instant),
    evidence: {
      query: 'detect-seasonal-count-evidence',
      params: { ...params, since: new Date(window.to - 2 * 86_400_000).toISOString(), to: new Date(window.to).toISOString() },
    },
  };
}

/** A drop and a surge are two things that may be wrong: while one is, the other is not. */
function byDirection(judgement: Judgement): readonly Judgement[] {
  return (['down', 'up'] as const).map((direction) => {
    const cell = { ...judgement.cell, direction };
    return judgement.state !== 'violation' || judgement.direction === direction
      ? { ...judgement, cell }
      : { ...calm(cell, judgement.window), unit: judgement.unit, observed: judgement.observed, expected: judgement.expected };
  });
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
  scope: ['leg', 'service', 'partner', 'direction'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) => seriesOf(rows).flatMap((series) => byDirection(judge(series, evaluation))),
  documentation: {
    meaning:
      'A partner, a service or a leg brings far fewer or far more records than at the same time of the weeks before: an outage, a route that fails, a feed that loses a part, fraud.',
    formula:
      'expected = median of the same quarter of an hour and its neighbours in up to five weeks; z = 2 (sqrt(x + 3/8) - sqrt(mu + 3/8)) / sqrt(phi), phi from the median absolute deviation, at least 1; two of three buckets beyond z, relative and absolute limits in one direction, or all three beyond z / sqrt(3) and their sum beyond z. What everything else on the same nodes lacks too, and what was rejected, counts as expected. Clears when the latest and one more are within half the limits. Only buckets that the watermark of the leg calls complete.',
    proof: 'Run the SQL of the finding: the series by quarter of an hour beside the week before.',
    recovery: 'Find what changed at that time on the route, node or feed. If records were lost on the way, have them sent again.',
  },
});

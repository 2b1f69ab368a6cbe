/** S02: feed silence and file timeliness. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { usageWorth } from '../usage-worth.ts';
import { quantileOf } from './amount.ts';
import { expectedArrivals, silenceP } from './arrivals.ts';
import { poissonAtLeast } from './tails.ts';
import { counted, figure, lasting, utc } from './texts.ts';

const columns = {
  source: 'text',
  first_at: 'instant',
  last_at: 'instant',
  arrivals: 'number',
  charge: 'money',
  clock_at: 'instant',
  watched_from: 'instant',
  clusters_seen: 'number',
  usual_seconds: 'number',
  longest_seconds: 'number',
  recent_gaps: 'numbers',
  by_hour: 'numbers',
  recent_lags: 'numbers',
  last_lags: 'numbers',
  last_events: 'numbers',
  lags_seen: 'number',
  usual_lag: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-feed-arrivals';
const needs = 'a feed that has brought something several times';
const weekMs = 7 * 86_400_000;
/** From so much history on, the rate is taken by hour of the week. */
const learnedWeeks = 2;
/** What lay waiting while detection did not run has come by then, in ms. */
const waitingMs = 60_000;
/** No rhythm is missed sooner, in ms: a machine may be busy. */
const leastRhythmMs = 300_000;
/** The value of a longer silence is that of its first week, in ms. */
const longestValuedMs = weekMs;

const limits: readonly Limit[] = [
  {
    name: 'p0',
    default: 1e-4,
    unit: 'p',
    min: 1e-12,
    max: 0.01,
    description: 'Probability of the silence below which it is a violation',
    learns: 'down',
  },
  {
    name: 'rhythm',
    default: 2.5,
    unit: 'intervals',
    min: 1.5,
    max: 100,
    description: 'Intervals without an arrival from which a feed that keeps a rhythm is silent: one late or missing file is none',
    learns: 'up',
  },
  {
    name: 'arrivals_minimum',
    default: 8,
    unit: 'arrivals',
    min: 3,
    max: 10_000,
    description: 'Arrivals seen before a feed is watched: what was loaded once by hand is no feed',
  },
  {
    name: 'late_factor',
    default: 2,
    unit: 'ratio',
    min: 1,
    max: 100,
    description: 'Multiple of the usual 99th percentile from last event to arrival that is late',
  },
  { name: 'late_minimum_seconds', default: 300, unit: 'seconds', min: 1, max: 604_800, description: 'Nothing earlier is late' },
  {
    name: 'late_history',
    default: 20,
    unit: 'files',
    min: 5,
    max: 5_000,
    description: 'Files before the latest three that make the usual time to arrival known',
  },
];

/** So many of the latest arrivals make a rhythm. */
const rhythmGaps = 6;
/** Probability of the latest arrivals at the rate of the weeks before below which the feed has taken up another rhythm. */
const newRhythmP = 0.01;

/** Gaps this near to their median, all of them, are kept and not chance: of random arrivals six in a row lie there with probability 0.002. */
const keptFrom = 0.5;
const keptTo = 1.5;
/** Least that a feed must be expected to bring, by its hours of the week, for its rhythm to be missed: it may rest. */
const awake = 2;

/** The interval in ms that the latest arrivals keep; undefined = they come as they like. */
function keptInterval({ recent_gaps }: Row): number | undefined {
  if (recent_gaps.length < rhythmGaps) return undefined;
  const usual = quantileOf(recent_gaps, 0.5);
  return usual > 0 && recent_gaps.every((gap) => gap >= keptFrom * usual && gap <= keptTo * usual) ? usual * 1000 : undefined;
}

interface Rate {
  /** Arrivals per hour, by hour of the week. */
  readonly rate: (hour: number) => number;
  readonly how: string;
  /** No silence shorter than this is one, in ms. */
  readonly atLeastMs: number;
  /** Agreed, or seen to be kept: needs no further arrivals to be known. */
  readonly sure: boolean;
}

/** The rhythm of the latest arrivals where it is regular and far faster than that of the weeks: big files of the past, small ones now. */
function newRhythm({ recent_gaps, last_at }: Row, byWeek: (hour: number) => number): Rate | undefined {
  if (recent_gaps.length < rhythmGaps) return undefined;
  const usual = quantileOf(recent_gaps, 0.5);
  const longest = Math.max(...recent_gaps);
  if (usual <= 0 || longest > 1.5 * usual) return undefined;
  const span = recent_gaps.reduce((sum, gap) => sum + gap, 0) * 1000;
  if (poissonAtLeast(recent_gaps.length, expectedArrivals(byWeek, last_at - span, last_at)) > newRhythmP) return undefined;
  return { rate: () => 3600 / usual, how: `one each ${lasting(usual * 1000)} lately`, atLeastMs: 1500 * longest, sure: true };
}

/** As agreed in the settings, as it comes lately, by hour of the week, or the inverse of the usual time between arrivals. */
function rateOf(row: Row, { source }: Evaluation): Rate {
  const agreed = source(row.source).everySeconds;
  if (agreed !== undefined)
    return { rate: () => 3600 / agreed, how: `agreed: one each ${lasting(agreed * 1000)}`, atLeastMs: 0, sure: true };
  const weeks = (row.last_at - row.first_at) / weekMs;
  if (weeks >= learnedWeeks) {
    const byWeek = (hour: number) => (row.by_hour[hour] ?? 0) / weeks;
    return newRhythm(row, byWeek) ?? { rate: byWeek, how: 'its rate by hour of the week', atLeastMs: 0, sure: false };
  }
  const perHour = row.usual_seconds > 0 ? 3600 / row.usual_seconds : 0;
  // Before the hours of the week are known, a silence no longer than one that was seen before proves nothing.
  return {
    rate: () => perHour,
    how: `one each ${lasting(row.usual_seconds * 1000)}, its usual time between arrivals`,
    atLeastMs: 1500 * row.longest_seconds,
    sure: false,
  };
}

function base(row: Row, check: string, evaluation: Evaluation): Judgement {
  return {
    ...calm({ source: row.source, check }, evaluation.window),
    evidence: { query: 'control-feed-arrivals-evidence', params: { tenant: evaluation.tenant, source: row.source } },
  };
}

function silence(row: Row, evaluation: Evaluation): Judgement {
  const start = base(row, 'silence', evaluation);
  const { rate, how, atLeastMs, sure } = rateOf(row, evaluation);
  if (!sure && row.clusters_seen < evaluation.limit('arrivals_minimum'))
    return {
      ...start,
      state: 'not_applicable',
      note: `not applicable, needs ${figure(evaluation.limit('arrivals_minimum'))} arrivals to know the feed, has ${row.clusters_seen}`,
    };
  const silentMs = Math.max(0, row.clock_at - row.last_at);
  const expected = expectedArrivals(rate, row.last_at, row.clock_at);
  const watched = expectedArrivals(rate, Math.max(row.last_at, row.watched_from), row.clock_at);
  const p = silenceP(expected);
  const limit = evaluation.limit('p0');
  const figures = { ...start, observed: 0, expected, lower: 0, upper: expected, unit: 'arrivals', statistic: expected, p };
  const interval = keptInterval(row);
  const patience = interval === undefined ? Number.POSITIVE_INFINITY : Math.max(leastRhythmMs, evaluation.limit('rhythm') * interval);
  const missed = silentMs > patience && expected >= awake;
  if ((p >= limit && !missed) || silentMs <= atLeastMs) return figures;
  // Our own absence is not the feed's: it has as long again as it would take to be missed, and a minute for what lay waiting.
  const watchedMs = row.clock_at - Math.max(row.last_at, row.watched_from);
  if ((silenceP(watched) >= limit && !(missed && watchedMs > patience)) || evaluation.instant - evaluation.watchingSince < waitingMs)
    return { ...figures, state: 'waiting', note: 'detection was not running while it was silent; watched anew' };
  return {
    ...figures,
    p: Math.min(p, limit),
    state: 'violation',
    direction: 'down',
    valued: {
      ...usageWorth({
        tenant: evaluation.tenant,
        source: row.source,
        from: row.last_at,
        to: Math.min(row.clock_at, row.last_at + longestValuedMs),
      }),
      class: 'risk',
      known: 'lacking',
      what: 'records not yet here (lost only if they never come)',
      perhaps: true,
    },
    note: '',
    title: `${row.source}: silent for ${lasting(silentMs)}`,
    summary: `Nothing from ${row.source} since ${utc(row.last_at)}, for ${lasting(silentMs)}: ${counted(Number(expected.toFixed(1)), 'arrival')} expected in that time (${how}).`,
    beganAt: row.last_at,
  };
}

/**
 * Event times of the files that came late without an end: from the last event of the file before the first of them to that of the latest. One file on time
 * between two late ones ends nothing.
 */
function lateStretch({ last_lags, last_events, last_at }: Row, limit: number): { readonly from: number; readonly to: number } {
  let first = last_lags.findIndex((lag) => lag > limit);
  for (let at = first; at < last_lags.length && at <= first + 2; at++) if (last_lags[at]! > limit) first = at;
  return { from: last_events[first + 1] ?? last_events[first] ?? last_at, to: last_events[0] ?? last_at };
}

/** Late: two of the latest three files; on time again when none of them is. */
function timeliness(row: Row, evaluation: Evaluation): Judgement {
  const start = base(row, 'timeliness', evaluation);
  const agreed = evaluation.source(row.source).withinSeconds;
  const history = row.lags_seen - row.recent_lags.length;
  if (row.recent_lags.length === 0 || (agreed === undefined && history < evaluation.limit('late_history')))
    return {
      ...start,
      state: 'not_applicable',
      note: `not applicable, needs ${figure(evaluation.limit('late_history'))} earlier files with event times, has ${Math.max(0, history)}`,
    };
  const limit = agreed ?? Math.max(evaluation.limit('late_minimum_seconds'), evaluation.limit('late_factor') * row.usual_lag);
  const late = row.recent_lags.filter((lag) => lag > limit).length;
  const worst = Math.max(...row.recent_lags);
  const figures = { ...start, observed: worst, expected: row.usual_lag, lower: 0, upper: limit, unit: 'seconds', statistic: late };
  if (late === 0) return figures;
  if (late < 2) return { ...figures, state: 'waiting', note: 'one late file of the latest three decides nothing' };
  const stretch = lateStretch(row, limit);
  return {
    ...figures,
    state: 'violation',
    direction: 'up',
    p: 0.01 ** late,
    valued: {
      ...usageWorth({ tenant: evaluation.tenant, source: row.source, from: stretch.from + 1, to: stretch.to + 1 }),
      class: 'risk',
      known: 'file',
      what: 'records that came late (lost only if their bills are closed)',
      perhaps: true,
    },
    note: '',
    title: `${row.source}: files come late`,
    summary: `${late} of the latest ${row.recent_lags.length} files of ${row.source} came late: up to ${lasting(worst * 1000)} after their last event, ${agreed === undefined ? `usual are ${lasting(row.usual_lag * 1000)} (99th percentile)` : `agreed are ${lasting(agreed * 1000)}`}.`,
    beganAt: stretch.from,
  };
}

/**
 * S02: a feed that brings nothing for longer than its own rhythm explains, and files that come later than usual.
 * @example feedSilence.identity // 'S02'
 */
export const feedSilence = define({
  identity: 'S02',
  title: 'Feed silence and timeliness',
  kind: 'data',
  rater: 'assurance',
  metric: 'arrivals',
  trigger: 'minute',
  windowMs: 0,
  needs: { legs: [], tables: ['files', 'batches'], data: needs },
  query,
  columns,
  lookbackMs: 35 * 86_400_000,
  limits,
  scope: ['source', 'check'],
  holdMs: 0,
  store: 'all',
  evaluate: (rows, evaluation) =>
    rows.length === 0
      ? [notApplicable(query, { source: '', check: '' }, evaluation.window, needs)]
      : rows.flatMap((row) => [silence(row, evaluation), timeliness(row, evaluation)]),
  documentation: {
    meaning:
      'One node or partner stops sending while the totals of the network barely move; or its files come later and later. What does not arrive cannot be billed, and every comparison waits for it.',
    formula:
      'Silence: P0 = exp(-sum of the rate since the last arrival), by the time at which senders handed their files over; the rate is as agreed (expectedEverySeconds), else that of the latest seven arrivals where they are regular and far more than the weeks before let expect, else arrivals per hour of the week over two to five weeks, else the inverse of the median time between arrivals, and then only beyond 1.5 times the longest silence seen. A feed whose latest seven arrivals kept a rhythm (all gaps within half of their median) is silent after `rhythm` intervals already, where its hours of the week let expect two arrivals in that time. Arrivals closer together than a quarter of the 95th percentile between arrivals are one. Timeliness: time from the last event of a file to its arrival; late when above the larger of the minimum and factor x the usual 99th percentile, or than what was agreed (deliveredWithinSeconds), in two of the latest three files; worth what other legs charged for the usage in the files that came late since then, a risk.',
    proof: 'Run the SQL of the finding: the latest arrivals with their times. Look at the transfer on the side of the sender.',
    recovery:
      'Have the transfer mended and the held files sent; the finding clears with the first arrival. Missing numbers then show in S01.',
  },
});

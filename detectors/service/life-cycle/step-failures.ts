/** Steps of orders and activations that fail the first time more often than usual. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { counted, figure, percent, utc } from '../../controls/texts.ts';
import { binomialTail } from '../../statistics/binomial-tail.ts';

const columns = {
  step: 'text',
  tried: 'numbers',
  failed: 'numbers',
  tried_before: 'number',
  failed_before: 'number',
  began_at: 'instant',
  open: 'number',
  segments: 'texts',
  segment_counts: 'numbers',
  errors: 'texts',
  error_counts: 'numbers',
} as const;

type Row = RowOf<typeof columns>;

const query = 'life-cycle-failing';
const needs = 'life-cycle events with the result of each step';
const hourMs = 3_600_000;
const lookbackMs = 8 * 24 * hourMs;
/** Stretches that are judged, in hours: an outage shows within one, a slow rise within a day. */
const stretches = [1, 6, 24] as const;

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.2,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Share of first attempts that failed which is never accepted, however usual',
    learns: 'up',
  },
  {
    name: 'rise',
    default: 0.03,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Rise of the share above that of the week before that is accepted',
  },
  {
    name: 'p',
    default: 1e-4,
    unit: 'p',
    min: 1e-12,
    max: 0.05,
    description: 'Largest tail probability of so many failures at the share that is accepted, for all three stretches together',
    learns: 'down',
  },
  { name: 'failed', default: 3, unit: 'orders', min: 1, max: 1e6, description: 'Orders that failed below which nothing is said' },
  {
    name: 'history',
    default: 20,
    unit: 'orders',
    min: 5,
    max: 1e6,
    description: 'Orders of the week before from which a usual share is known',
  },
];

/** The stretch that speaks most clearly. */
function clearest({ tried, failed }: Row, accepted: number) {
  const all = stretches.map((hours, at) => {
    const [n, bad] = [tried[at] ?? 0, failed[at] ?? 0];
    return { hours, tried: n, failed: bad, share: n === 0 ? 0 : bad / n, p: n === 0 ? 1 : binomialTail(bad, n, accepted).upper };
  });
  return all.reduce((best, each) => (each.p < best.p ? each : best));
}

/** The commonest errors first. */
function errorsOf({ errors, error_counts }: Row): readonly { readonly error: string; readonly count: number }[] {
  return errors
    .map((error, at) => ({ error: error === '' ? 'no word of an error' : error, count: error_counts[at] ?? 0 }))
    .sort((a, b) => b.count - a.count || (a.error < b.error ? -1 : 1));
}

function judge(row: Row, { limit, window, tenant, instant }: Evaluation): Judgement {
  const known = row.tried_before >= limit('history');
  const usual = known ? row.failed_before / row.tried_before : 0;
  const accepted = known ? Math.min(limit('share'), usual + limit('rise')) : limit('share');
  const { hours, tried, failed, share, p } = clearest(row, accepted);
  const together = Math.min(1, p * stretches.length);
  const at = (ms: number): string => new Date(ms).toISOString();
  const start: Judgement = {
    ...calm({ step: row.step }, window),
    observed: failed,
    expected: usual * tried,
    upper: accepted * tried,
    unit: 'orders',
    statistic: share,
    p: together,
    evidence: {
      query: 'life-cycle-failing-evidence',
      params: { tenant, step: row.step, since: at(instant - lookbackMs), from: at(instant - hours * hourMs), to: at(instant) },
    },
  };
  if (failed < limit('failed') || share <= accepted || together > limit('p')) return start;
  const errors = errorsOf(row);
  const all = errors.reduce((sum, { count }) => sum + count, 0);
  const said = errors.slice(0, 3).map(({ error, count }) => `${error} (${figure(count)})`);
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    customers: {
      count: row.open,
      segments: Object.fromEntries(row.segments.map((name, place) => [name === '' ? 'unknown' : name, row.segment_counts[place] ?? 0])),
    },
    explanation: errors.slice(0, 1).map(({ error, count }) => ({ dimensions: { error }, share: count / all, remaining: 1 - count / all })),
    note: 'no amount: what a failed step costs is not known',
    title: `${row.step}: ${counted(failed, 'order')} of ${figure(tried)} failed the first time`,
    summary: `${counted(failed, 'order')} of ${figure(tried)} that came to ${row.step} within ${hours} h failed the first time (${percent(share)}; ${known ? `usual are ${percent(usual)}` : 'no usual share is known yet'}). ${counted(row.open, 'customer')} of the last 24 h still without it. Errors: ${said.join('; ')}. Since ${utc(row.began_at)}.`,
    beganAt: Math.min(row.began_at, instant),
  };
}

/**
 * Steps whose first attempts fail more often than usual.
 * @example stepFailures.identity // 'step_failures'
 */
export const stepFailures = define({
  identity: 'step_failures',
  title: 'Steps of orders fail',
  kind: 'service',
  rater: 'reliability',
  metric: 'failed_first_attempts',
  trigger: 'minute',
  windowMs: 0,
  needs: { legs: [], tables: ['lifecycle'], data: needs },
  query,
  columns,
  lookbackMs,
  limits,
  scope: ['step'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) =>
    rows.length === 0 ? [notApplicable(query, { step: '' }, evaluation.window, needs)] : rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'Activations, provisioning jobs or payments fail: a system behind them is away, a number range is used up, a release broke a field. Customers who bought wait, and call.',
    formula:
      'Of each step, the orders whose first attempt lies within the last 1, 6 and 24 hours, and those of them whose first attempt failed; what is repeated counts once. Violation when the share of any stretch is above the smaller of `share` and the share of the week before + `rise`, with an exact binomial tail of at most `p` (times three, for the three stretches). Customers: those of the last 24 hours whose step has not succeeded since. Orders that stop without a word of an error are N04.',
    proof:
      'Run the SQL of the finding: orders, errors and customers, and whether a later attempt succeeded. `npx weir life-cycle failed --state open` lists them as they stand now.',
    recovery:
      'Mend what the commonest error says, then repeat the step for the orders listed (`npx weir life-cycle failed --state open --csv`), the oldest first, and tell the customers.',
  },
});

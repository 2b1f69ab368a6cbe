/** N04: orders on their way from the order to the first charge, and where they stop. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { binomialTail } from '../statistics/binomial-tail.ts';
import { amountOf } from './amount.ts';
import { counted, figure, lasting, percent, utc } from './texts.ts';

const columns = {
  reached: 'text',
  awaited: 'text',
  orders: 'number',
  finished: 'number',
  usual_seconds: 'number',
  patience_seconds: 'number',
  due: 'number',
  stuck: 'number',
  due_before: 'number',
  stuck_before: 'number',
  waiting: 'number',
  per_month: 'number',
  worth: 'number',
  began_at: 'instant',
  segments: 'texts',
  segment_counts: 'numbers',
  errors: 'texts',
  failed: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-order-to-cash';
const needs = 'life-cycle events of orders with their subscription: ordered, paid, activated, provisioned, first usage, first charge';

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.1,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Share of stuck orders that is never accepted, however usual',
    learns: 'up',
  },
  {
    name: 'rise',
    default: 0.02,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Rise of the share of stuck orders above that of the weeks before that is accepted',
  },
  {
    name: 'p',
    default: 1e-4,
    unit: 'p',
    min: 1e-12,
    max: 0.05,
    description: 'Largest tail probability of so many stuck orders at the share that is accepted',
  },
  { name: 'stuck', default: 3, unit: 'orders', min: 1, max: 1e6, description: 'Stuck orders of two days below which nothing is said' },
  { name: 'finished', default: 20, unit: 'orders', min: 5, max: 1e6, description: 'Orders that did the step, to know how long it takes' },
];

const words: Readonly<Record<string, string>> = { first_usage: 'first usage', first_charge: 'first charge' };
const named = (step: string): string => words[step] ?? step;

function judge(row: Row, evaluation: Evaluation): Judgement {
  const { limit, window, currency, tenant, instant } = evaluation;
  const share = row.due === 0 ? 0 : row.stuck / row.due;
  const usual = row.due_before === 0 ? 0 : row.stuck_before / row.due_before;
  const accepted = Math.min(limit('share'), usual + limit('rise'));
  const start: Judgement = {
    ...calm({ step: row.reached, next: row.awaited }, window),
    observed: row.stuck,
    expected: usual * row.due,
    upper: accepted * row.due,
    unit: 'orders',
    statistic: share,
    evidence: {
      query: 'control-order-to-cash-evidence',
      params: { tenant, step: row.reached, before: new Date(instant - row.patience_seconds * 1000).toISOString() },
    },
  };
  // When somebody first uses what he bought is up to him.
  if (row.awaited === 'first_usage') return { ...start, note: 'the first usage is up to the customer: shown, not judged' };
  if (row.finished < limit('finished'))
    return {
      ...start,
      state: 'not_applicable',
      note: `not applicable, needs ${limit('finished')} orders that went from ${named(row.reached)} to ${named(row.awaited)}, has ${row.finished}`,
    };
  const p = row.due === 0 ? 1 : binomialTail(row.stuck, row.due, accepted).upper;
  if (row.stuck < limit('stuck') || share <= accepted || p > limit('p')) return { ...start, p };
  const served = row.awaited === 'first_charge';
  const said = row.errors.length === 0 ? '' : ` ${counted(row.failed, 'order')} with a failed step: ${row.errors.join('; ')}.`;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p,
    ...(row.worth > 0
      ? {
          money: amountOf(
            {
              micro: row.worth * 1e6,
              low: 0,
              high: row.worth * 1e6,
              class: served ? 'leakage' : 'risk',
              method: `recurring charge of the plans x days that ${counted(row.waiting, 'order')} wait / 30; ${figure(row.per_month)} ${currency} more each month`,
            },
            currency,
          ),
        }
      : {}),
    customers: {
      count: row.waiting,
      segments: Object.fromEntries(row.segments.map((name, at) => [name === '' ? 'unknown' : name, row.segment_counts[at]!])),
    },
    note: row.worth > 0 ? '' : 'no amount: no recurring charge is known for their plans',
    title: `${counted(row.stuck, 'order')} stuck after ${named(row.reached)}, without ${named(row.awaited)}`,
    summary: `${counted(row.stuck, 'order')} of ${figure(row.due)} that were ${named(row.reached)} did not get to ${named(row.awaited)} within ${lasting(row.patience_seconds * 1000)} (${percent(share)}; usual are ${percent(usual)}, and 95 of 100 take at most ${lasting(row.usual_seconds * 1000)}). ${counted(row.waiting, 'order')} wait in all.${said} Since ${utc(row.began_at)}.`,
    beganAt: row.began_at,
  };
}

/**
 * N04: where orders stop on the way to the first charge.
 * @example orderToCash.identity // 'N04'
 */
export const orderToCash = define({
  identity: 'N04',
  title: 'Order to cash',
  kind: 'revenue',
  rater: 'responsiveness',
  metric: 'stuck_orders',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: ['lifecycle', 'subscriptions', 'usage', 'invoice_lines'], data: needs },
  query,
  columns,
  lookbackMs: 30 * 86_400_000,
  limits,
  scope: ['step', 'next'],
  holdMs: 0,
  store: 'all',
  evaluate: (rows, evaluation) =>
    rows.length === 0
      ? [notApplicable(query, { step: '', next: '' }, evaluation.window, needs)]
      : rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'Somebody ordered, and somewhere between payment, activation, provisioning and the first charge it stopped: a job that failed and was never repeated, a queue that nobody reads, a service that is used and not charged. Customers wait, or use for nothing.',
    formula:
      'The chain: ordered, paid, activated, provisioned, first usage, first charge, those that at least half of the orders of thirty days reach; first usage and first charge from the life cycle, the usage and the invoice lines. Of each step, the orders that did it and neither the next nor a later one within twice the 95th percentile (an hour at least) are stuck. Violation when the share of stuck ones among the orders whose time ran out in the last two days is above the smaller of `share` and the share before + `rise`, with an exact binomial tail of at most `p`. The first usage is shown and not judged. Worth: recurring charge of the plans for the days they wait; leakage where the charge is missing, else a risk. Cancelled and ceased orders are left out.',
    proof:
      'Run the SQL of the finding: the orders with their last step, the step that failed and its error. Each order as a whole: `SELECT * FROM lifecycle_to_cash`.',
    recovery:
      'Repeat the failed step for the orders listed, the oldest first; where service ran without charge, start charging from the first use as far as the contract allows. Then mend the step.',
  },
});

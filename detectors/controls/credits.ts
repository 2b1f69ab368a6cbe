/** S19: misuse of bundles, discounts, credits and adjustments. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { binomialTail } from '../statistics/binomial-tail.ts';
import { robustScale } from '../statistics/robust-scale.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  kind: 'text',
  subject: 'text',
  credits: 'number',
  amount: 'number',
  customers: 'number',
  near: 'number',
  near_amount: 'number',
  unapproved: 'number',
  repeats: 'number',
  repeats_amount: 'number',
  approval_limit: 'number',
  first_at: 'instant',
  near_from: 'instant',
  repeats_from: 'instant',
  days: 'numbers',
  day_amounts: 'numbers',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-credits';
const dayMs = 86_400_000;

const limits: readonly Limit[] = [
  {
    name: 'z',
    default: 4,
    unit: 'z',
    min: 2,
    max: 20,
    description: 'Robust deviations of the credits of an agent above those of the others',
    learns: 'up',
  },
  { name: 'agents', default: 5, unit: 'agents', min: 3, max: 1e6, description: 'Agents below which there are no others to compare with' },
  { name: 'floor', default: 100, unit: 'currency', min: 0, max: 1e9, description: 'Amount in thirty days below which nothing is said' },
  {
    name: 'near',
    default: 5,
    unit: 'credits',
    min: 2,
    max: 1e6,
    description: 'Credits just below the approval limit below which nothing is said',
  },
  {
    name: 'p',
    default: 1e-4,
    unit: 'p',
    min: 1e-12,
    max: 0.05,
    description: 'Largest tail probability of so many just below the limit at the share of the other agents',
  },
  {
    name: 'repeats',
    default: 2,
    unit: 'credits',
    min: 1,
    max: 1e6,
    description: 'Repeated credits of an agent from which on they are told',
  },
];

type Check = 'agent' | 'near_limit' | 'repeated';

interface Found {
  readonly credits: number;
  readonly amount: number;
  readonly expected: number;
  readonly statistic: number;
  readonly p: number;
  readonly class: 'leakage' | 'risk';
  readonly method: string;
  readonly title: string;
  readonly text: string;
  readonly beganAt: number;
}

/** An agent has changed where so many times as much is granted in a day from then on. */
const changed = 2;

/**
 * When an agent began to grant more: the day from which on the mean day differs most from the days before (the lowest point of the sum less the even sum),
 * where it is at least twice as much; else its first credit of the thirty days.
 */
function moreSince({ days, day_amounts, first_at, amount }: Row, instant: number): number {
  const [start, end] = [(days[0] ?? 0) * 1000, instant];
  let before = 0;
  let [lowest, since, sum] = [0, first_at, 0];
  days.forEach((each, at) => {
    const day = each * 1000;
    const below = before - (amount * (day - start)) / Math.max(1, end - start);
    if (below < lowest) [lowest, since, sum] = [below, day, before];
    before += day_amounts[at]!;
  });
  const pace = (value: number, ms: number): number => value / Math.max(1, ms);
  const grew = since > first_at && pace(amount - sum, end - since) >= changed * pace(sum, since - start);
  return grew ? since : first_at;
}

function judgement(check: Check, row: Row, found: Found | undefined, evaluation: Evaluation): Judgement {
  const { window, tenant, instant, currency } = evaluation;
  const start: Judgement = {
    ...calm({ check, agent: row.subject }, window),
    unit: 'credits',
    observed: row.credits,
    expected: row.credits,
    evidence: { query: 'control-credits-evidence', params: { tenant, agent: row.subject, at: new Date(instant).toISOString() } },
  };
  if (!found) return start;
  const micro = found.amount * 1e6;
  return {
    ...start,
    state: 'violation',
    observed: found.credits,
    expected: found.expected,
    direction: 'up',
    statistic: found.statistic,
    p: found.p,
    money: amountOf({ micro, low: found.class === 'risk' ? 0 : micro, high: micro, class: found.class, method: found.method }, currency),
    customers: { count: row.customers, segments: {} },
    title: `agent ${row.subject || 'unknown'}: ${found.title}`,
    summary: `Agent ${row.subject || 'unknown'} granted ${counted(row.credits, 'credit')} of ${figure(row.amount)} ${currency} in thirty days to ${counted(row.customers, 'customer')}. ${found.text}`,
    beganAt: found.beganAt,
  };
}

/** From so many agents on, one more or less among the others changes nothing. */
const many = 100;

/** What all agents together did. */
interface Agents {
  readonly rows: readonly Row[];
  readonly scale: ReturnType<typeof robustScale>;
  readonly unapproved: number;
  readonly near: number;
}

function agentsOf(rows: readonly Row[]): Agents {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    rows,
    scale: robustScale(rows.map(({ amount }) => amount)),
    unapproved: sum(({ unapproved }) => unapproved),
    near: sum(({ near }) => near),
  };
}

/** More than the others, in amount. */
function extraordinary(row: Row, agents: Agents, { limit, currency, instant }: Evaluation): Found | undefined {
  const { rows } = agents;
  if (rows.length < limit('agents')) return undefined;
  const { centre, scale } =
    rows.length >= many ? agents.scale : robustScale(rows.filter((each) => each !== row).map(({ amount }) => amount));
  // Where the others grant the same, a tenth of it is the least deviation that counts.
  const z = (row.amount - centre) / Math.max(scale, centre / 10, 1e-9);
  const excess = row.amount - centre;
  if (z < limit('z') || excess < limit('floor')) return undefined;
  return {
    credits: row.credits,
    amount: excess,
    expected: row.amount === 0 ? 0 : (row.credits * centre) / row.amount,
    statistic: z,
    p: 0,
    class: 'risk',
    method: 'credits of the agent in thirty days less the median of the other agents',
    title: `${figure(row.amount)} ${currency} of credits, usual are ${figure(centre)}`,
    text: `The median of ${counted(rows.length - 1, 'other agent')} is ${figure(centre)}; that is ${figure(z)} deviations above it.`,
    beganAt: moreSince(row, instant),
  };
}

/** Many just below the amount that needs an approval. */
function nearLimit(row: Row, agents: Agents, { limit, currency }: Evaluation): Found | undefined {
  if (row.approval_limit === 0 || row.near < limit('near') || row.near_amount < limit('floor')) return undefined;
  const unapproved = agents.unapproved - row.unapproved;
  const share = Math.max(0.05, unapproved === 0 ? 0 : (agents.near - row.near) / unapproved);
  const p = share >= 1 ? 1 : binomialTail(row.near, row.unapproved, share).upper;
  if (p > limit('p')) return undefined;
  return {
    credits: row.near,
    amount: row.near_amount,
    expected: share * row.unapproved,
    statistic: row.near / row.unapproved,
    p,
    class: 'risk',
    method: 'credits without approval from 90 % of the approval limit up to it',
    title: `${counted(row.near, 'credit')} just below the approval limit`,
    text: `${figure(row.near)} of ${figure(row.unapproved)} without approval lie just below ${figure(row.approval_limit)} ${currency}, from which others were approved; of the other agents ${percent(share)} at most.`,
    beganAt: row.near_from,
  };
}

/** The same credit again to the same account within a day. */
function repeated(row: Row, { limit }: Evaluation): Found | undefined {
  if (row.repeats < limit('repeats') || row.repeats_amount <= 0) return undefined;
  return {
    credits: row.repeats,
    amount: row.repeats_amount,
    expected: 0,
    statistic: row.repeats / row.credits,
    p: 0,
    class: 'leakage',
    method: 'credits of the same account, amount and reason within a day of one before',
    title: `${counted(row.repeats, 'credit')} granted twice`,
    text: `${figure(row.repeats)} of them repeat one of the same account, amount and reason within a day.`,
    beganAt: row.repeats_from,
  };
}

/** Invoices that give more than they take. */
function invoices(row: Row | undefined, { window, tenant, instant, currency, limit }: Evaluation): Judgement {
  const cell = { check: 'discount', agent: '' };
  if (!row) return notApplicable(query, cell, window, 'invoice lines with discounts');
  const start: Judgement = {
    ...calm(cell, window),
    observed: row.credits,
    unit: 'invoices',
    statistic: row.credits / Math.max(1, row.unapproved),
    evidence: { query: 'control-discounted-invoices-evidence', params: { tenant, at: new Date(instant).toISOString() } },
  };
  if (row.credits === 0 || row.amount < limit('floor')) return start;
  const micro = row.amount * 1e6;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    money: amountOf(
      { micro, low: 0, high: micro, class: 'leakage', method: 'discounts and credits of the invoices less everything else on them' },
      currency,
    ),
    customers: { count: row.customers, segments: {} },
    title: `${counted(row.credits, 'invoice')} with more discount than charge`,
    summary: `Discounts and credits of ${counted(row.credits, 'invoice')} of ${figure(row.unapproved)} in two months exceed what is charged on them, by ${figure(row.amount)} ${currency} together; the first of the period from ${utc(row.first_at)}.`,
    beganAt: row.first_at,
  };
}

const discountChecks = {
  expired: {
    title: 'given after it had ended',
    method: 'discount lines of periods that begin when the discount was valid no more',
    text: 'of periods in which it was valid no more',
  },
  stacked: {
    title: 'given more than once',
    method: 'discount lines of the same discount, subscription and period, but for the largest of each',
    text: 'beyond one for each subscription and period',
  },
} as const;

/** One discount: past its validity, or more than once. Entitlement is certain: one line is enough, from the floor on. */
function discount(check: keyof typeof discountChecks, row: Row, { window, tenant, instant, currency, limit }: Evaluation): Judgement {
  const { title, method, text } = discountChecks[check];
  const start: Judgement = {
    ...calm({ check, agent: row.subject }, window),
    observed: row.credits,
    unit: 'lines',
    statistic: row.credits / Math.max(1, row.unapproved),
    evidence: { query: 'control-discounts-evidence', params: { tenant, discount: row.subject, at: new Date(instant).toISOString() } },
  };
  if (row.credits === 0 || row.amount < limit('floor')) return start;
  const micro = row.amount * 1e6;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    money: amountOf({ micro, class: 'leakage', method }, currency),
    customers: { count: row.customers, segments: {} },
    title: `discount ${row.subject}: ${counted(row.credits, 'line')} ${title}`,
    summary: `${counted(row.credits, 'line')} of discount ${row.subject} ${text}, of ${figure(row.unapproved)} in two months: ${figure(row.amount)} ${currency} for ${counted(row.customers, 'customer')}; the first of the period from ${utc(row.first_at)}.`,
    beganAt: row.first_at,
  };
}

/**
 * S19: credits of agents against each other and against the approval limit, repeated credits, and invoices that are mostly discount.
 * @example credits.identity // 'S19'
 */
export const credits = define({
  identity: 'S19',
  title: 'Misuse of credits and discounts',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'credit_misuse',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: ['credits', 'invoice_lines', 'tariffs'], data: 'credits with their agents, or invoice lines with discounts' },
  query,
  columns,
  lookbackMs: 30 * dayMs,
  limits,
  scope: ['check', 'agent'],
  holdMs: 2 * dayMs,
  store: 'all',
  evaluate(rows, evaluation) {
    const agents = rows.filter(({ kind }) => kind === 'agent');
    const all = agentsOf(agents);
    const missing =
      agents.length === 0 ? [notApplicable(query, { check: 'agent', agent: '' }, evaluation.window, 'credits with their agents')] : [];
    return [
      ...missing,
      ...agents.flatMap((row) => [
        judgement('agent', row, extraordinary(row, all, evaluation), evaluation),
        judgement('near_limit', row, nearLimit(row, all, evaluation), evaluation),
        judgement('repeated', row, repeated(row, evaluation), evaluation),
      ]),
      invoices(
        rows.find(({ kind }) => kind === 'invoice'),
        evaluation,
      ),
      ...rows.flatMap((row) => (row.kind === 'expired' || row.kind === 'stacked' ? [discount(row.kind, row, evaluation)] : [])),
      ...(rows.some(({ kind }) => kind === 'expired')
        ? []
        : [
            notApplicable(
              query,
              { check: 'expired', agent: '' },
              evaluation.window,
              'tariffs of service discount, named as the reason of discount lines',
            ),
          ]),
    ];
  },
  documentation: {
    meaning:
      'Goodwill that nobody checks: one agent grants far more than the others, splits amounts to stay below the approval limit, or credits the same account twice; discounts that stack up until the invoice is nothing.',
    formula:
      'Credits of thirty days by agent. Agent: (sum - median of the others) / robust deviation of the others >= z, with at least `agents` agents; it began with the day from which on at least twice as much is granted in a day, where there is one. Near the limit: credits without approval between 90 % and 100 % of the approval limit (the 5th percentile of at least 20 approved ones), `near` or more with a binomial tail of at most p at the share of the others, at least 5 %. Repeated: same account, amount and reason within a day. Discount: invoices whose discounts and credits exceed everything else on them. Expired: discount lines of a period that no validity of the discount touches; the validity is a row in tariffs with service discount and the reason of the line as its tariff. Stacked: the same discount more than once for a subscription (else an account) and period. All from `floor` on.',
    proof:
      'Run the SQL of the finding: the credits of the agent, alike ones together, or the lines of the invoices. Compare a sample with the notes of the contacts.',
    recovery:
      'Reverse what was granted twice or without reason; lower the limit of the agent or ask for a second person. Mend the validity and the stacking of the discount.',
  },
});

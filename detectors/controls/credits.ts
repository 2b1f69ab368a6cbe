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
    beganAt: row.first_at,
  };
}

/** More than the others, in amount. */
function extraordinary(row: Row, rows: readonly Row[], { limit, currency }: Evaluation): Found | undefined {
  const others = rows.filter((each) => each !== row).map(({ amount }) => amount);
  if (others.length + 1 < limit('agents')) return undefined;
  const { centre, scale } = robustScale(others);
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
    text: `The median of ${counted(others.length, 'other agent')} is ${figure(centre)}; that is ${figure(z)} deviations above it.`,
  };
}

/** Many just below the amount that needs an approval. */
function nearLimit(row: Row, rows: readonly Row[], { limit, currency }: Evaluation): Found | undefined {
  if (row.approval_limit === 0 || row.near < limit('near') || row.near_amount < limit('floor')) return undefined;
  const others = rows.filter((each) => each !== row);
  const unapproved = others.reduce((sum, each) => sum + each.unapproved, 0);
  const share = Math.max(0.05, unapproved === 0 ? 0 : others.reduce((sum, each) => sum + each.near, 0) / unapproved);
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

/**
 * S19: credits of agents against each other and against the approval limit, repeated credits, and invoices that are mostly discount.
 * @example credits.identity // 'S19'
 */
export const credits = define({
  identity: 'S19',
  title: 'Misuse of credits and discounts',
  kind: 'revenue',
  metric: 'credit_misuse',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: ['credits', 'invoice_lines'], data: 'credits with their agents, or invoice lines with discounts' },
  query,
  columns,
  lookbackMs: 30 * dayMs,
  limits,
  scope: ['check', 'agent'],
  holdMs: 2 * dayMs,
  store: 'all',
  evaluate(rows, evaluation) {
    const agents = rows.filter(({ kind }) => kind === 'agent');
    const missing =
      agents.length === 0 ? [notApplicable(query, { check: 'agent', agent: '' }, evaluation.window, 'credits with their agents')] : [];
    return [
      ...missing,
      ...agents.flatMap((row) => [
        judgement('agent', row, extraordinary(row, agents, evaluation), evaluation),
        judgement('near_limit', row, nearLimit(row, agents, evaluation), evaluation),
        judgement('repeated', row, repeated(row, evaluation), evaluation),
      ]),
      invoices(
        rows.find(({ kind }) => kind === 'invoice'),
        evaluation,
      ),
    ];
  },
  documentation: {
    meaning:
      'Goodwill that nobody checks: one agent grants far more than the others, splits amounts to stay below the approval limit, or credits the same account twice; discounts that stack up until the invoice is nothing.',
    formula:
      'Credits of thirty days by agent. Agent: (sum - median of the others) / robust deviation of the others >= z, with at least `agents` agents. Near the limit: credits without approval between 90 % and 100 % of the approval limit (the 5th percentile of at least 20 approved ones), `near` or more with a binomial tail of at most p at the share of the others, at least 5 %. Repeated: same account, amount and reason within a day. Discount: invoices whose discounts and credits exceed everything else on them. All from `floor` on.',
    proof:
      'Run the SQL of the finding: the credits of the agent, alike ones together, or the lines of the invoices. Compare a sample with the notes of the contacts.',
    recovery:
      'Reverse what was granted twice or without reason; lower the limit of the agent or ask for a second person. Mend the validity and the stacking of the discount.',
  },
});

const allowanceColumns = {
  leg: 'text',
  service: 'text',
  zone: 'text',
  plan: 'text',
  blocks: 'numbers',
  n: 'numbers',
  free: 'numbers',
  customers: 'number',
  charged: 'number',
  total: 'number',
  ends: 'instant',
} as const;

const allowanceQuery = 'control-allowances';

function allowance(row: RowOf<typeof allowanceColumns>, evaluation: Evaluation): Judgement {
  const { limit, tenant, currency } = evaluation;
  const window = { from: row.ends - dayMs, to: row.ends };
  const cell = { leg: row.leg, service: row.service, zone: row.zone, plan: row.plan };
  const at = row.blocks.indexOf(0);
  const [n, free] = at === -1 ? [0, 0] : [row.n[at]!, row.free[at]!];
  const shares = row.blocks.flatMap((block, place) =>
    block > 0 && row.n[place]! >= limit('records') ? [row.free[place]! / row.n[place]!] : [],
  );
  const start: Judgement = { ...calm(cell, window), observed: free, unit: 'records', statistic: n === 0 ? 0 : free / n };
  if (shares.length === 0)
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('records')} records of an earlier day` };
  const usual = Math.max(...shares);
  const accepted = Math.min(1, usual + limit('rise'));
  const excess = free - usual * n;
  const p = n === 0 ? 1 : binomialTail(free, n, accepted).upper;
  const figures: Judgement = { ...start, expected: usual * n, upper: accepted * n, p };
  const mean = row.charged > 0 ? row.total / row.charged : 0;
  if (free <= accepted * n || p > limit('p') || excess * mean < limit('floor')) return figures;
  const where = [row.zone, row.plan && `plan ${row.plan}`].filter(Boolean).join(', ');
  return {
    ...figures,
    state: 'violation',
    direction: 'up',
    money: amountOf(
      {
        micro: excess * mean * 1e6,
        low: Math.max(0, free - accepted * n) * mean * 1e6,
        high: free * mean * 1e6,
        class: 'leakage',
        method: `${figure(Math.round(excess))} records beyond the usual share x mean charge of the service in the zone`,
      },
      currency,
    ),
    customers: { count: row.customers, segments: {} },
    title: `${row.service} (${where}): ${percent(free / n, 2)} free by an allowance, usual are ${percent(usual, 2)}`,
    summary: `${counted(free, 'record')} of ${figure(n)} of ${row.service} (${where}) on ${row.leg} were free by an allowance in the day to ${utc(row.ends)} (${percent(free / n)}); ${percent(usual)} on the days before.`,
    beganAt: window.from,
    evidence: {
      query: 'control-allowances-evidence',
      params: { tenant, ...cell, from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() },
    },
  };
}

/**
 * S19, second part: usage that allowances made free beyond the usual share.
 * @example allowances.metric // 'allowance_share'
 */
export const allowances = define({
  identity: 'S19',
  title: 'Allowance beyond the usual',
  kind: 'revenue',
  metric: 'allowance_share',
  trigger: 'nightly',
  windowMs: 0,
  needs: {
    legs: ['rating', 'ocs', 'billing'],
    tables: ['usage', 'usage_hour'],
    data: 'charged usage that says what an allowance made free',
  },
  query: allowanceQuery,
  columns: allowanceColumns,
  lookbackMs: 8 * dayMs,
  limits: [
    {
      name: 'rise',
      default: 0.03,
      unit: 'ratio',
      min: 0.001,
      max: 0.9,
      description: 'Rise of the share of free usage above the highest of the days before',
      learns: 'up',
    },
    {
      name: 'p',
      default: 1e-6,
      unit: 'p',
      min: 1e-12,
      max: 0.01,
      description: 'Largest tail probability of the count at the share that is accepted',
    },
    {
      name: 'records',
      default: 50,
      unit: 'records',
      min: 10,
      max: 1e9,
      description: 'Records of an earlier day that make its share known',
    },
    { name: 'floor', default: 5, unit: 'currency', min: 0, max: 1e9, description: 'Amount of a day below which nothing is said' },
  ],
  scope: ['leg', 'service', 'zone', 'plan'],
  holdMs: 2 * dayMs,
  store: 'all',
  evaluate: (rows, evaluation) =>
    rows.length === 0
      ? [
          notApplicable(
            allowanceQuery,
            { leg: '', service: '', zone: '', plan: '' },
            evaluation.window,
            'charged usage that says what an allowance made free',
          ),
        ]
      : rows.map((row) => allowance(row, evaluation)),
  documentation: {
    meaning:
      'An allowance covers what it was not sold for: a bundle that applies to roaming or premium numbers after a change, units that no longer count down, a bundle that outlives its month. The usage looks rightly free, record by record.',
    formula:
      'share = answered records with charge 0 and zero reason allowance / answered records, by leg, service, zone and plan in the latest day; violation above the highest share of the day before and of the same day a week before by `rise`, with an exact binomial tail of at most p, worth the mean charge of the service in the zone for each record beyond it.',
    proof:
      'Run the SQL of the finding: the subscribers with the most free usage and their tariffs. Compare one with the terms of the bundle and its counter.',
    recovery: 'Mend the scope or the validity of the bundle, have the usage rated again and billed where the contract allows.',
  },
});

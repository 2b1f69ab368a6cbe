/** N02: rated usage that is on no invoice, and accounts without an invoice. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent } from './texts.ts';

const columns = {
  check: 'text',
  starts: 'instant',
  ends: 'instant',
  service: 'text',
  leg: 'text',
  rated: 'money',
  billed: 'money',
  alone: 'number',
  missing: 'number',
  accounts: 'number',
  covered: 'number',
  mean_total: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-rated-not-invoiced';
const dayMs = 86_400_000;
const needs = 'retail invoices with their usage lines, and charges of rating, billing or ocs for the same period';

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.005,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Share of the rated charges of a service that may be missing on invoices',
    learns: 'up',
  },
  { name: 'floor', default: 10, unit: 'currency', min: 0, max: 1e9, description: 'Amount of a period below which nothing is said' },
  {
    name: 'accounts',
    default: 0.001,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Share of the active accounts that may be without an invoice',
  },
  {
    name: 'alone',
    default: 0.95,
    unit: 'ratio',
    min: 0.5,
    max: 1,
    description: 'Share of the invoices of the time with this very period from which usage and invoices can be compared as a whole',
  },
];

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
const periodOf = ({ starts, ends }: Row): string => `${day(starts)} to ${day(ends)}`;

function frame(row: Row, { tenant }: Evaluation): Judgement {
  return {
    ...calm({ check: row.check, service: row.service, period: periodOf(row) }, { from: row.starts, to: row.ends }),
    evidence: {
      query: row.check === 'service' ? 'control-rated-not-invoiced-evidence' : 'control-accounts-not-invoiced-evidence',
      params: {
        tenant,
        service: row.service,
        leg: row.leg,
        from: new Date(row.starts).toISOString(),
        to: new Date(row.ends).toISOString(),
      },
    },
  };
}

function service(row: Row, evaluation: Evaluation): Judgement {
  const { limit, currency } = evaluation;
  const gap = row.rated - row.billed;
  const start: Judgement = {
    ...frame(row, evaluation),
    observed: row.billed / 1e6,
    expected: row.rated / 1e6,
    lower: (row.rated / 1e6) * (1 - limit('share')),
    upper: (row.rated / 1e6) * (1 + limit('share')),
    unit: currency,
    statistic: row.rated === 0 ? 0 : gap / row.rated,
  };
  if (row.covered === 0) return { ...start, state: 'not_applicable', note: 'not applicable, needs rated usage of the whole period' };
  if (row.alone < limit('alone'))
    return {
      ...start,
      state: 'not_applicable',
      note: `not applicable, needs one billing period for all: ${percent(row.alone)} of the invoices have this one`,
    };
  if (Math.abs(gap) <= limit('share') * row.rated || Math.abs(gap) < limit('floor') * 1e6) return start;
  const lost = gap > 0;
  const rounding = limit('share') * row.rated;
  return {
    ...start,
    state: 'violation',
    direction: lost ? 'down' : 'up',
    p: 0,
    money: amountOf(
      {
        micro: Math.abs(gap),
        low: Math.max(0, Math.abs(gap) - rounding),
        high: Math.abs(gap),
        class: lost ? 'leakage' : 'over_charge',
        method: `charges of ${row.leg} less usage lines of the invoices of the period`,
      },
      currency,
    ),
    note: 'customers not known: usage and lines are compared as a whole',
    title: `${row.service || 'usage'}: ${figure(Math.abs(gap) / 1e6)} ${currency} ${lost ? 'rated and not invoiced' : 'invoiced and not rated'} for ${periodOf(row)}`,
    summary: `${row.leg} charged ${figure(row.rated / 1e6)} ${currency} for ${row.service || 'usage'} from ${periodOf(row)}; the invoices of the period have ${figure(row.billed / 1e6)} (${percent(Math.abs(start.statistic))} ${lost ? 'missing' : 'more'}).`,
    beganAt: row.starts,
  };
}

function account(row: Row, evaluation: Evaluation): Judgement {
  const { limit, currency } = evaluation;
  const start: Judgement = {
    ...frame(row, evaluation),
    observed: row.missing,
    upper: limit('accounts') * row.accounts,
    unit: 'accounts',
    statistic: row.accounts === 0 ? 0 : row.missing / row.accounts,
  };
  if (row.missing >= row.accounts / 2 && row.missing > 0)
    return { ...start, state: 'not_applicable', note: 'not applicable, needs invoices and subscriptions that name accounts alike' };
  const worth = row.missing * row.mean_total * 1e6;
  if (row.missing === 0 || start.statistic <= limit('accounts') || worth < limit('floor') * 1e6) return start;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    money: amountOf(
      {
        micro: worth,
        // The mean of so many invoices, give or take what single ones differ from it.
        low: worth / 2,
        high: worth * 2,
        class: 'leakage',
        method: `${counted(row.missing, 'account')} x mean amount of an invoice of the period`,
      },
      currency,
    ),
    customers: { count: row.missing, segments: {} },
    title: `${counted(row.missing, 'account')} without an invoice for ${periodOf(row)}`,
    summary: `${counted(row.missing, 'account')} of ${figure(row.accounts)} that were active from ${periodOf(row)} got no invoice that touches the period (${percent(start.statistic)}).`,
    beganAt: row.ends,
  };
}

/**
 * N02: rated charges against invoice lines of a closed period, and active accounts against invoices.
 * @example ratedNotInvoiced.identity // 'N02'
 */
export const ratedNotInvoiced = define({
  identity: 'N02',
  title: 'Rated and not invoiced',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'missing_on_invoice',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: ['rating', 'billing', 'ocs'], tables: ['invoices', 'invoice_lines', 'usage_hour', 'subscriptions'], data: needs },
  query,
  columns,
  lookbackMs: 100 * dayMs,
  limits,
  scope: ['check', 'service'],
  holdMs: 3 * dayMs,
  store: 'all',
  evaluate(rows, evaluation) {
    if (rows.length === 0) return [notApplicable(query, { check: '', service: '' }, evaluation.window, needs)];
    return rows.map((row) => (row.check === 'service' ? service(row, evaluation) : account(row, evaluation)));
  },
  summarise: (judgements) => judgements.map(({ summary }) => summary).join(' '),
  documentation: {
    meaning:
      'Usage was rated and is on no invoice: a bill run that stopped half-way, an account that was on hold, a charge code that no invoice shows. Or whole accounts got no invoice although they were active all through the period.',
    formula:
      'missing = charges of the rating leg that charges most - usage lines of the invoices with this period, by service; violation beyond `share` and `floor`. Only where nearly all invoices of the time have the same period. Accounts: those with an active subscription in billing from before the period to its end and no invoice that touches it; violation above `accounts`, worth the mean amount of an invoice each. A period is judged when two days have passed since its last invoice, or ten since its end; the latest two count.',
    proof:
      'Run the SQL of the finding: rated and invoiced amounts day by day and line by line, or the accounts. Take one account through the bill run by hand.',
    recovery:
      'Run the missing bills, or put the usage on the next invoice as a late charge. Close the period in the books only when rated, invoiced and written off add up.',
  },
});

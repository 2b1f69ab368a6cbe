/** S09, second part: the invoice of the host against the usage files that it sent. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf } from './amount.ts';
import { figure, lasting, percent, utc } from './texts.ts';

const columns = {
  check: 'text',
  partner: 'text',
  invoice: 'text',
  service: 'text',
  starts: 'instant',
  ends: 'instant',
  issued: 'instant',
  invoiced: 'money',
  usage_charge: 'money',
  invoiced_units: 'number',
  usage_units: 'number',
  covered: 'number',
  dispute_percent: 'number',
  repeats: 'text',
  repeated_amount: 'money',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-wholesale-invoice';
const dayMs = 86_400_000;
const needs = 'invoices of kind wholesale, and the wholesale usage files (leg mno_wholesale) of the same period';

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.01,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Difference of invoice and usage that is accepted where the contract (partners, dispute_limit_percent) states none',
    learns: 'up',
  },
  { name: 'floor', default: 1, unit: 'currency', min: 0, max: 1e9, description: 'Difference below which nothing is said' },
  {
    name: 'missing_days',
    default: 15,
    unit: 'days',
    min: 1,
    max: 120,
    description: 'Days after the end of a period in which its invoice is to come',
  },
];

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
const periodOf = ({ starts, ends }: Row): string => `${day(starts)} to ${day(ends)}`;
const units: Readonly<Record<string, string>> = { voice: 'minutes', data: 'MiB' };

function frame(row: Row, { tenant }: Evaluation): Judgement {
  return {
    ...calm(
      { partner: row.partner, check: row.check, invoice: row.invoice, service: row.service, period: periodOf(row) },
      { from: row.starts, to: row.ends },
    ),
    evidence: {
      query: 'control-wholesale-invoice-evidence',
      params: { tenant, invoice: row.invoice, from: new Date(row.starts).toISOString(), to: new Date(row.ends).toISOString() },
    },
  };
}

/** Share of the usage that invoice and usage may differ by: of the contract, else the limit. */
const acceptedOf = (row: Row, { limit }: Evaluation): number => (row.dispute_percent > 0 ? row.dispute_percent / 100 : limit('share'));

const quantityText = (row: Row): string =>
  row.invoiced_units === 0 && row.usage_units === 0
    ? ''
    : ` Quantities: ${figure(row.invoiced_units)} ${units[row.service] ?? 'events'} invoiced, ${figure(row.usage_units)} in the files${
        Math.abs(row.invoiced_units - row.usage_units) <= 0.001 * row.usage_units ? ': the price differs, not the usage' : ''
      }.`;

/** Invoiced against used; of a service that neither side has, or that agrees, nothing is said. */
function compared(row: Row, lines: readonly Row[], evaluation: Evaluation): Judgement {
  const { currency, limit } = evaluation;
  const gap = row.invoiced - row.usage_charge;
  const accepted = acceptedOf(row, evaluation);
  const base = row.usage_charge / 1e6;
  const start: Judgement = {
    ...frame(row, evaluation),
    observed: row.invoiced / 1e6,
    expected: base,
    lower: base * (1 - accepted),
    upper: base * (1 + accepted),
    unit: currency,
    statistic: row.usage_charge === 0 ? (gap === 0 ? 0 : 1) : gap / row.usage_charge,
  };
  if (row.covered === 0)
    return { ...start, state: 'not_applicable', note: 'not applicable, needs the usage files of the whole period, complete to its end' };
  if (Math.abs(gap) <= accepted * row.usage_charge || Math.abs(gap) < limit('floor') * 1e6) return start;
  const more = gap > 0;
  const most = [...lines].sort((a, b) => Math.abs(b.invoiced - b.usage_charge) - Math.abs(a.invoiced - a.usage_charge))[0];
  const share = most ? Math.min(1, Math.max(0, (most.invoiced - most.usage_charge) / gap)) : 0;
  const where = row.service === '' ? '' : ` for ${row.service}`;
  return {
    ...start,
    state: 'violation',
    direction: more ? 'up' : 'down',
    p: 0,
    money: amountOf(
      {
        micro: Math.abs(gap),
        class: more ? 'leakage' : 'risk',
        method: more
          ? 'amount of the invoice less the wholesale charges of the usage files of its period'
          : 'wholesale charges of the usage files less the amount of the invoice: the host may still charge it',
      },
      currency,
    ),
    note: 'customers not concerned: this is between us and the host',
    title: `${row.partner}: invoice ${row.invoice} charges ${figure(Math.abs(gap) / 1e6)} ${currency} ${more ? 'more' : 'less'} than its usage files${where}`,
    summary: `Invoice ${row.invoice} of ${row.partner} for ${periodOf(row)} charges ${figure(row.invoiced / 1e6)} ${currency}${where}; the usage files charge ${figure(base)} (${percent(Math.abs(start.statistic))} ${more ? 'more' : 'less'}, ${percent(accepted)} are accepted).${row.service === '' ? (most && share >= 0.5 ? ` ${percent(share, 2)} of it in ${most.service}.${quantityText(most)}` : '') : quantityText(row)}`,
    beganAt: row.starts,
    ...(most && share >= 0.5 ? { explanation: [{ dimensions: { service: most.service }, share, remaining: 1 - share }] } : {}),
  };
}

function twice(row: Row, evaluation: Evaluation): Judgement {
  const start: Judgement = { ...frame({ ...row, check: 'twice' }, evaluation), unit: 'invoices', observed: row.repeats === '' ? 0 : 1 };
  if (row.repeats === '') return start;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    money: amountOf(
      { micro: row.repeated_amount, class: 'leakage', method: 'amount of the invoice that came before for the same days' },
      evaluation.currency,
    ),
    note: 'customers not concerned: this is between us and the host',
    title: `${row.partner}: invoice ${row.invoice} charges what ${row.repeats} charged`,
    summary: `Invoice ${row.invoice} of ${row.partner} for ${periodOf(row)} has the amount of invoice ${row.repeats} for the same days: ${figure(row.repeated_amount / 1e6)} ${evaluation.currency} twice.`,
    beganAt: row.issued,
  };
}

/** A period of usual length after the latest invoice, with usage and without an invoice. */
function missing(row: Row, evaluation: Evaluation): Judgement {
  const { instant, limit, currency } = evaluation;
  const start: Judgement = { ...frame(row, evaluation), unit: 'invoices' };
  const due = row.ends + limit('missing_days') * dayMs;
  if (instant <= due || row.usage_charge < limit('floor') * 1e6) return start;
  return {
    ...start,
    state: 'violation',
    observed: 0,
    expected: 1,
    lower: 1,
    upper: 1,
    direction: 'down',
    p: 0,
    money: amountOf(
      {
        micro: row.usage_charge,
        class: 'risk',
        method: 'wholesale charges of the usage files of the period: to be accrued until the invoice comes',
      },
      currency,
    ),
    note: 'customers not concerned: this is between us and the host',
    title: `${row.partner}: no invoice for ${periodOf(row)}`,
    summary: `${row.partner} charged ${figure(row.usage_charge / 1e6)} ${currency} in its usage files for ${periodOf(row)} and sent no invoice for it, ${lasting(instant - row.ends)} after its end; the latest was issued ${utc(row.issued)}.`,
    beganAt: row.ends,
  };
}

/**
 * S09, second part: wholesale invoices against the wholesale usage of their period, invoices that charge twice, and those that are missing.
 * @example wholesaleInvoice.metric // 'wholesale_invoice'
 */
export const wholesaleInvoice = define({
  identity: 'S09',
  title: 'Wholesale invoice',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'wholesale_invoice',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: ['mno_wholesale'], tables: ['invoices', 'invoice_lines', 'usage_hour', 'partners', 'watermarks'], data: needs },
  query,
  columns,
  lookbackMs: 100 * dayMs,
  limits,
  scope: ['partner', 'check', 'invoice', 'service'],
  holdMs: 3 * dayMs,
  store: 'all',
  evaluate(rows, evaluation) {
    if (rows.length === 0) return [notApplicable(query, { partner: '', check: '', invoice: '', service: '' }, evaluation.window, needs)];
    return rows.flatMap((row) => {
      if (row.check === 'missing') return [missing(row, evaluation)];
      const lines = rows.filter(({ check, invoice }) => check === 'line' && invoice === row.invoice);
      if (row.check === 'invoice') return [compared(row, lines, evaluation), twice(row, evaluation)];
      // Where the invoice as a whole differs it says so; its lines speak where they cancel out.
      const whole = rows.find(({ check, invoice }) => check === 'invoice' && invoice === row.invoice);
      const judged = compared(row, [], evaluation);
      if (judged.state !== 'violation' || !whole || compared(whole, lines, evaluation).state !== 'violation') return [judged];
      return [{ ...frame(row, evaluation), note: 'part of the difference of the whole invoice' }];
    });
  },
  documentation: {
    meaning:
      'The host sends an invoice for what its usage files state. It charges more than the files, at another price than agreed, twice for the same days, or not at all yet, and then it is an amount to set aside.',
    formula:
      'gap = amount of the invoice before tax - wholesale charges of the usage files (leg mno_wholesale) in its period; violation when |gap| is above `dispute_limit_percent` of the partner (`share` where none is stated) of the usage, and `floor`. By service from the usage lines where the whole agrees: more on one and less on another. Twice: another invoice of the partner with the same amount for days that overlap. Missing: usage in a period as long as the last one, no invoice `missing_days` after its end. Only where usage is there from the start of the period and the watermark of the leg has passed its end. An invoice of a hundred days back is judged each night, so that late usage corrects it. Where one partner alone sends wholesale invoices, all usage of the leg is its.',
    proof: 'Run the SQL of the finding: the lines of the invoice beside the usage, day by day and service by service.',
    recovery:
      'Dispute the invoice within the time of the contract, with the totals by day and service; pay what is undisputed. Set aside what was not invoiced yet.',
  },
});

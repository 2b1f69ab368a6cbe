/** N17: what carriers owe us for missed service levels, until it is claimed. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import { fromMicro } from '../../core/money.ts';
import type { RowOf } from '../../core/row.ts';
import { counted, figure, percent } from './texts.ts';

const columns = {
  agreement: 'text',
  month: 'text',
  carrier: 'text',
  name: 'text',
  starts: 'instant',
  ends: 'instant',
  owed: 'money',
  coin: 'text',
  complete: 'number',
  last_day: 'text',
  claim_over: 'instant',
  missed: 'texts',
  unmeasured: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-sla-credits';
const needs = 'agreements in the folder of sla.directory by which a carrier owes us, and a month of them that is over';

const limits: readonly Limit[] = [
  { name: 'floor', default: 0, unit: 'currency', min: 0, max: 1e9, description: 'Credit up to which nothing is said' },
];

function judge(row: Row, { tenant, instant, limit }: Evaluation): Judgement {
  const amount = fromMicro(row.owed);
  const start: Judgement = {
    ...calm({ agreement: row.agreement, month: row.month, partner: row.carrier }, { from: row.starts, to: row.ends }),
    observed: row.owed / 1e6,
    unit: row.coin,
    statistic: row.owed / 1e6,
    evidence: { query: 'control-sla-credits-evidence', params: { tenant, agreement: row.agreement, month: row.month } },
  };
  if (row.owed <= limit('floor') * 1e6) return start;
  // What was said stands: the money is lost, but somebody has to know.
  if (row.claim_over > 0 && row.claim_over <= instant)
    return { ...start, state: 'waiting', note: `the claim was over on ${row.last_day}: nothing new is said` };
  const until = row.last_day === '' ? 'without a last day' : `until ${row.last_day}`;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    money: {
      amount,
      currency: row.coin,
      class: 'leakage',
      method: 'credits of the missed targets by the bands of the agreement, at most its cap',
      exact: true,
      ...(row.last_day === '' ? {} : { recoverable_until: row.last_day }),
    },
    note: 'customers not concerned: this is between us and the carrier',
    title: `${row.carrier}: ${figure(row.owed / 1e6)} ${row.coin} of credits for ${row.month} to be claimed ${until}`,
    summary: `${row.name}: ${counted(row.missed.length, 'target')} missed in ${row.month} (${row.missed.join(', ')}); ${row.carrier} owes ${amount} ${row.coin}, to be claimed ${until}. Data for ${percent(row.complete)} of the time that counts${row.unmeasured > 0 ? `, none for ${counted(row.unmeasured, 'target')}` : ''}.`,
    // The claim begins when the month is over.
    beganAt: row.ends,
  };
}

/**
 * N17: credits out of agreements with carriers that can be claimed and are not yet, once per agreement and month.
 * @example slaCredits.identity // 'N17'
 */
export const slaCredits = define({
  identity: 'N17',
  title: 'Service credits to be claimed',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'unclaimed_credit',
  trigger: 'minute',
  everyMs: 600_000,
  windowMs: 0,
  needs: { legs: [], tables: ['sla_periods'], data: needs },
  query,
  columns,
  lookbackMs: 0,
  limits,
  scope: ['agreement', 'month', 'partner'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) =>
    rows.length === 0
      ? [notApplicable(query, { agreement: '', month: '', partner: '' }, evaluation.window, needs)]
      : rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'A carrier kept less than it promised and owes a credit for it. Carriers do not pay what nobody claims, and a claim that comes after its last day is worth nothing.',
    formula:
      'credit of the report on the agreement (docs/sla.md) for a month that is over and can still be claimed; violation above `floor`. The report is made again when late data, exclusions or terms change it, and the finding with it: with another amount, or cleared where nothing is owed. After the last day of the claim nothing new is said; what was said stands until a person ends it.',
    proof: 'Run the SQL of the finding: the targets of the month with what was promised and attained.',
    recovery: 'Send the claim with the report before the last day, and enter what was credited.',
  },
});

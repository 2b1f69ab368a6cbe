/** S10, third part: a subscriber in two outgoing calls at once. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { binomialTail } from '../statistics/binomial-tail.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  source: 'text',
  calls: 'number',
  overlapping: 'number',
  calls_day: 'number',
  overlapping_day: 'number',
  calls_week: 'number',
  overlapping_week: 'number',
  charge: 'money',
  customers: 'number',
  first_at: 'instant',
  samples: 'texts',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-overlaps';
const hourMs = 3_600_000;
const needs = 'answered outgoing calls with their subscriber, of the hour and of the day or week before';

const limits: readonly Limit[] = [
  {
    name: 'overlap_share',
    default: 0.01,
    unit: 'ratio',
    min: 0.0001,
    max: 0.5,
    description:
      'Rise of the share of overlapping calls above that of the day and week before: calls that wait and conferences overlap rightly',
    learns: 'up',
  },
  {
    name: 'overlap_p',
    default: 1e-6,
    unit: 'p',
    min: 1e-12,
    max: 0.01,
    description: 'Largest tail probability of the count at the share that is accepted',
  },
  {
    name: 'overlap_calls',
    default: 50,
    unit: 'calls',
    min: 10,
    max: 1e9,
    description: 'Calls of an earlier hour that make its share known',
  },
];

function judge(row: Row, evaluation: Evaluation): Judgement {
  const { leg, window, limit, tenant, currency } = evaluation;
  const known = [
    [row.calls_day, row.overlapping_day],
    [row.calls_week, row.overlapping_week],
  ].filter(([calls]) => calls! >= limit('overlap_calls'));
  const share = row.overlapping / row.calls;
  const start: Judgement = {
    ...calm({ leg, source: row.source }, window),
    observed: row.overlapping,
    unit: 'calls',
    statistic: share,
    evidence: {
      query: 'control-overlaps-evidence',
      params: { tenant, leg, source: row.source, from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() },
    },
  };
  if (known.length === 0)
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('overlap_calls')} calls of an earlier day` };
  const usual = Math.max(...known.map(([calls, overlapping]) => overlapping! / calls!));
  const accepted = Math.min(1, usual + limit('overlap_share'));
  const p = binomialTail(row.overlapping, row.calls, accepted).upper;
  const figures: Judgement = { ...start, expected: usual * row.calls, upper: accepted * row.calls, p };
  if (share <= accepted || p > limit('overlap_p'))
    return share <= usual + limit('overlap_share') / 2
      ? figures
      : { ...figures, state: 'waiting', note: 'between half the limit and the limit' };
  const excess = row.overlapping - usual * row.calls;
  const worth = (row.charge * excess) / row.overlapping;
  return {
    ...figures,
    state: 'violation',
    direction: 'up',
    ...(worth > 0
      ? {
          money: amountOf(
            {
              micro: worth,
              low: 0,
              high: row.charge,
              class: 'over_charge',
              method: 'charges of the overlapping calls beyond the usual share',
            },
            currency,
          ),
        }
      : {}),
    valued: {
      ...usageWorth({ tenant, leg, service: 'voice', from: window.from, to: window.to }),
      records: Math.round(excess),
      class: 'over_charge',
      what: 'overlapping calls beyond the usual',
      perhaps: true,
    },
    customers: { count: row.customers, segments: {} },
    title: `${row.source}: ${percent(share, 2)} of calls overlap another of the same subscriber, usual are ${percent(usual, 2)}`,
    summary: `${counted(row.overlapping, 'outgoing call')} of ${figure(row.calls)} of ${row.source} in the hour from ${utc(window.from)} begin while another of the same subscriber still lasts (${percent(share)}); usual are ${percent(usual)}. Records that are doubled with another start, an end that is too late, or one identity in two devices.`,
    beganAt: row.first_at,
    samples: row.samples,
  };
}

/**
 * S10, third part: outgoing calls of one subscriber at the same time.
 * @example overlaps.metric // 'overlaps'
 */
export const overlaps = define({
  identity: 'S10',
  title: 'Overlapping calls',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'overlaps',
  trigger: 'window-close',
  windowMs: hourMs,
  mostWindows: 3,
  needs: { legs: [], tables: ['usage'], data: needs },
  query,
  columns,
  lookbackMs: 170 * hourMs,
  limits,
  scope: ['leg', 'source'],
  holdMs: 0,
  store: 'all',
  evaluate: (rows, evaluation) =>
    rows.length === 0
      ? [notApplicable(query, { leg: evaluation.leg, source: '' }, evaluation.window, needs)]
      : rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'Nobody makes two calls at once, but for calls that wait and conferences. When many overlap, the same calls are recorded twice with slightly different times, ends are written too late, or a SIM was cloned: customers pay twice.',
    formula:
      'Answered outgoing calls of an hour that begin (answer, else start) more than two seconds before an earlier call of the same subscriber ends / all of them, by source; violation above the larger share of the same hour a day and a week before by `overlap_share`, with an exact binomial tail of at most overlap_p. Repeats of the same record are left to the first part of this control.',
    proof: 'Run the SQL of the finding: the calls of each subscriber in order, those that overlap marked.',
    recovery:
      'Compare the pairs with the switch; take the doubled ones out before billing or credit them. One identity in two places: have the SIM checked.',
  },
});

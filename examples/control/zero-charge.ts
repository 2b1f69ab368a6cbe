/** X01: answered calls that were rated at zero without a reason. */
import { calm, define, type Evaluation, type Judgement, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { percent, utc } from '../../detectors/controls/texts.ts';

const columns = { source: 'text', calls: 'number', free: 'number', first_at: 'instant', records: 'texts' } as const;

const query = 'control-zero-charge';

function judge(row: RowOf<typeof columns>, { tenant, limit, window }: Evaluation, since: string): Judgement {
  const share = row.free / row.calls;
  const violation = row.free > 0 && share > limit('share');
  return {
    ...calm({ source: row.source }, window),
    state: violation ? 'violation' : 'ok',
    observed: row.free,
    expected: row.calls * limit('share'),
    unit: 'records',
    direction: violation ? 'up' : 'none',
    statistic: share,
    p: violation ? 0 : 1,
    note: 'no amount: what the calls should have cost is not in the record',
    summary: violation
      ? `${row.free} of ${row.calls} answered calls of ${row.source} were rated at zero without a reason (${percent(share)}), since ${utc(row.first_at)}.`
      : '',
    beganAt: violation ? row.first_at : window.from,
    evidence: { query: 'control-zero-charge-evidence', params: { tenant, source: row.source, since } },
    samples: row.records,
  };
}

/**
 * X01: answered calls on the leg `rating` with a charge of zero and no reason for it.
 * @example zeroCharge.identity // 'X01'
 */
export const zeroCharge = define({
  identity: 'X01',
  title: 'Rated at zero',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'free_calls',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: { legs: ['rating'], tables: ['usage'], data: 'answered calls of the leg rating' },
  query,
  columns,
  lookbackMs: 86_400_000,
  limits: [{ name: 'share', default: 0.001, unit: 'ratio', min: 0, max: 1, description: 'Share of answered calls that may be free' }],
  scope: ['source'],
  holdMs: 0,
  store: 'all',
  evaluate(rows, evaluation) {
    const since = new Date(evaluation.instant - 86_400_000).toISOString();
    return evaluation.sources.map((source) => {
      const row = rows.find((one) => one.source === source);
      return row ? judge(row, evaluation, since) : notApplicable(query, { source }, evaluation.window, 'answered calls of the leg rating');
    });
  },
  documentation: {
    meaning:
      'A call that was answered costs something, unless the record says why not. A missing price or an expired tariff shows here first.',
    formula: 'share = answered calls with charge 0 and empty zero_reason / answered calls, in 24 hours; violation above the limit.',
    proof: 'Run the SQL of the finding: the calls with their tariff and zone.',
    recovery: 'Load the missing price, have the calls rated again; the finding clears when their share is below the limit.',
  },
});

/** Answered share of calls by partner against the same hour of the day in the week before. */
import { calm, define, type Evaluation, type Judgement } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { percent, utc } from '../../detectors/controls/texts.ts';
import { normalTail } from '../../detectors/statistics/normal-tail.ts';

const columns = { partner: 'text', calls: 'number', answered: 'number', usual_calls: 'number', usual_answered: 'number' } as const;

const windowMs = 15 * 60_000;

/**
 * The z of two shares with a pooled variance; 0 when either side has nothing.
 * @example Math.round(twoShares(400, 1000, 500, 1000) * 100) / 100 // -4.49
 */
export function twoShares(hits: number, of: number, usualHits: number, usualOf: number): number {
  const pooled = (hits + usualHits) / (of + usualOf);
  const variance = pooled * (1 - pooled) * (1 / of + 1 / usualOf);
  return of === 0 || usualOf === 0 || variance === 0 ? 0 : (hits / of - usualHits / usualOf) / Math.sqrt(variance);
}

function judge(row: RowOf<typeof columns>, { tenant, leg, limit, window }: Evaluation): Judgement {
  const start = { ...calm({ leg, partner: row.partner }, window), unit: 'ratio' };
  if (row.calls < limit('calls') || row.usual_calls < limit('calls'))
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('calls')} calls` };
  const now = row.answered / row.calls;
  const usual = row.usual_answered / row.usual_calls;
  const z = twoShares(row.answered, row.calls, row.usual_answered, row.usual_calls);
  const violation = z < -limit('z') && usual - now > limit('effect');
  return {
    ...start,
    state: violation ? 'violation' : 'ok',
    observed: now,
    expected: usual,
    lower: usual - limit('effect'),
    upper: 1,
    direction: violation ? 'down' : 'none',
    statistic: z,
    p: normalTail(z),
    note: 'no amount: calls that failed were not charged',
    summary: violation
      ? `${percent(now)} of the calls to ${row.partner} were answered, ${percent(usual)} a week before, since ${utc(window.from)}.`
      : '',
    beganAt: window.from,
    evidence: {
      query: 'detect-answer-ratio-evidence',
      params: { tenant, leg, partner: row.partner, since: new Date(window.from - 86_400_000).toISOString() },
    },
  };
}

/**
 * Answer-seizure ratio (ITU-T E.411) per partner, every quarter of an hour that the watermark calls complete.
 * @example answerRatio.identity // 'answer_ratio'
 */
export const answerRatio = define({
  identity: 'answer_ratio',
  title: 'Fewer calls are answered',
  kind: 'service',
  rater: 'reliability',
  metric: 'answer_seizure_ratio',
  trigger: 'window-close',
  windowMs,
  needs: { legs: ['switch'], tables: ['usage_minute'], data: 'a week of calls' },
  query: 'detect-answer-ratio',
  columns,
  lookbackMs: 7 * 86_400_000,
  limits: [
    { name: 'z', default: 5, unit: 'z', min: 3, max: 12, description: 'Standard deviations below the usual share that count' },
    { name: 'effect', default: 0.1, unit: 'ratio', min: 0.01, max: 1, description: 'Smallest drop of the share that counts' },
    { name: 'calls', default: 50, unit: 'records', min: 10, max: 1e9, description: 'Calls on each side below which it is not judged' },
  ],
  scope: ['leg', 'partner'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) => rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning: 'Calls to a partner are set up but not answered as usual: a route that fails late, a wrong translation, a barred range.',
    formula:
      'z of two shares with a pooled variance, this quarter of an hour against two hours around it a week before; violation below -z and beyond the effect.',
    proof: 'Run the SQL of the finding: calls and answers by quarter of an hour.',
    recovery: 'Look at the release causes of the route and take it out; the finding clears with the first normal window.',
  },
});

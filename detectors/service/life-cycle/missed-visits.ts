/** Field visits to which nobody came, more often than usual. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { counted, figure, percent, utc } from '../../controls/texts.ts';
import { binomialTail } from '../../statistics/binomial-tail.ts';

const columns = {
  area: 'text',
  team: 'text',
  judged: 'number',
  missed: 'number',
  judged_before: 'number',
  missed_before: 'number',
  began_at: 'instant',
  customers: 'number',
  reasons: 'texts',
} as const;

const query = 'life-cycle-missed-visits';
const needs = 'field visits with their outcome';
const dayMs = 86_400_000;

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.2,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Share of missed visits which is never accepted, however usual',
    learns: 'up',
  },
  {
    name: 'rise',
    default: 0.05,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Rise of the share above that of the four weeks before that is accepted',
  },
  {
    name: 'p',
    default: 1e-3,
    unit: 'p',
    min: 1e-12,
    max: 0.05,
    description: 'Largest tail probability of so many misses at the share that is accepted',
    learns: 'down',
  },
  { name: 'missed', default: 3, unit: 'visits', min: 1, max: 1e6, description: 'Missed visits below which nothing is said' },
  {
    name: 'history',
    default: 50,
    unit: 'visits',
    min: 5,
    max: 1e6,
    description: 'Visits of the four weeks before from which a usual share is known',
  },
];

function judge(row: RowOf<typeof columns>, { limit, instant, tenant }: Evaluation): Judgement {
  const { area, team, judged, missed, customers } = row;
  const known = row.judged_before >= limit('history');
  const usual = known ? row.missed_before / row.judged_before : 0;
  const accepted = known ? Math.min(limit('share'), usual + limit('rise')) : limit('share');
  const share = judged === 0 ? 0 : missed / judged;
  const p = judged === 0 ? 1 : binomialTail(missed, judged, accepted).upper;
  const at = (ms: number): string => new Date(ms).toISOString();
  const start: Judgement = {
    ...calm({ area, team }, { from: instant - dayMs, to: instant }),
    observed: missed,
    expected: usual * judged,
    upper: accepted * judged,
    unit: 'visits',
    statistic: share,
    p,
    evidence: {
      query: 'life-cycle-missed-visits-evidence',
      params: { tenant, area, team, since: at(instant - dayMs), to: at(instant) },
    },
  };
  if (missed < limit('missed') || share <= accepted || p > limit('p')) return start;
  const who = [team, area].filter(Boolean).join(' in ') || 'no team stated';
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    customers: { count: customers, segments: { unknown: customers } },
    note: 'no amount: what a missed visit costs is not known',
    title: `${who}: ${counted(missed, 'visit')} missed`,
    summary: `Nobody came to ${figure(missed)} of ${counted(judged, 'visit')} of ${who} within a day (${percent(share)}; ${known ? `usual are ${percent(usual)}` : 'no usual share is known yet'}), since ${utc(row.began_at)}.${row.reasons.length > 0 ? ` Reasons: ${row.reasons.join('; ')}.` : ''}`,
    beganAt: Math.min(row.began_at, instant),
  };
}

/**
 * Teams and areas whose visits are missed more often than usual.
 * @example missedVisits.scope // ['area', 'team']
 */
export const missedVisits = define({
  identity: 'missed_visits',
  title: 'Field visits are missed',
  kind: 'service',
  rater: 'reliability',
  metric: 'missed_visits',
  trigger: 'minute',
  everyMs: 15 * 60_000,
  windowMs: 0,
  needs: { legs: [], tables: ['field_visits'], data: needs },
  query,
  columns,
  lookbackMs: 29 * dayMs,
  limits,
  scope: ['area', 'team'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) =>
    rows.length === 0
      ? [notApplicable(query, { area: '', team: '' }, evaluation.window, needs)]
      : rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'Technicians do not come to visits that were booked: a team is short of people, a tour is planned too tightly, or what the booking system promises does not reach the team. Customers waited at home for nothing.',
    formula:
      'Of each team and area the visits of the last 24 hours that are due (the booked time and `lifeCycle.visitGraceMinutes` are over), and those of them that were said to be missed or to which nobody came. Nobody at home and cancelled visits do not count. Violation when the share is above the smaller of `share` and the share of the four weeks before + `rise`, with an exact binomial tail of at most `p`. Judged every quarter of an hour.',
    proof:
      'Run the SQL of the finding: the missed visits with customer and reason. `npx weir life-cycle visits` shows teams and areas over time.',
    recovery:
      'Call the customers before they call, book them again first, then look at the tours of the team for the next days: too many visits a day, too long a way between them.',
  },
});

/** S12: suspense and reject management. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf } from './amount.ts';
import { poissonAtLeast } from './tails.ts';
import { counted, figure, lasting, percent } from './texts.ts';

const columns = {
  source: 'text',
  reason: 'text',
  recent_rejected: 'number',
  usual_rejected: 'number',
  recent_read: 'number',
  usual_read: 'number',
  first_at: 'instant',
  charge: 'money',
  charged_records: 'number',
} as const;

type Row = RowOf<typeof columns>;

const limits: readonly Limit[] = [
  {
    name: 'rate',
    default: 0.005,
    unit: 'ratio',
    min: 0.0001,
    max: 0.5,
    description: 'Share of an hour rejected for one reason that is a violation',
  },
  {
    name: 'rise',
    default: 3,
    unit: 'ratio',
    min: 1,
    max: 100,
    description: 'Multiple of the share of the last four weeks that must be exceeded too',
  },
  {
    name: 'p',
    default: 1e-4,
    unit: 'p',
    min: 1e-12,
    max: 0.05,
    description: 'Largest tail probability of the count at the rate that is accepted',
  },
  {
    name: 'history',
    default: 1_000,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Records before the hour that make the usual share known',
  },
];

function judge(row: Row, evaluation: Evaluation): Judgement {
  const { limit } = evaluation;
  const usual = row.usual_read >= limit('history') ? row.usual_rejected / row.usual_read : 0;
  const accepted = Math.max(limit('rate'), limit('rise') * usual);
  const share = row.recent_read === 0 ? 0 : row.recent_rejected / row.recent_read;
  const p = poissonAtLeast(row.recent_rejected, accepted * row.recent_read);
  const figures = {
    ...calm({ source: row.source, reason: row.reason }, evaluation.window),
    observed: row.recent_rejected,
    expected: usual * row.recent_read,
    upper: accepted * row.recent_read,
    unit: 'records',
    statistic: share,
    p,
  };
  if (row.recent_read === 0) return { ...figures, state: 'waiting', note: 'nothing was read in the last hour' };
  if (share > accepted && p <= limit('p')) return violation(row, evaluation, figures, usual);
  // Hysteresis: between half the limit and the limit, what stood before stands.
  return share <= accepted / 2 ? figures : { ...figures, state: 'waiting', note: 'between half the limit and the limit' };
}

function violation(row: Row, evaluation: Evaluation, figures: Judgement, usual: number): Judgement {
  const mean = row.charged_records > 0 ? row.charge / row.charged_records : 0;
  return {
    ...figures,
    state: 'violation',
    direction: 'up',
    ...(mean > 0
      ? {
          money: amountOf(
            {
              micro: row.recent_rejected * mean,
              class: 'risk',
              method: `${counted(row.recent_rejected, 'rejected record')} x mean charge of the records of this source; lost unless replayed`,
            },
            evaluation.currency,
          ),
        }
      : {}),
    note:
      mean > 0
        ? 'customers not known: rejected records name none'
        : 'no amount: the records of this source carry no charge; customers not known: rejected records name none',
    summary: `${counted(row.recent_rejected, 'record')} of ${row.source} rejected as ${row.reason} in the last hour, ${percent(figures.statistic)} of ${figure(row.recent_read)} read; usual are ${percent(usual)}.`,
    beganAt: row.first_at,
    evidence: {
      query: 'control-suspense-evidence',
      params: { tenant: evaluation.tenant, source: row.source, reason: row.reason, since: new Date(row.first_at).toISOString() },
    },
  };
}

/**
 * S12: one reason of rejection that grows beyond 0.5 % of what is read and beyond three times its usual share.
 * @example suspense.identity // 'S12'
 */
export const suspense = define({
  identity: 'S12',
  title: 'Suspense',
  kind: 'revenue',
  metric: 'reject_rate',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: { legs: [], tables: ['batches', 'files'], data: 'stored batches' },
  query: 'control-suspense',
  columns,
  lookbackMs: 28 * 86_400_000,
  limits,
  scope: ['source', 'reason'],
  holdMs: 0,
  store: 'all',
  evaluate: (rows, evaluation) => rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'Records that cannot be read wait in suspense and are not billed. A new number range, prefix or tariff code that was not loaded, or a changed format, shows as one reason that explodes.',
    formula:
      'share = rejected for the reason in the last hour / read in the last hour; violation when it exceeds both the rate limit and rise x the share of the last four weeks, with a Poisson tail at that rate of at most p. Clears below half of it.',
    proof: 'Run the SQL of the finding: places, fields and details of the rejected records. Their bytes: `npx weir rejects`.',
    recovery: 'Load what is missing or mend the mapping, then send the rejects through again: `npx weir rejects replay --source NAME`.',
  },
});

const ageColumns = { source: 'text', reason: 'text', stock: 'number', median_seconds: 'number', oldest: 'instant' } as const;

/**
 * S12, second part: rejected records that nobody sends through again.
 * @example suspenseAge.metric // 'suspense_age'
 */
export const suspenseAge = define({
  identity: 'S12',
  title: 'Suspense is ageing',
  kind: 'revenue',
  metric: 'suspense_age',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: ['rejects', 'replays'], data: 'rejected records' },
  query: 'control-suspense-age',
  columns: ageColumns,
  lookbackMs: 90 * 86_400_000,
  limits: [
    {
      name: 'age_days',
      default: 2,
      unit: 'days',
      min: 0.1,
      max: 60,
      description: 'Median age of the stock of one reason that is a violation',
    },
    { name: 'stock', default: 30, unit: 'records', min: 1, max: 1e9, description: 'Stock below which age does not matter' },
  ],
  scope: ['source', 'reason'],
  holdMs: 0,
  store: 'all',
  evaluate(rows, { limit, window, instant, tenant }) {
    return rows.map((row) => {
      const figures = {
        ...calm({ source: row.source, reason: row.reason }, window),
        observed: row.median_seconds / 86_400,
        expected: 0,
        upper: limit('age_days'),
        unit: 'days',
        statistic: row.stock,
      };
      if (row.stock < limit('stock') || figures.observed <= limit('age_days')) return figures;
      return {
        ...figures,
        state: 'violation' as const,
        direction: 'up' as const,
        p: 0,
        note: 'no amount: rejected records state no charge that can be trusted; customers not known',
        summary: `${counted(row.stock, 'record')} of ${row.source} rejected as ${row.reason} wait in suspense, half of them for more than ${lasting(row.median_seconds * 1000)}, the oldest for ${lasting(instant - row.oldest)}.`,
        beganAt: row.oldest,
        evidence: {
          query: 'control-suspense-evidence',
          params: { tenant, source: row.source, reason: row.reason, since: new Date(row.oldest).toISOString() },
        },
      };
    });
  },
  documentation: {
    meaning: 'The stock of rejected records grows old: past the limit for billing late, what is in it is lost.',
    formula:
      'median age of the records rejected for a reason within 90 days and not sent through again with success; violation above the limit for a stock of some size.',
    proof: 'Run the SQL of the finding: the records in suspense with their places.',
    recovery: 'Mend the cause and send them through again, or close them with a reason.',
  },
});

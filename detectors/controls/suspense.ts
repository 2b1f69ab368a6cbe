/** S12: suspense and reject management. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { usageWorth } from '../usage-worth.ts';
import { binomialAtLeast } from './tails.ts';
import { counted, figure, lasting, percent, utc } from './texts.ts';

const columns = {
  source: 'text',
  reason: 'text',
  recent_rejected: 'number',
  usual_rejected: 'number',
  recent_read: 'number',
  usual_read: 'number',
  unit_files: 'texts',
  unit_read: 'numbers',
  unit_rejected: 'numbers',
  unit_from: 'numbers',
  unit_to: 'numbers',
} as const;

type Row = RowOf<typeof columns>;

const limits: readonly Limit[] = [
  {
    name: 'rate',
    default: 0.005,
    unit: 'ratio',
    min: 0.0001,
    max: 0.5,
    description: 'Share of a file, or of a day, rejected for one reason that is a violation',
    learns: 'up',
  },
  {
    name: 'rise',
    default: 3,
    unit: 'ratio',
    min: 1,
    max: 100,
    description: 'Multiple of the share of the time before that day that must be exceeded too',
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
    name: 'records',
    default: 5,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Rejected records of one file below which it says nothing',
  },
  {
    name: 'history',
    default: 1_000,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Records before the day that make the usual share known',
  },
];

/** One file, or one posted batch, with what was rejected of it for one reason. */
interface Unit {
  readonly file: string;
  readonly read: number;
  readonly rejected: number;
  readonly from: number;
  readonly to: number;
  /** Of so many rejected at the accepted rate. */
  readonly p: number;
}

function unitsOf(row: Row, accepted: number): readonly Unit[] {
  return row.unit_files.map((file, at) => {
    const [read, rejected] = [row.unit_read[at]!, row.unit_rejected[at]!];
    return { file, read, rejected, from: row.unit_from[at]!, to: row.unit_to[at]!, p: binomialAtLeast(rejected, read, accepted) };
  });
}

function judge(row: Row, evaluation: Evaluation): Judgement {
  const { limit } = evaluation;
  const usual = row.usual_read >= limit('history') ? row.usual_rejected / row.usual_read : 0;
  const accepted = Math.min(1, Math.max(limit('rate'), limit('rise') * usual));
  const share = row.recent_read === 0 ? 0 : row.recent_rejected / row.recent_read;
  const p = binomialAtLeast(row.recent_rejected, row.recent_read, accepted);
  const units = unitsOf(row, accepted);
  const bad = units.filter((unit) => unit.rejected >= limit('records') && unit.rejected > accepted * unit.read && unit.p <= limit('p'));
  const figures = {
    ...calm({ source: row.source, reason: row.reason }, evaluation.window),
    observed: row.recent_rejected,
    expected: usual * row.recent_read,
    upper: accepted * row.recent_read,
    unit: 'records',
    statistic: share,
    p,
  };
  if (row.recent_read === 0) return { ...figures, state: 'waiting', note: 'nothing was read in the last day' };
  if (bad.length > 0) return violation(row, evaluation, figures, bad, usual);
  if (share > accepted && p <= limit('p')) return violation(row, evaluation, figures, units, usual);
  // Hysteresis: between half the limit and the limit, what stood before stands.
  return share <= accepted / 2 ? figures : { ...figures, state: 'waiting', note: 'between half the limit and the limit' };
}

function violation(row: Row, evaluation: Evaluation, figures: Judgement, units: readonly Unit[], usual: number): Judgement {
  const rejected = units.reduce((sum, unit) => sum + unit.rejected, 0);
  const read = units.reduce((sum, unit) => sum + unit.read, 0);
  const began = units.reduce((first, { from }) => Math.min(first, from), Number.POSITIVE_INFINITY);
  const beganAt = Number.isFinite(began) ? began : evaluation.instant;
  const ended = units.reduce((last, { to }) => Math.max(last, to), beganAt);
  const first = units[0]?.file ?? '';
  const where = first === '' ? '' : units.length === 1 ? ` in ${first}` : ` in ${units.length} files from ${first} on`;
  const { tenant } = evaluation;
  return {
    ...figures,
    // Figures and amount are those of these files.
    window: { from: beganAt, to: Math.max(ended, beganAt + 1) },
    state: 'violation',
    observed: rejected,
    expected: usual * read,
    upper: figures.upper * (row.recent_read === 0 ? 1 : read / row.recent_read),
    direction: 'up',
    statistic: rejected / read,
    p: Math.min(figures.p, ...units.map((unit) => unit.p)),
    valued: {
      ...usageWorth({ tenant, source: row.source, from: beganAt, to: ended + 1 }),
      records: rejected,
      class: 'risk',
      known: 'lacking',
      what: 'rejected records (lost unless they are sent through again)',
    },
    note: '',
    title: `${row.source}: ${percent(rejected / read, 2)} of records rejected (${row.reason})`,
    summary: `${counted(rejected, 'record')} of ${row.source} rejected as ${row.reason}${where}: ${percent(rejected / read)} of ${figure(read)} read since ${utc(beganAt)}; usual are ${percent(usual)}.`,
    beganAt,
    evidence: {
      query: 'control-suspense-evidence',
      params: { tenant, source: row.source, reason: row.reason, files: [...new Set(units.map(({ file }) => file))].slice(0, 200) },
    },
  };
}

/**
 * S12: one reason of rejection beyond 0.5 % of a file or of a day and beyond three times its usual share.
 * @example suspense.identity // 'S12'
 */
export const suspense = define({
  identity: 'S12',
  title: 'Suspense',
  kind: 'revenue',
  rater: 'assurance',
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
  evaluate(rows, evaluation) {
    const { sources, window } = evaluation;
    const whole = (source: string) => ({ source, reason: '' });
    // Nothing of it was rejected in four weeks; what is judged has stored something.
    const clean = sources.filter((source) => !rows.some((row) => row.source === source));
    const judged = [
      ...rows.map((row) => judge(row, evaluation)),
      ...clean.map((source) => ({ ...calm(whole(source), window), unit: 'records' })),
    ];
    return judged.length > 0 ? judged : [notApplicable('control-suspense', whole(''), window, 'stored batches')];
  },
  documentation: {
    meaning:
      'Records that cannot be read wait in suspense and are not billed. A new number range, prefix or tariff code that was not loaded, or a changed format, shows as one reason that explodes.',
    formula:
      'share = rejected for the reason / read, of each file (or posted batch) of the last day and of the whole day, by the time at which the sender handed them over; violation when it exceeds both the rate limit and rise x the share of the time before, with an exact binomial tail at that rate of at most p, and for a file at least `records` rejected. Clears when no such file is left in the day and the day is below half of the limit.',
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
  rater: 'assurance',
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
      learns: 'up',
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
        title: `${row.source}: ${counted(row.stock, 'rejected record')} waiting for ${lasting(row.median_seconds * 1000)} (${row.reason})`,
        summary: `${counted(row.stock, 'record')} of ${row.source} rejected as ${row.reason} wait in suspense, half of them for more than ${lasting(row.median_seconds * 1000)}, the oldest for ${lasting(instant - row.oldest)}.`,
        beganAt: row.oldest,
        evidence: {
          query: 'control-suspense-evidence',
          params: { tenant, source: row.source, reason: row.reason, files: [] },
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

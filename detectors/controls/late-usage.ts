/** S11: late and aged usage. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf } from './amount.ts';
import { counted, figure, lasting, percent, utc } from './texts.ts';

const columns = {
  source: 'text',
  file: 'text',
  at: 'instant',
  leg: 'text',
  service: 'text',
  records: 'number',
  arrivals_before: 'number',
  late_after: 'number',
  ages: 'numbers',
  late: 'number',
  late_charge: 'money',
  aged: 'number',
  aged_charge: 'money',
  late_from: 'instant',
  late_to: 'instant',
  customers: 'number',
  samples: 'texts',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-late-usage';
const dayMs = 86_400_000;
const classes = ['up to a day', '2-7 days', '8-30 days', '31-60 days', 'older'];

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.01,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Share of late records of a file or batch that is accepted; none where they are past the limit for billing',
    learns: 'up',
  },
  {
    name: 'records',
    default: 5,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Late records of a file or batch below which nothing is said',
  },
  {
    name: 'history',
    default: 20,
    unit: 'arrivals',
    min: 3,
    max: 5_000,
    description: 'Earlier files or batches that make the usual age known',
  },
];

function judge(row: Row, evaluation: Evaluation): Judgement {
  const { limit, window, tenant, currency } = evaluation;
  const cell = { source: row.source, file: row.file, batch: new Date(row.at).toISOString() };
  const start: Judgement = {
    ...calm(cell, window),
    observed: row.late,
    upper: limit('share') * row.records,
    unit: 'records',
    statistic: row.records === 0 ? 0 : row.late / row.records,
  };
  if (row.arrivals_before < limit('history'))
    return {
      ...start,
      state: 'not_applicable',
      note: `not applicable, needs ${figure(limit('history'))} earlier files or batches with event times, has ${row.arrivals_before}`,
    };
  if (row.late < limit('records') || (row.late <= limit('share') * row.records && row.aged < limit('records'))) return start;
  const lost = row.aged > 0 && row.aged_charge > 0;
  const charge = lost ? row.aged_charge : row.late_charge;
  const method = lost
    ? 'charges of the records older than 60 days, past the limit for billing'
    : 'charges of the late records, lost if their bills are closed';
  const ages = row.ages.flatMap((count, at) => (count > 0 ? [`${figure(count)} ${classes[at]}`] : []));
  const where = row.file === '' ? row.source : `${row.file} of ${row.source}`;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    ...(charge > 0
      ? {
          money: amountOf(
            { micro: charge, low: lost ? charge : 0, high: Math.max(charge, row.late_charge), class: lost ? 'leakage' : 'risk', method },
            currency,
          ),
        }
      : {}),
    valued: {
      ...usageWorth({ tenant, source: row.source, file: row.file, from: row.late_from, to: row.late_to + 1 }),
      records: row.late,
      class: 'risk',
      known: 'file',
      what: 'late records (lost if their bills are closed)',
      perhaps: true,
    },
    ...(row.customers > 0 ? { customers: { count: row.customers, segments: {} } } : {}),
    title: `${row.source}: ${counted(row.late, 'record')} came late${row.aged > 0 ? `, ${figure(row.aged)} past the limit for billing` : ''}`,
    summary: `${counted(row.late, 'record')} of ${figure(row.records)} in ${where} (${percent(start.statistic)}) came more than ${lasting(Math.max(dayMs, row.late_after * 1000))} after the usage ended, the oldest from ${utc(row.late_from)}. By age: ${ages.join(', ')}.`,
    beganAt: row.late_from,
    evidence: {
      query: 'control-late-usage-evidence',
      params: {
        tenant,
        source: row.source,
        file: row.file,
        at: new Date(row.at).toISOString(),
        from: new Date(row.late_from).toISOString(),
        to: new Date(row.late_to).toISOString(),
      },
    },
    samples: row.samples,
  };
}

/**
 * S11: usage that comes long after it took place, against the habit of its feed and the limit for billing late.
 * @example lateUsage.identity // 'S11'
 */
export const lateUsage = define({
  identity: 'S11',
  title: 'Late and aged usage',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'late_records',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: {
    legs: [],
    tables: ['usage', 'files', 'batches', 'changed_buckets'],
    data: 'usage of a feed that has brought twenty files or batches',
  },
  query,
  columns,
  lookbackMs: 28 * dayMs,
  limits,
  scope: ['source'],
  holdMs: dayMs,
  store: 'all',
  evaluate(rows, evaluation) {
    const judged = rows.map((row) => judge(row, evaluation));
    const silent = evaluation.sources.filter((source) => !rows.some((row) => row.source === source));
    return [...judged, ...silent.map((source) => notApplicable(query, { source }, evaluation.window, 'usage records'))];
  },
  summarise(judgements) {
    const total = judgements.reduce((sum, { observed }) => sum + observed, 0);
    return `${counted(total, 'record')} in ${counted(judgements.length, 'arrival')} of the last day came late. Latest: ${judgements.at(-1)!.summary}`;
  },
  entitle(judgements) {
    const total = judgements.reduce((sum, { observed }) => sum + observed, 0);
    return `${judgements[0]!.cell['source']}: ${counted(total, 'record')} came late`;
  },
  documentation: {
    meaning:
      'Usage that arrives after its bill is closed goes onto the next bill, or nowhere once the limit for billing late has passed. A partner rejects roaming records that are too old. A node that was forgotten and emptied its store, a mediation that reprocesses an old queue.',
    formula:
      'age = hand-over of the file (or building of the batch) - end of the event. Late: older than a day and than twice the 99th percentile of the oldest event of the earlier files of four weeks. Violation when `records` or more are late and they are more than `share` of the file or batch, or are older than 60 days. Ageing classes: up to 1, 7, 30 and 60 days, and older. A file or batch counts for 24 hours.',
    proof: 'Run the SQL of the finding: the oldest records of the file with their age. The file itself says when its sender closed it.',
    recovery:
      'Bill them while the contract allows; have closed accounts re-opened for what is worth it. Ask the sender why they were held, and agree on a time within which usage has to come.',
  },
});

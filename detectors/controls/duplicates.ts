/** S10: duplicate records and replayed files. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  what: 'text',
  source: 'text',
  file: 'text',
  at: 'instant',
  records: 'number',
  repeated: 'number',
  charge: 'money',
  subscribers: 'number',
  samples: 'texts',
  began_at: 'instant',
  event_from: 'instant',
  event_to: 'instant',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-duplicates';
const needs = 'usage records with a business key, or files';

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.0001,
    unit: 'ratio',
    min: 0,
    max: 0.1,
    description: 'Share of the records of a batch that may repeat earlier ones; any replayed file is a violation',
    learns: 'up',
  },
];

const where = ({ source, file }: Row): string => (file === '' ? source : `${file} of ${source}`);

/** A batch is a cell of its own, so that judging it twice counts it once; the cells of a source add up over a day. */
function cellOf(row: Row): Readonly<Record<string, string>> {
  return { source: row.source, what: row.what, file: row.file, batch: new Date(row.at).toISOString() };
}

function repeatedRecords(row: Row, evaluation: Evaluation): Judgement {
  const share = row.records === 0 ? 0 : row.repeated / row.records;
  const allowed = evaluation.limit('share');
  const figures = {
    ...calm(cellOf(row), evaluation.window),
    observed: row.repeated,
    upper: allowed * row.records,
    unit: 'records',
    statistic: share,
    beganAt: row.began_at,
    evidence: {
      query: 'control-duplicates-evidence',
      params: { tenant: evaluation.tenant, source: row.source, file: row.file, at: new Date(row.at).toISOString() },
    },
  };
  if (row.repeated === 0 || share <= allowed) return figures;
  return {
    ...figures,
    state: 'violation',
    direction: 'up',
    p: 0,
    ...(row.charge > 0
      ? { money: amountOf({ micro: row.charge, class: 'over_charge', method: 'sum of the charges of the repeats' }, evaluation.currency) }
      : {
          valued: {
            ...usageWorth({
              tenant: evaluation.tenant,
              source: row.source,
              file: row.file,
              from: row.began_at,
              to: Math.max(row.event_to, row.began_at) + 1,
            }),
            records: row.repeated,
            class: 'over_charge' as const,
            known: 'repeats' as const,
            what: 'records that came twice',
            perhaps: true,
          },
        }),
    ...(row.subscribers > 0 ? { customers: { count: row.subscribers, segments: {} } } : {}),
    note: row.charge > 0 && row.subscribers === 0 ? 'customers not known: the repeats name no subscriber' : '',
    title: `${row.source}: ${counted(row.repeated, 'record')} came twice`,
    summary: `${counted(row.repeated, 'record')} of ${figure(row.records)} in ${where(row)} repeat records that had come before (${percent(share)}), since ${utc(row.began_at)}.`,
    samples: row.samples,
  };
}

function replayedFile(row: Row, evaluation: Evaluation): Judgement {
  return {
    ...calm(cellOf(row), evaluation.window),
    state: 'violation',
    observed: 1,
    unit: 'files',
    direction: 'up',
    statistic: 1,
    p: 0,
    ...(row.records > 0
      ? {
          valued: {
            ...usageWorth({
              tenant: evaluation.tenant,
              source: row.source,
              file: row.samples[1] ?? row.file,
              from: row.event_from,
              to: row.event_to + 1,
            }),
            records: row.records,
            class: 'risk' as const,
            known: 'file' as const,
            what: 'records of the file, charged twice if another system took it again; not stored twice here',
            perhaps: true,
          },
        }
      : {}),
    note: row.records > 0 ? '' : 'no amount and no customers: the first of this content held no record',
    title: `${row.source}: file ${row.file} came again (replay)`,
    summary: `${row.file} of ${row.source} holds the same ${counted(row.records, 'record')} as ${row.samples[1] ?? 'an earlier file'}; it came again at ${utc(row.began_at)} and was not stored again.`,
    beganAt: row.began_at,
    evidence: {
      query: 'control-duplicates-file-evidence',
      params: { tenant: evaluation.tenant, source: row.source, sha256: row.samples[0] ?? '' },
    },
  };
}

/**
 * S10: records that repeat an earlier one of the same leg, and files that come again.
 * @example duplicates.identity // 'S10'
 */
export const duplicates = define({
  identity: 'S10',
  title: 'Duplicates and replays',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'repeats',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: { legs: [], tables: ['usage', 'usage_keys', 'files', 'changed_buckets'], data: needs },
  query,
  columns,
  lookbackMs: 86_400_000,
  limits,
  scope: ['source', 'what'],
  holdMs: 86_400_000,
  store: 'all',
  evaluate(rows, evaluation) {
    const judged = rows.map((row) => (row.what === 'file' ? replayedFile(row, evaluation) : repeatedRecords(row, evaluation)));
    const silent = evaluation.sources.filter((source) => !rows.some((row) => row.source === source));
    return [...judged, ...silent.map((source) => notApplicable(query, { source, what: 'records' }, evaluation.window, needs))];
  },
  summarise(judgements) {
    const total = judgements.reduce((sum, { observed }) => sum + observed, 0);
    const { cell, unit } = judgements[0]!;
    const latest = judgements.at(-1)!;
    return unit === 'files'
      ? `${counted(total, 'file')} of ${cell['source']} came again unchanged within a day. Latest: ${latest.summary}`
      : `${counted(total, 'record')} in ${counted(judgements.length, 'batch').replace(/s$/, 'es')} of ${cell['source']} repeat records that had come before, within a day. Latest: ${latest.summary}`;
  },
  entitle(judgements) {
    const total = judgements.reduce((sum, { observed }) => sum + observed, 0);
    const { cell, unit } = judgements[0]!;
    return unit === 'files'
      ? `${cell['source']}: ${counted(total, 'file')} came again (replays)`
      : `${cell['source']}: ${counted(total, 'record')} came twice`;
  },
  documentation: {
    meaning:
      'The same usage twice: customers are charged twice, wholesale cost is counted twice. Records repeat under a new file name, a file is sent again, a mediation system resends after a restart.',
    formula:
      'share = records of a batch whose business key an earlier record of the same leg has / records of the batch with a key; violation above the limit, and for any file whose SHA-256 was received before. A batch counts for 24 hours.',
    proof: 'Run the SQL of the finding: the records of the batch beside all that share their key.',
    recovery:
      'Repeats are stored and marked, never dropped. Have billing take the repeats out or credit the customers; ask the sender why it sent twice.',
  },
});

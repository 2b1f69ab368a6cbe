/** S06: stage balance. What a stage takes in has to come out, or be named. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { binomialTail } from '../statistics/binomial-tail.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  stage: 'text',
  node: 'text',
  service: 'text',
  event_time: 'instant',
  stage_file: 'text',
  records_in: 'number',
  records_out: 'number',
  filtered: 'number',
  suspended: 'number',
  duplicates: 'number',
  merged: 'number',
  charge: 'money',
  usual_in: 'number',
  usual_filtered: 'number',
  known: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-stage-balance';
const hourMs = 3_600_000;

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.001,
    unit: 'ratio',
    min: 0,
    max: 0.1,
    description: 'Share of the records taken in that may be unexplained where a window is counted; where a file is counted, none',
    learns: 'up',
  },
  {
    name: 'filtered',
    default: 0.005,
    unit: 'ratio',
    min: 0.0001,
    max: 0.9,
    description: 'Share of filtered records below which the filter is not watched',
  },
  {
    name: 'rise',
    default: 3,
    unit: 'ratio',
    min: 1.2,
    max: 100,
    description: 'Multiple of its share in the four weeks before that filtering must exceed',
  },
  {
    name: 'p',
    default: 1e-4,
    unit: 'p',
    min: 1e-12,
    max: 0.01,
    description: 'Largest tail probability of the filtered records at the share that is accepted',
  },
  { name: 'history', default: 1_000, unit: 'records', min: 1, max: 1e9, description: 'Records before that make the usual share known' },
];

const imbalanceOf = (row: Row): number => row.records_in - row.records_out - row.filtered - row.suspended - row.duplicates - row.merged;

const nameOf = ({ stage, node }: Row): string => (node === '' ? stage : `${stage} ${node}`);

function evidenceOf(row: Row, { tenant }: Evaluation): Judgement['evidence'] {
  return {
    query: 'control-stage-balance-evidence',
    params: { tenant, stage: row.stage, node: row.node, at: new Date(row.event_time).toISOString() },
  };
}

/** What other legs state of the usage; else the mean charge of what the stage handed on; where it states none, the value of such a record on its leg. */
function worth(
  row: Row,
  records: number,
  kind: 'leakage' | 'over_charge' | 'risk',
  what: string,
  evaluation: Evaluation,
  to?: number,
): Partial<Judgement> {
  const method = `${figure(records)} ${what} x mean charge of the records handed on`;
  const mean = row.charge > 0 && row.records_out > 0 ? (records * row.charge) / row.records_out : 0;
  return {
    ...(mean > 0 ? { money: amountOf({ micro: mean, class: kind, method }, evaluation.currency) } : {}),
    valued: {
      ...usageWorth({
        tenant: evaluation.tenant,
        leg: row.stage,
        service: row.service,
        from: row.event_time,
        to: (to ?? row.event_time) + hourMs,
      }),
      records,
      class: kind,
      ...(kind === 'over_charge' ? {} : { known: 'lacking' as const }),
      what,
    },
  };
}

function balance(row: Row, evaluation: Evaluation): Judgement {
  const cell = {
    stage: row.stage,
    node: row.node,
    check: 'balance',
    at: new Date(row.event_time).toISOString(),
    file: row.stage_file,
    service: row.service,
  };
  const imbalance = imbalanceOf(row);
  const allowed = row.stage_file === '' ? evaluation.limit('share') * row.records_in : 0;
  const figures: Judgement = {
    ...calm(cell, { from: row.event_time, to: row.event_time + hourMs }),
    observed: row.records_in - imbalance,
    expected: row.records_in,
    lower: row.records_in - allowed,
    upper: row.records_in + allowed,
    unit: 'records',
    statistic: row.records_in === 0 ? Math.abs(imbalance) : Math.abs(imbalance) / row.records_in,
    evidence: evidenceOf(row, evaluation),
  };
  if (Math.abs(imbalance) <= allowed) return figures;
  const lost = imbalance > 0;
  const records = Math.abs(imbalance);
  const place = row.stage_file === '' ? `at ${utc(row.event_time)}` : `of file ${row.stage_file}`;
  const parts = `${figure(row.records_out)} out, ${figure(row.filtered)} filtered, ${figure(row.suspended)} suspended, ${figure(row.duplicates)} duplicate, ${figure(row.merged)} merged`;
  return {
    ...figures,
    state: 'violation',
    direction: lost ? 'down' : 'up',
    p: 0,
    ...worth(
      row,
      records,
      lost ? 'leakage' : 'over_charge',
      lost ? 'records that vanished without a reason' : 'records from nowhere',
      evaluation,
    ),
    title: `${nameOf(row)}: ${counted(records, 'record')} ${lost ? 'vanished without a reason' : 'more than were taken in'}`,
    summary: `${nameOf(row)} took in ${figure(row.records_in)} records ${place} and names ${parts}: ${figure(records)} ${lost ? 'unexplained' : 'too many'} (${percent(figures.statistic)}).`,
  };
}

/** Counters of several hours and services as one: of one service where all are, else of all. */
const together = (rows: readonly Row[]): Row => ({
  ...rows[0]!,
  service: rows.every(({ service }) => service === rows[0]!.service) ? rows[0]!.service : '',
  event_time: Math.min(...rows.map(({ event_time }) => event_time)),
  records_out: rows.reduce((sum, { records_out }) => sum + records_out, 0),
  charge: rows.reduce((sum, { charge }) => sum + charge, 0),
});

/** Whether the filter of a stage takes far more than it did. */
function filtering(rows: readonly Row[], evaluation: Evaluation): Judgement {
  const first = rows[0]!;
  const { limit } = evaluation;
  const taken = rows.reduce((sum, row) => sum + row.records_in, 0);
  const filtered = rows.reduce((sum, row) => sum + row.filtered, 0);
  const at = new Date(Math.min(...rows.map(({ event_time }) => event_time))).toISOString();
  const cell = { stage: first.stage, node: first.node, check: 'filtered', at };
  const start = calm(cell, evaluation.window);
  if (first.usual_in < limit('history'))
    return {
      ...start,
      state: 'not_applicable',
      note: `not applicable, needs counters of ${figure(limit('history'))} records before, has ${figure(first.usual_in)}`,
    };
  const usual = first.usual_filtered / first.usual_in;
  const accepted = Math.min(1, Math.max(limit('filtered'), limit('rise') * usual));
  const share = taken === 0 ? 0 : filtered / taken;
  const p = taken === 0 ? 1 : binomialTail(filtered, taken, accepted).upper;
  const figures: Judgement = {
    ...start,
    observed: filtered,
    expected: usual * taken,
    upper: accepted * taken,
    unit: 'records',
    statistic: share,
    p,
    evidence: evidenceOf(first, evaluation),
  };
  if (taken === 0) return { ...figures, state: 'waiting', note: 'nothing was taken in' };
  if (share > accepted && p <= limit('p')) {
    const records = Math.round(filtered - usual * taken);
    return {
      ...figures,
      state: 'violation',
      direction: 'up',
      ...worth(
        together(rows),
        records,
        'risk',
        'records filtered beyond the usual',
        evaluation,
        Math.max(...rows.map(({ event_time }) => event_time)),
      ),
      title: `${nameOf(first)}: filters ${percent(share, 2)} of its records, usual are ${percent(usual, 2)}`,
      summary: `${nameOf(first)} filtered ${figure(filtered)} of ${figure(taken)} records (${percent(share)}); in the four weeks before ${percent(usual)}. A filter that is too wide takes usage that should be billed.`,
      beganAt: Date.parse(at),
    };
  }
  return share <= accepted / 2 ? figures : { ...figures, state: 'waiting', note: 'between half the limit and the limit' };
}

/**
 * S06: in = out + filtered + suspended + duplicate + merged, by stage and file or window, and the share of what is filtered.
 * @example stageBalance.identity // 'S06'
 */
export const stageBalance = define({
  identity: 'S06',
  title: 'Stage balance',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'imbalance',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: { legs: [], tables: ['stage_counters'], data: 'counters of the stages (records in, out, filtered, suspended, duplicate, merged)' },
  query,
  columns,
  lookbackMs: 28 * 86_400_000,
  limits,
  scope: ['stage', 'node', 'check'],
  holdMs: 86_400_000,
  store: 'all',
  evaluate(rows, evaluation) {
    if (!rows.some(({ known }) => known === 1))
      return [notApplicable(query, { stage: '', node: '', check: '' }, evaluation.window, 'counters of the stages')];
    const stated = rows.filter(({ stage }) => stage !== '');
    const byStage = groupedBy(stated, ({ stage, node }) => JSON.stringify([stage, node]));
    return [...stated.map((row) => balance(row, evaluation)), ...[...byStage.values()].map((own) => filtering(own, evaluation))];
  },
  summarise(judgements) {
    const off = judgements.reduce((sum, { observed, expected }) => sum + Math.abs(observed - expected), 0);
    return `${counted(off, 'record')} unexplained in ${counted(judgements.length, 'statement')} within a day. Latest: ${judgements.at(-1)!.summary}`;
  },
  entitle(judgements) {
    const { cell } = judgements[0]!;
    const off = judgements.reduce((sum, { observed, expected }) => sum + Math.abs(observed - expected), 0);
    const name = [cell['stage'], cell['node']].filter(Boolean).join(' ');
    return `${name}: ${counted(off, 'record')} out of balance in ${counted(judgements.length, 'statement')}`;
  },
  documentation: {
    meaning:
      'Every stage of the chain counts what it takes in, hands on, filters, suspends, drops as duplicate and merges. Records that are in none of these classes vanished without a reason; a filter that takes far more than it used to is a change of its rules that costs money.',
    formula:
      'imbalance = in - (out + filtered + suspended + duplicate + merged); 0 where the counters are about one file, at most `share` of what came in where they are about a window. Filtered: share of the statements that came together against `rise` x the share of the four weeks before, at least `filtered`, with an exact binomial tail of at most p. A statement counts for 24 hours, or until it is stated anew.',
    proof:
      'Run the SQL of the finding: the statements of the stage, the largest imbalance first. Compare with the log of the stage for that file or hour.',
    recovery:
      'Find the records in the working directories or the log of the stage and send them through again; where a filter is too wide, mend its rule and reprocess what it took.',
  },
});

/** S01: file sequence gap check. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { Window } from '../../core/finding.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { usageWorth } from '../usage-worth.ts';
import { quantileOf } from './amount.ts';
import { type Gap, type SequenceReport, sequenceReport } from './sequence.ts';
import { counted, percent, utc } from './texts.ts';

const columns = {
  source: 'text',
  sequence: 'number',
  sha256: 'text',
  name: 'text',
  received_at: 'instant',
  handed_at: 'instant',
  records: 'number',
  charge: 'money',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-file-sequence';

const limits: readonly Limit[] = [
  {
    name: 'grace_seconds',
    default: 2,
    unit: 'seconds',
    min: 0,
    max: 86_400,
    description: 'Shortest wait for a missing file after a later one came',
    learns: 'up',
  },
  {
    name: 'grace_maximum_seconds',
    default: 7_200,
    unit: 'seconds',
    min: 0,
    max: 604_800,
    description: 'Longest wait, for a source whose files overtake each other (twice its 95th percentile between files)',
  },
  {
    name: 'farthest',
    default: 10_000,
    unit: 'files',
    min: 10,
    max: 1_000_000_000,
    description: 'A jump of more numbers is a change of the numbering, reported as one break',
  },
];

/**
 * How long a missing file is waited for, in ms. A source that has always kept the order gets the shortest wait: there a gap is a
 * loss at once. One whose files overtake each other gets twice the 95th percentile of its time between files.
 */
function graceMs(rows: readonly Row[], report: SequenceReport, { limit }: Evaluation): number {
  const shortest = limit('grace_seconds') * 1000;
  if (report.overtaken === 0) return shortest;
  const between = rows.slice(1).map((row, at) => row.received_at - rows[at]!.received_at);
  return Math.min(Math.max(shortest, 2 * quantileOf(between, 0.95)), Math.max(shortest, limit('grace_maximum_seconds') * 1000));
}

/** The stretch of time that the records of a gap lie in: from the file before it on, its share of the time up to the file after it. */
function stretchOf({ from, to, count, noticedAt }: Gap, rows: readonly Row[]): { readonly from: number; readonly to: number } {
  const before = rows.findLast(({ sequence }) => sequence === from - 1)?.handed_at;
  const after = rows.find(({ sequence }) => sequence === to + 1)?.handed_at;
  if (before === undefined || after === undefined || after <= before)
    return { from: before ?? after ?? noticedAt, to: before ?? after ?? noticedAt };
  return { from: before, to: before + Math.round(((after - before) * count) / (count + 1)) };
}

function gapText({ from, to, count }: Gap): string {
  return count === 1 ? `${from}` : `${from} to ${to}`;
}

function listed(texts: readonly string[]): string {
  return texts.length > 5 ? `${texts.slice(0, 5).join(', ')} and ${texts.length - 5} more` : texts.join(', ');
}

function said(source: string, missing: number, gaps: readonly Gap[], report: SequenceReport): string {
  const parts: string[] = [];
  if (missing > 0)
    parts.push(
      `${counted(missing, 'file')} of ${source} missing in the sequence (${listed(gaps.map(gapText))}), ${percent(missing / report.expected)} of those expected`,
    );
  if (report.repeats.length > 0)
    parts.push(
      `${counted(report.repeats.length, 'number')} came again with other content (${listed(report.repeats.map(({ sequence }) => `${sequence}`))})`,
    );
  if (report.breaks.length > 0) parts.push(`the numbering jumped to ${listed(report.breaks.map(({ sequence }) => `${sequence}`))}`);
  return parts.join('; ');
}

function judge(source: string, rows: readonly Row[], evaluation: Evaluation): Judgement {
  const arrivals = rows.map(({ sequence, sha256, received_at }) => ({ sequence, content: sha256, at: received_at }));
  const report = sequenceReport(arrivals, evaluation.source(source).sequence, evaluation.limit('farthest'));
  const due = evaluation.instant - graceMs(rows, report, evaluation);
  const gaps = report.gaps.filter(({ noticedAt }) => noticedAt <= due);
  const missing = gaps.reduce((sum, { count }) => sum + count, 0);
  const faults = missing + report.repeats.length + report.breaks.length;
  const pending = report.gaps.filter(({ noticedAt }) => noticedAt > due);
  const stretches = gaps.map((gap) => stretchOf(gap, rows));
  const came = new Map(rows.map((row) => [row.received_at, row.handed_at]));
  const others = [...report.repeats, ...report.breaks].map(({ at }) => came.get(at) ?? at);
  const began = [...stretches.map(({ from }) => from), ...others];
  const beganAt = faults > 0 ? Math.min(...began) : rows[0]!.handed_at;
  const { tenant } = evaluation;
  return {
    ...calm({ source }, evaluation.window),
    state: faults > 0 ? 'violation' : pending.length > 0 ? 'waiting' : 'ok',
    observed: faults,
    unit: 'files',
    direction: faults > 0 ? 'up' : 'none',
    statistic: report.expected === 0 ? 0 : missing / report.expected,
    p: faults > 0 ? 0 : 1,
    ...(missing > 0
      ? {
          valued: {
            ...usageWorth({ tenant, source, ...hullOf(stretches) }),
            class: 'leakage',
            known: 'lacking',
            what: missing === 1 ? 'records of the missing file' : `records of the ${missing} missing files`,
          },
        }
      : overwritten(source, rows, report, evaluation)),
    note: pending.length > 0 ? `waiting for ${listed(pending.map(gapText))}` : '',
    title: `${source}: ${titled(missing, gaps, report)}`,
    summary: faults > 0 ? `${said(source, missing, gaps, report)}; since ${utc(beganAt)}.` : '',
    beganAt,
    evidence: {
      query: 'control-file-sequence-evidence',
      params: { tenant, source, since: new Date(rows[0]!.received_at).toISOString() },
    },
    ...(pending.length > 0 ? { again: Math.min(...pending.map(({ noticedAt }) => noticedAt)) + evaluation.instant - due } : {}),
  };
}

/** What came between several gaps is counted as present and takes itself out of the estimate. */
function hullOf(stretches: readonly Window[]): Window {
  return { from: Math.min(...stretches.map(({ from }) => from)), to: Math.max(...stretches.map(({ to }) => to)) };
}

/** A number that came again with other content may have overwritten the file before at its sender. */
function overwritten(source: string, rows: readonly Row[], { repeats }: SequenceReport, { tenant }: Evaluation): Pick<Judgement, 'valued'> {
  const numbers = new Set(repeats.map(({ sequence }) => sequence));
  const first = rows.filter(({ sequence, records }, at) => numbers.has(sequence) && records > 0 && firstOfNumber(rows, at));
  const one = first[0];
  if (!one) return {};
  const records = first.reduce((sum, row) => sum + row.records, 0);
  const day = 86_400_000;
  const [from, to] = [one.handed_at - 2 * day, first.at(-1)!.handed_at];
  return {
    valued: {
      ...usageWorth({ tenant, source, file: one.name, from, to }),
      records,
      class: 'risk',
      known: 'file',
      what: 'records of files whose number came again, lost where the first file was overwritten before others had it',
      perhaps: true,
    },
  };
}

const firstOfNumber = (rows: readonly Row[], at: number): boolean =>
  rows.findIndex(({ sequence }) => sequence === rows[at]!.sequence) === at;

function titled(missing: number, gaps: readonly Gap[], report: SequenceReport): string {
  if (missing > 0) return missing === 1 ? `file ${gapText(gaps[0]!)} missing` : `${missing} files missing (${listed(gaps.map(gapText))})`;
  if (report.repeats.length > 0) return `file number ${report.repeats[0]!.sequence} came again with other content`;
  return `file numbering jumped to ${report.breaks[0]?.sequence ?? ''}`;
}

/**
 * S01: numbers missing between the files of a source, numbers that came again with other content, and jumps of the numbering.
 * @example fileSequenceGap.identity // 'S01'
 */
export const fileSequenceGap = define({
  identity: 'S01',
  title: 'File sequence gap',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'missing_files',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: { legs: [], tables: ['files'], data: 'files with sequence numbers' },
  query,
  columns,
  lookbackMs: 7 * 86_400_000,
  limits,
  scope: ['source'],
  holdMs: 0,
  store: 'all',
  evaluate(rows, evaluation) {
    const bySource = groupedBy(rows, ({ source }) => source);
    return evaluation.sources.map((source) => {
      const own = [...(bySource.get(source) ?? [])].sort((a, b) => a.received_at - b.received_at || a.sequence - b.sequence);
      return own.length === 0
        ? notApplicable(query, { source }, evaluation.window, 'files with sequence numbers')
        : judge(source, own, evaluation);
    });
  },
  documentation: {
    meaning:
      'A sender numbers its files. A number that never comes is usage that was never billed; a number that comes again with other content is a resend or an overwrite. Wrap-around and restarts of the counter are recognised, or stated per source in the settings.',
    formula:
      'missing = numbers between the first and the last received, without those received; violation when any is missing after the grace, any number repeats with another SHA-256, or the numbering jumps further than the limit. Statistic: missing / expected.',
    proof:
      'Run the SQL of the finding: the files of the source in order of arrival, with their numbers. Compare with the register of the sender. In a TAP relation a Notification counts as a file.',
    recovery:
      'Ask the sender for the missing numbers again; the finding clears when they are stored. Files are kept by senders for days only.',
  },
});

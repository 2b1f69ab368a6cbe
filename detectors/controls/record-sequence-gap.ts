/** S04: record sequence gap. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { usageWorth } from '../usage-worth.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  source: 'text',
  node: 'text',
  service: 'text',
  unit: 'text',
  lowest: 'number',
  highest: 'number',
  numbers: 'number',
  began_at: 'instant',
  ended_at: 'instant',
  whole: 'number',
  lacking: 'number',
  file_sequence: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-record-sequence';
const hourMs = 3_600_000;
/** Hours up to the window's end that are judged again each time, so that records which come late close their gap. */
const judgedHours = 6;

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.0001,
    unit: 'ratio',
    min: 0,
    max: 0.1,
    description: 'Share of the numbers of a node and hour that may be missing',
    learns: 'up',
  },
  {
    name: 'run',
    default: 100,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Numbers missing in one row that are told whatever their share',
  },
  {
    name: 'farthest',
    default: 100_000,
    unit: 'records',
    min: 100,
    max: 1e12,
    description: 'A jump of more numbers is a restart or another numbering, not a loss',
  },
];

/** Files or batches whose numbers touch or overlap. */
interface Block {
  lowest: number;
  highest: number;
  numbers: number;
  lacking: number;
  readonly first: Row;
  last: Row;
}

/** Numbers that nobody has, and the hour in which they were given. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly missing: number;
  /** Longest stretch that is known to be missing in one row. */
  readonly run: number;
  readonly began: number;
  readonly ended: number;
}

/** Blocks of one node in order of their numbers; a restart of the numbering begins a new list. */
function blocksOf(rows: readonly Row[]): readonly (readonly Block[])[] {
  const epochs: Row[][] = [];
  let [lowest, highest] = [0, 0];
  for (const row of rows) {
    // A file that came late lies a little below what was seen, a counter that began anew far below.
    if (epochs.length === 0 || (row.highest < lowest && row.lowest < highest / 2)) {
      epochs.push([]);
      [lowest, highest] = [row.lowest, row.highest];
    }
    epochs.at(-1)!.push(row);
    lowest = Math.min(lowest, row.lowest);
    highest = Math.max(highest, row.highest);
  }
  return epochs.map((epoch) => {
    const blocks: Block[] = [];
    for (const row of epoch.sort((a, b) => a.lowest - b.lowest)) {
      const last = blocks.at(-1);
      if (last && row.lowest <= last.highest) {
        last.numbers += row.numbers;
        last.lacking += row.lacking;
        if (row.highest > last.highest) last.last = row;
        last.highest = Math.max(last.highest, row.highest);
      } else blocks.push({ lowest: row.lowest, highest: row.highest, numbers: row.numbers, lacking: row.lacking, first: row, last: row });
    }
    return blocks;
  });
}

/**
 * Gaps of one node, less what other controls tell of: rejected records, files that hold less than they declare, files that are missing.
 * @param rows of the node in order of time
 */
export function gapsOf(rows: readonly Row[], farthest: number): readonly Gap[] {
  const found: Gap[] = [];
  // What lies below a file that was read in part only is not known.
  const floor = Math.max(0, ...rows.filter(({ whole }) => whole === 0).map(({ highest }) => highest));
  for (const blocks of blocksOf(rows.filter(({ whole, lowest }) => whole === 1 && lowest > floor))) {
    blocks.forEach((block, at) => {
      const inside = block.highest - block.lowest + 1 - block.numbers - block.lacking;
      if (inside > 0 && inside <= farthest)
        found.push({
          from: block.lowest,
          to: block.highest,
          missing: inside,
          run: 0,
          began: block.first.began_at,
          ended: block.last.ended_at,
        });
      const next = blocks[at + 1];
      if (!next || next.first.file_sequence - block.last.file_sequence > 1) return;
      // What a block lacks and did not lack inside may as well be at its edges.
      const edges = Math.max(0, block.lacking - (block.highest - block.lowest + 1 - block.numbers)) + next.lacking;
      const between = next.lowest - block.highest - 1 - edges;
      if (between > 0 && between <= farthest)
        found.push({
          from: block.highest,
          to: next.lowest,
          missing: between,
          run: between,
          began: block.last.ended_at,
          ended: next.first.ended_at,
        });
    });
  }
  return found;
}

/**
 * Up to when gaps of a node may be there that its rows do not show: a file that began before what was read is known in part only, and so is what lies
 * between it and the next one. The rows of another window may show them.
 */
function knownFrom(rows: readonly Row[]): number {
  const parts = rows.filter(({ whole }) => whole === 0);
  if (parts.length === 0) return Number.NEGATIVE_INFINITY;
  const highest = Math.max(...parts.map((row) => row.highest));
  const next = rows.filter(({ whole, lowest }) => whole === 1 && lowest > highest).sort((a, b) => a.lowest - b.lowest)[0];
  return Math.max(...parts.map(({ ended_at }) => ended_at), next?.ended_at ?? 0);
}

/** One hour of one node. */
function judge(rows: readonly Row[], gaps: readonly Gap[], at: number, evaluation: Evaluation): Judgement {
  const { limit, leg, tenant, window } = evaluation;
  const { source, node, service } = rows[0]!;
  const cell = { leg, source, node, at: new Date(at).toISOString() };
  const own = gaps.filter(({ ended }) => ended >= at && ended < at + hourMs);
  const missing = own.reduce((sum, gap) => sum + gap.missing, 0);
  const received = rows.filter(({ ended_at }) => ended_at >= at && ended_at < at + hourMs).reduce((sum, { numbers }) => sum + numbers, 0);
  const longest = Math.max(0, ...own.map(({ run }) => run));
  const figures: Judgement = {
    ...calm(cell, { from: at, to: at + hourMs }),
    observed: received,
    expected: received + missing,
    lower: (received + missing) * (1 - limit('share')),
    upper: received + missing,
    unit: 'records',
    statistic: missing === 0 ? 0 : missing / (missing + received),
  };
  if (missing === 0 || (figures.statistic <= limit('share') && longest <= limit('run')))
    return at > knownFrom(rows) ? figures : { ...figures, state: 'waiting', note: 'a file that began before what was read' };
  const first = own[0]!;
  const [began, ended] = [Math.min(...own.map((gap) => gap.began)), Math.max(...own.map((gap) => gap.ended))];
  return {
    ...figures,
    state: 'violation',
    direction: 'down',
    p: 0,
    valued: {
      ...usageWorth({
        tenant,
        source,
        file: first === undefined ? '' : rows.find(({ highest, lowest }) => lowest <= first.to && highest >= first.from)!.unit,
        service,
        from: Math.min(began, ended - 1),
        to: ended,
      }),
      records: missing,
      class: 'leakage',
      known: 'lacking',
      what: 'records whose numbers are missing',
    },
    title: `${node || source}: ${counted(missing, 'record')} missing by their numbers`,
    summary: `${counted(missing, 'number')} of ${figure(received + missing)} that ${node || source} gave to its records in the hour from ${utc(at)} never came (${percent(figures.statistic)}), in ${counted(own.length, 'place')}; the first between ${figure(first.from)} and ${figure(first.to)}. No file is missing and nothing was rejected that explains it.`,
    beganAt: Math.min(began, window.to),
    evidence: {
      query: 'control-record-sequence-evidence',
      params: {
        tenant,
        leg,
        source,
        node,
        from: new Date(began).toISOString(),
        to: new Date(ended).toISOString(),
        lowest: Math.min(...own.map((gap) => gap.from)),
        highest: Math.max(...own.map((gap) => gap.to)),
      },
    },
  };
}

/**
 * S04: numbers that a node gave to its records and that never came.
 * @example recordSequenceGap.identity // 'S04'
 */
export const recordSequenceGap = define({
  identity: 'S04',
  title: 'Record sequence gap',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'missing_records',
  trigger: 'window-close',
  windowMs: hourMs,
  mostWindows: 3,
  needs: { legs: [], tables: ['usage', 'files', 'batches'], data: 'records that carry a sequence number of their node' },
  query,
  columns,
  lookbackMs: judgedHours * hourMs,
  limits,
  scope: ['leg', 'source', 'node'],
  holdMs: 86_400_000,
  store: 'all',
  evaluate(rows, evaluation) {
    const { leg, window, limit } = evaluation;
    if (rows.length === 0)
      return [notApplicable(query, { leg, source: '', node: '' }, window, 'records that carry a sequence number of their node')];
    const nodes = groupedBy(rows, ({ source, node }) => JSON.stringify([source, node]));
    return [...nodes.values()].flatMap((own) => {
      const gaps = gapsOf(own, limit('farthest'));
      return Array.from({ length: judgedHours }, (_, back) => judge(own, gaps, window.to - (judgedHours - back) * hourMs, evaluation));
    });
  },
  summarise(judgements) {
    const total = judgements.reduce((sum, { observed, expected }) => sum + expected - observed, 0);
    return `${counted(total, 'number')} missing in ${counted(judgements.length, 'hour')} of the last day. Latest: ${judgements.at(-1)!.summary}`;
  },
  entitle(judgements) {
    const { cell } = judgements[0]!;
    const total = judgements.reduce((sum, { observed, expected }) => sum + expected - observed, 0);
    return `${cell['node'] || cell['source']}: ${counted(total, 'record')} missing by their numbers`;
  },
  documentation: {
    meaning:
      'A node numbers its records one by one (localSequenceNumber of 3GPP, session counters of accounting, invocationSequenceNumber of 5G). A number that never comes is a record that was lost between node and file: a buffer that ran over, charging messages lost on the way, a filter of mediation that is too wide. All files may be there and whole.',
    formula:
      'missing = numbers between the lowest and the highest of a node that no record has, inside files and between files that follow each other, less what was rejected, left out by a rule or declared and not held (S12, S03), and not across a file that is missing (S01). share = missing / (missing + received) of a node and hour, violation above `share` or from `run` in one row on. A counter that begins anew, and a jump beyond `farthest`, is no loss. The last six hours are judged again with each; an hour counts for 24 hours. What a file lacks of which only a part was read is left as it was said before.',
    proof:
      'Run the SQL of the finding: the numbers next to each gap with their files. Ask the node for the records of those numbers; its own log tells whether they were written.',
    recovery:
      'Have the node or the charging gateway send the stored records again. Where they are gone, claim the usage by the counters of the network or of the host.',
  },
});

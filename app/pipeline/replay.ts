/**
 * Sends rejected records through again, with the format and the reference data as they now are. Each replay is a partition of its
 * own in the ledger. Which rejects it holds is written ahead in `replays`, so that one that a crash cut short goes on as the same
 * partition and stores nothing twice.
 */
import { createHash } from 'node:crypto';
import { WeirError } from '../../core/errors.ts';
import { type MessageFacts, readKept } from '../../ingest/kafka/message-facts.ts';
import { formatOf } from './format-of.ts';
import { isoMillis } from './ledger.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';

export interface ReplayRequest {
  readonly source: string;
  /** Only rejects of this reason. */
  readonly reason?: string;
  readonly actor: string;
  /** The source made ready, where it is not one of the settings. */
  readonly ready?: PipelineSource;
}

export interface ReplayAnswer {
  readonly replayed: number;
  readonly stored: number;
  readonly rejected: number;
  readonly dropped: number;
  /** Rejects that cannot be replayed because only the beginning of their bytes was kept. */
  readonly truncated: number;
}

interface BegunRow extends RejectRow {
  replay_partition: string;
}

interface RejectRow {
  partition: string;
  position: string;
  record_id: string;
  header: string;
  bytes_base64: string;
}

const newline = Buffer.from('\n');

/** Rejects read and replayed at a time: bounds memory. */
const pageRows = 5000;

/** @throws WeirError source_unknown when the settings have no such source */
export async function replayRejects(pipeline: Pipeline, request: ReplayRequest): Promise<ReplayAnswer> {
  const source = request.ready ?? configuredSource(pipeline, request.source);
  const { store, settings } = pipeline;
  const scope = { tenant: settings.tenant, source: request.source, reason: request.reason ?? '' };
  const [cut] = await store.rows<{ truncated: string }>('rejects-truncated', scope);
  // What this replay rejects again is left for the next one: without the bound it would go on for ever.
  const before = isoMillis(pipeline.clock.now());
  const sums = { replayed: 0, stored: 0, rejected: 0, dropped: 0, truncated: Number(cut?.truncated ?? 0) };
  const begun = await store.rows<BegunRow>(
    'rejects-replay-begun',
    { tenant: settings.tenant, source: request.source },
    { timeoutMs: 60_000 },
  );
  for (const [partition, group] of groupsBy(begun, ({ replay_partition }) => replay_partition))
    await replayGroup(pipeline, source, request.actor, partition, group, sums);
  for (;;) {
    const rows = await store.rows<RejectRow>('rejects-to-replay', { ...scope, before, limit: pageRows }, { timeoutMs: 60_000 });
    if (rows.length === 0) return sums;
    for (const group of groupsBy(rows, ({ header }) => readKept(header).header).values()) {
      const partition = `replay:${pipeline.clock.now()}:${digestOf(group)}`;
      await mark(pipeline, source, request.actor, partition, group, 'planned');
      await replayGroup(pipeline, source, request.actor, partition, group, sums);
    }
  }
}

function configuredSource(pipeline: Pipeline, name: string): PipelineSource {
  const settings = pipeline.settings.sources[name];
  if (!settings) {
    throw new WeirError('source_unknown', `no source "${name}" in the settings`, {
      hint: `Configured: ${Object.keys(pipeline.settings.sources).join(', ') || 'none'}. Give --format PRESET to read them another way.`,
    });
  }
  return pipeline.source(name, formatOf(name, settings), settings.country);
}

function groupsBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

const digestOf = (rows: readonly RejectRow[]): string =>
  createHash('sha256')
    .update(rows.map(({ record_id }) => record_id).join('\n'))
    .digest('hex')
    .slice(0, 32);

/** Writes what is going to be replayed, and that it was. */
async function mark(
  { store, settings, clock }: Pipeline,
  source: PipelineSource,
  actor: string,
  partition: string,
  rows: readonly RejectRow[],
  outcome: 'planned' | 'replayed',
): Promise<void> {
  await store.insert(
    'replays',
    rows.map((row) => ({
      tenant: settings.tenant,
      record_id: row.record_id,
      source: source.name,
      partition: row.partition,
      position: row.position,
      replayed_at: isoMillis(clock.now()),
      actor,
      outcome,
      reason: '',
      replay_partition: partition,
      replay_position: 0,
    })),
    `${settings.tenant}/${source.name}/${partition}/${outcome}`,
  );
}

/** Replays rows of one header under the partition that was written ahead for them. */
async function replayGroup(
  pipeline: Pipeline,
  source: PipelineSource,
  actor: string,
  partition: string,
  rows: readonly RejectRow[],
  sums: { replayed: number; stored: number; rejected: number; dropped: number },
): Promise<void> {
  const { header } = readKept(rows[0]?.header ?? '');
  let facts: MessageFacts = {};
  // Row by row: a record of a message is read with the facts of its own message.
  const chunks = function* (): Iterable<Buffer> {
    if (header) yield Buffer.from(`${header}\n`);
    for (const row of rows) {
      facts = readKept(row.header).facts;
      yield Buffer.concat([Buffer.from(row.bytes_base64, 'base64'), newline]);
    }
  };
  const result = await pipeline.run(source, {
    partition,
    file: '',
    digest: digestOf(rows),
    chunks: chunks(),
    facts: { of: (name) => facts[name] ?? '', kept: () => facts },
  });
  await mark(pipeline, source, actor, partition, rows, 'replayed');
  sums.replayed += rows.length;
  sums.stored += result.totals.stored;
  sums.rejected += result.totals.rejected;
  // The header row that was put before them is none of them.
  sums.dropped += result.totals.dropped - (header ? 1 : 0);
}

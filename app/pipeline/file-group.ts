/**
 * Many small files in one insert. Each is a partition of its own in the ledger and has its own receipt, as if it had come alone; only the
 * inserts are shared: one for the plans, one for the records, one for what became of them. The token is made of all ranges of the group and
 * stands in the plans, so that after a crash the same group is sent again under the same token.
 */
import { createHash } from 'node:crypto';
import { type BatchRange, batchToken } from '../../core/batch.ts';
import { reject } from '../../core/kinds/index.ts';
import { unpacked } from '../../ingest/container/open.ts';
import { readWhole } from '../../ingest/container/plain.ts';
import { sequenceOf } from '../../ingest/file/pattern.ts';
import type { CompleteFile } from '../../ingest/file/watch.ts';
import { type FileResult, isOf } from './file-job.ts';
import { isoMillis } from './ledger.ts';
import type { CollectedUnit, Pipeline, PipelineSource } from './pipeline.ts';
import { type ReceiptEntry, type StandingReceipt, writeReceipts } from './receipts.ts';

/** Largest file that is taken with others, in bytes, and the bounds of a group. */
export const smallBytes = 131_072;
export const groupBytes = 8_388_608;
export const groupFiles = 500;

/** A file in the spool. */
export interface SmallFile {
  readonly file: CompleteFile;
  readonly sha256: string;
}

/** A group that was planned and perhaps not stored. */
export interface OpenGroup {
  readonly plannedAt: number;
  /** SHA-256 of its files. */
  readonly members: ReadonlySet<string>;
}

/** Groups of a source that a process left behind, to be completed before anything else of their files. */
export async function openGroups(pipeline: Pipeline, source: PipelineSource): Promise<OpenGroup[]> {
  const rows = await pipeline.store.rows<{ token: string; partition: string; planned_ms: string }>('ledger-groups', {
    tenant: pipeline.settings.tenant,
    source: source.name,
  });
  const groups = new Map<string, { plannedAt: number; members: Set<string> }>();
  for (const { token, partition, planned_ms } of rows) {
    const group = groups.get(token) ?? { plannedAt: Number(planned_ms), members: new Set<string>() };
    group.members.add(partition.slice('sha256:'.length));
    groups.set(token, group);
  }
  return [...groups.values()];
}

/**
 * Stores the files that can be stored together, each with its receipt. What cannot (archives, what was begun alone, what came before, what is
 * too large when unpacked) is left to be taken alone: it has no result.
 * @param again the plan of the group, when it was planned before
 */
export async function takeGroup(
  pipeline: Pipeline,
  source: PipelineSource,
  files: readonly SmallFile[],
  given: { readonly receipts: readonly StandingReceipt[]; readonly sequencePattern: string | undefined; readonly again?: OpenGroup },
): Promise<Map<string, FileResult>> {
  const { store, settings, clock } = pipeline;
  const { tenant } = settings;
  const plannedAt = given.again?.plannedAt ?? clock.now();
  const results = new Map<string, FileResult>();
  const chosen = given.again ? [...files] : await groupable(pipeline, source, files, given.receipts);
  const members: Member[] = [];
  chosen.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  // All at once, a group is a few megabytes: a file after the other would wait for the disk most of the time.
  const contents = await Promise.all(chosen.map(({ file }) => readWhole(file.path)));
  for (const [at, small] of chosen.entries()) {
    const unit = await collect(pipeline, source, small, contents[at] as Buffer, plannedAt);
    if (unit) members.push({ ...small, unit, range: unit.range as BatchRange });
  }
  if (members.length === 0) return results;
  const digest = createHash('sha256');
  for (const { range } of members) digest.update(`${batchToken(range, source.kind.table)}\n`);
  const token = `${tenant}/${source.name}/group:${digest.digest('hex')}`;
  const table = `${token}/${source.kind.table}`;
  const row = ({ range, file }: Member) => ({
    tenant,
    source: source.name,
    partition: range.partition,
    kind: source.kind.name,
    first: range.first,
    last: range.last,
    token: table,
    file: file.name,
    owner: pipeline.owner,
    epoch: 0,
    planned_at: isoMillis(plannedAt),
  });
  await store.insert(
    'batches',
    members.map((member) => ({ ...row(member), state: 'planned' })),
    `${token}/planned`,
  );
  const rejects = joined(members.map(({ unit }) => unit.rejects));
  if (rejects) await store.insertBlock(reject.table, rejects, `${token}/${reject.table}`);
  const records = joined(members.map(({ unit }) => unit.records));
  if (records) await store.insertBlock(source.kind.table, records, table);
  const storedAt = clock.now();
  await store.insert('batches', members.map(storedRow), `${token}/stored`);
  const entries: ReceiptEntry[] = members.map(({ file, sha256, unit }) => ({
    key: { tenant, source: source.name, sha256, receivedAt: plannedAt },
    file,
    facts: {
      state: 'stored',
      sequence: given.sequencePattern ? sequenceOf(file.name, given.sequencePattern) : undefined,
      totals: unit.result.totals,
      declared: unit.result.declared,
      completedAt: storedAt,
    },
  }));
  await writeReceipts(store, entries, `${token}/receipts`);
  for (const { file, sha256, unit } of members) {
    const { name, bytes, modifiedAt } = file;
    results.set(sha256, {
      receipt: { name, sha256, bytes, modifiedAt, receivedAt: plannedAt, state: 'stored' },
      state: 'stored',
      totals: unit.result.totals,
      error: '',
      firstRejects: unit.result.firstRejects,
      header: unit.result.header,
    });
  }
  return results;

  function storedRow(member: Member): object {
    const { counts, rejectedBy, droppedBy, eventFrom, eventTo } = member.unit.facts!;
    return {
      ...row(member),
      ...counts,
      state: 'stored',
      rejected_by: rejectedBy,
      dropped_by: droppedBy,
      event_from: isoMillis(eventFrom),
      event_to: isoMillis(eventTo),
      stored_at: isoMillis(storedAt),
    };
  }
}

interface Member extends SmallFile {
  readonly unit: CollectedUnit;
  readonly range: BatchRange;
}

/** Files with content of their own that neither receipts nor ledger know. */
async function groupable(
  pipeline: Pipeline,
  source: PipelineSource,
  files: readonly SmallFile[],
  receipts: readonly StandingReceipt[],
): Promise<SmallFile[]> {
  const known = new Set(receipts.map(({ sha256 }) => sha256));
  const fresh: SmallFile[] = [];
  for (const small of files) {
    if (small.file.bytes === 0 || small.file.bytes > smallBytes || known.has(small.sha256)) continue;
    known.add(small.sha256);
    fresh.push(small);
  }
  const rows = await pipeline.store.rows<{ partition: string }>('ledger-begun', {
    tenant: pipeline.settings.tenant,
    source: source.name,
    partitions: fresh.map(({ sha256 }) => `sha256:${sha256}`),
  });
  const begun = new Set(rows.map(({ partition }) => partition.slice('sha256:'.length)));
  return fresh.filter(({ sha256 }) => !begun.has(sha256));
}

/** A file as blocks; undefined when it has to be taken alone. */
async function collect(
  pipeline: Pipeline,
  source: PipelineSource,
  { file, sha256 }: SmallFile,
  bytes: Uint8Array,
  ingestTime: number,
): Promise<CollectedUnit | undefined> {
  const { ingest } = pipeline.settings;
  const chunks = unpacked(bytes, file.path, { maxBytes: ingest.maxUnpackedBytes, maxRatio: ingest.maxUnpackRatio });
  if (!chunks) return undefined;
  const unit = await pipeline.collect(source, { partition: `sha256:${sha256}`, file: file.name, chunks }, ingestTime);
  return unit?.range && unit.facts && !unit.result.error ? unit : undefined;
}

/** Blocks one after another are one insert. */
function joined(blocks: readonly (Uint8Array | undefined)[]): Uint8Array | undefined {
  const present = blocks.filter((block) => block !== undefined);
  return present.length === 0 ? undefined : Buffer.concat(present);
}

/** Receipts that already stand for one of these files, by its content: it was stored before its process could remember that. */
export const ownReceipt = (receipts: readonly StandingReceipt[], { file, sha256 }: SmallFile): StandingReceipt | undefined =>
  receipts.find((receipt) => receipt.state !== 'reading' && receipt.sha256 === sha256 && isOf(receipt, file));

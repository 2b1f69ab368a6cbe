/**
 * The ledger of topic partitions: the same table and the same three rules as that of files, and two more.
 *
 * Each range is planned under a token that names the last position before it, so of all processes that ever plan behind that position one
 * wins, and who does not read its own plan back has been replaced (a zombie) and stops. And each range carries marks of its first and
 * last message: an offset of a topic that was deleted and made anew is another message, and begins another name in the ledger.
 */
import { createHash } from 'node:crypto';
import { type BatchRange, batchToken } from '../../core/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { KafkaMessage, TopicPartition } from '../../ingest/kafka/consumer.ts';
import type { Store } from '../../sql/store.ts';
import { type BatchFacts, isoMillis, type Ledger } from './ledger.ts';
import { mostMessageIds } from './message-ids.ts';

/** Where a topic partition goes on. */
export interface KafkaResume {
  /** Its name in the ledger: topic/partition, with #n from the second topic of that name on. */
  readonly partition: string;
  /** Every position up to here is stored, or known to be lost; -1 = none. */
  readonly storedTo: number;
  /** Mark of the message of `storedTo`; empty = not known. */
  readonly storedMark: string;
  /** The range that was planned but perhaps not stored, with the marks of its ends. */
  readonly planned: PlannedRange | undefined;
  /** Grows with each taking over. */
  readonly epoch: number;
  /** Identities of messages up to `storedTo` that state one, the oldest first. */
  readonly messageIds?: readonly string[];
}

export interface PlannedRange {
  readonly first: number;
  readonly last: number;
  readonly plannedAt: number;
  readonly firstMark: string;
  readonly lastMark: string;
}

/** Somebody else has taken the partition over. */
export class Replaced extends Error {
  override name = 'Replaced';
}

export interface KafkaLedger {
  /** What the ledger knows of a partition. @param after name that turned out to be that of a deleted topic: the next name is used */
  resume(partition: TopicPartition, after?: string): Promise<KafkaResume>;
  /**
   * The ledger to write one range behind `after` with.
   * @returns whose `plan` rejects with Replaced when another process has planned there
   */
  chain(after: number, epoch: number): Ledger;
  /** Positions that are gone before they were read; the chain goes on behind them. */
  lost(range: BatchRange, after: number, epoch: number): Promise<void>;
  /** Writes identities of messages of a range, before its records. The same range again changes nothing. */
  keepIds(range: BatchRange, ids: readonly string[]): Promise<void>;
  /** What the tables hold of a planned range that can no longer be read again, written as its outcome (lost: nothing). Returns the records found. */
  settle(resume: KafkaResume): Promise<number>;
}

interface ResumeRow {
  readonly first: string;
  readonly last: string;
  readonly state: string;
  readonly file: string;
  readonly planned_ms: string;
  readonly epoch: string;
}

/** What tells a message from another at the same offset: its time, key and value. */
export function markOf({ timestamp, key, value }: KafkaMessage): string {
  const hash = createHash('sha256').update(`${timestamp ?? 0}\n`);
  if (key !== null && key !== undefined) hash.update(key);
  hash.update('\n');
  if (value !== null) hash.update(value);
  return hash.digest('hex').slice(0, 16);
}

/** @param owner unique to this process and this start */
export function createKafkaLedger(
  store: Store,
  of: { tenant: string; source: string; kind: string; table: string; owner: string },
  clock: Clock,
): KafkaLedger {
  const rowOf = (range: BatchRange, file: string, plannedAt: number, epoch: number) => ({
    tenant: range.tenant,
    source: range.source,
    partition: range.partition,
    kind: of.kind,
    first: range.first,
    last: range.last,
    token: batchToken(range, of.table),
    file,
    owner: of.owner,
    epoch,
    planned_at: isoMillis(plannedAt),
  });
  const claim = async (range: BatchRange, after: number, row: object): Promise<void> => {
    const { tenant, source, partition } = range;
    await store.insert('batches', [row], `${tenant}/${source}/${partition}/after:${after}/planned`);
    const claimed = await store.rows<{ first: string; last: string; owner: string }>('kafka-claimed', {
      tenant,
      source,
      partition,
      next: after + 1,
    });
    const ours = claimed.every(
      ({ first, last, owner }) => owner === of.owner && Number(first) === range.first && Number(last) === range.last,
    );
    if (claimed.length !== 1 || !ours) throw new Replaced(`${partition}: planned behind ${after} by another process`);
  };
  const writeOutcome = (
    state: 'stored' | 'lost',
    range: BatchRange,
    file: string,
    plannedAt: number,
    epoch: number,
    facts: BatchFacts,
  ): Promise<void> =>
    store.insert(
      'batches',
      [
        {
          ...rowOf(range, file, plannedAt, epoch),
          ...facts.counts,
          state,
          rejected_by: facts.rejectedBy,
          dropped_by: facts.droppedBy,
          event_from: isoMillis(facts.eventFrom),
          event_to: isoMillis(facts.eventTo),
          stored_at: isoMillis(clock.now()),
        },
      ],
      `${batchToken(range, of.table)}/${state}`,
    );
  const scope = { tenant: of.tenant, source: of.source };
  return {
    async resume({ topic, partition }, after) {
      const base = `${topic}/${partition}`;
      const known = await store.rows<{ partition: string }>('kafka-generations', { ...scope, partition: base });
      const newest = Math.max(0, ...known.map((row) => Number(row.partition.split('#')[1] ?? 0)));
      const wanted = after === undefined ? newest : Math.max(newest, generationOf(after) + 1);
      const name = wanted === 0 ? base : `${base}#${wanted}`;
      const resume = foldResume(name, await store.rows<ResumeRow>('kafka-resume', { ...scope, partition: name }));
      const ids = await store.rows<{ id: string }>('kafka-message-ids', {
        ...scope,
        partition: name,
        behind: resume.storedTo + 1,
        limit: mostMessageIds,
      });
      return ids.length === 0 ? resume : { ...resume, messageIds: ids.map(({ id }) => id).reverse() };
    },
    chain: (after, epoch) => ({
      resumePoint: () => Promise.reject(new TypeError('a topic partition resumes by its own query')),
      plan: (range, file, plannedAt) => claim(range, after, { ...rowOf(range, file, plannedAt, epoch), state: 'planned' }),
      stored: (range, file, plannedAt, facts) => writeOutcome('stored', range, file, plannedAt, epoch, facts),
    }),
    lost: (range, after, epoch) =>
      claim(range, after, { ...rowOf(range, '', clock.now(), epoch), state: 'lost', stored_at: isoMillis(clock.now()) }),
    keepIds: (range, ids) =>
      store.insert(
        'message_ids',
        ids.map((id) => ({ ...scope, partition: range.partition, last: range.last, id, at: isoMillis(clock.now()) })),
        `${batchToken(range, of.table)}/ids`,
      ),
    async settle({ partition, planned, epoch }) {
      if (!planned) return 0;
      const range: BatchRange = { ...scope, partition, first: planned.first, last: planned.last };
      const [found] = await store.rows<{ stored: string; rejected: string }>(
        'kafka-settle',
        { ...range, table: of.table },
        { timeoutMs: 120_000 },
      );
      const [stored, rejected] = [Number(found?.stored ?? 0), Number(found?.rejected ?? 0)];
      const state = stored + rejected > 0 ? 'stored' : 'lost';
      await writeOutcome(state, range, `${planned.firstMark}-${planned.lastMark}`, planned.plannedAt, epoch, {
        counts: { read: stored + rejected, stored, rejected, dropped: 0 },
        rejectedBy: {},
        droppedBy: {},
        eventFrom: 0,
        eventTo: 0,
      });
      return stored + rejected;
    },
  };
}

const generationOf = (name: string): number => Number(name.split('#')[1] ?? 0);

/** The newest ranges, the newest first; at most one of them is planned, and it is the newest. */
export function foldResume(partition: string, rows: readonly ResumeRow[]): KafkaResume {
  const [newest, before] = rows;
  const planned = newest?.state === 'planned' ? newest : undefined;
  const stored = planned ? before : newest;
  const [firstMark = '', lastMark = ''] = planned?.file.split('-') ?? [];
  return {
    partition,
    storedTo: stored ? Number(stored.last) : -1,
    storedMark: stored?.file.split('-')[1] ?? '',
    planned: planned && {
      first: Number(planned.first),
      last: Number(planned.last),
      plannedAt: Number(planned.planned_ms),
      firstMark,
      lastMark,
    },
    epoch: rows.reduce((most, { epoch }) => Math.max(most, Number(epoch)), 0) + 1,
  };
}

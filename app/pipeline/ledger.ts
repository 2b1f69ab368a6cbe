/**
 * The ledger of batches. A range is written ahead as planned, then as stored with what became of each position.
 * Accounting counts these rows, never what an insert reports.
 */
import { type BatchCounts, type BatchRange, batchToken } from '../../core/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { Store } from '../../sql/store.ts';

/** What is stored of a partition, and what was planned but perhaps not stored. */
export interface ResumePoint {
  /** Every position up to here is stored; -1 = none. */
  readonly storedTo: number;
  /** The last range written ahead without its stored row: to be read again identically and sent again. */
  readonly planned: { readonly first: number; readonly last: number; readonly plannedAt: number } | undefined;
  /** File (or digest of a posted body) under which the partition was begun; empty = never begun. */
  readonly file: string;
  /** Sums over the stored ranges. */
  readonly counts: BatchCounts;
  /** Earliest and latest event time of the stored ranges, ms since 1970; Infinity and 0 = none. */
  readonly eventFrom: number;
  readonly eventTo: number;
}

/** What the ledger says of a batch beyond its range. */
export interface BatchFacts {
  readonly counts: BatchCounts;
  readonly rejectedBy: Readonly<Record<string, number>>;
  readonly droppedBy: Readonly<Record<string, number>>;
  readonly eventFrom: number;
  readonly eventTo: number;
}

export interface Ledger {
  resumePoint(partition: string): Promise<ResumePoint>;
  plan(range: BatchRange, file: string, plannedAt: number): Promise<void>;
  stored(range: BatchRange, file: string, plannedAt: number, facts: BatchFacts): Promise<void>;
}

interface LedgerRow {
  first: string;
  last: string;
  state: string;
  read: string;
  stored: string;
  rejected: string;
  dropped: string;
  planned_ms: string;
  event_from_ms: string;
  event_to_ms: string;
  file: string;
}

/** The ledger of one source. `owner` names this process, so that two that write the same range can be told apart. */
export function createLedger(
  store: Store,
  of: { tenant: string; source: string; kind: string; table: string; owner: string },
  clock: Clock,
): Ledger {
  const row = (range: BatchRange, file: string, plannedAt: number) => ({
    tenant: range.tenant,
    source: range.source,
    partition: range.partition,
    kind: of.kind,
    first: range.first,
    last: range.last,
    token: batchToken(range, of.table),
    file,
    owner: of.owner,
    epoch: 0,
    planned_at: isoMillis(plannedAt),
  });
  return {
    async resumePoint(partition) {
      const rows = await store.rows<LedgerRow>('ledger-resume', { tenant: of.tenant, source: of.source, partition });
      return foldLedger(rows);
    },
    async plan(range, file, plannedAt) {
      await store.insert('batches', [{ ...row(range, file, plannedAt), state: 'planned' }], `${batchToken(range, of.table)}/planned`);
    },
    async stored(range, file, plannedAt, facts) {
      await store.insert(
        'batches',
        [
          {
            ...row(range, file, plannedAt),
            ...facts.counts,
            state: 'stored',
            rejected_by: facts.rejectedBy,
            dropped_by: facts.droppedBy,
            event_from: isoMillis(facts.eventFrom),
            event_to: isoMillis(facts.eventTo),
            stored_at: isoMillis(clock.now()),
          },
        ],
        `${batchToken(range, of.table)}/stored`,
      );
    },
  };
}

/** Rows in order of `first`, one per range in its latest state. The stored prefix ends at the first range that is not stored. */
export function foldLedger(rows: readonly LedgerRow[]): ResumePoint {
  const counts = { read: 0, stored: 0, rejected: 0, dropped: 0 };
  let storedTo = -1;
  let eventFrom = Number.POSITIVE_INFINITY;
  let eventTo = 0;
  const file = rows[0]?.file ?? '';
  for (const row of rows) {
    if (row.state !== 'stored')
      return {
        storedTo,
        planned: { first: Number(row.first), last: Number(row.last), plannedAt: Number(row.planned_ms) },
        file,
        counts,
        eventFrom,
        eventTo,
      };
    storedTo = Number(row.last);
    counts.read += Number(row.read);
    counts.stored += Number(row.stored);
    counts.rejected += Number(row.rejected);
    counts.dropped += Number(row.dropped);
    if (Number(row.event_from_ms) > 0) eventFrom = Math.min(eventFrom, Number(row.event_from_ms));
    eventTo = Math.max(eventTo, Number(row.event_to_ms));
  }
  return { storedTo, planned: undefined, file, counts, eventFrom, eventTo };
}

/** @example isoMillis(0) // '1970-01-01 00:00:00.000' */
export function isoMillis(instant: number): string {
  return new Date(instant).toISOString().replace('T', ' ').replace('Z', '');
}

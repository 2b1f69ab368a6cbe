/** Receipts of files: what came, what became of it. The identity of a file is its source and its SHA-256. */
import type { DeclaredTotals } from '../../core/decoder.ts';
import { fromMicro } from '../../core/money.ts';
import type { CompleteFile } from '../../ingest/file/watch.ts';
import type { Store } from '../../sql/store.ts';
import { isoMillis } from './ledger.ts';
import type { UnitTotals } from './unit-writer.ts';

export type ReceiptState = 'reading' | 'stored' | 'replay' | 'rejected' | 'empty';

/** What identifies one receipt: the same content that comes again gets a receipt of its own. */
export interface ReceiptKey {
  readonly tenant: string;
  readonly source: string;
  readonly sha256: string;
  /** When it was taken, ms since 1970. */
  readonly receivedAt: number;
}

export interface ReceiptFacts {
  readonly state: ReceiptState;
  readonly sequence: number | undefined;
  readonly totals?: UnitTotals;
  readonly declared?: DeclaredTotals;
  readonly completedAt?: number;
  readonly error?: string;
}

/** States in the order in which a receipt can have them: the later one holds. */
const versions: { readonly [State in ReceiptState]: number } = { reading: 1, stored: 2, replay: 2, rejected: 2, empty: 2 };

/** One state of one receipt. */
export interface ReceiptEntry {
  readonly key: ReceiptKey;
  readonly file: Pick<CompleteFile, 'name' | 'bytes' | 'modifiedAt'>;
  readonly facts: ReceiptFacts;
}

/** Writes one state of a receipt; the same state again changes nothing. */
export async function writeReceipt(store: Store, key: ReceiptKey, file: ReceiptEntry['file'], facts: ReceiptFacts): Promise<void> {
  const token = `${key.tenant}/${key.source}/${key.sha256}/${file.name}/${key.receivedAt}/${facts.state}`;
  await store.insert('files', [receiptRow({ key, file, facts })], token);
}

/** Writes several receipts in one insert, under a token that stands for all of them. */
export async function writeReceipts(store: Store, entries: readonly ReceiptEntry[], token: string): Promise<void> {
  await store.insert('files', entries.map(receiptRow), token);
}

function receiptRow({ key, file, facts }: ReceiptEntry): object {
  const { totals, declared } = facts;
  return {
    tenant: key.tenant,
    source: key.source,
    sha256: key.sha256,
    name: file.name,
    bytes: file.bytes,
    state: facts.state,
    sequence: facts.sequence ?? declared?.sequence ?? null,
    modified_at: isoMillis(file.modifiedAt),
    received_at: isoMillis(key.receivedAt),
    completed_at: isoMillis(facts.completedAt ?? 0),
    declared_records: declared?.records ?? null,
    declared_seconds: declared?.seconds ?? null,
    declared_octets: declared?.octets ?? null,
    declared_charge: declared?.charge === undefined ? null : fromMicro(declared.charge),
    declared_lost: declared?.lost ?? null,
    closure_reason: declared?.closureReason ?? null,
    declared_from: isoMillis(declared?.earliest ?? 0),
    declared_to: isoMillis(declared?.latest ?? 0),
    read: totals?.read ?? 0,
    stored: totals?.stored ?? 0,
    rejected: totals?.rejected ?? 0,
    dropped: totals?.dropped ?? 0,
    seconds: totals?.seconds ?? 0,
    octets: totals?.octets ?? 0,
    charge: fromMicro(totals?.charge ?? 0),
    event_from: isoMillis(totals && Number.isFinite(totals.eventFrom) ? totals.eventFrom : 0),
    event_to: isoMillis(totals?.eventTo ?? 0),
    error: facts.error ?? '',
    version: versions[facts.state],
  };
}

/** A receipt as it stands. */
export interface StandingReceipt {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly receivedAt: number;
  readonly state: ReceiptState;
}

interface ReceiptRow {
  name: string;
  sha256: string;
  bytes: string;
  modified_ms: string;
  received_ms: string;
  state: ReceiptState;
}

/** All receipts of a source, oldest first. */
export async function receiptsOf(store: Store, tenant: string, source: string): Promise<StandingReceipt[]> {
  const rows = await store.rows<ReceiptRow>('receipts-of-source', { tenant, source });
  return rows.map((row) => ({
    name: row.name,
    sha256: row.sha256,
    bytes: Number(row.bytes),
    modifiedAt: Number(row.modified_ms),
    receivedAt: Number(row.received_ms),
    state: row.state,
  }));
}

/**
 * One file from its first byte to its receipt. The content's SHA-256 is its identity: what was stored before is not stored again but
 * gets a receipt `replay`; what was begun before is gone on with where the ledger says.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { WeirError } from '../../core/errors.ts';
import { openContainer } from '../../ingest/container/open.ts';
import { sha256File } from '../../ingest/container/sha256.ts';
import { sequenceOf } from '../../ingest/file/pattern.ts';
import type { CompleteFile } from '../../ingest/file/watch.ts';
import type { Pipeline, PipelineSource, UnitResult } from './pipeline.ts';
import { type ReceiptState, receiptsOf, type StandingReceipt, writeReceipt } from './receipts.ts';
import type { UnitTotals } from './unit-writer.ts';

export interface FileJob {
  readonly source: PipelineSource;
  readonly file: CompleteFile;
  /** Pattern of the sequence number in the name. */
  readonly sequencePattern?: string;
  /** Receipts of the source, if they are known already; read otherwise. */
  readonly receipts?: readonly StandingReceipt[];
  readonly onProgress?: (facts: { bytes: number; totalBytes: number; totals: UnitTotals }) => void;
  readonly signal?: AbortSignal;
  /**
   * SHA-256 of a file that lies in the spool: nobody writes to it. A receipt of the same name, size, time and content is then its own, left
   * by a process that died before it could remember the file, and no other one is written.
   */
  readonly spooled?: string;
}

export interface FileResult {
  readonly receipt: StandingReceipt;
  readonly state: ReceiptState | 'interrupted';
  readonly totals: UnitTotals;
  /** What ended the file early, after everything readable was stored. */
  readonly error: string;
  readonly firstRejects: UnitResult['firstRejects'];
  /** The row that names the columns; empty where there is none. */
  readonly header: string;
}

/** Sums of a file of which nothing was read. */
export const nothing: UnitTotals = {
  read: 0,
  stored: 0,
  rejected: 0,
  dropped: 0,
  seconds: 0,
  octets: 0,
  charge: 0,
  eventFrom: Number.POSITIVE_INFINITY,
  eventTo: 0,
};

/**
 * Takes a file in. What is wrong within the file is in the receipt.
 * @throws WeirError file_unreadable when it cannot be opened, file_changing when it is still being written: nothing was stored;
 * clickhouse_… when the store is away: to be called again
 */
export async function takeFile(pipeline: Pipeline, job: FileJob): Promise<FileResult> {
  const { source, file } = job;
  const { store, settings, clock } = pipeline;
  const sequence = job.sequencePattern ? sequenceOf(file.name, job.sequencePattern) : undefined;
  const sha256 = job.spooled ?? (await sha256File(file.path));
  const hasChanged = async (): Promise<boolean> => job.spooled === undefined && (await changed(file));
  // What is read must be what the digest names: a file that grows is another file when it is done.
  if (await hasChanged())
    throw new WeirError('file_changing', `${file.path}: the file is still being written`, {
      place: file.path,
      hint: 'Nothing of it was stored. Take it in again when it is complete.',
    });
  const before = (job.receipts ?? (await receiptsOf(store, settings.tenant, source.name))).filter((receipt) => receipt.sha256 === sha256);
  const begun = before.find(({ state }) => state === 'reading');
  const done = before.find(({ state }) => state === 'stored');
  const receivedAt = begun?.receivedAt ?? clock.now();
  const key = { tenant: settings.tenant, source: source.name, sha256, receivedAt };
  let header = '';
  const receipt = (state: ReceiptState): StandingReceipt => ({
    name: file.name,
    sha256,
    bytes: file.bytes,
    modifiedAt: file.modifiedAt,
    receivedAt,
    state,
  });
  const finish = async (
    state: ReceiptState,
    totals: UnitTotals,
    error: string,
    firstRejects: UnitResult['firstRejects'],
    declared?: UnitResult['declared'],
  ): Promise<FileResult> => {
    await writeReceipt(store, key, file, { state, sequence, totals, completedAt: clock.now(), error, ...(declared ? { declared } : {}) });
    return { receipt: receipt(state), state, totals, error, firstRejects, header };
  };

  const own = job.spooled === undefined ? undefined : before.find((one) => one.state !== 'reading' && isOf(one, file));
  if (own) return { receipt: own, state: own.state, totals: nothing, error: '', firstRejects: [], header };
  if (file.bytes === 0) return finish('empty', nothing, '', []);
  if (done) return finish('replay', nothing, '', []);
  await writeReceipt(store, key, file, { state: 'reading', sequence });

  let totals = nothing;
  let declared: UnitResult['declared'] = {};
  let error = '';
  const firstRejects: UnitResult['firstRejects'] = [];
  let consumed = 0;
  try {
    for await (const entry of openContainer(file.path, {
      maxBytes: settings.ingest.maxUnpackedBytes,
      maxRatio: settings.ingest.maxUnpackRatio,
    })) {
      const partition = entry.name === '' ? `sha256:${sha256}` : `sha256:${sha256}!${entry.name}`;
      const result = await pipeline.run(source, {
        partition,
        file: entry.name === '' ? file.name : `${file.name}!${entry.name}`,
        chunks: entry.chunks,
        ...(job.signal ? { signal: job.signal } : {}),
        onProgress: (bytes, unitTotals) =>
          job.onProgress?.({ bytes: consumed + (entry.packedBytes?.() ?? bytes), totalBytes: file.bytes, totals: unitTotals }),
      });
      consumed += entry.packedBytes?.() ?? 0;
      totals = sum(totals, result.totals);
      header ||= result.header;
      declared = { ...declared, ...result.declared };
      firstRejects.push(...result.firstRejects.slice(0, 1000 - firstRejects.length));
      if (result.interrupted) return { receipt: receipt('reading'), state: 'interrupted', totals, error: '', firstRejects, header };
      if (result.error) error = messageOf(result.error);
    }
  } catch (failure) {
    if (!(failure instanceof WeirError) || !failure.code.startsWith('file_')) throw failure;
    error = messageOf(failure);
  }
  if (error === '' && (await hasChanged())) error = 'file_changing: the file was written to while it was read';
  const state = error !== '' && totals.read === 0 ? 'rejected' : 'stored';
  return finish(state, totals, error, firstRejects, declared);
}

/** Whether a receipt is that of this very file, not of another one with the same content. */
export const isOf = (receipt: StandingReceipt, file: Pick<CompleteFile, 'name' | 'bytes' | 'modifiedAt'>): boolean =>
  receipt.name === file.name && receipt.bytes === file.bytes && receipt.modifiedAt === file.modifiedAt;

async function changed(file: CompleteFile): Promise<boolean> {
  const now = await stat(file.path).catch(() => undefined);
  return now !== undefined && (now.size !== file.bytes || Math.floor(now.mtimeMs) !== file.modifiedAt);
}

/** Facts of a file named on the command line. */
export async function completeFile(path: string): Promise<CompleteFile> {
  try {
    const facts = await stat(path);
    if (!facts.isFile())
      throw new WeirError('file_unreadable', `${path}: not a file`, {
        place: path,
        hint: 'Give files, not directories; the shell expands dir/*.',
      });
    return { path, name: basename(path), bytes: facts.size, modifiedAt: Math.floor(facts.mtimeMs) };
  } catch (error) {
    if (error instanceof WeirError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new WeirError(
      'file_unreadable',
      `${path}: ${code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'no permission to read it' : (error as Error).message}`,
      { place: path, cause: error },
    );
  }
}

const messageOf = (error: Error): string => (error instanceof WeirError ? `${error.code}: ${error.message}` : error.message);

function sum(a: UnitTotals, b: UnitTotals): UnitTotals {
  return {
    read: a.read + b.read,
    stored: a.stored + b.stored,
    rejected: a.rejected + b.rejected,
    dropped: a.dropped + b.dropped,
    seconds: a.seconds + b.seconds,
    octets: a.octets + b.octets,
    charge: a.charge + b.charge,
    eventFrom: Math.min(a.eventFrom, b.eventFrom),
    eventTo: Math.max(a.eventTo, b.eventTo),
  };
}

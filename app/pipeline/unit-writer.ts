/**
 * Takes the records of one unit (a file, an entry of an archive, a posted body), runs the processors and stores them in batches:
 * plan in the ledger, rejects, block, stored in the ledger, each under a token made of the range. While one batch is on its way to
 * ClickHouse the next is filled; the one after waits. After a crash the same positions make the same batches under the same tokens.
 */
import { type BatchRange, batchToken } from '../../core/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { Columns, Kind, RecordOf } from '../../core/column.ts';
import type { ProcessorContext } from '../../core/context.ts';
import type { RecordSink } from '../../core/decoder.ts';
import { type RejectRecord, reject } from '../../core/kinds/index.ts';
import { type Dropped, type Outcome, type Rejected, rejected } from '../../core/outcome.ts';
import { newRecord, resetter } from '../../core/record.ts';
import type { BlockBuilder } from '../../sql/native/builder.ts';
import type { Store } from '../../sql/store.ts';
import type { BatchFacts, Ledger, ResumePoint } from './ledger.ts';

/** Bytes of a rejected record that are kept; the rest is cut and marked. */
const keptBytes = 65_536;
/** Bytes of rejected records held before the batch is closed early. */
const rejectBufferBytes = 8_388_608;
/** Bytes of original records before the batch is closed early: bounds memory where records are long. */
const batchBytes = 67_108_864;

export interface UnitOptions {
  readonly store: Pick<Store, 'insertBlock'>;
  readonly ledger: Ledger;
  readonly kind: Kind;
  readonly process: (record: RecordOf<Columns>, context: ProcessorContext) => Outcome;
  readonly context: ProcessorContext;
  readonly clock: Clock;
  /** Builders of the kind and of rejects, for this unit alone while it lasts. */
  readonly builders: UnitBuilders;
  readonly tenant: string;
  readonly source: string;
  readonly partition: string;
  readonly file: string;
  /** What the ledger writes in place of the file name: the digest of a posted body, or what tells a range of messages from another. */
  readonly digest?: string | (() => string);
  /** The unit is one batch, and a planned range holds to the position although its ends may be gone by now. */
  readonly oneBatch?: boolean;
  /** A record to fill, shared with writers that never work in the midst of each other; default: one of its own. */
  readonly scratch?: WriterScratch;
  readonly batchRecords: number;
  readonly resume: ResumePoint;
  /** Called for each rejected record, before its bytes are reused. */
  readonly onReject?: (position: number, bytes: Uint8Array, start: number, end: number, rejection: Rejected, step: RejectStep) => void;
  /** Called when a range is planned and its rejects are stored, before its records are: what must have happened once they are. */
  readonly onPlanned?: (range: BatchRange) => Promise<void>;
  /** Called before each batch: rests, e.g. the bounded memory of business keys. */
  readonly onBatch?: () => void;
}

/** Where a record was rejected: its bytes could not be read, a processor refused it, or a value does not fit its column. */
export type RejectStep = 'decode' | 'process' | 'store';

/** Sums over a unit, what was stored before it was resumed included. */
export interface UnitTotals {
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  readonly dropped: number;
  readonly seconds: number;
  readonly octets: number;
  /** Micro-units. */
  readonly charge: number;
  readonly eventFrom: number;
  readonly eventTo: number;
}

export interface UnitBuilders {
  readonly records: BlockBuilder;
  readonly rejects: BlockBuilder;
}

/** What a writer fills again and again; made once where writers are many. */
export interface WriterScratch {
  readonly record: RecordOf<Columns>;
  readonly reset: (record: RecordOf<Columns>) => void;
}

/** @example newScratch(usage).record.leg // '' */
export function newScratch(kind: Kind): WriterScratch {
  return { record: newRecord(kind), reset: resetter(kind) };
}

interface TimedRecord {
  start_time?: number;
  end_time?: number;
  event_time?: number;
  duration_seconds?: number;
  billable_seconds?: number;
  octets_up?: number;
  octets_down?: number;
  charge?: number;
  wholesale_charge?: number;
}

export class UnitWriter implements RecordSink {
  readonly record: RecordOf<Columns>;
  /** Rejected records of this run, the first of them, for an answer to whoever sent them. */
  readonly firstRejects: { position: number; reason: string; field: string; detail: string }[] = [];

  /** Header row of the bytes being read; set by whoever opens the decoder. */
  headerOf: () => string = () => '';

  readonly #options: UnitOptions;
  readonly #reset: (record: RecordOf<Columns>) => void;
  readonly #timed: TimedRecord;
  readonly #context: ProcessorContext;
  #rejectRecord: RejectRecord | undefined;
  #first = -1;
  #last = -1;
  #cutAt = 0;
  #full = false;
  #read = 0;
  #dropped = 0;
  #rejectedBy: Record<string, number> = {};
  #rejectBytes = 0;
  #recordBytes = 0;
  #droppedBy: Record<string, number> = {};
  #eventFrom = Number.POSITIVE_INFINITY;
  #eventTo = 0;
  #ingestTime = 0;
  #inFlight: Promise<void> = Promise.resolve();
  #totals = {
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

  constructor(options: UnitOptions) {
    this.#options = options;
    const { record, reset } = options.scratch ?? newScratch(options.kind);
    this.record = record;
    this.#reset = reset;
    this.#timed = this.record as TimedRecord;
    const { counts, eventFrom, eventTo } = options.resume;
    Object.assign(this.#totals, counts, { eventFrom, eventTo });
    // What is judged by the clock is judged by the batch's own time: read again after a crash, it must come out the same.
    this.#context = { ...options.context, clock: { now: () => this.#ingestTime } };
  }

  /** The position taken last; -1 = none. */
  get last(): number {
    return this.#last;
  }

  /** Positions taken since the last flush. */
  get taken(): number {
    return this.#read;
  }

  /** True when the batch is full: `flush` before reading on. */
  get full(): boolean {
    return this.#full;
  }

  get totals(): UnitTotals {
    return this.#totals;
  }

  accept(position: number, bytes: Uint8Array, start: number, end: number): boolean {
    this.#sum();
    if (position <= this.#options.resume.storedTo) {
      this.#reset(this.record);
      return true;
    }
    if (this.#first < 0) this.#open(position);
    this.#recordBytes += end - start;
    const outcome = this.#options.process(this.record, this.#context);
    if (outcome.kind === 'accepted') {
      const timed = this.#timed;
      const from = timed.start_time ?? timed.event_time ?? 0;
      if (from > 0) {
        if (from < this.#eventFrom) this.#eventFrom = from;
        const to = timed.end_time !== undefined && timed.end_time > from ? timed.end_time : from;
        if (to > this.#eventTo) this.#eventTo = to;
      }
      const { records } = this.#options.builders;
      if (!records.append(this.record, position))
        this.#keep(position, bytes, start, end, rejected('impossible_value', records.fault, 'cannot be stored'), 'store');
    } else if (outcome.kind === 'rejected') this.#keep(position, bytes, start, end, outcome, 'process');
    else this.#count(outcome);
    this.#reset(this.record);
    return this.#advance(position);
  }

  reject(position: number, bytes: Uint8Array, start: number, end: number, rejection: Rejected): boolean {
    if (position <= this.#options.resume.storedTo) return true;
    if (this.#first < 0) this.#open(position);
    this.#keep(position, bytes, start, end, rejection, 'decode');
    return this.#advance(position);
  }

  drop(position: number, reason: Dropped): boolean {
    if (position <= this.#options.resume.storedTo) return true;
    if (this.#first < 0) this.#open(position);
    this.#count(reason);
    return this.#advance(position);
  }

  /** Sends what was taken since the last flush and waits for the batch before it, not for this one. */
  async flush(): Promise<void> {
    if (this.#first < 0) return this.#inFlight;
    const send = this.#close();
    await this.#inFlight;
    this.#inFlight = send();
    // The failure is thrown by the next flush or by finish; until then it must not count as unhandled.
    this.#inFlight.catch(() => undefined);
  }

  /** Flushes and waits until everything is stored. */
  async finish(): Promise<UnitTotals> {
    await this.flush();
    await this.#inFlight;
    return this.#totals;
  }

  /** Leaves the batch in work unsent, to be read again later, and waits for the one on its way. */
  async abandon(): Promise<UnitTotals> {
    await this.#inFlight;
    return this.#totals;
  }

  #open(position: number): void {
    const { resume, batchRecords, clock, builders, tenant, source, partition, file, onBatch } = this.#options;
    const planned = resume.planned !== undefined && position <= resume.planned.last ? resume.planned : undefined;
    this.#first = position;
    this.#cutAt = planned ? planned.last : position + batchRecords - 1;
    this.#ingestTime = planned ? planned.plannedAt : clock.now();
    const constants = { tenant, source, partition, file, ingestTime: this.#ingestTime };
    builders.records.reset(constants);
    builders.rejects.reset(constants);
    onBatch?.();
  }

  #advance(position: number): boolean {
    this.#last = position;
    this.#read++;
    this.#full = position >= this.#cutAt || this.#rejectBytes > rejectBufferBytes || this.#recordBytes > batchBytes;
    return !this.#full;
  }

  #sum(): void {
    const timed = this.#timed;
    const totals = this.#totals;
    totals.seconds += timed.duration_seconds || timed.billable_seconds || 0;
    totals.octets += (timed.octets_up ?? 0) + (timed.octets_down ?? 0);
    // Files of a host or partner state what they charge us.
    totals.charge += timed.charge || timed.wholesale_charge || 0;
  }

  #keep(position: number, bytes: Uint8Array, start: number, end: number, rejection: Rejected, step: RejectStep): void {
    this.#rejectRecord ??= newRecord(reject);
    const record = this.#rejectRecord;
    record.reason = rejection.reason;
    record.field = rejection.field;
    record.detail = rejection.detail;
    record.kind = this.#options.kind.name;
    record.header = this.headerOf();
    record.bytes = bytes.subarray(start, Math.min(end, start + keptBytes));
    record.truncated = end - start > keptBytes;
    this.#options.builders.rejects.append(record, position);
    this.#options.onReject?.(position, bytes, start, end, rejection, step);
    this.#rejectBytes += record.bytes.length;
    this.#rejectedBy[rejection.reason] = (this.#rejectedBy[rejection.reason] ?? 0) + 1;
    if (this.firstRejects.length < 1000) {
      this.firstRejects.push({ position, reason: rejection.reason, field: rejection.field, detail: rejection.detail });
    }
  }

  #count(reason: Dropped): void {
    this.#dropped++;
    this.#droppedBy[reason.reason] = (this.#droppedBy[reason.reason] ?? 0) + 1;
  }

  /** Closes the batch and returns the function that sends it. */
  #close(): () => Promise<void> {
    const { tenant, source, partition, builders } = this.#options;
    const { records, rejects } = builders;
    const planned = this.#options.oneBatch ? this.#options.resume.planned : undefined;
    const range: BatchRange = { tenant, source, partition, first: planned?.first ?? this.#first, last: planned?.last ?? this.#last };
    const counts = { read: this.#read, stored: records.rows, rejected: rejects.rows, dropped: this.#dropped };
    const blocks = { records: records.rows > 0 ? records.encode() : undefined, rejects: rejects.rows > 0 ? rejects.encode() : undefined };
    const facts: BatchFacts = {
      counts,
      rejectedBy: this.#rejectedBy,
      droppedBy: this.#droppedBy,
      eventFrom: Number.isFinite(this.#eventFrom) ? this.#eventFrom : 0,
      eventTo: this.#eventTo,
    };
    const ingestTime = this.#ingestTime;
    this.#first = -1;
    this.#full = false;
    this.#read = 0;
    this.#dropped = 0;
    this.#rejectedBy = {};
    this.#rejectBytes = 0;
    this.#recordBytes = 0;
    this.#droppedBy = {};
    this.#eventFrom = Number.POSITIVE_INFINITY;
    this.#eventTo = 0;
    return () => this.#send(range, ingestTime, blocks, facts);
  }

  async #send(
    range: BatchRange,
    ingestTime: number,
    blocks: { records: Uint8Array | undefined; rejects: Uint8Array | undefined },
    facts: BatchFacts,
  ): Promise<void> {
    const { store, ledger, kind, resume } = this.#options;
    const { digest } = this.#options;
    const file = (typeof digest === 'function' ? digest() : digest) ?? this.#options.file;
    const again = resume.planned !== undefined && range.first === resume.planned.first;
    if (!again) await ledger.plan(range, file, ingestTime);
    if (blocks.rejects) await store.insertBlock(reject.table, blocks.rejects, batchToken(range, reject.table));
    await this.#options.onPlanned?.(range);
    if (blocks.records) await store.insertBlock(kind.table, blocks.records, batchToken(range, kind.table));
    await ledger.stored(range, file, ingestTime, facts);
    const totals = this.#totals;
    totals.read += facts.counts.read;
    totals.stored += facts.counts.stored;
    totals.rejected += facts.counts.rejected;
    totals.dropped += facts.counts.dropped;
    if (facts.eventFrom > 0) totals.eventFrom = Math.min(totals.eventFrom, facts.eventFrom);
    totals.eventTo = Math.max(totals.eventTo, facts.eventTo);
  }
}

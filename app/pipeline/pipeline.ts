/** The joined path of one process: sources with their format, processors and ledger, and what they share: pseudonyms, reference, builders. */
import type { Logger } from 'pino';
import type { BatchCounts, BatchRange } from '../../core/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { Columns, Kind, RecordOf } from '../../core/column.ts';
import type { ProcessorContext, Pseudonym } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Format, Limits } from '../../ingest/decode/format.ts';
import { keepFacts, type MessageFacts } from '../../ingest/kafka/message-facts.ts';
import { createPseudonym, createRecentKeys, processorFor } from '../../processors/index.ts';
import type { Store } from '../../sql/store.ts';
import { secretFile } from '../clickhouse.ts';
import { builderPool } from './builder-pool.ts';
import { type BatchFacts, createLedger, type Ledger } from './ledger.ts';
import { type Outlet, openOutlet, publishingSource } from './outlet.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { type LiveReference, openReference } from './reference.ts';
import { type UnitBuilders, type UnitTotals, UnitWriter } from './unit-writer.ts';

export interface PipelineOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly pseudonymKey: Uint8Array;
  /** Names this process in the ledger. */
  readonly owner: string;
  readonly log: Logger;
}

/** A source made ready: compiled once, used for every unit. */
export interface PipelineSource {
  readonly name: string;
  readonly format: Format;
  readonly kind: Kind;
  readonly ledger: Ledger;
  readonly process: (record: RecordOf<Columns>, context: ProcessorContext) => Outcome;
  /** Where its records go instead of the tables. */
  readonly outlet?: Outlet;
}

/** One unit to take in: a file, an entry of an archive, a posted body. */
export interface Unit {
  readonly partition: string;
  /** Name without directories; empty for a posted body. */
  readonly file: string;
  /** SHA-256 of a posted body: the ledger keeps it in place of a file name. */
  readonly digest?: string;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** What is known of the messages that the bytes came in: one fact, and all that a reject of the bytes read now keeps. */
  readonly facts?: { of(name: string): string; kept(): MessageFacts };
  /** Bytes consumed so far, for progress. */
  readonly onProgress?: (bytes: number, totals: UnitTotals) => void;
  /** Aborted: stop after the batch in work; the unit is resumed later. */
  readonly signal?: AbortSignal;
}

export interface UnitResult {
  readonly totals: UnitTotals;
  readonly declared: ReturnType<ReturnType<Format['open']>['declared']>;
  readonly firstRejects: UnitWriter['firstRejects'];
  /** The error that ended the bytes early, after everything readable was stored. */
  readonly error: Error | undefined;
  /** True when the signal stopped it before its end. */
  readonly interrupted: boolean;
  /** The row that names the columns; empty where there is none. */
  readonly header: string;
}

/** A unit as blocks that are not sent yet. */
export interface CollectedUnit {
  readonly result: UnitResult;
  /** Its only range; undefined when it holds no position. */
  readonly range: BatchRange | undefined;
  readonly facts: BatchFacts | undefined;
  readonly records: Uint8Array | undefined;
  readonly rejects: Uint8Array | undefined;
}

export interface Pipeline {
  readonly store: Store;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly pseudonym: Pseudonym;
  readonly reference: LiveReference;
  /** Names this process in the ledger. */
  readonly owner: string;
  /** What processors ask, as it stands now: once per batch, together with `beginBatch`. */
  context(): ProcessorContext;
  /** A batch is begun: bounds the memory of business keys. */
  beginBatch(): void;
  source(name: string, format: Format, homeCountry?: string): PipelineSource;
  run(source: PipelineSource, unit: Unit): Promise<UnitResult>;
  /** The producer of this process, made when it is first asked for. @throws WeirError config_invalid */
  publisher(): Publisher;
  /** Ends what `publisher` began. */
  close(): Promise<void>;
  /**
   * Decodes and processes a small unit that the ledger does not know, and sends nothing: who joins several into one insert does.
   * Undefined when it does not fit into one batch.
   */
  collect(source: PipelineSource, unit: Unit, ingestTime: number): Promise<CollectedUnit | undefined>;
}

/** Opens the pipeline: loads the reference data and makes what is shared. */
export async function openPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { store, clock, settings, log } = options;
  const pseudonym = createPseudonym(options.pseudonymKey, { digitCacheBytes: settings.pseudonyms.cacheBytes });
  const recentKeys = createRecentKeys(settings.ingest.recentKeys);
  const reference = await openReference(store, settings.tenant, log);
  const pool = builderPool(settings.ingest.batchRecords);
  const limits: Partial<Limits> = { recordBytes: settings.ingest.maxRecordBytes };

  let opened: Publisher | undefined;
  const publisher = (): Publisher => {
    const { passwordFile } = settings.kafka;
    opened ??= createPublisher(settings.kafka, passwordFile ? secretFile(passwordFile) : '', log);
    return opened;
  };

  const context = (): ProcessorContext => ({ clock, pseudonym, recentKeys, reference: reference.current() });

  const run = async (source: PipelineSource, unit: Unit): Promise<UnitResult> => {
    const builders = await pool.take(source.kind);
    try {
      return await runUnit(source, unit, builders, { store, ledger: source.ledger, clock });
    } finally {
      pool.give(source.kind, builders);
    }
  };

  const runUnit = async (source: PipelineSource, unit: Unit, builders: UnitBuilders, into: UnitTarget): Promise<UnitResult> => {
    const resume = await into.ledger.resumePoint(unit.partition);
    const outlet = source.outlet && openOutlet(source.kind, store, source.outlet);
    const writer = new UnitWriter({
      store: outlet?.store ?? into.store,
      ledger: into.ledger,
      kind: source.kind,
      process: source.process,
      context: context(),
      clock: into.clock,
      builders: outlet ? { ...builders, records: outlet.records } : builders,
      tenant: settings.tenant,
      source: source.name,
      partition: unit.partition,
      file: unit.file,
      ...(unit.digest ? { digest: unit.digest } : {}),
      batchRecords: settings.ingest.batchRecords,
      resume,
      onBatch: () => recentKeys.nextBatch(),
    });
    const { facts } = unit;
    const decoder = source.format.open(writer, { fileName: unit.file, limits, ...(facts ? { facts: facts.of } : {}) });
    writer.headerOf = () => keepFacts(facts?.kept() ?? {}, decoder.header());
    let bytes = 0;
    let error: Error | undefined;
    let interrupted = false;
    try {
      for await (const chunk of unit.chunks) {
        let at = 0;
        while (at < chunk.length) {
          at = decoder.read(chunk, at);
          if (writer.full) await writer.flush();
        }
        bytes += chunk.length;
        unit.onProgress?.(bytes, writer.totals);
        if (unit.signal?.aborted) {
          interrupted = true;
          break;
        }
      }
    } catch (failure) {
      if (!isInputError(failure)) throw failure;
      error = failure as Error;
    }
    if (!interrupted) while (!decoder.end()) await writer.flush();
    const totals = interrupted ? await writer.abandon() : await writer.finish();
    return { totals, declared: decoder.declared(), firstRejects: writer.firstRejects, error, interrupted, header: decoder.header() };
  };

  const collect: Pipeline['collect'] = async (source, unit, ingestTime) => {
    // What is published too goes out batch by batch.
    if (source.outlet) return undefined;
    const builders = await pool.take(source.kind);
    const caught = catchBlocks(source.kind.table);
    try {
      const into = { store: caught.store, ledger: caught.ledger, clock: { now: () => ingestTime } };
      const result = await runUnit(source, unit, builders, into);
      return caught.batches > 1 ? undefined : { result, ...caught.unit };
    } finally {
      pool.give(source.kind, builders);
    }
  };

  return {
    store,
    settings,
    clock,
    pseudonym,
    reference,
    owner: options.owner,
    context,
    beginBatch: () => recentKeys.nextBatch(),
    source(name, format, homeCountry) {
      const { kind } = format;
      const { tenant } = settings;
      const configured = settings.sources[name];
      const topic = configured && 'publishTo' in configured ? configured.publishTo : undefined;
      const ready: PipelineSource = {
        name,
        format,
        kind,
        ledger: createLedger(store, { tenant, source: name, kind: kind.name, table: kind.table, owner: options.owner }, clock),
        process: processorFor(kind, { homeCountry: homeCountry ?? settings.country }),
      };
      return topic ? publishingSource(ready, { topic, publisher }) : ready;
    },
    run,
    publisher,
    close: async () => opened?.close(),
    collect,
  };
}

/** Where the batches of a unit go. */
interface UnitTarget {
  readonly store: Pick<Store, 'insertBlock'>;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** Takes the place of store and ledger, and keeps what would have been sent. */
function catchBlocks(table: string): UnitTarget & { batches: number; unit: Omit<CollectedUnit, 'result'> } {
  const none: BatchCounts = { read: 0, stored: 0, rejected: 0, dropped: 0 };
  const caught = {
    batches: 0,
    unit: { range: undefined, facts: undefined, records: undefined, rejects: undefined } as Omit<CollectedUnit, 'result'>,
    clock: { now: () => 0 },
    store: {
      insertBlock: async (to: string, block: Uint8Array) => {
        caught.unit = { ...caught.unit, ...(to === table ? { records: block } : { rejects: block }) };
      },
    },
    ledger: {
      resumePoint: async () => ({
        storedTo: -1,
        planned: undefined,
        file: '',
        counts: none,
        eventFrom: Number.POSITIVE_INFINITY,
        eventTo: 0,
      }),
      plan: async () => undefined,
      stored: async (range: BatchRange, _file: string, _plannedAt: number, facts: BatchFacts) => {
        caught.batches++;
        caught.unit = { ...caught.unit, range, facts };
      },
    },
  };
  return caught;
}

/** Errors of the bytes themselves, after which the readable part still counts; anything else is ours or the store's. */
function isInputError(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === 'file_truncated' || code === 'file_bomb' || code === 'file_unreadable' || code === 'body_unreadable';
}

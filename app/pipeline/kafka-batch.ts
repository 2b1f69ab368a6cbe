/** One batch of a topic partition while it is filled. */
import { reject } from '../../core/kinds/index.ts';
import type { KafkaMessage } from '../../ingest/kafka/consumer.ts';
import { newBlockBuilder } from '../../sql/native/builder.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { PartitionDesk } from './kafka-desk.ts';
import { markOf, type PlannedRange } from './kafka-ledger.ts';
import type { Ledger } from './ledger.ts';
import { type UnitBuilders, type UnitOptions, UnitWriter } from './unit-writer.ts';

export interface OpenBatch {
  readonly writer: UnitWriter;
  readonly builders: UnitBuilders;
  readonly letters: DeadLetters | undefined;
  /** Identities of its messages that state one. */
  readonly ids: string[];
  /** By the monotonic clock, ms. */
  readonly openedAt: number;
  /** The range that it must be, where one was planned and perhaps not stored. */
  readonly planned: PlannedRange | undefined;
  readonly first: KafkaMessage;
  last: KafkaMessage;
  full: boolean;
}

export interface BatchBegin {
  /** The first message of the batch. */
  readonly message: KafkaMessage;
  readonly planned: PlannedRange | undefined;
  /** Name of the partition in the ledger. */
  readonly partition: string;
  /** The ledger to write the range with, asked when it is sent. */
  readonly chain: () => Ledger;
}

const nothingStored = {
  counts: { read: 0, stored: 0, rejected: 0, dropped: 0 },
  eventFrom: Number.POSITIVE_INFINITY,
  eventTo: 0,
  storedTo: -1,
  file: '',
};

/** Rows that the builders of a planned range may have at most. */
const mostPlannedRows = 700_000;

/** Opens a batch with its first message, which is not read yet; undefined when all builders are in use. */
export function openBatch(desk: PartitionDesk, { message, planned, partition, chain }: BatchBegin): OpenBatch | undefined {
  const { pipeline, source } = desk;
  const builders = planned ? buildersOf(desk, planned) : desk.takeBuilders();
  if (!builders) return undefined;
  const letters = desk.deadLetters?.();
  const batch: OpenBatch = {
    writer: new UnitWriter({
      store: pipeline.store,
      ledger: {
        resumePoint: (name) => chain().resumePoint(name),
        plan: (range, file, plannedAt) => chain().plan(range, file, plannedAt),
        stored: (range, file, plannedAt, facts) => chain().stored(range, file, plannedAt, facts),
      },
      kind: source.kind,
      process: source.process,
      context: pipeline.context(),
      clock: pipeline.clock,
      builders,
      tenant: pipeline.settings.tenant,
      source: source.name,
      partition,
      file: '',
      digest: () => `${markOf(batch.first)}-${markOf(batch.last)}`,
      oneBatch: true,
      scratch: desk.scratch,
      batchRecords: Number.MAX_SAFE_INTEGER / 2,
      resume: { ...nothingStored, planned },
      onBatch: () => pipeline.beginBatch(),
      ...(letters ? { onReject: rejectHook(desk, letters, partition) } : {}),
      onPlanned: async (range) => {
        await letters?.send();
        if (batch.ids.length > 0) await desk.ledger.keepIds(range, batch.ids);
      },
    }),
    builders,
    letters,
    ids: [],
    openedAt: performance.now(),
    planned,
    first: message,
    last: message,
    full: false,
  };
  batch.writer.headerOf = () => desk.reader.header();
  return batch;
}

function rejectHook(
  { pipeline, source, recordsPerMessage, reader }: PartitionDesk,
  letters: DeadLetters,
  partition: string,
): NonNullable<UnitOptions['onReject']> {
  const { tenant } = pipeline.settings;
  return (position, bytes, start, end, rejection, step) => {
    const message = reader.current();
    if (!message) return;
    const facts = { tenant, source: source.name, partition, position, recordsPerMessage, rejection, step };
    letters.keep(message, bytes.subarray(start, end), facts);
  };
}

/** A planned range may hold more than a batch of today's settings. */
function buildersOf({ pipeline, source }: PartitionDesk, planned: PlannedRange): UnitBuilders {
  const most = Math.min(planned.last - planned.first + 1, mostPlannedRows);
  const capacity = Math.max(most, pipeline.settings.ingest.batchRecords);
  return { records: newBlockBuilder(source.kind, capacity), rejects: newBlockBuilder(reject, capacity) };
}

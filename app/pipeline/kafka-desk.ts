/** What the partitions of a source share. */
import type { InFlight } from '../../ingest/kafka/in-flight.ts';
import type { MessageReader } from '../../ingest/kafka/message-reader.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { KafkaLedger } from './kafka-ledger.ts';
import type { KafkaLoss } from './kafka-open.ts';
import type { KafkaPartition } from './kafka-partition.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';
import type { UnitBuilders, UnitTotals, WriterScratch } from './unit-writer.ts';

export interface PartitionDesk {
  readonly pipeline: Pipeline;
  readonly source: PipelineSource;
  readonly ledger: KafkaLedger;
  readonly inFlight: InFlight;
  readonly reader: MessageReader;
  readonly scratch: WriterScratch;
  readonly recordsPerMessage: number;
  /** Begins the dead letters of a batch; absent = the source has no topic for them. */
  readonly deadLetters?: () => DeadLetters;
  /** Builders to fill; undefined = all are in use. */
  takeBuilders(): UnitBuilders | undefined;
  giveBuilders(builders: UnitBuilders): void;
  /** A batch is stored, and all below `offset` may be committed. */
  stored(partition: KafkaPartition, offset: number, totals: UnitTotals): void;
  /** A planned range cannot be read again as it was, and the tables have nothing of it. */
  lost(loss: KafkaLoss): void;
  /** The partition must be opened again. */
  failed(partition: KafkaPartition, error: Error, after?: string): void;
}

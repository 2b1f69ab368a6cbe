/** Where a topic partition begins: what the ledger knows, held against what the topic still has. */
import type { TopicConsumer, TopicPartition, Watermarks } from '../../ingest/kafka/consumer.ts';
import { firstPosition, offsetOf } from '../../ingest/kafka/message-reader.ts';
import type { KafkaLedger, KafkaResume } from './kafka-ledger.ts';

/** The topic ends before what is stored: it is another one, or a broker that has just come back does not know its end yet. */
export class TooShort extends Error {
  override name = 'TooShort';
}

/** Records that are gone from the topic before they were read: offsets `from` to `to`. */
export interface KafkaLoss {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly why: 'retention' | 'planned';
}

export interface Opening {
  readonly resume: KafkaResume;
  readonly next: number;
  /** Offset of a message that must be the one that the ledger knows; -1 = none. */
  readonly checkAt: number;
  readonly high: number;
}

export interface OpeningOptions {
  readonly consumer: Pick<TopicConsumer, 'watermarks' | 'committed'>;
  readonly ledger: KafkaLedger;
  readonly tenant: string;
  readonly source: string;
  readonly recordsPerMessage: number;
  readonly startAt: 'earliest' | 'latest';
  /** A topic that ends before what is stored is another topic: it has been so for a while. */
  readonly certain: boolean;
  /** Offset at which it was begun in this process, where the ledger does not know it yet; -1 = none. */
  readonly begun: number;
  /** Tells of records that nobody can read any more. */
  readonly onLoss: (loss: KafkaLoss) => void;
  /** Tells that the topic was deleted and made anew. */
  readonly onNewTopic: (partition: string) => void;
}

/**
 * Asks the ledger and the broker, and writes what is lost. Rejects when one of them does not answer.
 * @param after name in the ledger that turned out to be that of a deleted topic
 */
export async function openPartition(options: OpeningOptions, id: TopicPartition, after?: string): Promise<Opening> {
  const { consumer, ledger, recordsPerMessage: per } = options;
  const { low, high } = await consumer.watermarks(id);
  const resume = await ledger.resume(id, after);
  const { storedTo, planned } = resume;
  if (storedTo < 0 && !planned) return beginning(options, id, resume, { low, high });
  const storedOffset = storedTo < 0 ? -1 : offsetOf(storedTo, per);
  const anchor = storedOffset >= 0 ? storedOffset : offsetOf(planned?.first ?? 0, per);
  if (anchor >= high) {
    if (!options.certain) throw new TooShort(`${resume.partition}: offset ${anchor} is stored, but the topic ends at ${high}`);
    // The topic never held that message: it is another topic of the same name, or its end was lost with a leader.
    options.onNewTopic(resume.partition);
    return openPartition(options, id, resume.partition);
  }
  if (planned && offsetOf(planned.first, per) < low) {
    const found = await ledger.settle(resume);
    if (found === 0) options.onLoss(lossOf(id, offsetOf(planned.first, per), offsetOf(planned.last, per), 'planned'));
    return openPartition(options, id, after);
  }
  if (anchor < low) {
    // The message of the last stored position is gone: so may be others that were never read.
    if (storedOffset + 1 >= low) return { resume, next: storedOffset + 1, checkAt: -1, high };
    return skipLost(options, id, resume, storedOffset + 1, { low, high });
  }
  const known = storedOffset >= 0 ? resume.storedMark !== '' : planned?.firstMark !== '';
  return { resume, next: storedOffset >= 0 ? storedOffset + 1 : anchor, checkAt: known ? anchor : -1, high };
}

/** Nothing of it is stored. What the group committed counts for the first topic of that name alone: offsets of a deleted one say nothing. */
async function beginning(options: OpeningOptions, id: TopicPartition, resume: KafkaResume, { low, high }: Watermarks): Promise<Opening> {
  const isFirst = !resume.partition.includes('#');
  const committed = options.begun >= 0 ? options.begun : isFirst ? await options.consumer.committed(id) : undefined;
  if (committed !== undefined && committed < low) return skipLost(options, id, resume, committed, { low, high });
  if (committed !== undefined && committed <= high) return { resume, next: committed, checkAt: -1, high };
  return { resume, next: isFirst && options.startAt === 'latest' ? high : low, checkAt: -1, high };
}

/** Messages from `from` on were never read and are gone: the ledger says so, and the chain goes on behind them. */
async function skipLost(
  { ledger, recordsPerMessage: per, tenant, source, onLoss }: OpeningOptions,
  id: TopicPartition,
  resume: KafkaResume,
  from: number,
  { low, high }: Watermarks,
): Promise<Opening> {
  const last = firstPosition(low, per) - 1;
  const first = Math.max(resume.storedTo + 1, firstPosition(from, per));
  await ledger.lost({ tenant, source, partition: resume.partition, first, last }, resume.storedTo, resume.epoch);
  onLoss(lossOf(id, from, low - 1, 'retention'));
  return { resume: { ...resume, storedTo: last, storedMark: '' }, next: low, checkAt: -1, high };
}

const lossOf = ({ topic, partition }: TopicPartition, from: number, to: number, why: KafkaLoss['why']): KafkaLoss => ({
  topic,
  partition,
  from,
  to,
  why,
});

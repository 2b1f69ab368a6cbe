/** Where a topic partition begins: what the ledger knows, held against what the topic still has. */
import type { TopicConsumer, TopicPartition } from '../../ingest/kafka/consumer.ts';
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
  if (storedTo < 0 && !planned) return { resume, next: await beginning(options, id, low, high), checkAt: -1, high };
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
  if (anchor < low) return behindRetention(options, id, resume, low, high);
  const known = storedOffset >= 0 ? resume.storedMark !== '' : planned?.firstMark !== '';
  return { resume, next: storedOffset >= 0 ? storedOffset + 1 : anchor, checkAt: known ? anchor : -1, high };
}

async function beginning(
  { consumer, startAt, begun, onLoss }: OpeningOptions,
  id: TopicPartition,
  low: number,
  high: number,
): Promise<number> {
  const committed = begun >= 0 ? begun : await consumer.committed(id);
  if (committed !== undefined && committed >= low && committed <= high) return committed;
  if (committed !== undefined && committed < low) {
    onLoss(lossOf(id, committed, low - 1, 'retention'));
    return low;
  }
  return startAt === 'latest' ? high : low;
}

/** The message of the last stored position is gone: so may be others that were never read. */
async function behindRetention(
  options: OpeningOptions,
  id: TopicPartition,
  resume: KafkaResume,
  low: number,
  high: number,
): Promise<Opening> {
  const { ledger, recordsPerMessage: per, tenant, source } = options;
  const from = offsetOf(resume.storedTo, per) + 1;
  if (from >= low) return { resume, next: from, checkAt: -1, high };
  const last = firstPosition(low, per) - 1;
  const range = { tenant, source, partition: resume.partition, first: resume.storedTo + 1, last };
  await ledger.lost(range, resume.storedTo, resume.epoch);
  options.onLoss(lossOf(id, from, low - 1, 'retention'));
  return { resume: { ...resume, storedTo: last, storedMark: '' }, next: low, checkAt: -1, high };
}

const lossOf = ({ topic, partition }: TopicPartition, from: number, to: number, why: KafkaLoss['why']): KafkaLoss => ({
  topic,
  partition,
  from,
  to,
  why,
});

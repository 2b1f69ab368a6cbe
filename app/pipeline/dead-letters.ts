/**
 * The dead letters of one batch of messages: what was rejected, with its original bytes, key and headers, and headers that say why and where
 * it stood. They are sent after the range is planned and before anything of it counts as stored, so each is there at least once; a
 * range that is sent again after a crash sends its letters again, with the same `weir-id`.
 */
import type { Rejected } from '../../core/outcome.ts';
import type { KafkaMessage } from '../../ingest/kafka/consumer.ts';
import { offsetOf } from '../../ingest/kafka/message-reader.ts';
import { NotSent, type OutgoingMessage } from '../../ingest/kafka/producer.ts';
import type { Publisher } from './publisher.ts';
import type { RejectStep } from './unit-writer.ts';

/** Where a record was rejected, and why. */
export interface LetterFacts {
  readonly tenant: string;
  readonly source: string;
  /** Name of the partition in the ledger. */
  readonly partition: string;
  readonly position: number;
  readonly recordsPerMessage: number;
  readonly rejection: Rejected;
  readonly step: RejectStep;
}

export interface DeadLetters {
  /** Bytes held. */
  readonly bytes: number;
  /** The bytes are copied. */
  keep(message: KafkaMessage, value: Uint8Array, facts: LetterFacts): void;
  /** Resolves when the topic has all of them. Rejects when it does not: the batch must not count as stored. */
  send(): Promise<void>;
}

/** Bytes that are kept of a letter that the topic refuses for its size. */
const cutBytes = 65_536;

/** The letters of one batch, for one topic. */
export function newDeadLetters(publisher: Publisher, topic: string): DeadLetters {
  let letters: OutgoingMessage[] = [];
  let bytes = 0;
  const sendAlone = async (letter: OutgoingMessage): Promise<void> => {
    try {
      await publisher.send(topic, [letter]);
    } catch (error) {
      if (!(error instanceof NotSent) || !error.tooLarge) throw error;
      // The rest of such a record is in the source topic only; a partition must not stand still for it.
      await publisher.send(topic, [cut(letter)]);
    }
  };
  return {
    get bytes() {
      return bytes;
    },
    keep(message, value, facts) {
      letters.push(letterOf(message, Buffer.from(value), facts));
      bytes += value.length;
    },
    async send() {
      try {
        await publisher.send(topic, letters);
      } catch (error) {
        if (!(error instanceof NotSent) || !error.tooLarge) throw error;
        // Alone, for a topic may refuse a batch where it takes its messages.
        for (const at of error.failed) await sendAlone(letters[at] as OutgoingMessage);
      }
      letters = [];
      bytes = 0;
    },
  };
}

/** One rejected record as a message: headers of its own first, then those that it came with. */
export function letterOf(
  message: KafkaMessage,
  value: Buffer,
  { tenant, source, partition, position, recordsPerMessage, rejection, step }: LetterFacts,
): OutgoingMessage {
  const ours: (readonly [string, string])[] = [
    ['weir-id', `${tenant}/${source}/${partition}/${position}`],
    ['weir-reason', rejection.reason],
    ['weir-step', step],
    ['weir-field', rejection.field],
    ['weir-detail', rejection.detail],
    ['weir-source', source],
    ['weir-topic', message.topic],
    ['weir-partition', String(message.partition)],
    ['weir-offset', String(offsetOf(position, recordsPerMessage))],
    ['weir-record', String(position % recordsPerMessage)],
  ];
  const theirs = (message.headers ?? []).flatMap((header) => Object.entries(header));
  return {
    key: message.key ?? null,
    // A tombstone in a compacted topic would delete: no value is an empty one here.
    value,
    ...(message.timestamp !== undefined && message.timestamp > 0 ? { timestamp: message.timestamp } : {}),
    headers: [...ours, ...theirs],
  };
}

function cut(letter: OutgoingMessage): OutgoingMessage {
  const { value } = letter;
  return {
    ...letter,
    value: value?.subarray(0, cutBytes) ?? null,
    headers: [...(letter.headers ?? []), ['weir-truncated', String(value?.length ?? 0)]],
  };
}

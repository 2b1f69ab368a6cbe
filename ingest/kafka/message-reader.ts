/**
 * A message to records. Position of a record = offset x records per message + its number within the message: of a topic partition each
 * position is one record for ever, however it is read again. What a message holds that cannot be read costs that message alone.
 */
import type { RecordSink } from '../../core/decoder.ts';
import { rejected } from '../../core/outcome.ts';
import { newRecord, resetter } from '../../core/record.ts';
import { defaultLimits, type Format, type Limits } from '../decode/format.ts';
import type { KafkaMessage } from './consumer.ts';
import { factOf, keepFacts } from './message-facts.ts';

export interface MessageReaderOptions {
  readonly format: Format;
  readonly recordsPerMessage: number;
  readonly limits: Partial<Limits>;
  /** Names of the facts of a message that its rejects keep. */
  readonly keptFacts?: readonly string[];
}

export interface MessageReader {
  /** Reports what the message holds to the sink: at least one position, and none that another message has. */
  read(message: KafkaMessage, sink: RecordSink): void;
  /** What it takes to read a record of the message read last again: its facts as far as they are kept, and its header row. */
  header(): string;
  /** The message read last. */
  current(): KafkaMessage | undefined;
}

const nothing = Buffer.alloc(0);
const isNull = rejected('unreadable', '', 'a message without a value (tombstone)');
const isEmpty = rejected('unreadable', '', 'an empty message');
const isBlank = rejected('unreadable', '', 'a message without a record');

/** First position of a message. */
export const firstPosition = (offset: number, recordsPerMessage: number): number => offset * recordsPerMessage;

/** The message that a position lies in. @example offsetOf(2005, 1000) // 2 */
export const offsetOf = (position: number, recordsPerMessage: number): number => Math.floor(position / recordsPerMessage);

export function createMessageReader({ format, recordsPerMessage, limits, keptFacts = [] }: MessageReaderOptions): MessageReader {
  let current: KafkaMessage | undefined;
  let header = '';
  const facts = (name: string): string => (current ? factOf(current, name) : '');
  const { recordBytes } = { ...defaultLimits, ...limits };
  const single = recordsPerMessage === 1 ? format.reader?.({ limits, facts }) : undefined;
  const reset = resetter(format.kind) as (record: object) => void;
  const counter = createCounter(format, limits);
  const tooMany = rejected('too_long', '', `more than ${recordsPerMessage} records in a message`);

  const readOne = (value: Buffer, position: number, sink: RecordSink): void => {
    let end = value.length;
    while (end > 0 && (value[end - 1] as number) <= 32) end--;
    if (end === 0) return void sink.reject(position, value, 0, value.length, isBlank);
    const begun = (single as NonNullable<typeof single>).begin(value, 0, end);
    if (typeof begun !== 'number') return void sink.reject(position, value, 0, end, begun);
    const outcome = (single as NonNullable<typeof single>).fill(0, sink.record);
    if (outcome === null) return void sink.accept(position, value, 0, end);
    reset(sink.record);
    if (outcome.kind === 'dropped') sink.drop(position, outcome);
    else sink.reject(position, value, 0, end, outcome);
  };

  const readMany = (value: Buffer, position: number, sink: RecordSink): void => {
    let found = 0;
    const counting: RecordSink = {
      record: sink.record,
      accept: (at, bytes, start, end) => {
        found++;
        return sink.accept(at, bytes, start, end);
      },
      reject: (at, bytes, start, end, rejection) => {
        found++;
        return sink.reject(at, bytes, start, end, rejection);
      },
      drop: (at, reason) => {
        found++;
        return sink.drop(at, reason);
      },
    };
    const decoder = format.open(counting, { firstPosition: position, limits, facts });
    for (let at = 0; at < value.length; ) {
      at = decoder.read(value, at);
      header = decoder.header();
    }
    while (!decoder.end());
    header = decoder.header();
    if (found === 0) sink.reject(position, value, 0, value.length, isBlank);
  };

  return {
    header: () => (keptFacts.length === 0 ? header : keepFacts(Object.fromEntries(keptFacts.map((name) => [name, facts(name)])), header)),
    current: () => current,
    read(message, sink) {
      const { value } = message;
      const position = firstPosition(message.offset, recordsPerMessage);
      header = '';
      current = message;
      if (value === null) return void sink.reject(position, nothing, 0, 0, isNull);
      if (value.length === 0) return void sink.reject(position, nothing, 0, 0, isEmpty);
      if (single) {
        if (value.length <= recordBytes) return readOne(value, position, sink);
        return void sink.reject(position, value, 0, value.length, rejected('too_long', '', `longer than ${recordBytes} bytes`));
      }
      // What is counted beforehand is thrown away: only where the message could hold more positions than it may.
      if (mayHoldMore(format, value, recordsPerMessage) && counter(value) > recordsPerMessage)
        return void sink.reject(position, value, 0, value.length, tooMany);
      readMany(value, position, sink);
    },
  };
}

/** False only when it cannot: where no line holds more than one position, their number is that of the lines at most. */
function mayHoldMore({ lines }: Format, value: Buffer, most: number): boolean {
  // Told by its first bytes: an object that goes on in its first line is one of many lines.
  const byLines = lines === 'always' || (lines === 'auto' && value[0] === 123 && value[1] === 34);
  if (!byLines) return true;
  let count = 1;
  for (let at = value.indexOf(10); at >= 0 && at < value.length - 1; at = value.indexOf(10, at + 1)) if (++count > most) return true;
  return false;
}

function createCounter(format: Format, limits: Partial<Limits>): (value: Buffer) => number {
  const record = newRecord(format.kind);
  const reset = resetter(format.kind);
  return (value) => {
    let count = 0;
    const one = (): boolean => {
      count++;
      reset(record);
      return true;
    };
    const decoder = format.open({ record, accept: one, reject: one, drop: one }, { limits });
    for (let at = 0; at < value.length; ) at = decoder.read(value, at);
    while (!decoder.end());
    return count;
  };
}

/**
 * The load of the ingest benchmark as JSON messages: the same records under short names, one to a message or many. Run as a program it fills a
 * topic: `npx tsx bench/kafka-load.ts BROKERS TOPIC RECORDS PER_MESSAGE FIRST PARTITIONS [PER_SECOND]`.
 */
import { pathToFileURL } from 'node:url';
import type { Mapping } from '../core/settings/mapping.ts';
import { kafkaLibrary } from '../ingest/kafka/library.ts';
import { defaultLoad, type LoadFacts, type LoadOptions, loadHeader, loadMapping, record } from './load.ts';

/** Name in the message of each column of the load. */
export const shortNames: Readonly<Record<string, string>> = Object.fromEntries(
  loadHeader.split(',').map((name, at) => [name, String.fromCharCode(at < 26 ? 97 + at : 65 + at - 26)]),
);

const names = Object.values(shortNames);
const sequenceName = shortNames['Sequence'] as string;

/** How the messages become usage records: the mapping of the load under short names. */
export const jsonMapping: Mapping = {
  format: 'json',
  kind: 'usage',
  layout: 'lines',
  timeZone: 'UTC',
  constants: loadMapping.constants ?? {},
  columns: JSON.parse(
    JSON.stringify(loadMapping.columns, (_, value: unknown) => (typeof value === 'string' ? (shortNames[value] ?? value) : value)),
  ) as Mapping['columns'],
};

const numbers = new Set(
  ['Sequence', 'Duration', 'BillableDuration', 'Cause', 'PostDialDelay', 'SetupDelay', 'Mos', 'Jitter', 'Loss'].map(
    (name) => shortNames[name],
  ),
);

/** Several to a message: ClickHouse's own engine passes over a whole message when one of its records cannot be read, so that both would not store the same. */
const packedLoad: LoadOptions = { ...defaultLoad, wellFormed: true };

/** Record `i` as the text of an object; one cut short is half an object. */
export function jsonRecord(i: number, facts: LoadFacts, options: LoadOptions = defaultLoad): string {
  const values = record(i, options, facts).split(',');
  let text = '{';
  for (const [at, value] of values.entries()) {
    const name = names[at] as string;
    const plain = numbers.has(name) && /^-?\d+(\.\d+)?$/.test(value);
    text += `${at > 0 ? ',' : ''}"${name}":${value === '' ? 'null' : plain ? value : `"${value}"`}`;
  }
  return values.length === names.length ? `${text}}` : text;
}

/** Stands where the instant of sending is written, of the same length. */
const placeholder = '0000000000000';

/** Records ready to be sent at a rate, one to a message: making them costs more than sending them, and would be taken from what is measured. */
function prepared(first: number, records: number, facts: LoadFacts): Buffer[] {
  const load: Buffer[] = [];
  for (let at = first; at < first + records; at++) {
    const text = jsonRecord(at, facts).replace(`"${sequenceName}":${at}`, `"${sequenceName}":${placeholder}`);
    load.push(Buffer.from(text, 'latin1'));
    facts.bytes += text.length;
  }
  return load;
}

export interface FillOptions {
  readonly brokers: string;
  readonly topic: string;
  readonly records: number;
  readonly perMessage: number;
  readonly first: number;
  readonly partitions: number;
  /** Records a second, one to a message, each with the ms since 1970 at which it was sent in place of its sequence number; 0 = as fast as they go. */
  readonly perSecond?: number;
}

/** Sends the records, lz4-compressed, spread over the partitions; resolves when all are taken. */
export async function fillTopic({
  brokers,
  topic,
  records,
  perMessage,
  first,
  partitions,
  perSecond = 0,
}: FillOptions): Promise<LoadFacts> {
  const library = await kafkaLibrary((text) => console.error(text));
  const producer = new library.Producer(
    {
      'bootstrap.servers': brokers,
      'linger.ms': perSecond > 0 ? 5 : 50,
      'batch.size': 1_000_000,
      'queue.buffering.max.messages': 500_000,
      'queue.buffering.max.kbytes': 262_144,
      'compression.codec': 'lz4',
    },
    { 'request.required.acks': 1 },
  );
  await new Promise<void>((resolve, reject) => producer.connect({ timeout: 30_000 }, (error) => (error ? reject(error) : resolve())));
  const facts: LoadFacts = { records, bytes: 0, rejected: 0, billableSeconds: 0, charge: 0 };
  if (perSecond > 0) {
    const load = prepared(first, records, facts);
    const began = Date.now();
    console.log(`began ${began}`);
    for (const [at, value] of load.entries()) {
      while ((at / perSecond) * 1000 > Date.now() - began) {
        producer.poll();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      value.write(String(Date.now()), value.lastIndexOf(placeholder), 'latin1');
      await send(producer, topic, at % partitions, value);
    }
  } else {
    let message = 0;
    for (let i = first; i < first + records; i += perMessage, message++) {
      const texts: string[] = [];
      for (let at = i; at < Math.min(i + perMessage, first + records); at++)
        texts.push(jsonRecord(at, facts, perMessage > 1 ? packedLoad : defaultLoad));
      const value = Buffer.from(texts.join('\n'), 'latin1');
      facts.bytes += value.length;
      await send(producer, topic, Math.floor(message / 500) % partitions, value);
    }
  }
  await new Promise<void>((resolve, reject) => producer.flush(120_000, (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => producer.disconnect(10_000, () => resolve()));
  return facts;
}

async function send(producer: import('node-rdkafka').Producer, topic: string, partition: number, value: Buffer): Promise<void> {
  for (;;) {
    try {
      producer.produce(topic, partition, value, null, Date.now());
      return;
    } catch {
      // The queue is full.
      producer.poll();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [brokers = '', topic = '', records, perMessage, first, partitions, perSecond = '0'] = process.argv.slice(2);
  const facts = await fillTopic({
    brokers,
    topic,
    records: Number(records),
    perMessage: Number(perMessage),
    first: Number(first),
    partitions: Number(partitions),
    perSecond: Number(perSecond),
  });
  console.log(JSON.stringify(facts));
  process.exit(0);
}

/** What is known of a message beside its value, for a mapping; and how it is kept with a rejected record, to be read again later. */
import type { Mapping } from '../../core/settings/mapping.ts';
import type { KafkaMessage } from './consumer.ts';

/** Facts by name: key, timestamp, topic, partition, offset, header:NAME. */
export type MessageFacts = Readonly<Record<string, string>>;

/** One fact; empty = the message does not have it. */
export function factOf(message: KafkaMessage, name: string): string {
  if (name === 'key') return message.key?.toString() ?? '';
  if (name === 'timestamp')
    return message.timestamp !== undefined && message.timestamp > 0 ? new Date(message.timestamp).toISOString() : '';
  if (name === 'topic') return message.topic;
  if (name === 'partition') return String(message.partition);
  if (name === 'offset') return String(message.offset);
  const wanted = name.slice('header:'.length);
  for (const header of message.headers ?? []) if (Object.hasOwn(header, wanted)) return String(header[wanted]);
  return '';
}

/**
 * Names of the facts that a mapping asks for.
 * @example factsAskedFor({ format: 'json', kind: 'usage', columns: { node: { message: 'key' }, leg: 'leg' } }) // ['key']
 */
export function factsAskedFor(mapping: Mapping | undefined): readonly string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { message } = value as { message?: unknown };
    if (typeof message === 'string') found.add(message);
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(mapping?.columns);
  return [...found];
}

/** Begins what is kept of facts: a character that no header row begins with. */
const mark = '\u0001';

/**
 * The facts as one line in front of the header row, kept with a reject.
 * @example readKept(keepFacts({ key: 'msc-9' }, 'a,b')) // { facts: { key: 'msc-9' }, header: 'a,b' }
 */
export function keepFacts(facts: MessageFacts, header: string): string {
  return Object.keys(facts).length === 0 ? header : `${mark}${JSON.stringify(facts)}\n${header}`;
}

/** What {@link keepFacts} wrote; a header row alone has no facts. */
export function readKept(kept: string): { readonly facts: MessageFacts; readonly header: string } {
  const end = kept.indexOf('\n');
  if (!kept.startsWith(mark) || end < 0) return { facts: {}, header: kept };
  return { facts: JSON.parse(kept.slice(1, end)) as MessageFacts, header: kept.slice(end + 1) };
}

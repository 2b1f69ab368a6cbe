/**
 * Identities of messages that a topic partition has brought: what Weir published carries one, and what is sent again after a crash carries the
 * same. Bounded: the oldest are forgotten first.
 *
 * @example
 * const ids = newMessageIds(['a']);
 * ids.take('a'); // false: it was there
 * ids.take('b'); // true
 */
import type { KafkaMessage } from '../../ingest/kafka/consumer.ts';

export interface MessageIds {
  /** Notes an identity; false when it was known. */
  take(id: string): boolean;
}

/** Identities that are remembered of a partition: about 20 MB. */
export const mostMessageIds = 100_000;

/** @param known identities, the oldest first */
export function newMessageIds(known: readonly string[] = [], most = mostMessageIds): MessageIds {
  const ids = new Set(known);
  return {
    take(id) {
      if (ids.has(id)) return false;
      ids.add(id);
      if (ids.size > most)
        for (const oldest of ids) {
          ids.delete(oldest);
          break;
        }
      return true;
    },
  };
}

/** The identity that a message states; empty = none. */
export function idOf({ headers }: Pick<KafkaMessage, 'headers'>): string {
  for (const header of headers ?? []) if (Object.hasOwn(header, 'weir-id')) return String(header['weir-id']);
  return '';
}

/** Records that a message says it holds: 1 where it says nothing, never more than it may. @example recordsOf({ headers: [{ 'weir-records': '7' }] }, 100) // 7 */
export function recordsOf({ headers }: Pick<KafkaMessage, 'headers'>, most: number): number {
  for (const header of headers ?? []) {
    if (!Object.hasOwn(header, 'weir-records')) continue;
    const count = Number(String(header['weir-records']));
    return Number.isInteger(count) && count >= 1 ? Math.min(count, most) : 1;
  }
  return 1;
}

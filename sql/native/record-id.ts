/** The identity of a record: the same position of the same source has the same, however often it is read. */
import { createHash } from 'node:crypto';

/**
 * First half of the record ids of a partition: the first 64 bits of SHA-256 over tenant, source and partition, each ended by a zero byte.
 * @example recordIdPrefix('demo', 'msc', 'a') === recordIdPrefix('demo', 'msc', 'a') // true
 */
export function recordIdPrefix(tenant: string, source: string, partition: string): bigint {
  return createHash('sha256').update(`${tenant}\0${source}\0${partition}\0`).digest().readBigUInt64BE(0);
}

/**
 * The id as ClickHouse prints a UUID: the prefix, then the position.
 * @example recordId(1n, 255) // '00000000-0000-0001-0000-0000000000ff'
 */
export function recordId(prefix: bigint, position: number): string {
  const digits = prefix.toString(16).padStart(16, '0') + position.toString(16).padStart(16, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

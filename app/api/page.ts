/** Pages of a list by key: where one page ended is where the next one begins, whatever came in between. */
import { WeirError } from '../../core/errors.ts';
import { readInstant, writeInstant } from '../../core/row.ts';

export interface After {
  readonly after_at: string;
  readonly after_id: string;
}

/** Before everything in descending order. */
const start: After = { after_at: '2299-01-01 00:00:00.000', after_id: '' };

/**
 * The key of the last entry, for the client to hand back.
 * @example cursorOf('2026-11-21 10:00:00.000', 'inc_a') // 'MjAyNi0xMS0yMSAxMDowMDowMC4wMDB8aW5jX2E'
 */
export function cursorOf(at: string, id: string): string {
  return Buffer.from(`${at}|${id}`).toString('base64url');
}

/** @throws WeirError usage when the cursor is not one of ours */
export function afterOf(cursor: string | undefined): After {
  if (cursor === undefined) return start;
  const decoded = Buffer.from(cursor, 'base64url').toString('utf8');
  const at = decoded.slice(0, 23);
  if (decoded[23] !== '|' || !(readInstant(at) > 0))
    throw new WeirError('usage', 'The cursor is not one of this list.', { hint: 'Give `next` of the page before, or none.' });
  return { after_at: at, after_id: decoded.slice(24) };
}

/** The page of up to `limit` entries of the rows, of which one more was asked for. */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => readonly [at: string, id: string],
  item: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), next: rows.length > limit && last ? cursorOf(...key(last)) : null };
}

/**
 * An instant as ClickHouse writes it in ISO 8601; null for its zero.
 * @example isoOf('2026-11-21 10:00:00.250') // '2026-11-21T10:00:00.250Z'
 */
export function isoOf(instant: string): string | null {
  const at = readInstant(instant);
  return at > 0 ? new Date(at).toISOString() : null;
}

/** The parameter `since` for a query; the beginning of time when it was not given. */
export function sinceOf(instant: string | undefined): string {
  return writeInstant(instant === undefined ? 0 : Math.max(0, Date.parse(instant)));
}

/** @example listOf('open,resolved') // ['open', 'resolved'] */
export function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',');
}

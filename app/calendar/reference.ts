/** Days that a feed of the reference kind `calendar_day` brought. */
import { type RowOf, readRows } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';

const columns = { calendar: 'text', day: 'instant', day_type: 'text', name: 'text' } as const;

/** A row of `calendar_days`: `day` is local midnight, ms since 1970 UTC. */
export type CalendarDayRow = RowOf<typeof columns>;

/** Days of a tenant as they were last stated; rejects when ClickHouse does not answer. */
export async function readCalendarDays(store: Pick<Store, 'rows'>, tenant: string): Promise<readonly CalendarDayRow[]> {
  const read = readRows(columns, await store.rows('reference-calendar-days', { tenant }));
  if (!read.ok) throw new Error(`query reference-calendar-days: ${read.error}`);
  return read.rows;
}

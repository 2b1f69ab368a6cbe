/** The customers of an incident as lines of CSV, page by page. */
import type { Incident } from '../../core/incident.ts';
import type { Store } from '../../sql/store.ts';
import { csvLine } from '../cli/csv-line.ts';
import { customersOf } from './reach.ts';

const columns = ['subscriber', 'segment', 'plan', 'records_during', 'records_before', 'last_at'] as const;
const perPage = 20_000;

/** A header and one line per customer. Pseudonyms are quoted: a spreadsheet would round them. */
export async function* customerLines(
  of: { readonly store: Pick<Store, 'rows'>; readonly tenant: string },
  incident: Incident,
  now: number,
): AsyncGenerator<string> {
  yield csvLine(columns);
  for (let after = '0'; ; ) {
    const { items } = await customersOf(of, incident, { after, limit: perPage, now });
    yield items.map((item) => csvLine(columns.map((name) => (name === 'subscriber' ? `'${item[name]}` : (item[name] ?? ''))))).join('');
    if (items.length < perPage) return;
    after = items.at(-1)!.subscriber;
  }
}

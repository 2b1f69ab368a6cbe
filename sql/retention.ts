/** How long records and rejected bytes are kept: the settings, applied to the tables when they differ from what the tables say. */
import type { Kind } from '../core/column.ts';
import { kinds, reject } from '../core/kinds/index.ts';
import type { Store } from './store.ts';

export interface Retention {
  /** Records of every kind, in days from their ingest. */
  readonly recordsDays: number;
  /** Original bytes of rejected records, in days. */
  readonly rejectsDays: number;
}

/**
 * Sets the time to live of the record tables and of rejects. Parts whose time has passed are dropped in the background; nothing is
 * rewritten now. Returns the tables that were changed.
 */
export async function applyRetention(store: Store, { recordsDays, rejectsDays }: Retention): Promise<string[]> {
  const wanted = new Map([
    ...kinds.filter(expires).map(({ table }) => [table, recordsDays] as const),
    [reject.table, rejectsDays] as const,
  ]);
  const suffix = store.cluster === undefined ? '' : '_local';
  const names = [...wanted.keys()].map((table) => `${table}${suffix}`);
  const tables = await store.select<{ name: string; create_table_query: string }>(
    'SELECT name, create_table_query FROM system.tables WHERE database = {database:String} AND name IN {names:Array(String)}',
    { database: store.database, names },
  );
  const changed: string[] = [];
  for (const { name, create_table_query: definition } of tables) {
    const days = wanted.get(suffix === '' ? name : name.slice(0, -suffix.length));
    if (days === undefined || definition.includes(`TTL toDateTime(ingest_time) + toIntervalDay(${days})`)) continue;
    const on = store.cluster === undefined ? '' : ` ON CLUSTER '${store.cluster.replaceAll("'", "''")}'`;
    await store.command(
      `ALTER TABLE \`${name}\`${on} MODIFY TTL toDateTime(ingest_time) + toIntervalDay(${Math.trunc(days)}) SETTINGS materialize_ttl_after_modify = 0`,
    );
    changed.push(name);
  }
  return changed;
}

/** Reference data holds until it says otherwise, however long ago it came: it never expires by age. */
function expires({ columns, name }: Kind): boolean {
  return !('valid_from' in columns) && name !== 'calendar_day' && name !== 'exchange_rate';
}

/** Tries the sources that fetch: connects, lists, and asks a query for one row. */
import { WeirError } from '../../core/errors.ts';
import type { FetchSourceSettings, SqlSourceSettings } from '../../core/settings/index.ts';
import { matchesPattern } from '../../ingest/file/pattern.ts';
import { drivers, type SqlDriver } from '../../ingest/sql/driver.ts';
import { bind, cursorOf, limited } from '../../ingest/sql/query.ts';
import { placesOf } from '../pipeline/fetch-places.ts';
import { sqlConnection, sqlPlan } from '../pipeline/sql-source.ts';
import type { Trial } from './connect.ts';
import type { Environment } from './dial.ts';

/** One attempt for each server of a source. */
export function tryFetched(name: string, source: FetchSourceSettings, environment: Environment): Trial[] {
  const setting = `sources.${name}`;
  try {
    return placesOf(name, source, environment).map(({ place, open }) => ({
      setting,
      async run(signal) {
        const remote = await open(signal);
        try {
          const { files } = await remote.list();
          return `${place}: ${files.filter((file) => matchesPattern(file.name, source.pattern)).length} files match ${source.pattern}`;
        } finally {
          await remote.close();
        }
      },
    }));
  } catch (error) {
    return [{ setting, run: () => Promise.reject(error as Error) }];
  }
}

/** Asks the query for one row, and whether the columns that the settings and the mapping name are there. */
export async function trySql(name: string, settings: SqlSourceSettings, environment: Environment): Promise<string> {
  const { query } = sqlPlan(name, settings);
  const driver = await (drivers[settings.driver] as () => Promise<SqlDriver>)();
  const connection = sqlConnection(name, settings, environment);
  const place = driver.place(connection);
  const session = await driver.open({ ...connection, timeoutMs: Math.min(connection.timeoutMs, 12_000) });
  try {
    const now = BigInt(Date.now()) * 1000n;
    const instant = { kind: 'time', value: now } as const;
    const names = { from: { ...instant, value: now - 1n }, to: instant, cursor: instant };
    const { sql, parameters } = bind(limited(query, driver, 1), names, driver, `sources.${name}`);
    const { columns, batches } = await session.run(sql, parameters, 1);
    const wanted = settings.mode === 'snapshot' ? (settings.key ?? []) : [settings.cursor as string];
    const missing = wanted.filter((column) => !columns.some((one) => one.name === column));
    if (missing.length > 0)
      throw new WeirError('query_failed', `${place}: the query gives no column ${missing.join(', ')}`, {
        hint: `It gives ${columns.map((column) => column.name).join(', ')}.`,
      });
    for await (const [row] of batches) {
      const at = columns.findIndex((column) => column.name === settings.cursor);
      if (settings.mode === 'incremental' && row && !cursorOf(row[at]))
        throw new WeirError('query_failed', `${place}: the cursor ${settings.cursor} is neither a time nor a whole number, or is empty`);
    }
    return `${place}: ${columns.length} columns`;
  } finally {
    await session.close();
  }
}

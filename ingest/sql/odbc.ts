/**
 * Any database that has an ODBC driver on this machine: Oracle, SQL Server, Db2, Teradata and whatever else a back office runs on. Times and
 * numbers stand in the statement as literals that every driver knows; everything happens in a transaction that is rolled back.
 */
import type { Connection, CursorQueryOptions, NodeOdbcError, Result } from 'odbc';
import { WeirError } from '../../core/errors.ts';
import { build, isBuilt, load } from '../native.ts';
import {
  type SqlConnectOptions,
  type SqlDriver,
  type SqlParameter,
  type SqlRows,
  type SqlSession,
  type SqlValue,
  timeText,
} from './driver.ts';
import { sqlFailure } from './failure.ts';

const batchRows = 2000;

export const odbc: SqlDriver = {
  defaultPort: 0,
  // Milliseconds: some drivers refuse more.
  placeholder: (_, { kind, value }: SqlParameter) => (kind === 'time' ? `{ts '${timeText(value).slice(0, 23)}'}` : String(value)),
  // Names of settings need no quotes, and quoted ones would be others where names are upper case.
  quote: (name) => name,
  hasLimit: false,
  place: ({ database }) => `odbc:${database}`,
  open,
};

/** Texts that a connection string may not bring: who logs in is said by user and passwordFile. */
const credentials = /(?:^|;)\s*(?:uid|user|user ?id|username|pwd|password)\s*=/i;

async function open(options: SqlConnectOptions): Promise<SqlSession> {
  const place = odbc.place(options);
  const connectionString = connectionOf(options, place);
  const seconds = Math.max(1, Math.ceil(options.timeoutMs / 1000));
  const library = await odbcLibrary(place);
  let connection: Connection;
  try {
    connection = await library.connect({ connectionString, loginTimeout: Math.min(seconds, 30), connectionTimeout: 0 });
  } catch (error) {
    throw odbcFailure(place, error, options.password);
  }
  const failing = (error: unknown): never => {
    throw odbcFailure(place, error, options.password);
  };
  return {
    async run(sql, _parameters, most): Promise<SqlRows> {
      await connection.beginTransaction().catch(failing);
      const cursor = await connection
        .query<unknown, CursorQueryOptions>(sql, { cursor: true, fetchSize: batchRows, timeout: seconds })
        .catch(failing);
      const fetch = (): Promise<Result<Record<string, unknown>>> => cursor.fetch<Record<string, unknown>>().catch(failing);
      const first = await fetch();
      const columns = first.columns.map(({ name, dataTypeName }) => ({ name, type: dataTypeName.replace(/^SQL_/, '').toLowerCase() }));
      return { columns, batches: batches() };

      async function* batches(): AsyncGenerator<SqlValue[][]> {
        let left = most;
        try {
          for (let rows = first; rows.length > 0 && left > 0; rows = cursor.noData ? ([] as unknown as typeof rows) : await fetch()) {
            yield rows.slice(0, left).map((row) => columns.map(({ name, type }) => cellOf(row[name], type)));
            left -= rows.length;
          }
        } finally {
          await cursor.close().catch(() => undefined);
          await connection.rollback().catch(() => undefined);
        }
      }
    },
    close: () => connection.close().catch(() => undefined),
  };
}

function connectionOf({ connection = '', database, user, password }: SqlConnectOptions, place: string): string {
  if (credentials.test(connection))
    throw new WeirError('config_invalid', `${place}: the connection string names a user or password`, {
      place,
      hint: 'Take it out; give user, and passwordFile or passwordEnv.',
    });
  const given = (name: string): boolean => new RegExp(`(?:^|;)\\s*${name}\\s*=`, 'i').test(connection);
  const parts = [connection.replace(/;\s*$/, '')];
  if (!given('database') && !given('dsn')) parts.push(`Database=${braced(database)}`);
  parts.push(`UID=${braced(user)}`, `PWD=${braced(password)}`);
  return parts.join(';');
}

/** A value of a connection string, whatever it holds; drivers have been seen to take braces that need not be there for part of it. */
const braced = (value: string): string => (/^[\w.-]*$/.test(value) ? value : `{${value.replaceAll('}', '}}')}}`);

async function odbcLibrary(place: string): Promise<typeof import('odbc')> {
  if (!isBuilt('odbc'))
    await build('odbc').catch((error: Error) => {
      throw new WeirError('config_invalid', `${place}: the ODBC library could not be built:\n${error.message}`, {
        place,
        hint: 'On Debian: apt-get install g++ make python3 unixodbc-dev, and the driver of the database.',
      });
    });
  return load<typeof import('odbc')>('odbc');
}

function cellOf(value: unknown, type: string): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('hex');
  if (type === 'type_timestamp' || type === 'timestamp') return String(value).replace(' ', 'T');
  return value as SqlValue;
}

/** ODBC's states are those of SQL: class 08 is a connection that is away, 28 who is not let in, HYT00 a time that ran out. */
function odbcFailure(place: string, error: unknown, password: string): WeirError {
  const [first] = (error as NodeOdbcError).odbcErrors ?? [];
  const state = first?.state ?? '';
  // Drivers have been seen to repeat the connection string.
  let message = (first?.message ?? (error as Error).message).split('\n', 1)[0] as string;
  if (password !== '') message = message.replaceAll(password, '***');
  const refused = state.startsWith('28') || /authentication|login failed|access denied/i.test(message);
  if (state.startsWith('08') && !refused)
    return new WeirError('source_unreachable', `${place}: ${message}`, {
      place,
      hint: 'Is the database up, the address in "connection" right, and does no firewall stand between?',
    });
  const text = state === 'HYT00' ? `timeout: ${message}` : message;
  return sqlFailure(place, Object.assign(new Error(text), { code: refused ? '28000' : state }));
}

/** PostgreSQL: a transaction that can only read, and a cursor, so that a result of any size is read in batches. */
import type { FieldDef } from 'pg';
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

export const postgres: SqlDriver = {
  defaultPort: 5432,
  placeholder: (n) => `$${n}`,
  hasLimit: true,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  place: ({ host, port, database }) => `postgres://${host}:${port ?? 5432}/${database}`,
  open,
};

async function open(options: SqlConnectOptions): Promise<SqlSession> {
  const place = postgres.place(options);
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: options.host,
    port: options.port ?? 5432,
    database: options.database,
    user: options.user,
    password: options.password,
    ssl: options.tls === 'off' ? false : { rejectUnauthorized: options.tls === 'verify' },
    application_name: 'weir',
    connectionTimeoutMillis: Math.min(options.timeoutMs, 30_000),
    statement_timeout: options.timeoutMs,
    query_timeout: options.timeoutMs + 5_000,
    options: '-c default_transaction_read_only=on -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601',
    // Text as it comes: what becomes of it is decided here.
    types: { getTypeParser: () => (text: string) => text } as never,
  });
  // A connection that is lost while nobody asks anything must not end the process.
  client.on('error', () => undefined);
  const failing = (error: unknown): never => {
    throw sqlFailure(place, error);
  };
  await client.connect().catch(failing);
  return {
    async run(sql: string, parameters: readonly SqlParameter[]): Promise<SqlRows> {
      try {
        await client.query('BEGIN TRANSACTION READ ONLY');
        await client.query({
          text: `DECLARE weir NO SCROLL CURSOR FOR ${sql}`,
          values: parameters.map(({ kind, value }) => (kind === 'time' ? `${timeText(value)}+00` : String(value))),
        });
        const fetchBatch = () => client.query<string[]>({ text: `FETCH ${batchRows} FROM weir`, rowMode: 'array' });
        const first = await fetchBatch();
        const names = await typeNames(client, first.fields);
        const columns = first.fields.map(({ name, dataTypeID }) => ({ name, type: names.get(dataTypeID) ?? String(dataTypeID) }));
        const readers = first.fields.map(({ dataTypeID }) => readerOf(dataTypeID));
        const read = (rows: readonly (readonly (string | null)[])[]): SqlValue[][] =>
          rows.map((row) => row.map((text, at) => (text === null ? null : (readers[at] as (text: string) => SqlValue)(text))));
        return { columns, batches: batches() };

        async function* batches(): AsyncGenerator<SqlValue[][]> {
          try {
            for (let rows = first.rows; rows.length > 0; rows = rows.length < batchRows ? [] : (await fetchBatch()).rows) yield read(rows);
            await client.query('COMMIT');
          } catch (error) {
            failing(error);
          }
        }
      } catch (error) {
        return failing(error);
      }
    },
    close: () => client.end().catch(() => undefined),
  };
}

async function typeNames(client: import('pg').Client, fields: readonly FieldDef[]): Promise<Map<number, string>> {
  const { rows } = await client.query<[string, string]>({
    text: 'SELECT o::text, format_type(o, NULL) FROM unnest($1::oid[]) AS o',
    values: [[...new Set(fields.map(({ dataTypeID }) => dataTypeID))]],
    rowMode: 'array',
  });
  return new Map(rows.map(([oid, name]) => [Number(oid), name]));
}

/** By the numbers that PostgreSQL gives its types; what is not here stays text, as decimals must. */
function readerOf(oid: number): (text: string) => SqlValue {
  switch (oid) {
    case 16:
      return (text) => text === 't';
    case 21:
    case 23:
    case 26:
      return Number;
    case 700:
    case 701:
      return (text) => (Number.isFinite(Number(text)) ? Number(text) : null);
    case 114:
    case 3802:
      return (text) => JSON.parse(text) as SqlValue;
    case 1114:
      return (text) => text.replace(' ', 'T');
    case 1184:
      return (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
    default:
      return (text) => text;
  }
}

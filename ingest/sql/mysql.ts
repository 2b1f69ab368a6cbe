/** MySQL and MariaDB: a transaction that can only read, rows as a stream. */
import type { FieldPacket } from 'mysql2';
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

export const mysql: SqlDriver = {
  defaultPort: 3306,
  placeholder: () => '?',
  hasLimit: true,
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  place: ({ host, port, database }) => `mysql://${host}:${port ?? 3306}/${database}`,
  open,
};

/** Names of the types of the protocol that matter; others are shown by number. */
const typeNames: Readonly<Record<number, string>> = {
  0: 'decimal',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'float',
  5: 'double',
  7: 'timestamp',
  8: 'bigint',
  9: 'mediumint',
  10: 'date',
  11: 'time',
  12: 'datetime',
  13: 'year',
  245: 'json',
  246: 'decimal',
  252: 'text',
  253: 'varchar',
  254: 'char',
};

async function open(options: SqlConnectOptions): Promise<SqlSession> {
  const place = mysql.place(options);
  const { default: mysql2 } = await import('mysql2');
  const connection = mysql2.createConnection({
    host: options.host,
    port: options.port ?? 3306,
    database: options.database,
    user: options.user,
    password: options.password,
    connectTimeout: Math.min(options.timeoutMs, 30_000),
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    decimalNumbers: false,
    multipleStatements: false,
    ...(options.tls === 'off' ? {} : { ssl: { rejectUnauthorized: options.tls === 'verify' } }),
  });
  connection.on('error', () => undefined);
  const command = (sql: string): Promise<void> =>
    new Promise((resolve, reject) => connection.query(sql, (error) => (error ? reject(sqlFailure(place, error)) : resolve())));
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(sqlFailure(place, error)) : resolve())));
    await command("SET SESSION time_zone = '+00:00'");
    await command('SET SESSION TRANSACTION READ ONLY');
    // The two call the same limit by two names; the other one is not known to it.
    await command(`SET SESSION max_execution_time = ${options.timeoutMs}`).catch(() =>
      command(`SET SESSION max_statement_time = ${options.timeoutMs / 1000}`),
    );
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return {
    async run(sql: string, parameters: readonly SqlParameter[]): Promise<SqlRows> {
      await command('START TRANSACTION READ ONLY');
      const query = connection.query({
        sql,
        values: parameters.map(({ kind, value }) => (kind === 'time' ? timeText(value) : String(value))),
        rowsAsArray: true,
      });
      const fields = new Promise<readonly FieldPacket[]>((resolve, reject) => {
        query.once('fields', (list: readonly FieldPacket[]) => resolve(list));
        query.once('error', (error) => reject(sqlFailure(place, error)));
      });
      const stream = query.stream({ highWaterMark: batchRows });
      stream.on('error', () => undefined);
      const list = await fields;
      const types = list.map(({ columnType, type }) => (columnType ?? type) as number);
      return {
        columns: list.map(({ name }, at) => ({ name, type: typeNames[types[at] as number] ?? String(types[at]) })),
        batches: batches(),
      };

      async function* batches(): AsyncGenerator<SqlValue[][]> {
        let rows: SqlValue[][] = [];
        try {
          for await (const row of stream as AsyncIterable<SqlValue[]>) {
            rows.push(row.map((value, at) => read(value, types[at] as number)));
            if (rows.length < batchRows) continue;
            yield rows;
            rows = [];
          }
        } catch (error) {
          throw sqlFailure(place, error);
        }
        if (rows.length > 0) yield rows;
        await command('COMMIT');
      }
    },
    close: async () => connection.destroy(),
  };
}

function read(value: SqlValue, type: number): SqlValue {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  // The session is in UTC; only `timestamp` is an instant, `datetime` is whatever its writer meant.
  if (type === 7 && typeof value === 'string') return `${value.replace(' ', 'T')}Z`;
  if (type === 12 && typeof value === 'string') return value.replace(' ', 'T');
  return value;
}

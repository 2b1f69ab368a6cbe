/** What a database must offer to be a source: a few functions, so that another one is a file beside these and a line in `drivers`. */

/** A column of a result, with its type as the database calls it. */
export interface SqlColumn {
  readonly name: string;
  readonly type: string;
}

/** What a cell can be: text for everything that a number of JavaScript would round, ISO 8601 for times, objects for JSON. */
export type SqlValue = string | number | boolean | null | object;

export interface SqlRows {
  readonly columns: readonly SqlColumn[];
  /** Batches of rows, in the order of the query; memory stays that of a batch. */
  readonly batches: AsyncIterable<readonly (readonly SqlValue[])[]>;
}

/** A value for a name in a query: an instant in µs since 1970, or a whole number. */
export interface SqlParameter {
  readonly kind: 'time' | 'number';
  readonly value: bigint;
}

export interface SqlConnectOptions {
  readonly host: string;
  readonly port: number | undefined;
  readonly database: string;
  /** For odbc: driver and address, without user and password. */
  readonly connection?: string;
  readonly user: string;
  readonly password: string;
  readonly tls: 'off' | 'on' | 'verify';
  readonly timeoutMs: number;
}

/** A session that can only read. Failures are WeirErrors source_unreachable, source_refused, query_failed. */
export interface SqlSession {
  /**
   * `sql` with the placeholders that `placeholder` gave, and their values in order.
   * @param most rows that are read at most; what follows them is left
   */
  run(sql: string, parameters: readonly SqlParameter[], most: number): Promise<SqlRows>;
  close(): Promise<void>;
}

export interface SqlDriver {
  readonly defaultPort: number;
  /** How the n-th value (from 1) stands in a statement. */
  placeholder(n: number, parameter: SqlParameter): string;
  /** A name of a column. */
  quote(name: string): string;
  /** Whether it knows LIMIT; for others reading stops. */
  readonly hasLimit: boolean;
  /** Without credentials: for people and tables. */
  place(options: SqlConnectOptions): string;
  open(options: SqlConnectOptions): Promise<SqlSession>;
}

/** `YYYY-MM-DD hh:mm:ss.ffffff` of an instant in µs, UTC. */
export function timeText(micros: bigint): string {
  const seconds = new Date(Number(micros / 1_000_000n) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${seconds}.${String(micros % 1_000_000n).padStart(6, '0')}`;
}

/** Each driver is loaded with its library when a source first needs it. */
export const drivers: Readonly<Record<'postgres' | 'mysql' | 'clickhouse' | 'odbc', () => Promise<SqlDriver>>> = {
  postgres: async () => (await import('./postgres.ts')).postgres,
  mysql: async () => (await import('./mysql.ts')).mysql,
  clickhouse: async () => (await import('./clickhouse.ts')).clickhouse,
  odbc: async () => (await import('./odbc.ts')).odbc,
};

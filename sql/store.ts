/** The one way in and out of ClickHouse for our own code. Every call has a deadline; every failure is a WeirError. */
import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { queryNamed } from './queries.ts';
import { retrying } from './retry.ts';

export interface ConnectOptions {
  /** `http://host:8123` or `https://…`, without user and password. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Default `weir`, the only one that the migrations make. */
  readonly database?: string;
  /** Name of the cluster in the server's remote_servers; undefined = one server. */
  readonly cluster?: string;
  /** How long an insert is tried again after a connection error. Default 60 s. */
  readonly insertDeadlineMs?: number;
}

export interface Store {
  readonly database: string;
  readonly cluster: string | undefined;
  /**
   * Runs `sql/queries/<query>.sql` and returns its rows as plain objects. 64-bit integers and decimals come as strings, DateTime64 as
   * 'YYYY-MM-DD hh:mm:ss.mmm' (UTC). Tried again while the server is away, within the deadline (default 30 s).
   */
  rows<T>(query: string, params?: Readonly<Record<string, unknown>>, options?: { readonly timeoutMs?: number }): Promise<T[]>;
  /**
   * Runs `sql/queries/<query>.sql` and returns its columns in the order of the query, for hundreds of thousands of rows. 64-bit integers
   * and decimals come as strings: turn them into Float64 in the query. No rows: no columns.
   */
  columns(
    query: string,
    params?: Readonly<Record<string, unknown>>,
    options?: { readonly timeoutMs?: number },
  ): Promise<readonly (readonly unknown[])[]>;
  /** The same by name of the column. */
  named(
    query: string,
    params?: Readonly<Record<string, unknown>>,
    options?: { readonly timeoutMs?: number },
  ): Promise<Readonly<Record<string, readonly unknown[]>>>;
  /** Small inserts under a deduplication token. The same table and token again changes nothing, whatever the rows. */
  insert(table: string, rows: readonly object[], token: string): Promise<void>;
  /** One Native block under a deduplication token; tried again under the same token while the server is away. */
  insertBlock(table: string, block: Uint8Array, token: string): Promise<void>;
  /** A statement of our own code without a result. Not tried again. */
  command(sql: string, params?: Readonly<Record<string, unknown>>): Promise<void>;
  /** SQL of our own code with a result; rows as of `rows`. */
  select<T>(sql: string, params?: Readonly<Record<string, unknown>>, options?: { readonly timeoutMs?: number }): Promise<T[]>;
  /** Makes the database, when it is missing. */
  createDatabase(): Promise<void>;
  close(): Promise<void>;
}

/** Reads of a server that restarts wait this long for it. */
const readDeadlineMs = 30_000;
const commandDeadlineMs = 600_000;

/**
 * Settings of every insert. `async_insert` would merge blocks and their tokens; the dependent views deduplicate by the same token;
 * on a cluster the answer waits for all shards.
 */
export const insertSettings: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  distributed_foreground_insert: 1,
  // One part per insert: blocks are not cut again on the way to the table.
  max_insert_block_size: '1048576',
  min_insert_block_size_rows: '1048576',
  // All views of one insert share its fate and its thread: more would only compete with the ingest process.
  parallel_view_processing: 0,
  max_insert_threads: '1',
  // The views have grouped the rows of a block already; summing them once more on the way in costs three times the insert itself.
  optimize_on_insert: 0,
  date_time_input_format: 'best_effort',
};

const readSettings: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 0,
  cancel_http_readonly_queries_on_client_close: 1,
};

const identifier = /^[a-z_][a-z0-9_]*$/;

/** A store of the database; connects at the first call. */
export function connect(options: ConnectOptions): Store {
  const database = options.database ?? 'weir';
  const clientOf = (name: string): ClickHouseClient =>
    createClient({
      url: options.url,
      username: options.user,
      password: options.password,
      database: name,
      application: 'weir',
      max_open_connections: 16,
      request_timeout: commandDeadlineMs,
      // Below the server's keep_alive_timeout of 10 s (60 s on a laptop), so that no request goes out on a socket about to close.
      keep_alive: { enabled: true, idle_socket_ttl: 2_500, eagerly_destroy_stale_sockets: true },
      compression: { request: false, response: false },
      // What is wrong is said by the errors; the client would log to the console.
      log: { level: ClickHouseLogLevel.OFF },
    });
  const client = clientOf(database);
  const insertDeadlineMs = options.insertDeadlineMs ?? 60_000;

  const read = <T>(sql: string, params: Readonly<Record<string, unknown>> | undefined, place: string, timeoutMs: number): Promise<T[]> =>
    retrying(timeoutMs, place, async (leftMs) => {
      const result = await client.query({
        query: sql,
        format: 'JSONEachRow',
        ...(params === undefined ? {} : { query_params: { ...params } }),
        clickhouse_settings: { ...readSettings, max_execution_time: Math.ceil(leftMs / 1_000) },
        abort_signal: AbortSignal.timeout(leftMs),
      });
      return result.json<T>();
    });

  const readColumns = <T>(format: string, query: string, params: Readonly<Record<string, unknown>> | undefined, timeoutMs: number) =>
    retrying(timeoutMs, `sql/queries/${query}.sql`, async (leftMs) => {
      const { stream } = await client.exec({
        query: `${queryNamed(query).sql}\nFORMAT ${format}`,
        ...(params === undefined ? {} : { query_params: { ...params } }),
        clickhouse_settings: { ...readSettings, max_execution_time: Math.ceil(leftMs / 1_000), wait_end_of_query: 1 },
        abort_signal: AbortSignal.timeout(leftMs),
      });
      const pieces: Buffer[] = [];
      for await (const piece of stream) pieces.push(piece as Buffer);
      return JSON.parse(Buffer.concat(pieces).toString()) as T;
    });

  const command = async (using: ClickHouseClient, sql: string, params?: Readonly<Record<string, unknown>>): Promise<void> => {
    // One attempt: a statement that is not an insert under a token must not run twice.
    await once(sql.trimStart().slice(0, 80), async () => {
      await using.command({
        query: sql,
        ...(params === undefined ? {} : { query_params: { ...params } }),
        abort_signal: AbortSignal.timeout(commandDeadlineMs),
        clickhouse_settings: { wait_end_of_query: 1 },
      });
    });
  };

  return {
    database,
    cluster: options.cluster,
    rows: (query, params, { timeoutMs = readDeadlineMs } = {}) =>
      read(queryNamed(query).sql, params, `sql/queries/${query}.sql`, timeoutMs),
    columns: (query, params, { timeoutMs = readDeadlineMs } = {}) => readColumns('JSONCompactColumns', query, params, timeoutMs),
    named: (query, params, { timeoutMs = readDeadlineMs } = {}) => readColumns('JSONColumns', query, params, timeoutMs),
    select: (sql, params, { timeoutMs = readDeadlineMs } = {}) => read(sql, params, sql.trimStart().slice(0, 80), timeoutMs),
    insert: async (table, rows, token) => {
      if (rows.length === 0) return;
      const into = tableName(table);
      await retrying(insertDeadlineMs, `table ${table}`, async (leftMs) => {
        await client.insert({
          table: into,
          values: [...rows],
          format: 'JSONEachRow',
          abort_signal: AbortSignal.timeout(leftMs),
          clickhouse_settings: { ...insertSettings, insert_deduplication_token: token },
        });
      });
    },
    insertBlock: async (table, block, token) => {
      const into = tableName(table);
      await retrying(insertDeadlineMs, `table ${table}`, async (leftMs) => {
        const { stream } = await client.exec({
          query: `INSERT INTO ${into} FORMAT Native`,
          values: Readable.from([Buffer.from(block.buffer, block.byteOffset, block.byteLength)], { objectMode: false }),
          abort_signal: AbortSignal.timeout(leftMs),
          clickhouse_settings: { ...insertSettings, insert_deduplication_token: token, wait_end_of_query: 1 },
        });
        for await (const _ of stream) {
          // The answer is empty; reading it to the end gives the connection back.
        }
      });
    },
    command: (sql, params) => command(client, sql, params),
    createDatabase: async () => {
      const first = clientOf('default');
      const on = options.cluster === undefined ? '' : ` ON CLUSTER '${options.cluster.replaceAll("'", "''")}'`;
      try {
        await command(first, `CREATE DATABASE IF NOT EXISTS ${tableName(database)}${on} ENGINE = Atomic`);
      } finally {
        await first.close();
      }
    },
    close: () => client.close(),
  };
}

/** Table names come from our own code; a name that is not one must never reach SQL. */
function tableName(table: string): string {
  if (!identifier.test(table)) throw new TypeError(`not a table name: ${table}`);
  return `\`${table}\``;
}

async function once<T>(place: string, attempt: () => Promise<T>): Promise<T> {
  return retrying(0, place, attempt);
}

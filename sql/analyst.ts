/** SQL of people: run as the analyst, who may only read, and within limits. */
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { WeirError } from '../core/errors.ts';
import { explain } from './retry.ts';

export interface AnalystOptions {
  readonly url: string;
  readonly password: string;
  readonly user?: string;
  readonly database?: string;
}

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** One array per row, values as ClickHouse's JSON has them: 64-bit integers and decimals as strings. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Formats in which an answer can be streamed as text. */
export const textFormats = [
  'CSVWithNames',
  'TSVWithNames',
  'JSONEachRow',
  'JSON',
  'JSONCompact',
  'Markdown',
  'PrettyCompact',
  'Vertical',
] as const;
export type TextFormat = (typeof textFormats)[number];

export interface Analyst {
  /**
   * The answer as a whole. Fails with `query_refused`: not a reading statement, not granted, over a limit, or not SQL.
   * @param timeoutMs at most the 60 s of the analyst's profile, the default
   */
  ask(sql: string, options?: { readonly params?: Readonly<Record<string, unknown>>; readonly timeoutMs?: number }): Promise<Answer>;
  /** The answer as text, piece by piece. */
  stream(sql: string, format: TextFormat, options?: { readonly timeoutMs?: number }): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

const longestMs = 60_000;

/** Reaches ClickHouse as the analyst; connects at the first question. */
export function analyst(options: AnalystOptions): Analyst {
  const client: ClickHouseClient = createClient({
    url: options.url,
    username: options.user ?? 'analyst',
    password: options.password,
    database: options.database ?? 'weir',
    application: 'weir-analyst',
    max_open_connections: 8,
    request_timeout: longestMs + 5_000,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500, eagerly_destroy_stale_sockets: true },
    log: { level: ClickHouseLogLevel.OFF },
  });
  return {
    ask: (sql, { params, timeoutMs = longestMs } = {}) =>
      refusing(async () => {
        const result = await client.query({
          query: withoutEnd(sql),
          format: 'JSONCompact',
          ...(params === undefined ? {} : { query_params: { ...params } }),
          abort_signal: AbortSignal.timeout(timeoutMs),
        });
        const { meta = [], data } = await result.json<unknown[]>();
        return { columns: meta, rows: data };
      }),
    stream: (sql, format, { timeoutMs = longestMs } = {}) =>
      refusing(async () => {
        if (!textFormats.includes(format))
          throw new WeirError('usage', `The format ${String(format)} is not known.`, { hint: `One of ${textFormats.join(', ')}.` });
        const result = await client.exec({ query: `${withoutEnd(sql)}\nFORMAT ${format}`, abort_signal: AbortSignal.timeout(timeoutMs) });
        return result.stream as AsyncIterable<Uint8Array>;
      }),
    close: () => client.close(),
  };
}

/** ClickHouse takes one statement per request and refuses what follows a semicolon; only a closing one is taken off here. */
function withoutEnd(sql: string): string {
  return sql.replace(/[\s;]+$/, '');
}

async function refusing<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ClickHouseError) {
      throw new WeirError(
        'query_refused',
        `${error.message.split('\n')[0]?.slice(0, 1_000)} (code ${error.code}${error.type === undefined ? '' : `, ${error.type}`})`,
        {
          hint: 'Analysts read the tables and views of the database weir, within the limits of their profile.',
          cause: error,
        },
      );
    }
    throw explain(error, 'query');
  }
}

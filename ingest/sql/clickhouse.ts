/** ClickHouse over HTTP, read-only: rows as lines of JSON with their names and types. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
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

export const clickhouse: SqlDriver = {
  defaultPort: 8123,
  placeholder: (n, { kind }) => `{p${n}:${kind === 'time' ? "DateTime64(6, 'UTC')" : 'Int64'}}`,
  hasLimit: true,
  quote: (name) => `\`${name.replaceAll('`', '\\`')}\``,
  place: ({ host, port, database }) => `clickhouse://${host}:${port ?? 8123}/${database}`,
  open,
};

async function open(options: SqlConnectOptions): Promise<SqlSession> {
  const place = clickhouse.place(options);
  const url = new URL(`${options.tls === 'off' ? 'http' : 'https'}://${options.host}:${options.port ?? 8123}/`);
  const ask = async (sql: string, parameters: readonly SqlParameter[]): Promise<Response> => {
    const query = new URL(url);
    const settings: Record<string, string> = {
      database: options.database,
      readonly: '2',
      max_execution_time: String(Math.ceil(options.timeoutMs / 1000)),
      default_format: 'JSONCompactEachRowWithNamesAndTypes',
      date_time_output_format: 'iso',
      output_format_json_quote_64bit_integers: '1',
      output_format_json_quote_decimals: '1',
    };
    for (const [name, value] of Object.entries(settings)) query.searchParams.set(name, value);
    parameters.forEach(({ kind, value }, at) => {
      query.searchParams.set(`param_p${at + 1}`, kind === 'time' ? timeText(value) : String(value));
    });
    const headers = { 'x-clickhouse-user': options.user, 'x-clickhouse-key': options.password };
    try {
      const answer = await fetch(query, {
        method: 'POST',
        body: sql,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      if (answer.ok) return answer;
      const said = (await answer.text()).split('\n', 1)[0] ?? '';
      const refusedLogin = answer.status === 401 || answer.status === 403 || /Code: (516|81|192|497)\./.test(said);
      throw Object.assign(new Error(said.slice(0, 300) || `HTTP ${answer.status}`), { code: refusedLogin ? '28000' : '' });
    } catch (error) {
      const cause = (error as Error).cause as { code?: string } | undefined;
      throw sqlFailure(place, cause?.code ? Object.assign(new Error(cause.code), { code: cause.code }) : error);
    }
  };
  await (await ask('SELECT 1', [])).text();
  return {
    async run(sql, parameters): Promise<SqlRows> {
      const answer = await ask(sql, parameters);
      const lines = createInterface({ input: Readable.fromWeb(answer.body as never), crlfDelay: Number.POSITIVE_INFINITY });
      const iterator = lines[Symbol.asyncIterator]();
      const next = async (): Promise<SqlValue[] | undefined> => {
        const { value, done } = await iterator.next();
        return done ? undefined : (parsed(value) as SqlValue[]);
      };
      const names = ((await next()) ?? []) as string[];
      const types = ((await next()) ?? []) as string[];
      return { columns: names.map((name, at) => ({ name, type: types[at] ?? '' })), batches: batches() };

      async function* batches(): AsyncGenerator<SqlValue[][]> {
        let rows: SqlValue[][] = [];
        try {
          for (let row = await next(); row; row = await next()) {
            rows.push(row);
            if (rows.length < batchRows) continue;
            yield rows;
            rows = [];
          }
        } catch (error) {
          throw sqlFailure(place, error);
        }
        if (rows.length > 0) yield rows;
      }
    },
    close: async () => undefined,
  };
}

/** A failure in the middle of an answer comes as a line of text in place of a row. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new Error(line.slice(0, 300));
  }
}

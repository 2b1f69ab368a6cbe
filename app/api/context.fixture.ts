/** An API over a store that answers from a table of rows: for tests that need no ClickHouse. */
import { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import type { Action } from '../../incidents/act.ts';
import type { Analyst } from '../../sql/analyst.ts';
import type { Store } from '../../sql/store.ts';
import type { Connector } from '../inbound/connectors.ts';
import type { Inbox } from '../inbound/inbox.ts';
import type { DeskActResult } from '../incidents/desk.ts';
import { apiMetrics } from '../metrics/api.ts';
import { parseSettings } from '../settings/load.ts';
import { createAudit } from './audit.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './fastify.ts';
import { createApi } from './server.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createThrottle } from './throttle.ts';
import { tokensOf } from './tokens.ts';

export const secrets = {
  reader: 'reader-0123456789abcdef',
  operator: 'operator-0123456789abcdef',
  ingest: 'ingest-0123456789abcdef',
  owner: 'owner-0123456789abcdef',
} as const;

export interface TestApi {
  readonly api: Api;
  readonly sessions: Sessions;
  readonly clock: { instant: number } & Clock;
  /** What was inserted, by table. */
  readonly inserted: { readonly table: string; readonly rows: readonly object[] }[];
  readonly acted: { readonly id: string; readonly action: Action }[];
}

export interface TestApiOptions {
  /** Settings as YAML. */
  readonly settings?: string;
  /** Rows by name of the query, or an error that it throws. */
  readonly rows?: Readonly<Record<string, readonly object[] | Error>>;
  /** A real store in place of the table of rows. */
  readonly store?: Store;
  readonly act?: DeskActResult;
  readonly answer?: string | Error;
  readonly desk?: ApiContext['desk'];
  readonly inbox?: Partial<Inbox>;
  readonly connectors?: ReadonlyMap<string, Connector>;
}

export const cookieName = 'weir_test';

/** A server to be asked with `inject`. */
export async function testApi(options: TestApiOptions = {}): Promise<TestApi> {
  const settings = parseSettings(options.settings ?? 'sources: { calls: { type: http, format: weir-json } }', 'weir.yaml');
  const clock = { instant: 1_795_255_200_000, now: () => clock.instant };
  const inserted: { table: string; rows: readonly object[] }[] = [];
  const acted: { id: string; action: Action }[] = [];
  const rows = async (query: string): Promise<never[]> => {
    const found = options.rows?.[query] ?? [];
    if (found instanceof Error) throw found;
    return found as never[];
  };
  const store: Store = options.store ?? {
    database: 'weir',
    cluster: undefined,
    rows,
    columns: async () => [],
    named: async () => ({}),
    select: () => rows('select'),
    insert: async (table, added) => void inserted.push({ table, rows: added }),
    insertBlock: async () => undefined,
    command: async () => undefined,
    createDatabase: async () => undefined,
    close: async () => undefined,
  };
  const analyst: Analyst = {
    ask: async () => ({ columns: [], rows: [] }),
    stream: async () => {
      if (options.answer instanceof Error) throw options.answer;
      return Readable.from([Buffer.from(options.answer ?? '{"meta":[],"data":[]}')]);
    },
    close: async () => undefined,
  };
  const sessions = createSessions(clock);
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const secure = settings.http.publicUrl.startsWith('https:');
  const api = await createApi({
    settings,
    store,
    analyst,
    inbox: {
      verify: () => ({ ok: true, delivery_id: '' }),
      receive: async () => undefined,
      apply: async () => 0,
      remind: async () => undefined,
      ...options.inbox,
    },
    connectors: options.connectors ?? new Map(),
    desk: options.desk ?? {
      change: async () => options.act ?? { outcome: 'not_found' },
      open: async () => true,
      act: async (id, action) => {
        acted.push({ id, action });
        return options.act ?? { outcome: 'changed', incident: { incident_id: id, sequence: 2 } as Incident };
      },
    },
    clock,
    log: silent,
    audit: createAudit({ store, clock, tenant: settings.tenant }),
    sessions,
    throttle: createThrottle(clock),
    sockets: { ingest: '/nonexistent/ingest.sock', detect: '/nonexistent/detect.sock', readers: new Map() },
    webhookKey: () => new Uint8Array(32).fill(7),
    cookieName,
    secure,
    tokens: tokensOf(
      Object.entries(secrets).map(([role, secret]) => ({
        secret,
        principal: { name: `${role}-token`, role: role as keyof typeof secrets, origin: 'api' },
      })),
    ),
    metrics: apiMetrics(),
  });
  return { api, sessions, clock, inserted, acted };
}

/** Headers of a request with a token. */
export const bearer = (role: keyof typeof secrets): Record<string, string> => ({
  host: '127.0.0.1:8080',
  authorization: `Bearer ${secrets[role]}`,
});

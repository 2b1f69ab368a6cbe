/** ClickHouse for a data directory: the server that the settings name, or one of our own as a child process. One code path: a URL. */
import { readFileSync } from 'node:fs';
import { WeirError } from '../core/errors.ts';
import type { Settings } from '../core/settings/index.ts';
import { credentialsOf } from '../sql/credentials.ts';
import { type ServerEvent, startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';
import { type DataDirectory, runningWeir } from './data-directory.ts';
import type { ClickHouseAccess } from './roles/role.ts';

export interface ClickHouse {
  readonly owner: ClickHouseAccess;
  readonly analyst: ClickHouseAccess;
  /** Port of the native protocol of an own server. */
  readonly nativePort: number | undefined;
  /** attached: that of a Weir already running; own: a child of this process; external: named by the settings. */
  readonly how: 'attached' | 'own' | 'external';
  /** Process id of an own server. */
  readonly pid: (() => number) | undefined;
  stop(): Promise<void>;
}

/** The server that a running Weir or the settings offer, else one of our own, started and ready. */
export async function openClickHouse(
  settings: Settings,
  directory: DataDirectory,
  onEvent?: (event: ServerEvent) => void,
): Promise<ClickHouse> {
  const external = externalClickHouse(settings, directory);
  if (external) return external;
  const running = runningWeir(directory.root);
  if (running && (await answers(running.clickhouseUrl))) {
    const credentials = credentialsOf(directory.root);
    return {
      owner: { url: running.clickhouseUrl, user: 'weir', password: credentials.weir },
      analyst: { url: running.clickhouseUrl, user: 'analyst', password: credentials.analyst },
      nativePort: undefined,
      how: 'attached',
      pid: undefined,
      stop: async () => undefined,
    };
  }
  const server = await startServer({
    directory: directory.root,
    httpPort: settings.clickhouse.httpPort,
    tcpPort: settings.clickhouse.nativePort,
    ...(onEvent ? { log: onEvent } : {}),
  });
  return {
    owner: { url: server.url, user: 'weir', password: server.credentials.weir },
    analyst: { url: server.url, user: 'analyst', password: server.credentials.analyst },
    nativePort: server.tcpPort,
    how: 'own',
    pid: server.pid,
    stop: () => server.stop(),
  };
}

function externalClickHouse({ clickhouse }: Settings, directory: DataDirectory): ClickHouse | undefined {
  if (!clickhouse.url) return undefined;
  const password = clickhouse.passwordFile ? secretFile(clickhouse.passwordFile) : clickhouse.password;
  const credentials = credentialsOf(directory.root);
  return {
    owner: { url: clickhouse.url, user: clickhouse.user, password },
    analyst: { url: clickhouse.url, user: 'analyst', password: credentials.analyst },
    nativePort: undefined,
    how: 'external',
    pid: undefined,
    stop: async () => undefined,
  };
}

/** The store of the owner of the data. */
export function ownerStore(access: ClickHouseAccess, settings: Settings): Store {
  return connect({ ...access, ...(settings.clickhouse.cluster ? { cluster: settings.clickhouse.cluster } : {}) });
}

/** First line of a file that holds a secret. */
export function secretFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0]?.trim() ?? '';
  } catch (error) {
    throw new WeirError('config_unreadable', `${path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`, {
      place: path,
      hint: 'The file must exist and be readable by the user that runs Weir.',
      cause: error,
    });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

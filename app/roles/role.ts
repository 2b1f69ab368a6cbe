/**
 * What a child process of the supervisor is given, and how the two talk. Credentials travel over the IPC channel, never in
 * arguments or the environment, where every process list shows them.
 */
import type { Logger } from 'pino';
import type { Settings } from '../../core/settings/index.ts';

export type RoleName = 'ingest' | 'detect' | 'api' | 'demo';

export interface ClickHouseAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** Name of a process in logs, metrics and notices. @example processName('ingest', 2) // 'ingest-2' */
export const processName = (role: RoleName, number = 1): string => (number === 1 ? role : `${role}-${number}`);

/** Names of the processes of a role. Only topics are shared among several. */
export function processesOf(role: RoleName, { kafka, sources }: Pick<Settings, 'kafka' | 'sources'>): readonly string[] {
  const readsTopics = role === 'ingest' && Object.values(sources).some(({ type }) => type === 'kafka');
  return Array.from({ length: readsTopics ? kafka.processes : 1 }, (_, at) => processName(role, at + 1));
}

/** Everything a role needs to start. */
export interface RoleStart {
  readonly role: RoleName;
  /** Of several processes of one role, from 1 (as when left out); those behind the first only read topics. */
  readonly number?: number;
  readonly settings: Settings;
  readonly dataDirectory: string;
  readonly owner: ClickHouseAccess;
  readonly analyst: ClickHouseAccess;
  /** True when the data directory is the demo's. */
  readonly demo: boolean;
}

/** What a running role offers to the process that holds it. */
export interface RunningRole {
  /** Facts for the supervisor, e.g. the URL that the API listens on. */
  readonly info: Readonly<Record<string, string>>;
  /** Finishes what is in work and lets go of everything. */
  stop(): Promise<void>;
}

/** A role starts, resolves when it is ready, and reports what people should see through `say`. */
export type Role = (start: RoleStart, log: Logger, say: (event: RoleEvent) => void) => Promise<RunningRole>;

/** Something a role tells the supervisor while it runs. */
export interface RoleEvent {
  readonly name: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

export type ToRole = { readonly type: 'start'; readonly start: RoleStart } | { readonly type: 'stop' };
export type FromRole =
  | { readonly type: 'ready'; readonly info: Readonly<Record<string, string>> }
  | { readonly type: 'event'; readonly event: RoleEvent }
  | { readonly type: 'failed'; readonly message: string; readonly hint: string };

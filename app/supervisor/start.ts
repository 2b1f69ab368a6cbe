/**
 * `weir start`: the processes of one Weir, started in order and stopped in reverse. Each runs on its own, so that a saturated
 * ingest never starves detection or the API, and one that dies is started again without the others noticing more than a pause.
 */

import { WeirError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings/index.ts';
import { migrate } from '../../sql/migrate.ts';
import { applyRetention } from '../../sql/retention.ts';
import { type ClickHouse, openClickHouse, ownerStore } from '../clickhouse.ts';
import { announceRunning, type DataDirectory, type RunningWeir, runningWeir, withdrawRunning } from '../data-directory.ts';
import { processesOf, type RoleEvent, type RoleName } from '../roles/role.ts';
import { type SupervisedChild, superviseChild } from './child.ts';

export interface StartOptions {
  readonly settings: Settings;
  readonly directory: DataDirectory;
  readonly demo: boolean;
  /** Groups one after the other, the roles of a group at the same time. */
  readonly roles: readonly (readonly RoleName[])[];
  /** One line of what is going on, for a person. */
  readonly progress: (text: string) => void;
  /** Something worth a line of its own, e.g. a process that died. */
  readonly notice: (text: string) => void;
  readonly onEvent: (event: RoleEvent) => void;
}

/** Facts that a role told when it was ready, e.g. api: { url, loginUrl }. */
export type RoleInfo = Readonly<Record<string, string>>;

export interface RunningSupervisor {
  readonly clickhouse: ClickHouse;
  readonly info: Readonly<Partial<Record<RoleName, RoleInfo>>>;
  stop(): Promise<void>;
}

/**
 * Starts ClickHouse, brings the schema up to date, then the roles in the order given.
 * @throws WeirError data_locked when a Weir already runs on the directory
 */
export async function startSupervisor(options: StartOptions): Promise<RunningSupervisor> {
  const { settings, directory, demo, progress, notice } = options;
  const running = runningWeir(directory.root);
  if (running && (await answers(running))) {
    throw new WeirError('data_locked', `Weir already runs on ${directory.root} (process ${running.pid}, ${running.httpUrl})`, {
      place: directory.root,
      hint: 'Stop it with Ctrl-C in its terminal, or give another directory with --data DIR.',
    });
  }
  progress('starting ClickHouse …');
  const clickhouse = await openClickHouse(settings, directory, (event) => {
    if (event.type === 'ended') notice(`ClickHouse ended: ${event.error.message} Starting it again.`);
    else if (event.type === 'forgotten')
      notice(`ClickHouse was killed with ${event.parts.length} block(s) on their way; they are taken again.`);
    else notice('ClickHouse runs again.');
  });
  const startedAt = new Date().toISOString();
  const children: SupervisedChild[] = [];
  const info: Partial<Record<RoleName, RoleInfo>> = {};
  const stop = async (): Promise<void> => {
    withdrawRunning(directory);
    for (const child of children.reverse()) await child.stop();
    await clickhouse.stop();
  };
  const announce = (): void =>
    announceRunning(directory, {
      pid: process.pid,
      tenant: settings.tenant,
      demo,
      clickhouseUrl: clickhouse.owner.url,
      httpUrl: info.api?.['url'] ?? '',
      startedAt,
    });
  const startRole = async (role: RoleName, number = 1): Promise<void> => {
    const started = await superviseChild({
      start: {
        role,
        number,
        // Links in webhooks lead to the page, wherever it listens.
        settings: settingsAt(settings, info.api?.['url']),
        dataDirectory: directory.root,
        owner: clickhouse.owner,
        analyst: clickhouse.analyst,
        demo,
      },
      logDirectory: directory.logs,
      onEvent: options.onEvent,
      onDeath: ({ role: name, reason, pauseMs }) =>
        notice(`${name} ${reason}; started again in ${pauseMs / 1000} s (log: ${directory.logs}/${name}.log)`),
    });
    children.push(started.child);
    if (number === 1) info[role] = started.info;
  };
  try {
    const store = ownerStore(clickhouse.owner, settings);
    try {
      const { applied } = await migrate(store);
      await applyRetention(store, settings.retention);
      // From here on commands may attach, also while the demo still writes its history.
      announce();
      if (applied.length > 0) progress(`schema: ${applied.length} migrations applied`);
    } finally {
      await store.close();
    }
    for (const together of options.roles) {
      progress(`starting ${together.join(' and ')} …`);
      // All are waited for, so that none is left behind when one fails.
      const outcomes = await Promise.allSettled(
        together.flatMap((role) => processesOf(role, settings).map((_, at) => startRole(role, at + 1))),
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      announce();
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { clickhouse, info, stop };
}

const settingsAt = (settings: Settings, url: string | undefined): Settings =>
  settings.http.publicUrl || !url ? settings : { ...settings, http: { ...settings.http, publicUrl: url } };

/**
 * Whether the Weir that announced itself is there: after a crash its process id may belong to another program. Where nothing answers the
 * start goes on, and the lock of ClickHouse on its directory has the last word.
 */
async function answers({ httpUrl, clickhouseUrl }: RunningWeir): Promise<boolean> {
  const asked = [`${httpUrl}/health/live`, `${clickhouseUrl}/ping`].map(async (url) => {
    if (!(await fetch(url, { signal: AbortSignal.timeout(2000) })).ok) throw new Error(url);
  });
  return Promise.any(asked).then(
    () => true,
    () => false,
  );
}

/** Tries everything that the settings name: sources, ClickHouse, webhooks, targets. One line each; nothing is stored, moved or sent. */
import { accessSync, constants } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WeirError } from '../../core/errors.ts';
import type { Settings, SourceSettings } from '../../core/settings/index.ts';
import { matchesPattern } from '../../ingest/file/pattern.ts';
import { secretFile } from '../clickhouse.ts';
import { attemptMs, type Environment, tryDial, tryKafka } from './dial.ts';
import { tryFetched, trySql } from './fetched.ts';
import { tryTarget } from './target.ts';

/** What became of one attempt. */
export interface Attempt {
  /** Setting that was tried: `sources.partner`, `clickhouse`, `webhooks.noc`. */
  readonly setting: string;
  readonly ok: boolean;
  /** What was found, or what is wrong: one line, no secret. */
  readonly said: string;
  readonly hint: string;
}

/** Attempts at once. */
const together = 8;

/** One thing to try; resolves with what was found. */
export interface Trial {
  readonly setting: string;
  run(signal: AbortSignal): Promise<string>;
}

/** The attempts in the order of the settings. */
export async function tryConnections(settings: Settings, environment: Environment): Promise<Attempt[]> {
  const trials = trialsOf(settings, environment);
  const attempts: Attempt[] = [];
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < trials.length) {
      const at = next++;
      attempts[at] = await attempt(trials[at] as Trial);
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, trials.length) }, runner));
  return attempts;
}

async function attempt({ setting, run }: Trial): Promise<Attempt> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new WeirError('source_unreachable', `no answer within ${attemptMs / 1000} s`, { hint: 'Does a firewall drop it?' })),
      attemptMs,
    );
  });
  try {
    const work = run(ending.signal);
    work.catch(() => undefined);
    return { setting, ok: true, said: await Promise.race([work, deadline]), hint: '' };
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] as string;
    return { setting, ok: false, said, hint: error instanceof WeirError ? error.hint : '' };
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

function trialsOf(settings: Settings, environment: Environment): Trial[] {
  const trials: Trial[] = [];
  for (const [name, source] of Object.entries(settings.sources)) trials.push(...sourceTrials(name, source, settings, environment));
  const { clickhouse } = settings;
  if (clickhouse.url) trials.push({ setting: 'clickhouse', run: () => tryClickHouse(settings) });
  for (const { name, url } of settings.webhooks)
    trials.push({ setting: `webhooks.${name}`, run: async () => `${new URL(url).host}: ${await tryDial(new URL(url))}` });
  for (const [name, target] of Object.entries(settings.targets))
    trials.push({ setting: `targets.${name}`, run: () => tryTarget(name, target, settings, environment) });
  return trials;
}

function sourceTrials(name: string, source: SourceSettings, settings: Settings, environment: Environment): Trial[] {
  const setting = `sources.${name}`;
  switch (source.type) {
    case 'http':
      return [{ setting, run: async () => 'takes what is posted; nothing to try' }];
    case 'file':
      return [{ setting, run: () => tryDirectory(source.directory, source.pattern, source.after !== 'keep') }];
    case 'kafka':
      return [{ setting, run: () => tryKafka(settings, source.topics, source.settings) }];
    case 'sql':
      return [{ setting, run: () => trySql(name, source, environment) }];
    default:
      return tryFetched(name, source, environment);
  }
}

async function tryDirectory(directory: string, pattern: string, writes: boolean): Promise<string> {
  try {
    const names = await readdir(directory);
    accessSync(directory, constants.R_OK | constants.X_OK | (writes ? constants.W_OK : 0));
    if (names.length === 0) accessSync(dirname(directory), constants.X_OK);
    return `${directory}: ${names.filter((one) => matchesPattern(one, pattern)).length} files match ${pattern}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'no such directory' : code === 'EACCES' ? `no permission to ${writes ? 'read and write' : 'read'} it` : code;
    throw new WeirError('file_unreadable', `${directory}: ${why}`, { hint: 'The path is relative to where Weir is started.' });
  }
}

async function tryClickHouse({ clickhouse }: Settings): Promise<string> {
  const { connect } = await import('../../sql/store.ts');
  const password = clickhouse.passwordFile ? secretFile(clickhouse.passwordFile) : clickhouse.password;
  const store = connect({ url: clickhouse.url, user: clickhouse.user, password, database: 'default' });
  try {
    const [row] = await store.select<{ version: string }>('SELECT version() AS version', {}, { timeoutMs: 10_000 });
    return `${new URL(clickhouse.url).host}: version ${row?.version}`;
  } finally {
    await store.close();
  }
}

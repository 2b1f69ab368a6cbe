/** Workers for endpoints that come and go: one for each that now stands, a new one when it has changed. */
import type { Logger } from 'pino';
import type { Endpoint } from '../../incidents/notify/endpoint.ts';
import { newAlarm } from './alarm.ts';
import type { Worker } from './worker.ts';

export interface Following {
  workers(): readonly Worker[];
  /** Follows no longer; the workers go on. */
  stop(): Promise<void>;
}

/** Looks at the list again and again. While it cannot be read, what runs goes on. */
export function follow(options: {
  readonly list: () => Promise<readonly Endpoint[]>;
  readonly start: (endpoint: Endpoint) => Worker;
  readonly log: Pick<Logger, 'warn'>;
  readonly everyMs: number;
}): Following {
  const running = new Map<string, { readonly as: string; readonly worker: Worker }>();
  const alarm = newAlarm();
  let stopped = false;

  async function look(): Promise<void> {
    const endpoints = await options.list();
    const wanted = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
    for (const [name, { as, worker }] of running) {
      const endpoint = wanted.get(name);
      if (endpoint !== undefined && JSON.stringify(endpoint) === as) continue;
      running.delete(name);
      await worker.stop();
    }
    if (stopped) return;
    for (const [name, endpoint] of wanted)
      if (!running.has(name)) running.set(name, { as: JSON.stringify(endpoint), worker: options.start(endpoint) });
  }

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await look();
      } catch (error) {
        options.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'registered webhooks could not be read');
      }
      if (!stopped) await alarm.sleep(options.everyMs);
    }
  }

  const following = run();
  return {
    workers: () => [...running.values()].map(({ worker }) => worker),
    stop: () => {
      stopped = true;
      alarm.ring();
      return following;
    },
  };
}

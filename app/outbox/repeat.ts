/**
 * Tells Alertmanagers again of what stands. An Alertmanager keeps its alerts in memory and ends those that nobody repeats; one that was away when an
 * incident was told learns of it here, and of its end too.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { type AlertmanagerSettings, alertmanagerPosts, postedAlert } from '../../incidents/notify/alertmanager.ts';
import { loginRules } from '../../incidents/notify/answer.ts';
import { exchange } from '../../incidents/notify/exchange.ts';
import { judgeReply, readBytes } from '../../incidents/notify/target.ts';
import type { Store } from '../../sql/store.ts';
import { newAlarm } from './alarm.ts';

export interface RepeatOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly target: AlertmanagerSettings;
  readonly repeatMs: number;
  readonly timeoutMs: number;
  readonly log: Pick<Logger, 'warn'>;
}

export interface Repeating {
  stop(): Promise<void>;
}

/** Alerts in one request, and incidents that are repeated at most. */
const alertsPerPost = 100;
const mostIncidents = 5_000;

/** Tells every peer once of what the target was told of and what stands, or ended since alerts would have ended by themselves. */
export async function repeatOnce(options: RepeatOptions): Promise<void> {
  const { store, clock, tenant, target, log, timeoutMs } = options;
  const now = clock.now();
  const ended_after = writeInstant(now - target.keepMinutes * 60_000);
  const rows = await store.rows<{ body: string }>('incidents-told', { tenant, target: target.name, ended_after, limit: mostIncidents });
  const alerts = rows.map(({ body }) => postedAlert(target, JSON.parse(body) as Incident, now));
  for (let start = 0; start < alerts.length; start += alertsPerPost) {
    const requests = alertmanagerPosts(target, alerts.slice(start, start + alertsPerPost));
    await Promise.all(
      requests.map(async (request) => {
        const answer = judgeReply(await exchange(request, { timeoutMs, readBytes }), now, loginRules);
        if (answer.outcome === 'retry' || answer.outcome === 'refused')
          log.warn({ target: target.name, peer: new URL(request.url).host, http_status: answer.status }, 'alerts could not be repeated');
      }),
    );
  }
}

/** Repeats until it is stopped. */
export function startRepeating(options: RepeatOptions): Repeating {
  const alarm = newAlarm();
  let stopped = false;
  async function run(): Promise<void> {
    while (!stopped) {
      await alarm.sleep(options.repeatMs);
      if (stopped) return;
      try {
        await repeatOnce(options);
      } catch (error) {
        options.log.warn(
          { target: options.target.name, error: error instanceof Error ? error.message : String(error) },
          'alerts could not be read',
        );
      }
    }
  }
  const running = run();
  return {
    stop: () => {
      stopped = true;
      alarm.ring();
      return running;
    },
  };
}

/** Reconciles by itself what is due, one day after another, beside detection. A failure is logged and tried again at the next look. */
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { DetectionLog } from '../detect/port.ts';
import { reconciliationsDue } from './due.ts';
import { type ReconcileStore, reconcile } from './run.ts';

export interface ReconcilingOptions {
  readonly store: ReconcileStore;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: DetectionLog;
  /** Milliseconds between two looks; 0 = only when `look` is called. Default a minute. */
  readonly everyMs?: number;
}

export interface Reconciling {
  /** Does what is due; returns how many days it did. Never two at once. */
  look(): Promise<number>;
  /** Waits for the day in work. */
  stop(): Promise<void>;
}

/** Starts looking every minute. Where `reconciliation.enabled` is false it does nothing. */
export function startReconciling({ store, clock, settings, log, everyMs = 60_000 }: ReconcilingOptions): Reconciling {
  let stopped = false;
  let work: Promise<number> | undefined;
  const all = async (): Promise<number> => {
    let done = 0;
    for (const request of await reconciliationsDue(store, settings, clock.now())) {
      if (stopped) break;
      const { comparison, counts, state, tookMs } = await reconcile(store, clock, request);
      const day = new Date(request.window.from).toISOString().slice(0, 10);
      log.info({ comparison: comparison.name, day, state, ...counts, tookMs }, 'two legs reconciled');
      done++;
    }
    return done;
  };
  const look = (): Promise<number> => {
    work ??= all().finally(() => {
      work = undefined;
    });
    return work;
  };
  const timer =
    everyMs > 0 && settings.reconciliation.enabled
      ? setInterval(() => {
          look().catch((error: unknown) => log.error({ error: String(error) }, 'reconciliation failed, it is tried again'));
        }, everyMs)
      : undefined;
  return {
    look,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await work?.catch(() => undefined);
    },
  };
}

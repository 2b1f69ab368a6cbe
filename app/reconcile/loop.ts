/** Reconciles by itself what is due, one day after another, beside detection. A failure is logged and tried again at the next look. */
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { DetectionLog } from '../detect/port.ts';
import { type Looking, startLooking } from '../looking.ts';
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

/** Looks every minute; a look returns how many days it did. Where `reconciliation.enabled` is false nothing happens by itself. */
export function startReconciling({ store, clock, settings, log, everyMs = 60_000 }: ReconcilingOptions): Looking {
  return startLooking({
    due: () => reconciliationsDue(store, settings, clock.now()),
    async work(request) {
      const { comparison, counts, state, tookMs } = await reconcile(store, clock, request);
      const day = new Date(request.window.from).toISOString().slice(0, 10);
      log.info({ comparison: comparison.name, day, state, ...counts, tookMs }, 'two legs reconciled');
    },
    failed: (error) => log.error({ error: String(error) }, 'reconciliation failed, it is tried again'),
    everyMs: settings.reconciliation.enabled ? everyMs : 0,
  });
}

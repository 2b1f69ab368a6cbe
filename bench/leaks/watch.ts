/** Detection and reconciliation of an operator, looking when they are told to. */
import { startDetection } from '../../app/detect/start.ts';
import { startReconciling } from '../../app/reconcile/loop.ts';
import type { Clock } from '../../core/clock.ts';
import type { Definition } from '../../core/definition.ts';
import type { Finding } from '../../core/finding.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Store } from '../../sql/store.ts';

export interface WatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly definitions: readonly Definition[];
  /** Whether legs are reconciled. Default: they are. */
  readonly matching?: boolean;
  readonly onFindings?: (findings: readonly Finding[]) => void;
}

export interface Watch {
  /**
   * One look at what has come, what is due to be matched, and a second look where something was.
   * @param later moves the clock on between the looks
   */
  look(later: () => void): Promise<void>;
  firing(): number;
  /** Seconds spent in looks and in matching. */
  spent(): { readonly looks: number; readonly matches: number };
  /** What went wrong, in order. */
  failures(): readonly string[];
  stop(): Promise<void>;
}

export async function openWatch({ store, clock, settings, definitions, matching = true, onFindings }: WatchOptions): Promise<Watch> {
  const failures: string[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object, message: string) => failures.push(`${message}: ${JSON.stringify(fields)}`),
  };
  const detection = await startDetection({
    ...{ store, clock, settings, log, definitions, detectors: [], everyMs: 0 },
    onFindings: (findings) => onFindings?.(findings),
  });
  const reconciling = startReconciling({ store, clock, settings, log, everyMs: 0 });
  const spent = { looks: 0, matches: 0 };
  const timed = async <T>(what: keyof typeof spent, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const done = await work();
    spent[what] += (performance.now() - started) / 1000;
    return done;
  };
  return {
    async look(later) {
      await timed('looks', () => detection.tick());
      later();
      if (!matching) return;
      const matched = await timed('matches', () =>
        reconciling.look().catch((error: unknown) => {
          failures.push(`reconciliation: ${String(error)}`);
          return 0;
        }),
      );
      if (matched > 0) await timed('looks', () => detection.tick());
    },
    firing: () => detection.firing().length,
    spent: () => spent,
    failures: () => failures,
    async stop() {
      await reconciling.stop();
      await detection.stop();
    },
  };
}

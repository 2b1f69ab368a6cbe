/** Judges the experience index by itself, one day after another, beside detection. A failure is logged and tried again at the next look. */
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { DetectionLog } from '../detect/port.ts';
import { experienceDue } from './due.ts';
import { type ExperienceStore, judgeDay } from './judge.ts';

export interface ExperienceOptions {
  readonly store: ExperienceStore;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log: DetectionLog;
  /** Milliseconds between two looks; 0 = only when `look` is called. Default five minutes. */
  readonly everyMs?: number;
}

export interface ExperienceLoop {
  /** Judges what is due; returns how many days. Never two at once. */
  look(): Promise<number>;
  /** Waits for the day in work. */
  stop(): Promise<void>;
}

/** Starts looking every five minutes. Where `experience.enabled` is false it does nothing. */
export function startExperience({ store, clock, settings, log, everyMs = 300_000 }: ExperienceOptions): ExperienceLoop {
  let stopped = false;
  let work: Promise<number> | undefined;
  const all = async (): Promise<number> => {
    let done = 0;
    for (const { from, state } of await experienceDue(store, settings, clock.now())) {
      if (stopped) break;
      const { day, customers, scored, tookMs } = await judgeDay(store, clock, settings, from, state === 'complete');
      log.info({ day, state, customers, scored, tookMs }, 'a day of the experience index judged');
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
    everyMs > 0 && settings.experience.enabled
      ? setInterval(() => {
          look().catch((error: unknown) => log.error({ error: String(error) }, 'experience index failed, it is tried again'));
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

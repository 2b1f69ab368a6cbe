/** Judges the experience index by itself, one day after another, beside detection. A failure is logged and tried again at the next look. */
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { DetectionLog } from '../detect/port.ts';
import { type Looking, startLooking } from '../looking.ts';
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

/** Looks every five minutes; a look returns how many days it judged. Where `experience.enabled` is false nothing happens by itself. */
export function startExperience({ store, clock, settings, log, everyMs = 300_000 }: ExperienceOptions): Looking {
  return startLooking({
    due: () => experienceDue(store, settings, clock.now()),
    async work({ from, state }) {
      const { day, customers, scored, tookMs } = await judgeDay(store, clock, settings, from, state === 'complete');
      log.info({ day, state, customers, scored, tookMs }, 'a day of the experience index judged');
    },
    failed: (error) => log.error({ error: String(error) }, 'experience index failed, it is tried again'),
    everyMs: settings.experience.enabled ? everyMs : 0,
  });
}

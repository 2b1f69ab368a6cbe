/** The alarm column: a hard budget, hysteresis, and an end that must be confirmed. */
import { ALARM, ALARM_QUIET, STEP } from './layout.ts';
import type { ScoreSettings } from './settings.ts';

/** The score whose quiet-data rate equals the budget at this step; a minute where no step is known yet. */
export function alarmLimit(stepSeconds: number, alarmsPer1000SeriesDays: number): number {
  const looks = 86_400 / (stepSeconds > 0 ? stepSeconds : 60);
  return Math.max(2, -Math.log10(Math.min(1, alarmsPer1000SeriesDays / 1000 / looks)));
}

/** Keeps the alarm of one series; `evidence` is the score before the refractory rule, because an alarm under way needs no news to last. */
export function judgeAlarm(state: Float32Array, row: number, score: number, evidence: number, settings: ScoreSettings): 0 | 1 {
  const on = state[row + ALARM] === 1;
  if (!on && evidence < 2) return 0;
  const limit = alarmLimit(state[row + STEP]!, settings.alarmsPer1000SeriesDays);
  if (score >= limit) {
    state[row + ALARM] = 1;
    state[row + ALARM_QUIET] = 0;
    return 1;
  }
  if (!on) return 0;
  const quiet = evidence >= limit / 2 ? 0 : state[row + ALARM_QUIET]! + 1;
  state[row + ALARM_QUIET] = quiet;
  if (quiet < settings.clearRows) return 1;
  state[row + ALARM] = 0;
  return 0;
}

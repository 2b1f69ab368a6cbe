/** What is said and for how long: news, and the alarm column with its hard budget, hysteresis, and an end that must be confirmed. */
import { ALARM, HOLD, HOLD_SCORE, STEP } from './layout.ts';
import type { ScoreSettings } from './settings.ts';

/** The score whose quiet-data rate equals the budget at this step; a minute where no step is known yet. */
export function alarmLimit(stepSeconds: number, alarmsPer1000SeriesDays: number): number {
  const looks = 86_400 / (stepSeconds > 0 ? stepSeconds : 60);
  return Math.max(2, -Math.log10(Math.min(1, alarmsPer1000SeriesDays / 1000 / looks)));
}

/** Keeps the alarm of one series; `evidence` is the score before the refractory rule, because an alarm under way needs no news to last. */
export function judgeAlarm(state: Float32Array, row: number, score: number, evidence: number, settings: ScoreSettings): 0 | 1 {
  const on = state[row + ALARM]! > 0;
  if (!on && evidence < 2) return 0;
  const limit = alarmLimit(state[row + STEP]!, settings.alarmsPer1000SeriesDays);
  if (score >= limit) {
    state[row + ALARM] = 1;
    return 1;
  }
  if (!on) return 0;
  const quiet = evidence >= limit / 2 ? 0 : state[row + ALARM]!;
  const lasts = quiet < settings.clearRows;
  state[row + ALARM] = lasts ? 1 + quiet : 0;
  return lasts ? 1 : 0;
}

/** What was just said is no news: for some rows after a score, weaker ones count half. */
export function refrain(state: Float32Array, row: number, evidence: number, rows: number): number {
  const left = state[row + HOLD]!;
  if (left > 0 && evidence <= state[row + HOLD_SCORE]!) {
    state[row + HOLD] = left - 1;
    return evidence / 2;
  }
  if (left > 0 || evidence >= 2) {
    state[row + HOLD] = rows;
    state[row + HOLD_SCORE] = evidence;
  }
  return evidence;
}

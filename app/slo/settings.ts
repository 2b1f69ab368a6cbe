/** Objectives of the settings for a process that judges: what is wrong is logged, the others run. */
import { WeirError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Objective } from '../../detectors/service/slo/index.ts';
import type { DetectionLog } from '../detect/port.ts';
import type { KpiPort } from './kpi-port.ts';
import { settingsObjectives } from './read.ts';

export function objectivesOf(settings: Settings, kpis: KpiPort, log: DetectionLog): readonly Objective[] {
  try {
    const { objectives, problems } = settingsObjectives(settings, kpis);
    for (const { place, message, hint } of problems)
      log.error({ place, problem: message, hint }, 'an objective is refused, the others run');
    return objectives;
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    log.error({ place: error.place, problem: error.message, hint: error.hint }, 'there are no objectives: their folder cannot be read');
    return [];
  }
}

/** All boards, in the order in which people need them. */
import { accessAndDevices } from './access-and-devices.ts';
import { commandCentre } from './command-centre.ts';
import { controlDetail } from './control-detail.ts';
import { customerExperience } from './customer-experience.ts';
import { dataAndRoaming } from './data-and-roaming.ts';
import { incidentDetail } from './incident-detail.ts';
import { incidentPerformance } from './incident-performance.ts';
import type { Board } from './kit/board.ts';
import { kpiExplorer } from './kpi-explorer.ts';
import { lifeCycle } from './life-cycle.ts';
import { mvnoWholesale } from './mvno-wholesale.ts';
import { networkMap } from './network-map.ts';
import { pipelineHealth } from './pipeline-health.ts';
import { reconciliationBoard } from './reconciliation.ts';
import { revenueAssurance } from './revenue-assurance.ts';
import { sloAndSla } from './slo-and-sla.ts';
import { voiceQuality } from './voice-quality.ts';

export const boards: readonly Board[] = [
  ...[commandCentre, incidentDetail, incidentPerformance, revenueAssurance, controlDetail, reconciliationBoard, mvnoWholesale],
  ...[kpiExplorer, voiceQuality, dataAndRoaming, accessAndDevices, sloAndSla, customerExperience, lifeCycle, networkMap, pipelineHealth],
];

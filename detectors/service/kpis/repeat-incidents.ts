import type { KpiDefinition } from './kpi.ts';
import { openedIncidents } from './opened-incidents.ts';

/** Incidents that came back. */
export const repeatIncidents: KpiDefinition = {
  ...openedIncidents,
  name: 'repeat_incidents',
  group: 'incidents',
  title: 'Repeat incidents',
  standard: 'TM Forum GB935 A-CE-4a (incidents reported more than once), ITIL repeat incident rate',
  meaning: 'Share of the incidents opened that had been there within the thirty days before: what was not repaired but restarted.',
  formula: 'openings and re-openings of the same incident key within 30 days of the one before ÷ openings',
  unit: 'ratio',
  better: 'lower',
  rater: 'assurance',
  measure: { kind: 'ratio', numerator: 'incidents_repeated', denominator: 'incidents_opened' },
  minimum: 10,
  volume: 'incidents opened',
  limits: [
    { level: 'good', value: 0.1, source: 'own choice' },
    { level: 'poor', value: 0.3, source: 'own choice' },
  ],
  runbook: [
    'List them with what was done last time: `npx weir incidents`.',
    'Ask for the cause of those that came back three times, and book an action.',
  ],
};

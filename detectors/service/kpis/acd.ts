import type { KpiDefinition } from './kpi.ts';
import { voiceCalls } from './voice.ts';

/** ACD (ALOC): mean length of answered calls. */
export const acd: KpiDefinition = {
  ...voiceCalls,
  name: 'acd',
  title: 'Average call duration (ACD, ALOC)',
  standard: 'habit of the field; durations as ITU-T E.260 measures them, answer to release',
  meaning:
    'Mean length of answered calls. A sudden fall on one route is one-way audio or drops; a sudden rise is calls that are not released. Either may be fraud: short calls of a SIM box or of false answer, long ones of traffic pumping.',
  formula: 'Σ billable seconds of answered calls ÷ answered calls',
  unit: 's',
  better: 'steady',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'voice_seconds', denominator: 'voice_answered' },
  minimum: 50,
  volume: 'answered calls',
  limits: [],
  runbook: [
    'See which route moved: `npx weir kpis acd --by partner,route`. The detector `call_duration` watches the same figure against its own past.',
    'Fallen: make test calls over that route and listen in both directions; look at MOS, loss and the drop rate.',
    'Risen: look for calls of exactly the same long length (a release that got lost, a timer): `npx weir sql "SELECT duration_seconds, count() AS n FROM usage WHERE service = \'voice\' AND duration_seconds > 3600 GROUP BY 1 ORDER BY n DESC LIMIT 20"`.',
  ],
};

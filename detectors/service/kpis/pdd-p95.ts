import type { KpiDefinition } from './kpi.ts';
import { voiceQuality } from './voice.ts';

/** PDD: what 95 % of the calls do not exceed. */
export const pddP95: KpiDefinition = {
  ...voiceQuality,
  name: 'pdd_p95',
  title: 'Post-dial delay, 95 % (PDD)',
  standard: 'ITU-T E.721 (05/1999) table 2, post-selection delay',
  alias: 'ETSI TS 102 250-2: Telephony Setup Time',
  meaning: 'What 95 % of the callers do not wait longer than. It shows the route that is tried last, which the median hides.',
  formula: '95 % quantile over calls of the post-dial delay, to 9 %',
  unit: 's',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'pdd_p95', denominator: 'pdd_calls' },
  minimum: 100,
  volume: 'calls with a post-dial delay',
  limits: [
    { level: 'good', value: 8, source: 'ITU-T E.721 table 2, toll connection: 8 s at 95 %' },
    { level: 'poor', value: 11, source: 'ITU-T E.721 table 2, international connection: 11 s at 95 %' },
  ],
  runbook: [
    'See which route is slow: `npx weir kpis pdd_p95 --by partner,route`.',
    'Median well and 95 % not: calls that overflow to a second and third route. Look at NER of the first one.',
  ],
};

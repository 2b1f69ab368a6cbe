import type { KpiDefinition } from './kpi.ts';
import { voiceQuality } from './voice.ts';

/** PDD: the middle of the post-dial delays. */
export const pdd: KpiDefinition = {
  ...voiceQuality,
  name: 'pdd',
  title: 'Post-dial delay, median (PDD)',
  standard: 'ITU-T E.721 (05/1999) table 2, post-selection delay',
  alias: 'ETSI TS 102 250-2: Telephony Setup Time',
  meaning: 'Time from the call request to ringing, of the middle call: what a caller waits in silence.',
  formula: 'median over calls of (first ringing, 183 or ACM − INVITE or IAM), to 9 %: delays are kept in quarters of an octave',
  unit: 's',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'pdd_p50', denominator: 'pdd_calls' },
  minimum: 50,
  volume: 'calls with a post-dial delay',
  limits: [
    { level: 'good', value: 3, source: 'habit of the field: below 3 s is healthy, below 2 s excellent' },
    { level: 'poor', value: 5, source: 'habit of the field: 4 to 5 s is the upper limit' },
  ],
  runbook: [
    'See which route is slow: `npx weir kpis pdd --by partner,route`.',
    'One route: it tries several transits one after the other; ask the carrier for its routing, and set a shorter ring timer or another order.',
    'All routes of one node: number look-ups (ENUM, number portability, HLR) are slow; look at their response times.',
  ],
};

import type { KpiDefinition } from './kpi.ts';
import { voiceQuality } from './voice.ts';

/** MOS: mean opinion score that the calls state. */
export const mos: KpiDefinition = {
  ...voiceQuality,
  name: 'mos',
  title: 'Mean opinion score (MOS)',
  standard: 'ITU-T P.800.1; computed by the source after G.107, P.863 or its like',
  meaning: 'Mean of the scores that records of calls state, from 1 (bad) to 5 (excellent).',
  formula: 'Σ stated scores ÷ calls that state one',
  unit: 'MOS',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'mos_sum', denominator: 'mos_calls' },
  minimum: 20,
  volume: 'calls that state a score',
  limits: [
    { level: 'good', value: 4, source: 'habit of the field: 4.0 is toll quality (R = 80: satisfied)' },
    { level: 'poor', value: 3.6, source: 'ITU-T G.107 annex B: R = 70, some users dissatisfied' },
  ],
  runbook: [
    'See where: `npx weir kpis mos --by route,rat`. By cell: `npx weir sql "SELECT cell, avg(mos) AS score, count(mos) AS n FROM usage WHERE start_time >= now() - INTERVAL 1 HOUR GROUP BY cell HAVING n >= 20 ORDER BY score LIMIT 20"`.',
    'Look at loss and jitter of the same calls (`voice_loss`, `voice_jitter`): loss is a link, jitter a queue. Neither: a codec or transcoding.',
    'The mean hides bad calls: see `mos_low`.',
  ],
};

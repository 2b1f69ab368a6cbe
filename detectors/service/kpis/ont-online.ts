import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** ONTs that are online, of those that there are. */
export const ontOnline: KpiDefinition = {
  ...readings(['onts_online'], 'kpi-pons'),
  name: 'ont_online',
  group: 'access',
  title: 'ONT online ratio',
  standard: 'TM Forum GB935 A-CE-5 (availability to customers)',
  meaning: 'Share of the ONTs that are online, by PON, line terminal or site.',
  formula:
    'Σ `onts_online` of the PONs ÷ ONTs behind them: by topology (edges pon to ont), else the most that were online within the day before',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'mean', numerator: 'onts_online', denominator: 'onts_known' },
  minimum: 16,
  volume: 'ONTs',
  limits: [
    { level: 'good', value: 0.97, source: 'own choice' },
    { level: 'poor', value: 0.9, source: 'own choice' },
  ],
  runbook: [
    'Find the PON: `npx weir kpis ont_online --by device`. A whole tree: see `pon_outage`. A few of each: customers that switch off at night.',
    'Compare with the day before at the same hour.',
  ],
};

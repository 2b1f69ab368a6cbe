import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** PON trees that are out. */
export const ponOutage: KpiDefinition = {
  ...readings(['onts_online'], 'kpi-pons'),
  name: 'pon_outage',
  group: 'access',
  title: 'PON trees out',
  standard: 'own definition; ITU-T G.984.3 for loss of signal and dying gasp',
  meaning: 'Share of the PON trees of which fewer than half of the ONTs were online at some time of the stretch.',
  formula: 'PONs with `onts_online` below half of their ONTs ÷ PONs that report',
  unit: 'ratio',
  better: 'lower',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'pons_out', denominator: 'pons' },
  minimum: 1,
  volume: 'PONs that report',
  limits: [
    { level: 'good', value: 0.001, source: 'own choice' },
    { level: 'poor', value: 0.01, source: 'own choice' },
  ],
  runbook: [
    'List them: `npx weir kpis pon_outage --by device --limit 20`.',
    'All ONTs gone at once without dying gasp: fibre or port; with it: a power cut.',
    'Send one crew to the splitter of the tree, not one to every customer.',
  ],
};

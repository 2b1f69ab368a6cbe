/** What the KPIs of voice calls share. */
import { kpiDimensions, networkLegs } from './dimensions.ts';

/** Of every KPI over the calls of `usage_minute`. */
export const voiceCalls = {
  group: 'voice',
  query: 'kpi-usage',
  services: ['voice'],
  legs: networkLegs,
  dimensions: kpiDimensions['kpi-usage'],
} as const;

/** How to see which calls failed and why. */
export const causesBehind =
  'See the causes behind it: `npx weir sql "SELECT partner, route, cause, sip_code, count() AS n FROM usage WHERE service = \'voice\' AND NOT answered AND start_time >= now() - INTERVAL 1 HOUR GROUP BY ALL ORDER BY n DESC LIMIT 20"`.';

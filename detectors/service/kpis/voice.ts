/** What the KPIs of voice calls share. */
import { kpiDimensions } from './dimensions.ts';
import { networkLegs } from './legs.ts';

const voice = { group: 'voice', services: ['voice'], legs: networkLegs, metrics: [] } as const;

/** Of every KPI over the calls of `usage_minute`. */
export const voiceCalls = { ...voice, query: 'kpi-usage', dimensions: kpiDimensions['kpi-usage'] } as const;

/** Of every KPI over the calls of `quality_minute`. */
export const voiceQuality = { ...voice, query: 'kpi-quality', dimensions: kpiDimensions['kpi-quality'] } as const;

/** How to see which calls failed and why. */
export const causesBehind =
  'See the causes behind it: `npx weir sql "SELECT partner, route, cause, sip_code, count() AS n FROM usage WHERE service = \'voice\' AND NOT answered AND start_time >= now() - INTERVAL 1 HOUR GROUP BY ALL ORDER BY n DESC LIMIT 20"`.';

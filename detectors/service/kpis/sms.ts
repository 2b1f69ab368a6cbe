/** What the KPIs of messages share. */
import { kpiDimensions } from './dimensions.ts';
import { networkLegs } from './legs.ts';

const sms = { group: 'sms', services: ['sms'], legs: networkLegs, metrics: [] } as const;

/** Of every KPI over the messages of `usage_minute`. */
export const messages = { ...sms, query: 'kpi-usage', dimensions: kpiDimensions['kpi-usage'] } as const;

/** Of every KPI over the messages of `quality_minute`. */
export const messageQuality = { ...sms, query: 'kpi-quality', dimensions: kpiDimensions['kpi-quality'] } as const;

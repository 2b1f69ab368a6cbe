/** What the KPIs over device readings share. */
import { kpiDimensions } from './dimensions.ts';
import type { KpiDefinition } from './kpi.ts';

type Readings = Pick<KpiDefinition, 'query' | 'services' | 'legs' | 'metrics' | 'dimensions'>;

/**
 * Of every KPI over `measurement_minute`: the metrics that it reads.
 * @example readings(['online']).query // 'kpi-measurements'
 */
export const readings = (
  metrics: readonly string[],
  query: 'kpi-measurements' | 'kpi-devices' | 'kpi-pons' = 'kpi-measurements',
): Readings => ({
  query,
  services: [],
  legs: [],
  metrics,
  dimensions: kpiDimensions[query],
});

/** Names of metrics that Telegraf gives, beside the plain ones. */
export const latencyMetrics = ['latency_ms', 'ping_average_response_ms'];
export const jitterMetrics = ['jitter_ms', 'ping_standard_deviation_ms'];
export const lossMetrics = ['loss_percent', 'ping_percent_packet_loss'];
export const dnsMetrics = ['dns_ms', 'dns_query_query_time_ms'];

import type { KpiDefinition } from './kpi.ts';
import { dnsMetrics, readings } from './readings.ts';

/** Time of DNS answers. */
export const dnsLatency: KpiDefinition = {
  ...readings(dnsMetrics),
  name: 'dns_latency',
  group: 'data',
  title: 'DNS response time, 95 %',
  standard: 'own definition',
  meaning: 'What 95 % of the measured DNS answers do not take longer than.',
  formula: '95 % quantile over devices and minutes of the metric `dns_ms` (Telegraf: `dns_query_query_time_ms`)',
  unit: 'ms',
  better: 'lower',
  rater: 'responsiveness',
  measure: { kind: 'stated', column: 'dns_p95', denominator: 'dns_readings' },
  minimum: 20,
  volume: 'measurements',
  limits: [
    { level: 'good', value: 50, source: 'own choice' },
    { level: 'poor', value: 250, source: 'own choice' },
  ],
  runbook: ['Risen everywhere: the resolver or its upstream. One site: its link; see latency there.'],
};

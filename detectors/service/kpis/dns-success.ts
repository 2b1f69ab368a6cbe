import type { KpiDefinition } from './kpi.ts';
import { readings } from './readings.ts';

/** DNS queries that were answered. */
export const dnsSuccess: KpiDefinition = {
  ...readings(['dns_queries', 'dns_answers']),
  name: 'dns_success',
  group: 'data',
  title: 'DNS answer ratio',
  standard: 'RFC 1035 clause 4.1.1 (response codes); own definition',
  meaning: 'Share of the DNS queries that got an answer, be it that the name does not exist: what people call "the internet is down".',
  formula:
    'NOERROR and NXDOMAIN answers ÷ queries: the metrics `dns_answers` ÷ `dns_queries`, counts of a period (gauges; running counters are not read)',
  unit: 'ratio',
  better: 'higher',
  rater: 'reliability',
  measure: { kind: 'ratio', numerator: 'dns_answers', denominator: 'dns_queries' },
  minimum: 100,
  volume: 'queries',
  limits: [
    { level: 'good', value: 0.99, source: 'own choice' },
    { level: 'poor', value: 0.95, source: 'own choice' },
  ],
  runbook: [
    'SERVFAIL: the resolver does not reach the authorities, or DNSSEC fails; compare with another resolver.',
    'Time-outs: the resolver is overloaded or attacked; look at its queries per second.',
  ],
};

/** Prometheus metrics of the detect process. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import type { DeliveryEvent } from '../outbox/worker.ts';

export interface DetectMetrics {
  readonly registry: Registry;
  findings(findings: readonly Finding[]): void;
  transition(incident: Incident): void;
  delivery(event: DeliveryEvent): void;
}

export function detectMetrics(): DetectMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ role: 'detect' });
  collectDefaultMetrics({ register: registry });
  const of = { registers: [registry] };
  const findings = new Counter({
    ...of,
    name: 'weir_findings_total',
    help: 'Findings said, by control and state',
    labelNames: ['detector', 'state'],
  });
  const transitions = new Counter({
    ...of,
    name: 'weir_incident_transitions_total',
    help: 'Incident transitions, by kind and severity',
    labelNames: ['transition', 'severity'],
  });
  const deliveries = new Counter({
    ...of,
    name: 'weir_webhook_attempts_total',
    help: 'Webhook attempts, by endpoint and outcome',
    labelNames: ['endpoint', 'outcome'],
  });
  const lag = new Histogram({
    ...of,
    name: 'weir_webhook_lag_seconds',
    help: 'From the transition to the end of the attempt that delivered it',
    labelNames: ['endpoint'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600],
  });
  return {
    registry,
    findings(said) {
      for (const { detector, state } of said) findings.inc({ detector, state });
    },
    transition({ transition, severity }) {
      transitions.inc({ transition, severity });
    },
    delivery({ endpoint, state, lagMs }) {
      deliveries.inc({ endpoint, outcome: state });
      if (state === 'delivered') lag.observe({ endpoint }, lagMs / 1000);
    },
  };
}

/** Prometheus metrics of the detect process. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import type { PartReport } from '../detect/series/engine.ts';
import { createReplayCounter, standingFigures } from '../detect/series/figures.ts';
import type { DeliveryEvent } from '../outbox/worker.ts';

export interface DetectMetrics {
  readonly registry: Registry;
  findings(findings: readonly Finding[]): void;
  transition(incident: Incident): void;
  delivery(event: DeliveryEvent): void;
  /** Findings that a topic has. */
  published(findings: number): void;
  /** Where the figures of the incident pipeline come from. */
  pipeline(sizes: () => { readonly keys: number; readonly held: number; readonly groups: number }): void;
  /** A look of the detection loop is over. */
  looked(look: { readonly seconds: number; readonly parts: readonly PartReport[] }): void;
}

/** Figures over all series are made anew so often at most, in ms: they cost a pass over every series. */
const figuresEveryMs = 60_000;

export function detectMetrics(tenant: string): DetectMetrics {
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
    help: 'Attempts to deliver an incident, by endpoint (a topic is topic:NAME) and outcome',
    labelNames: ['endpoint', 'outcome'],
  });
  const lag = new Histogram({
    ...of,
    name: 'weir_webhook_lag_seconds',
    help: 'From the transition to the end of the attempt that delivered it',
    labelNames: ['endpoint'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600],
  });
  const published = new Counter({ ...of, name: 'weir_findings_published_total', help: 'Findings that were published to a topic' });
  const series = seriesMetrics(registry, tenant);
  return {
    registry,
    looked: series,
    findings(said) {
      for (const { detector, state } of said) findings.inc({ detector, state });
    },
    transition({ transition, severity }) {
      transitions.inc({ transition, severity });
    },
    pipeline(sizes) {
      const known = (name: string, help: string, value: () => number): Gauge =>
        new Gauge({
          ...of,
          name,
          help,
          collect() {
            this.set(value());
          },
        });
      known('weir_incident_findings_known', 'Findings that the incident pipeline remembers', () => sizes().keys);
      known('weir_incident_findings_held', 'Findings that are held: silenced, incomplete, waiting', () => sizes().held);
      known('weir_incident_groups', 'Incidents whose findings fire', () => sizes().groups);
    },
    published: (count) => published.inc(count),
    delivery({ endpoint, state, lagMs }) {
      deliveries.inc({ endpoint, outcome: state });
      if (state === 'delivered') lag.observe({ endpoint }, lagMs / 1000);
    },
  };
}

/** Metrics of the detectors over series; takes each look, and works out what is costly once a minute. */
function seriesMetrics(registry: Registry, tenant: string): DetectMetrics['looked'] {
  const of = { registers: [registry] };
  const labelNames = ['detector'];
  const gauge = (name: string, help: string): Gauge => new Gauge({ ...of, name, help, labelNames });
  const looks = new Histogram({
    ...of,
    name: 'weir_detect_look_seconds',
    help: 'Length of a look of the detection loop: controls, and the series that were due',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  });
  const last = new Gauge({ ...of, name: 'weir_detect_last_look_seconds', help: 'Length of the last look of the detection loop' });
  const replays = new Counter({
    ...of,
    name: 'weir_series_late_replays_total',
    help: 'Times that a part went back to a snapshot and learned again because data was late, by detector',
    labelNames,
  });
  const count = gauge('weir_series', 'Series of a detector');
  const open = gauge('weir_series_open', 'Series with a finding against them');
  const lag = gauge('weir_series_lag_seconds', 'Complete event time that is not judged yet, of the part furthest behind');
  const blind = gauge('weir_series_blind', 'Series that expect something now, of which not even a full stop would be seen within an hour');
  const drops = new Histogram({
    ...of,
    name: 'weir_series_visible_drop',
    help: 'Series as they stand, by the smallest drop that would be seen within an hour (share of the expected); blind ones are not in it',
    labelNames,
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1],
  });
  const named = new Gauge({
    ...of,
    name: 'weir_series_smallest_visible_drop',
    help: 'Smallest drop that would be seen within an hour, of the 200 largest series of each detector; 1 = a full stop, or not even that',
    labelNames: ['detector', 'series'],
  });
  const countReplays = createReplayCounter();
  let writtenAt = Number.NEGATIVE_INFINITY;
  return ({ seconds, parts }) => {
    looks.observe(seconds);
    last.set(seconds);
    for (const [detector, times] of countReplays(parts)) replays.inc({ detector }, times);
    if (performance.now() - writtenAt < figuresEveryMs) return;
    writtenAt = performance.now();
    for (const metric of [count, open, lag, blind, drops, named]) metric.reset();
    for (const [detector, figures] of standingFigures(parts, tenant)) {
      count.set({ detector }, figures.series);
      open.set({ detector }, figures.open);
      lag.set({ detector }, figures.lagSeconds);
      blind.set({ detector }, figures.blind);
      for (const drop of figures.drops) drops.observe({ detector }, drop);
      for (const { series, drop } of figures.named) named.set({ detector, series }, drop);
    }
  };
}

/**
 * RATER: the five dimensions of service quality of SERVQUAL (Parasuraman, Zeithaml, Berry, 1988) as tags. KPIs carry their own; this says which one an incident
 * touches. Tags sort a report; nothing is computed from them.
 */
import type { Rater } from '../kpis/index.ts';

/** What decides. */
export interface RatedIncident {
  /** revenue, service, data or another. */
  readonly category: string;
  readonly detector: string;
  readonly metric: string;
}

/**
 * Words in names of detectors and metrics, the first that matches decides. Reliability: what was promised works. Responsiveness: how fast it answers.
 * Assurance: what one trusts in, bills and records among it. Tangibles: what one has in the hand. Empathy: what customers had to say themselves.
 */
const words: readonly (readonly [RegExp, Rater])[] = [
  [/(?:^|[ _])(?:complaint|field_visit|first_seen)/, 'empathy'],
  [/(?:^|[ _])(?:delay|latency|pdd|jitter|throughput|lag)/, 'responsiveness'],
  [/(?:^|[ _])(?:device|ont|cpe|pon|firmware|reboot|optical|measurement|coverage)/, 'tangibles'],
  [/(?:^|[ _])(?:sim_box|fraud|failure|drift)/, 'assurance'],
];

/**
 * The tag of an incident.
 * @example raterOf({ category: 'service', detector: 'usage_setup_delay', metric: 'setup_delay' }) // 'responsiveness'
 */
export function raterOf({ category, detector, metric }: RatedIncident): Rater {
  const name = `${detector} ${metric}`.toLowerCase();
  const found = words.find(([pattern]) => pattern.test(name));
  if (found) return found[1];
  // Money and records are what a customer trusts in.
  return category === 'revenue' || category === 'data' ? 'assurance' : 'reliability';
}

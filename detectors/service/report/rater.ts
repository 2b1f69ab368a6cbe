/** Which RATER tag an incident has: that of the definition that raised it. */
import type { Rater } from '../../../core/rater.ts';

/** What is known of an incident. */
export interface RatedIncident {
  /** revenue, service, data or another. */
  readonly category: string;
  readonly detector: string;
  readonly metric: string;
}

/** What carries a tag. */
export interface Rated {
  readonly identity: string;
  readonly metric: string;
  readonly rater: Rater;
}

/** Findings that no definition makes: what is put together behind a topology element, incomplete feeds, and deliveries that fail. */
const composed: readonly Rated[] = [
  { identity: 'topology', metric: 'elements_affected', rater: 'reliability' },
  { identity: 'data_quality', metric: 'completeness', rater: 'assurance' },
  { identity: 'delivery_failure', metric: 'undelivered', rater: 'responsiveness' },
];

/**
 * The tag of an incident by the definitions that there are. What a person entered, and what a definition said that is gone, goes by its category: money and
 * records are what a customer trusts in.
 * @example raterBy([{ identity: 'S01', metric: 'missing_files', rater: 'assurance' }])({ category: 'data', detector: 'S01', metric: 'missing_files' }) // 'assurance'
 */
export function raterBy(definitions: readonly Rated[]): (incident: RatedIncident) => Rater {
  const known = new Map<string, Rater>();
  for (const { identity, metric, rater } of [...composed, ...definitions]) {
    known.set(`${identity}/${metric}`, rater);
    if (!known.has(identity)) known.set(identity, rater);
  }
  return ({ category, detector, metric }) =>
    known.get(`${detector}/${metric}`) ??
    known.get(detector) ??
    (category === 'revenue' || category === 'data' ? 'assurance' : 'reliability');
}

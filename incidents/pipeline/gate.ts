/** The gate: what is said of incomplete data says something about the data. */
import type { Finding } from '../../core/finding.ts';
import { findingKey } from '../../core/key.ts';

/** An open finding about data: what is muted while it stands. */
export interface DataFinding {
  readonly finding_key: string;
  readonly title: string;
  readonly scope: Readonly<Record<string, string>>;
}

/** Labels that name a feed, the narrowest first. */
const feedLabels = ['source', 'node', 'leg'] as const;

/** Why a finding does not pass; undefined when it does. */
export interface Gated {
  readonly text: string;
  /** Its own data is incomplete: the feed gets an incident. */
  readonly incomplete: boolean;
}

/**
 * A finding on less than `minimum` of its data does not pass; a service finding does not either while a finding about the data of its
 * feed stands. Money is never muted by another finding.
 * @example gateOf({ kind: 'service', scope: { leg: 'ran' }, data_quality: { completeness: 0.4, lag_s: 0 } }, [], 0.9)?.incomplete // true
 */
export function gateOf(
  finding: Pick<Finding, 'kind' | 'scope' | 'data_quality'>,
  dataFindings: Iterable<DataFinding>,
  minimum: number,
): Gated | undefined {
  const { completeness } = finding.data_quality;
  if (finding.kind === 'data') return undefined;
  if (completeness < minimum) {
    return { text: `Only ${percent(completeness)} of its data had come, ${percent(minimum)} are needed.`, incomplete: true };
  }
  if (finding.kind !== 'service') return undefined;
  for (const { title, scope } of dataFindings) {
    const label = feedLabels.find((name) => scope[name] !== undefined && scope[name] === finding.scope[name]);
    if (label !== undefined) return { text: `Data of ${label} ${scope[label]} is in doubt: ${title}`, incomplete: false };
  }
  return undefined;
}

/**
 * The feed of a finding, for the incident about its data.
 * @example feedOf({ leg: 'ran', cell: 'c1' }) // { leg: 'ran' }
 */
export function feedOf(scope: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const label = feedLabels.find((name) => scope[name] !== undefined);
  return label === undefined ? { feed: 'unknown' } : { [label]: scope[label]! };
}

/** Key of the incident about the data of a feed. */
export function feedKey(tenant: string, feed: Readonly<Record<string, string>>): string {
  return findingKey(tenant, 'data_quality', 'completeness', feed);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** A verdict: what a person says of an incident. One row per finding of it; nothing is ever changed, the latest of each person stands. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';

/** It was right; it was a false alarm; it was right and helped. */
export const verdictWords = ['true', 'false', 'useful'] as const;

export type VerdictWord = (typeof verdictWords)[number];

export interface Verdict {
  readonly verdict: VerdictWord;
  readonly note: string;
  readonly actor: string;
  readonly origin: 'console' | 'api' | 'cli' | 'ticket';
}

/** A verdict on one finding as it is stored; `at` in ms since 1970 UTC. */
export interface StoredVerdict extends Verdict {
  readonly verdict_id: string;
  readonly incident_id: string;
  readonly finding_key: string;
  readonly detector: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly at: number;
}

/** Findings that an incident is about. */
function findingsOf({ finding }: Incident): readonly Finding[] {
  return [finding];
}

/**
 * Stores what a person says of each finding of an incident. Rejects when it cannot be stored.
 * @param key names what was said: said again under it, it is stored once
 */
export async function sayVerdict(
  { store, clock, tenant }: { readonly store: Pick<Store, 'insert'>; readonly clock: Clock; readonly tenant: string },
  incident: Incident,
  verdict: Verdict,
  key?: string,
): Promise<readonly StoredVerdict[]> {
  const identity = `ver_${key === undefined ? randomBytes(8).toString('hex') : createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
  const at = clock.now();
  const stored = findingsOf(incident).map(({ finding_key, detector, scope }, index) => ({
    verdict_id: index === 0 ? identity : `${identity}-${index}`,
    incident_id: incident.incident_id,
    finding_key,
    detector,
    scope,
    ...verdict,
    at,
  }));
  const rows = stored.map((each) => ({ ...each, tenant, at: writeInstant(at) }));
  await store.insert('verdicts', rows, `verdict/${identity}`);
  return stored;
}

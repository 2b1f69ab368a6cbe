/** Incidents and findings as the tables have them, for who decides on them. */
import { createHash } from 'node:crypto';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';

export interface Stored {
  byId(incidentId: string): Promise<Incident | undefined>;
  /** The latest incident of each key that has one. */
  byKeys(keys: readonly string[]): Promise<Incident[]>;
  /** The latest word of each finding that has one. */
  lastWords(keys: readonly string[]): Promise<Finding[]>;
  /** Findings since an instant, ms, that nothing was decided about; at most {@link wordsPerQuery}. */
  undecided(from: number): Promise<Finding[]>;
  /** Incidents that people still have to act on, the most severe first. */
  watched(): Promise<Incident[]>;
  /** Incidents of little severity that opened in a stretch, ms. */
  small(of: { readonly from: number; readonly to: number; readonly severity: number }): Promise<Incident[]>;
}

/** Keys in one look-up: they travel in the address of a request. */
const keysPerQuery = 500;
/** Incidents that are looked at for escalation at once, the most severe first. */
const mostWatched = 20_000;
/** Words that are read at once. */
export const wordsPerQuery = 20_000;

interface BodyRow {
  readonly body: string;
}

const bodies = <T>(rows: readonly BodyRow[]): T[] => rows.map(({ body }) => JSON.parse(body) as T);

/** What is stored of one tenant. */
export function createStored(store: Pick<Store, 'rows'>, tenant: string): Stored {
  async function pages<T>(query: string, keys: readonly string[]): Promise<T[]> {
    const found: T[] = [];
    for (let start = 0; start < keys.length; start += keysPerQuery) {
      const rows = await store.rows<BodyRow>(query, { tenant, keys: keys.slice(start, start + keysPerQuery) });
      for (const one of bodies<T>(rows)) found.push(one);
    }
    return found;
  }
  const at = (instant: number): string => writeInstant(Math.max(0, instant));
  return {
    byId: async (incident_id) => bodies<Incident>(await store.rows<BodyRow>('incident-latest-by-id', { tenant, incident_id }))[0],
    byKeys: (keys) => pages('incident-latest-by-key', keys),
    lastWords: (keys) => pages('incident-last-words', keys),
    undecided: async (from) => bodies(await store.rows<BodyRow>('incident-undecided', { tenant, from: at(from), limit: wordsPerQuery })),
    watched: async () => bodies(await store.rows<BodyRow>('incidents-watched', { tenant, limit: mostWatched })),
    small: async ({ from, to, severity }) =>
      bodies(await store.rows<BodyRow>('incidents-small', { tenant, from: at(from), to: at(to), severity, limit: mostWatched })),
  };
}

/** SHA-256 of a text, hexadecimal: identities of incidents are made of it. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

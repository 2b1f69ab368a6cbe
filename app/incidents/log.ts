/**
 * The table of incidents as a log: one write after the other for each tenant. A write has a number, one more than the last, and its token is
 * made of it: of several processes that try the same number the first is stored and the others change nothing, whole as they are. Who finds
 * another writer under its number has lost, and decides again from what is true now.
 */
import { randomUUID } from 'node:crypto';
import type { Incident } from '../../core/incident.ts';
import type { Store } from '../../sql/store.ts';
import { incidentRow } from './row.ts';

/** How the incidents of a tenant stand. */
export interface Standing {
  /** Keys of incidents that people still have to act on. */
  readonly active: readonly string[];
  /** Number of the last write. */
  readonly generation: number;
  /** Whether the last fold was made here, or nobody made one. */
  readonly foldedHere: boolean;
}

export interface IncidentLog {
  standing(): Promise<Standing>;
  /** Number of the last write, as far as it is known here; asks when it is not. */
  generation(): Promise<number>;
  /**
   * Stores transitions as the write after `after`. False = another process was faster: nothing is stored.
   * @param as what for: only folds count as folds
   */
  write(transitions: readonly Incident[], after: number, as: 'fold' | 'act' | 'watch'): Promise<boolean>;
}

/** How often a decision is taken anew because another process was faster. */
export const rounds = 8;

/** Rows of one write: a larger one would be cut by the server. */
export const mostRows = 100_000;

/** The log of one tenant, as one process writes it. */
export function createIncidentLog(store: Store, tenant: string): IncidentLog {
  const process = randomUUID();
  let attempts = 0;

  async function standing(): Promise<Standing> {
    const [row] = await store.rows<{ active: string[]; generation: string; last_folder: string }>('incident-standing', { tenant });
    const folder = row?.last_folder ?? '';
    return {
      active: row?.active ?? [],
      generation: Number(row?.generation ?? 0),
      foldedHere: folder === '' || folder.startsWith(`fold/${process}/`),
    };
  }

  return {
    standing,
    generation: async () => (await standing()).generation,
    async write(transitions, after, as) {
      if (transitions.length > mostRows) throw new Error('too many transitions in one write');
      const generation = after + 1;
      const writer = `${as}/${process}/${attempts++}`;
      const rows = transitions.map((incident) => ({ ...incidentRow(incident), generation, writer }));
      await store.insert('incidents', rows, `incidents/${tenant}/${generation}`);
      const [row] = await store.rows<{ writer: string }>('incident-writer', { tenant, generation });
      if (row === undefined) throw new Error('A write that was stored cannot be read back.');
      return row.writer === writer;
    },
  };
}

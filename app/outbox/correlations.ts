/** What targets remember of incidents: identities in other systems, in the table `correlations`. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { writeInstant } from '../../core/row.ts';
import type { Memory, Remembered } from '../../incidents/notify/target.ts';
import type { Store } from '../../sql/store.ts';

/** The memory of one target. */
export function correlationsOf(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly target: string;
}): Memory {
  const { store, clock, tenant, target } = options;
  return {
    recall: async (incident_id) => (await store.rows<Remembered>('correlation-latest', { tenant, target, incident_id }))[0],
    keep: async (incident_id, { external_id, reference }) => {
      const row = { tenant, target, incident_id, external_id, reference, at: writeInstant(clock.now()) };
      // A label set that comes back after another one is a new row: the instant belongs to the token.
      const digest = createHash('sha256').update(external_id).digest('hex').slice(0, 16);
      await store.insert('correlations', [row], `${tenant}/${target}/${incident_id}/${digest}/${row.at}`);
    },
  };
}

/** A memory that ends with the process: for trying a target. */
export function forgetfulMemory(): Memory {
  const kept = new Map<string, Remembered>();
  return {
    recall: async (incidentId) => kept.get(incidentId),
    keep: async (incidentId, remembered) => {
      kept.set(incidentId, remembered);
    },
  };
}

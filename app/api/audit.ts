/** The audit: one row for each change and each look at original bytes. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';
import type { Principal } from './access.ts';

export interface AuditEntry {
  /** Who did it: somebody who asked, or Weir itself. */
  readonly principal: Omit<Principal, 'origin'> & { readonly origin: Principal['origin'] | 'weir' };
  /** e.g. incident.acknowledge, rejects.replay, session.open */
  readonly action: string;
  readonly target: string;
  /** Address it was asked from. */
  readonly address: string;
  /** Figures of the action; never a secret or an identity. */
  readonly detail?: Readonly<Record<string, string>>;
  /** Names what was done: written again under it, it is stored once. */
  readonly key?: string;
}

/** Writes one entry; rejects when it cannot be stored. */
export type Audit = (entry: AuditEntry) => Promise<void>;

/** An audit in the table `audit`. */
export function createAudit(options: { store: Store; clock: Clock; tenant: string }): Audit {
  const { store, clock, tenant } = options;
  return ({ principal, action, target, address, detail, key }) =>
    store.insert(
      'audit',
      [
        {
          tenant,
          at: writeInstant(clock.now()),
          actor: principal.name,
          role: principal.role,
          action,
          target,
          origin: principal.origin,
          detail: { ...detail, address },
        },
      ],
      `audit/${tenant}/${key ?? randomUUID()}`,
    );
}

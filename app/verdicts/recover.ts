/** An amount that was recovered of a revenue case. Entries add up; nothing is ever changed. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { WeirError } from '../../core/errors.ts';
import type { Incident } from '../../core/incident.ts';
import { fromMicro, toMicro } from '../../core/money.ts';
import { writeInstant } from '../../core/row.ts';
import type { Store } from '../../sql/store.ts';

export interface Recovery {
  /** Decimal, in the currency of the case; negative corrects an earlier entry. */
  readonly amount: string;
  /** How it was recovered. */
  readonly note: string;
  readonly actor: string;
  readonly origin: 'console' | 'api' | 'cli' | 'ticket';
}

export interface StoredRecovery extends Recovery {
  readonly recovery_id: string;
  readonly incident_id: string;
  readonly currency: string;
  /** Of the case, this entry included; decimal. */
  readonly total: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/**
 * Stores it.
 * @param currency of the tenant, for a case that states no amount
 * @throws WeirError usage when the amount is not one, or the case would have less than nothing back; conflict when it is no revenue case
 */
export async function sayRecovered(
  {
    store,
    clock,
    tenant,
    currency,
  }: { readonly store: Pick<Store, 'insert' | 'rows'>; readonly clock: Clock; readonly tenant: string; readonly currency: string },
  incident: Incident,
  recovery: Recovery,
): Promise<StoredRecovery> {
  if (incident.category !== 'revenue')
    throw new WeirError('conflict', `${incident.incident_id} is no revenue case but of category ${incident.category}`, {
      hint: 'Amounts are recovered of incidents of category revenue.',
    });
  const micro = toMicro(recovery.amount);
  if (!Number.isFinite(micro) || micro === 0)
    throw new WeirError('usage', `${recovery.amount} is not an amount`, {
      hint: 'A decimal such as 1250.50; negative to correct an entry.',
    });
  const before = await store.rows<{ amount: string }>('incident-recovered', { tenant, incident_id: incident.incident_id });
  const total = toMicro(before[0]?.amount ?? '0') + micro;
  if (total < 0)
    throw new WeirError('usage', `the case would have ${fromMicro(total)} back`, {
      hint: 'A correction takes back at most what was entered.',
    });
  const now = clock.now();
  const identity = `rec_${randomBytes(8).toString('hex')}`;
  const row = {
    tenant,
    recovery_id: identity,
    incident_id: incident.incident_id,
    finding_key: incident.finding.finding_key,
    detector: incident.finding.detector,
    amount: fromMicro(micro),
    currency: incident.impact.money?.currency ?? currency,
    note: recovery.note,
    actor: recovery.actor,
    origin: recovery.origin,
    at: writeInstant(now),
  };
  await store.insert('recoveries', [row], `recovery/${identity}`);
  const { tenant: _tenant, finding_key: _key, detector: _detector, ...said } = row;
  return { ...said, origin: recovery.origin, total: fromMicro(total), at: new Date(now).toISOString() };
}

/** The incident that a person means, and the audit of what is done with it from the command line. */
import { userInfo } from 'node:os';
import { WeirError } from '../../core/errors.ts';
import type { Incident } from '../../core/incident.ts';
import { createAudit } from '../api/audit.ts';
import { createIncidentDesk, type IncidentDesk } from '../incidents/desk.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { quietLog } from './log.ts';
import type { OpenStore } from './options.ts';

export const systemClock = { now: () => Date.now() };

/** Who works at this terminal. */
export const person = (): string => userInfo().username;

/** @throws WeirError not_found; usage when several begin so */
export async function incidentNamed({ store, settings: { tenant } }: Pick<OpenStore, 'store' | 'settings'>, id: string): Promise<Incident> {
  const rows = await store.rows<{ body: string }>('incident-by-prefix', { tenant, prefix: id });
  if (rows.length === 0) throw new WeirError('not_found', `no incident ${id}`, { hint: 'npx weir incidents lists them' });
  if (rows.length > 1) throw new WeirError('usage', `${id} is the beginning of ${rows.length} incidents`, { hint: 'Give more of the id.' });
  return JSON.parse(rows[0]!.body) as Incident;
}

/** A desk that changes incidents, and folds none. */
export function deskOf({ store, settings }: Pick<OpenStore, 'store' | 'settings'>): IncidentDesk {
  return createIncidentDesk({ store, clock: systemClock, tenant: settings.tenant, settings: incidentSettings(settings), log: quietLog });
}

/** Writes what a person did here into the audit. */
export function auditHere(
  { store, settings }: Pick<OpenStore, 'store' | 'settings'>,
  action: string,
  target: string,
  detail: Readonly<Record<string, string>> = {},
): Promise<void> {
  const principal = { name: person(), role: 'owner', origin: 'cli' } as const;
  return createAudit({ store, clock: systemClock, tenant: settings.tenant })({ principal, action, target, address: 'local', detail });
}

/** Bodies of ticket systems: verified, stored as they came, and applied to incidents once. */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { type Applied, actorOf, applyTicket, joined, stillDegraded, type TicketView } from '../../incidents/inbound/apply.ts';
import type { Read, TicketEvent } from '../../incidents/inbound/event.ts';
import { readBody } from '../../incidents/inbound/read.ts';
import { type Headers, type Verified, verify } from '../../incidents/inbound/verify.ts';
import { isActive } from '../../incidents/transition.ts';
import type { Store } from '../../sql/store.ts';
import type { IncidentDesk } from '../incidents/desk.ts';
import { sayVerdict } from '../verdicts/say.ts';
import type { Connector } from './connectors.ts';

export interface Inbox {
  /** Whether the signature of a body is right. */
  verify(connector: Connector, headers: Headers, body: Buffer): Verified;
  /** Stores a body; what came before is not stored again. Rejects when it cannot be stored. */
  receive(connector: Connector, deliveryId: string, body: Buffer, address: string): Promise<void>;
  /** Applies what is stored and was not applied, and answers how much that was. */
  apply(): Promise<number>;
  /** Tells of incidents whose ticket was resolved and that still stand after the grace time. */
  remind(): Promise<void>;
}

export interface InboxOptions {
  readonly store: Pick<Store, 'rows' | 'insert'>;
  readonly desk: Pick<IncidentDesk, 'change'>;
  readonly clock: Clock;
  readonly tenant: string;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Writes the audit of a change: who, where from. */
  readonly audit: (entry: {
    actor: string;
    action: string;
    target: string;
    address: string;
    connector: string;
    /** The same when it is written again. */
    key: string;
  }) => Promise<void>;
  /** Time between a ticket being resolved and the reminder that nothing has recovered. */
  readonly graceMs: number;
}

interface Pending {
  readonly connector: string;
  readonly receipt: string;
  readonly received_ms: string;
  readonly address: string;
  readonly body: string;
}

/** What stands longer is not applied any more, ms. */
const lookBackMs = 3 * 86_400_000;
const atOnce = 200;
/** What the place of a word begins with that was asked for: no address of a sender does. Its body is the event itself. */
export const askedPlace = 'asked:';

export function createInbox(options: InboxOptions): Inbox {
  const { store, desk, clock, tenant, connectors, log } = options;
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<number> | undefined;

  async function applyPending(): Promise<number> {
    const from = writeInstant(Math.max(0, clock.now() - lookBackMs));
    let done = 0;
    for (;;) {
      const rows = await store.rows<Pending>('inbound-pending', { tenant, from, limit: atOnce });
      for (const row of rows) await applyOne(row);
      done += rows.length;
      if (rows.length < atOnce) return done;
    }
  }

  async function applyOne(row: Pending): Promise<void> {
    const connector = connectors.get(row.connector);
    const read: Read =
      connector === undefined
        ? { ignored: 'The connector is not in the settings any more.' }
        : row.address.startsWith(askedPlace)
          ? { event: JSON.parse(row.body) as TicketEvent }
          : readBody(connector.type, row.body, {
              statuses: connector.statuses,
              own: connector.own,
              receivedAt: Number(row.received_ms),
              fallbackId: row.receipt,
            });
    if (!('event' in read)) {
      const unreadable = 'unreadable' in read;
      if (unreadable) log.warn({ connector: row.connector, reason: read.unreadable }, 'a body of a ticket system is unreadable');
      await done(row, { outcome: unreadable ? 'unreadable' : 'ignored', reason: unreadable ? read.unreadable : read.ignored }, '');
      return;
    }
    const { event } = read;
    const incidentId = await incidentOf(connector!, event);
    if (incidentId === '') return done(row, { outcome: 'unknown', reason: 'No incident has this ticket.' }, '', event);
    const words = await store.rows<{ connector: string; delivery_id: string; event: string }>('inbound-of-incident', {
      tenant,
      incident_id: incidentId,
    });
    if (words.some((word) => word.connector === row.connector && word.delivery_id === event.delivery_id)) {
      return done(row, { outcome: 'repeated', reason: 'It was applied before.' }, incidentId);
    }
    const before = words.reduce<TicketView>((view, word) => joined(view, JSON.parse(word.event) as TicketEvent), {});
    let applied: Applied | undefined;
    let stood: Incident | undefined;
    const result = await desk.change(incidentId, async (incident, now, latest) => {
      stood = incident;
      applied = applyTicket(incident, before, event, {
        connector: row.connector,
        firing: await isFiring(incident),
        superseded: latest.incident_id !== incident.incident_id,
        now,
      });
      return applied.incident === undefined ? { outcome: 'unchanged' } : { outcome: 'changed', incident: applied.incident };
    });
    if (result.outcome === 'not_found' || applied === undefined) {
      return done(row, { outcome: 'unknown', reason: `There is no incident ${incidentId}.` }, '', event);
    }
    if (applied.notAnIncident && stood) {
      const verdict = {
        verdict: 'false',
        note: event.reason ?? 'The ticket was cancelled.',
        actor: event.actor,
        origin: 'ticket',
      } as const;
      await sayVerdict({ store, clock, tenant }, stood, verdict, `${tenant}/${row.connector}/${row.receipt}`);
    }
    // A process may have died after the change: then it stands in the timeline, and who it was in no audit yet.
    const told = stood && (result.outcome === 'changed' ? result.incident : stood);
    const entry = told?.timeline.findLast(
      ({ actor, at }) => actor === actorOf(event, { connector: row.connector }) && Date.parse(at) >= Number(row.received_ms),
    );
    if (entry !== undefined && applied.outcome !== 'stale')
      await options.audit({
        actor: event.actor,
        action: `incident.${entry.type}`,
        target: incidentId,
        address: row.address,
        connector: row.connector,
        key: `${incidentId}/${entry.at}/${row.connector}`,
      });
    await done(row, applied, incidentId, event);
  }

  /** Whether what is wrong stands. What has ended may not have been told of the recovery: its finding is asked. */
  async function isFiring(incident: Incident): Promise<boolean> {
    if (isActive(incident.state)) return true;
    const [last] = await store.rows<{ state: string }>('finding-last-state', { tenant, finding_key: incident.finding.finding_key });
    return (last?.state ?? incident.finding.state) === 'firing';
  }

  /** By our id as the ticket echoes it, else by what the target remembers that made it, else by an earlier word of it. */
  async function incidentOf(connector: Connector, { incident_id, external_id, reference }: TicketEvent): Promise<string> {
    if (incident_id !== '') return incident_id;
    const { name, target } = connector;
    const made =
      target === ''
        ? []
        : await store.rows<{ incident_id: string }>('inbound-incident-of-target', { tenant, target, external_id, reference });
    if (made[0] !== undefined) return made[0].incident_id;
    const [known] = await store.rows<{ incident_id: string }>('inbound-incident-of-ticket', { tenant, connector: name, external_id });
    return known?.incident_id ?? '';
  }

  async function done(row: Pending, became: { outcome: string; reason: string }, incidentId: string, event?: TicketEvent): Promise<void> {
    const kept = event && incidentId !== '' ? JSON.stringify(event) : '';
    await store.insert(
      'inbound_events',
      [
        {
          tenant,
          connector: row.connector,
          receipt: row.receipt,
          received_at: writeInstant(Number(row.received_ms)),
          delivery_id: event?.delivery_id ?? '',
          external_id: event?.external_id ?? '',
          reference: event?.reference ?? '',
          incident_id: incidentId,
          said_at: writeInstant(event?.at ?? Number(row.received_ms)),
          status: event?.status ?? '',
          outcome: became.outcome,
          reason: became.reason,
          event: kept,
          at: writeInstant(clock.now()),
        },
      ],
      `inbound-event/${tenant}/${row.connector}/${row.receipt}`,
    );
  }

  return {
    verify: (connector, headers, body) => verify(connector.type, headers, body, connector.secrets, clock.now()),
    async receive(connector, deliveryId, body, address) {
      const receipt = createHash('sha256').update(deliveryId).digest('hex');
      const known = await store.rows('inbound-receipt', { tenant, connector: connector.name, receipt });
      if (known.length > 0) return;
      const row = {
        tenant,
        connector: connector.name,
        receipt,
        received_at: writeInstant(clock.now()),
        address,
        body: body.toString('utf8'),
      };
      await store.insert('inbound', [row], `inbound/${tenant}/${connector.name}/${receipt}`);
    },
    apply() {
      // Who asks while one runs gets the next one, which sees what has been stored since.
      if (next !== undefined) return next;
      const begin = (): Promise<number> => {
        next = undefined;
        return applyPending();
      };
      next = last.then(begin, begin);
      last = next;
      return next;
    },
    async remind() {
      const rows = await store.rows<{ incident_id: string }>('inbound-degraded', { tenant });
      for (const { incident_id } of rows) {
        await desk.change(incident_id, (incident, now) => {
          const next = stillDegraded(incident, now, options.graceMs);
          return next === undefined ? { outcome: 'unchanged' } : { outcome: 'changed', incident: next };
        });
      }
    },
  };
}

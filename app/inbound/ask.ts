/** Asks ticket systems how the tickets stand that Weir opened and of which nothing came for a while; what is news goes through the inbox, as if it had been posted. */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { joined, type TicketView } from '../../incidents/inbound/apply.ts';
import type { AskedSystem } from '../../incidents/inbound/asked/system.ts';
import type { TicketEvent } from '../../incidents/inbound/event.ts';
import { dueTickets, type KnownTicket, unheard } from '../../incidents/inbound/reconcile.ts';
import { loginRules } from '../../incidents/notify/answer.ts';
import { exchange } from '../../incidents/notify/exchange.ts';
import { judgeReply } from '../../incidents/notify/target.ts';
import type { Store } from '../../sql/store.ts';
import type { Lease } from '../outbox/lease.ts';
import type { Connector } from './connectors.ts';
import { askedPlace, type Inbox } from './inbox.ts';

/** A connector that can be asked. */
export interface Asking {
  readonly connector: Connector;
  readonly system: AskedSystem;
  /** For the audit of what it says. */
  readonly host: string;
  readonly everyMs: number;
  /** Tickets are known there by the ids of incidents alone. */
  readonly byKey: boolean;
  /** What must not be shown. */
  readonly secrets: readonly string[];
}

export interface AskOptions {
  readonly store: Pick<Store, 'rows'>;
  readonly clock: Clock;
  readonly tenant: string;
  readonly inbox: Pick<Inbox, 'receive' | 'apply'>;
  readonly asking: readonly Asking[];
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Told of words that had never come. */
  readonly onUnheard?: (connector: string, words: number) => void;
  /** Where several processes answer the API: only who holds it asks. */
  readonly lease?: Lease;
}

/** Tickets of incidents that ended are asked about for this long, ms: people close them later. */
const endedMs = 7 * 86_400_000;
/** Tickets of a connector that are known of at once, and asked about in one round. */
const mostKnown = 2_000;
const mostAsked = 100;
const timeoutMs = 15_000;
/** Bytes of an answer: 50 records with long notes. */
const answerBytes = 2_000_000;
/** A system that gave no answer rests, ms. */
const restMs = 60_000;

/** One round through all connectors; answers how many words were unheard. */
export function createAsker(options: AskOptions): () => Promise<number> {
  const { store, clock, tenant, inbox, asking, log, lease } = options;
  const asked = new Map<string, Map<string, number>>(asking.map(({ connector }) => [connector.name, new Map()]));
  const restsUntil = new Map<string, number>();

  async function known({ connector, byKey }: Asking): Promise<Map<string, { ticket: KnownTicket; incident: Incident }>> {
    const rows = await store.rows<{ incident_id: string; external_id: string; reference: string; body: string; word_ms: string }>(
      'tickets-told',
      {
        ...{ tenant, target: connector.target, connector: connector.name, by_key: byKey ? 1 : 0, limit: mostKnown },
        ended_after: writeInstant(Math.max(0, clock.now() - endedMs)),
      },
      { timeoutMs: 30_000 },
    );
    return new Map(
      rows.map(({ incident_id, external_id, reference, body, word_ms }) => [
        incident_id,
        { ticket: { incident_id, external_id, reference, wordAt: Number(word_ms) }, incident: JSON.parse(body) as Incident },
      ]),
    );
  }

  async function viewOf(connector: string, incident_id: string): Promise<TicketView> {
    const words = await store.rows<{ connector: string; event: string }>('inbound-of-incident', { tenant, incident_id });
    return words
      .filter((word) => word.connector === connector)
      .reduce<TicketView>((view, { event }) => joined(view, JSON.parse(event) as TicketEvent), {});
  }

  async function askOne(one: Asking): Promise<number> {
    const { connector, system, host, everyMs, secrets } = one;
    const now = clock.now();
    if (now < (restsUntil.get(connector.name) ?? 0)) return 0;
    const at = asked.get(connector.name)!;
    const tickets = await known(one);
    for (const incident of at.keys()) if (!tickets.has(incident)) at.delete(incident);
    const due = dueTickets(
      [...tickets.values()].map(({ ticket }) => ticket),
      at,
      { now, everyMs, most: mostAsked },
    );
    const byName = new Map(due.map(({ external_id, incident_id }) => [external_id, incident_id]));
    let news = 0;
    for (const request of system.ask(due)) {
      const reply = await exchange(request, { timeoutMs, readBytes: answerBytes });
      const answer = judgeReply(reply, now, loginRules, secrets);
      if (answer.outcome !== 'delivered') {
        // A ticket that is gone keeps nobody from asking for the next one.
        if (reply.status === 404 || reply.status === 410) continue;
        const rest = 'retryAfterSeconds' in answer && answer.retryAfterSeconds !== undefined ? answer.retryAfterSeconds * 1000 : restMs;
        restsUntil.set(connector.name, now + rest);
        const error = 'error' in answer ? answer.error : '';
        log.warn({ connector: connector.name, http_status: reply.status, error }, 'a ticket system could not be asked, it is tried again');
        return news;
      }
      for (const ticket of system.states(reply.body, { statuses: connector.statuses, own: connector.own })) {
        const incidentId = byName.get(ticket.external_id) ?? ticket.incident_id;
        const incident = due.some(({ incident_id }) => incident_id === incidentId) ? tickets.get(incidentId)?.incident : undefined;
        if (incident === undefined) continue;
        const view = await viewOf(connector.name, incidentId);
        const askedAt = at.get(incidentId);
        for (const event of unheard(incident, ticket, view, { askedAt, now, system: connector.type })) {
          await inbox.receive(connector, event.delivery_id, Buffer.from(JSON.stringify(event)), `${askedPlace}${host}`);
          news += 1;
        }
      }
    }
    // Only when everything is stored: what a failure left is asked for again.
    for (const { incident_id } of due) at.set(incident_id, now);
    return news;
  }

  return async () => {
    if (asking.length === 0 || (lease && (await lease.heldUntil()) === 0)) return 0;
    // What has come is heard first.
    await inbox.apply();
    let news = 0;
    for (const one of asking) {
      const unheardOf = await askOne(one);
      if (unheardOf > 0) options.onUnheard?.(one.connector.name, unheardOf);
      news += unheardOf;
    }
    if (news > 0) {
      log.info({ words: news }, 'tickets stood otherwise than their systems had said');
      await inbox.apply();
    }
    return news;
  };
}

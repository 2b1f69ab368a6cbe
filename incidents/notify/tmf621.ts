/**
 * Trouble tickets of TM Forum's TMF621, version 5. `externalIdentifier` holds the incident's id, by which the ticket is found again. A change is a JSON merge
 * patch (RFC 7386), which replaces lists as wholes: the ticket is read first and its notes are kept. A note that is there already is not
 * written twice.
 * Source: TMF621 Trouble Ticket Management API v5.0.1; TMF630 part 1 for PATCH and filters.
 */
import type { Incident } from '../../core/incident.ts';
import { isActive } from '../transition.ts';
import { oneLine } from './cut.ts';
import type { Reply } from './exchange.ts';
import { askRequest, below, jsonRequest, type Login } from './request.ts';
import { identityOf, jsonOf, type Remembered, type Target } from './target.ts';
import { renderTemplate, type Texts } from './template.ts';
import { deliverTicket, noteMark, noteText, type OnRecovery, type TicketSystem } from './ticket.ts';
import { severityName, wordsOf } from './words.ts';

export interface Tmf621Settings {
  readonly name: string;
  /** Base of the API: …/troubleTicket/v5 */
  readonly url: string;
  readonly login: Login;
  readonly onRecovery: OnRecovery;
  readonly ticketType: string;
  /** Connectors by which the same system tells how its tickets stand: what came from there is not told back as a status. */
  readonly connectors?: readonly string[];
  readonly texts: Texts;
}

/** The standard sets no lengths; these keep a ticket readable. Most notes that are sent back, so that a ticket cannot grow without end. */
export const tmf621Limits = { name: 255, description: 8_000, note: 4_000, notes: 200 } as const;

/** Words of Weir's states in TMF621; an open incident leaves it to the system. */
const statuses: Readonly<Record<string, string>> = {
  acknowledged: 'acknowledged',
  in_progress: 'inProgress',
  resolved: 'resolved',
  closed: 'closed',
};

type Note = Readonly<Record<string, unknown>>;

/** The ticket that a new incident makes. */
export function troubleTicket(settings: Tmf621Settings, incident: Incident): object {
  const words = wordsOf(incident);
  const characteristics = Object.entries(words).filter(
    ([name, value]) => value !== '' && !['title', 'summary', 'note', 'actor', 'transition', 'state', 'updated_at'].includes(name),
  );
  return {
    '@type': 'TroubleTicket',
    name: oneLine(renderTemplate(settings.texts.title, words, 1_000), tmf621Limits.name) || 'Weir incident',
    description: renderTemplate(settings.texts.text, words, tmf621Limits.description) || 'Weir incident',
    severity: severityName(incident.severity),
    priority: String(incident.severity),
    ticketType: settings.ticketType,
    externalIdentifier: [{ '@type': 'ExternalIdentifier', owner: 'Weir', externalIdentifierType: 'incident', id: incident.incident_id }],
    note: [noteOf(settings, incident)],
    troubleTicketCharacteristic: characteristics.map(([name, value]) => ({
      '@type': 'StringCharacteristic',
      name,
      valueType: 'string',
      value,
    })),
  };
}

function noteOf(settings: Tmf621Settings, incident: Incident): Note {
  const words = wordsOf(incident);
  return {
    '@type': 'Note',
    author: words.actor || 'weir',
    date: incident.updated_at,
    text: noteText(incident, settings.texts.note, words, tmf621Limits.note),
  };
}

/** The merge patch of a transition; undefined = the ticket says it already. @param ticket as it stands */
export function troubleTicketPatch(
  settings: Tmf621Settings,
  incident: Incident,
  ticket: Readonly<Record<string, unknown>>,
): object | undefined {
  const notes = Array.isArray(ticket['note']) ? (ticket['note'] as readonly Note[]) : [];
  const mark = noteMark(incident);
  if (notes.some((note) => String(note['text'] ?? '').includes(mark))) return undefined;
  const status = statusOf(settings, incident, String(ticket['status'] ?? ''));
  return {
    '@type': 'TroubleTicket',
    severity: severityName(incident.severity),
    priority: String(incident.priority || incident.severity),
    note: [...notes, noteOf(settings, incident)].slice(-tmf621Limits.notes),
    ...(status === undefined || status === ticket['status']
      ? {}
      : { status, statusChangeReason: oneLine(`${wordsOf(incident).note} ${mark}`, tmf621Limits.name) }),
    ...(status === 'resolved' ? { resolutionDate: incident.resolved_at ?? incident.updated_at } : {}),
  };
}

/** Transitions that say where an incident stands. All others leave the status to what was said last, here or there. */
const stating: ReadonlySet<string> = new Set(['acknowledged', 'in_progress', 'held', 'resolved', 'closed', 'reopened']);

/** Statuses in which people have ended a ticket, and those that say that it waits. */
const over: ReadonlySet<string> = new Set(['closed', 'cancelled', 'rejected']);
const waits: ReadonlySet<string> = new Set(['held', 'pending']);

/** The status that a ticket is to have; undefined = it is left alone. @param stands the one that it has */
function statusOf({ onRecovery, connectors = [] }: Tmf621Settings, incident: Incident, stands: string): string | undefined {
  if (!stating.has(incident.transition) || connectors.some((name) => incident.timeline.at(-1)?.actor.endsWith(`(via ${name})`)))
    return undefined;
  if (incident.transition === 'reopened') return onRecovery === 'resolve' ? 'inProgress' : undefined;
  // What people have ended stays ended, and so does what they resolved while it still stands: it is said there.
  if (over.has(stands) || incident.ticket_resolved_at !== undefined) return undefined;
  if (!isActive(incident.state) && onRecovery === 'comment') return undefined;
  if (incident.state === 'in_progress' && incident.hold_reason !== undefined) return waits.has(stands) ? undefined : 'held';
  return statuses[incident.state];
}

/** A TMF621 server as a ticket system. */
export function troubleTickets(settings: Tmf621Settings, secrets: readonly string[]): TicketSystem {
  const { login } = settings;
  const base = below(settings.url, 'troubleTicket');
  const parts = 'fields=id,status,note,externalIdentifier';
  return {
    secrets,
    // Filters on parts of lists are optional in TMF630.
    cannotSearch: new Set([400, 404, 405, 501]),
    find: (incident) => askRequest(`${base}?externalIdentifier.id=${encodeURIComponent(incident.incident_id)}&${parts}`, login),
    found: (reply, incident) => ownOf(reply, incident),
    create: (incident) => jsonRequest('POST', base, login, troubleTicket(settings, incident)),
    created: (reply) => ticketOf(jsonOf(reply.body)),
    read: ({ external_id }) => askRequest(`${below(base, external_id)}?${parts}`, login),
    update: (incident, { external_id }, current) => {
      if (incident.transition === 'opened') return [];
      const patch = troubleTicketPatch(settings, incident, jsonOf(current?.body ?? '') ?? {});
      return patch === undefined ? [] : [jsonRequest('PATCH', below(base, external_id), login, patch, 'application/merge-patch+json')];
    },
  };
}

/** A server that does not know the filter answers with any tickets: only one that carries our id counts. */
function ownOf(reply: Reply, incident: Incident): Remembered | undefined {
  const all = jsonOf(reply.body);
  if (!Array.isArray(all)) return undefined;
  const own = (all as readonly Readonly<Record<string, unknown>>[]).find((ticket) => {
    const identifiers = ticket?.['externalIdentifier'];
    return Array.isArray(identifiers) && identifiers.some((one: { id?: unknown } | null) => one?.id === incident.incident_id);
  });
  return ticketOf(own);
}

function ticketOf(ticket: Readonly<Record<string, unknown>> | undefined): Remembered | undefined {
  const id = identityOf(ticket?.['id']);
  return id === undefined ? undefined : { external_id: id, reference: id };
}

/** A TMF621 server. @param secrets what must not be shown */
export function tmf621Target(settings: Tmf621Settings, secrets: readonly string[]): Target {
  const system = troubleTickets(settings, secrets);
  return {
    name: settings.name,
    type: 'tmf621',
    place: new URL(settings.url).host,
    probe: askRequest(`${below(settings.url, 'troubleTicket')}?limit=1&fields=id`, settings.login),
    deliver: (incident, tools) => deliverTicket(system, incident, tools),
  };
}

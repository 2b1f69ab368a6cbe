/** The JSON body of a webhook, kept below a size, with a mark where something was cut. Pure. */
import type { Incident } from '../../core/incident.ts';
import { cut } from './cut.ts';

/** Body of every webhook that Weir sends. */
export interface WebhookBody {
  /** `incident.` and the transition: incident.opened. Readers ignore types that they do not know. */
  readonly type: string;
  /** When it happened, ISO 8601 UTC: the same in each attempt. */
  readonly timestamp: string;
  /** `truncated` names what was cut to keep the size. */
  readonly data: Partial<Incident> & { readonly truncated?: readonly string[] };
}

/** Default limit of a body in bytes: what Standard Webhooks recommends. */
export const defaultMaxBytes = 20_000;

/** Smallest limit that can be kept whatever an incident says. */
export const smallestMaxBytes = 4_000;

type Cut = readonly [name: string, apply: (incident: Partial<Incident>) => Partial<Incident>];

/** In order of what a receiver misses least. Applied one after the other until the body fits. */
const cuts: readonly Cut[] = [
  ['timeline', (incident) => ({ ...incident, timeline: (incident.timeline ?? []).slice(-10).map(shortEntry) })],
  ['finding.evidence', (incident) => withFinding(incident, { evidence: { sql: '', sample_record_ids: [] } })],
  ['explanation', (incident) => withFinding({ ...incident, explanation: (incident.explanation ?? []).slice(0, 3) }, { explanation: [] })],
  ['change_suspects', (incident) => withFinding({ ...incident, change_suspects: [] }, { change_suspects: [] })],
  ['impact.customers.segments', withoutSegments],
  ['summary', (incident) => withFinding({ ...incident, summary: cut(incident.summary ?? '', 1_000) }, { summary: '' })],
  ['finding', ({ finding: _finding, ...incident }) => incident],
];

/**
 * The body of one transition: the same text in each attempt and each process.
 * @param maxBytes at least {@link smallestMaxBytes}
 */
export function webhookBody(incident: Incident, maxBytes: number = defaultMaxBytes): string {
  let data: Partial<Incident> = incident;
  const truncated: string[] = [];
  let text = render(incident, data, truncated);
  for (const [name, apply] of cuts) {
    if (Buffer.byteLength(text) <= maxBytes) return text;
    data = apply(data);
    truncated.push(name);
    text = render(incident, data, truncated);
  }
  return Buffer.byteLength(text) <= maxBytes ? text : render(incident, bare(incident), ['everything but the state']);
}

function render(incident: Incident, data: Partial<Incident>, truncated: readonly string[]): string {
  const body: WebhookBody = {
    type: `incident.${cut(incident.transition, 40)}`,
    timestamp: incident.updated_at,
    data: truncated.length === 0 ? data : { ...data, truncated },
  };
  return JSON.stringify(body);
}

function withFinding(incident: Partial<Incident>, changes: Partial<Incident['finding']>): Partial<Incident> {
  return incident.finding === undefined ? incident : { ...incident, finding: { ...incident.finding, ...changes } };
}

function withoutSegments(incident: Partial<Incident>): Partial<Incident> {
  const customers = incident.impact?.customers;
  if (customers === undefined) return incident;
  const small = { count: customers.count, segments: {} };
  return withFinding({ ...incident, impact: { ...incident.impact, customers: small } }, { customers: small });
}

function shortEntry(entry: Incident['timeline'][number]): Incident['timeline'][number] {
  return { ...entry, actor: cut(entry.actor, 100), text: cut(entry.text, 200) };
}

/** What a receiver cannot do without. Each text is short enough for the smallest limit even when every unit becomes six bytes of JSON. */
function bare(incident: Incident): Partial<Incident> {
  return {
    incident_key: cut(incident.incident_key, 64),
    incident_id: cut(incident.incident_id, 64),
    tenant: cut(incident.tenant, 64),
    sequence: incident.sequence,
    transition: cut(incident.transition, 40),
    state: cut(incident.state, 40),
    severity: incident.severity,
    category: cut(incident.category, 40),
    title: cut(incident.title, 200),
    opened_at: incident.opened_at,
    updated_at: incident.updated_at,
  };
}

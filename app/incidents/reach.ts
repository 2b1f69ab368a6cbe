/** Whom an incident concerns, as the tables can say it: complaints and customers by its labels. */
import type { Incident, IncidentComplaints } from '../../core/incident.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import { reachOf } from '../../incidents/complaints.ts';
import type { Store } from '../../sql/store.ts';
import { segmentsBehind } from '../topology/customers.ts';

/** Labels that usage records have a column for; the queries have the same list. */
export const usageLabels: ReadonlySet<string> = new Set([
  ...[
    'source',
    'leg',
    'node',
    'service',
    'direction',
    'partner',
    'cell',
    'site',
    'route',
    'trunk_in',
    'apn',
    'rat',
    'plan',
    'zone',
    'segment',
  ],
  ...['country', 'prefix', 'mcc_mnc', 'number_range', 'tac'],
]);

/** Labels that say where something was measured, not whom it concerns. */
const places = new Set(['leg', 'metric', 'detector', 'direction', 'unit']);

export interface CustomerQuestion {
  /** Labels by which customers are found. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of the incident that usage does not have: with one of them nobody can be named. */
  readonly unknown: readonly string[];
  readonly names: readonly string[];
  readonly texts: readonly string[];
}

/** How the customers of an incident are asked for. */
export function questionOf(labels: Readonly<Record<string, string>>): CustomerQuestion {
  const wanted = Object.entries(labels).filter(([name]) => !places.has(name));
  const unknown = wanted.map(([name]) => name).filter((name) => !usageLabels.has(name));
  const known = wanted.filter(([name]) => usageLabels.has(name));
  return { labels: Object.fromEntries(known), unknown, names: known.map(([name]) => name), texts: known.map(([, text]) => text) };
}

/** Complaints within the reach of an incident. */
export async function complaintsOf(
  { store, tenant }: { readonly store: Pick<Store, 'rows'>; readonly tenant: string },
  incident: Incident,
  now: number,
): Promise<IncidentComplaints> {
  const { labels, from, to } = reachOf(incident, now);
  const { names, texts, unknown } = questionOf(labels);
  const [row] = await store.rows<{ complaints: string; customers: string; first_at: string; last_at: string }>('incident-complaints', {
    tenant,
    from: writeInstant(Math.max(0, from)),
    to: writeInstant(Math.max(0, to)),
    service: labels['service'] ?? '',
    site: labels['site'] ?? '',
    // Without all of its labels nobody's usage can be told from everybody's.
    names: unknown.length > 0 ? [] : names,
    texts: unknown.length > 0 ? [] : texts,
  });
  const iso = (instant: string | undefined): string => new Date(readInstant(instant ?? '') || 0).toISOString();
  return {
    count: Number(row?.complaints ?? 0),
    customers: Number(row?.customers ?? 0),
    first_at: iso(row?.first_at),
    last_at: iso(row?.last_at),
  };
}

export interface AffectedCustomer {
  /** Pseudonym, as it stands in the tables. */
  readonly subscriber: string;
  readonly segment: string;
  readonly plan: string;
  readonly records_during: number;
  readonly records_before: number;
  /** null = of who stands behind an element usage was not looked at. */
  readonly last_at: string | null;
}

export interface AffectedPage extends CustomerQuestion {
  readonly items: readonly AffectedCustomer[];
}

const dayMs = 86_400_000;
/** Longest stretch of an incident that is looked through. */
const longestMs = 31 * dayMs;

/**
 * A page of the customers of an incident, in the order of their pseudonyms: by the usage that has its labels, or, where a label names an element of the topology,
 * those behind it. Empty where its labels reach neither.
 */
export async function customersOf(
  { store, tenant }: { readonly store: Pick<Store, 'rows'>; readonly tenant: string },
  incident: Incident,
  page: { readonly after: string; readonly limit: number; readonly now: number },
): Promise<AffectedPage> {
  const { labels, to } = reachOf(incident, page.now);
  const question = questionOf(labels);
  if (question.unknown.length > 0) {
    const customers = await customersBehindOf({ store, tenant }, incident, question.unknown);
    if (customers === undefined) return { ...question, items: [] };
    const after = BigInt(/^\d{1,20}$/.test(page.after) ? page.after : 0);
    const items = customers.filter(({ subscriber }) => BigInt(subscriber) > after).slice(0, page.limit);
    const { labels: values } = reachOf(incident, page.now);
    const found = Object.fromEntries(question.unknown.map((label) => [label, values[label] ?? '']));
    return { ...question, labels: { ...question.labels, ...found }, unknown: [], items };
  }
  if (question.names.length === 0) return { ...question, items: [] };
  const began = Math.max(Date.parse(incident.began_at), to - longestMs);
  const rows = await store.rows<Record<keyof AffectedCustomer, string>>(
    'incident-customers',
    {
      tenant,
      names: question.names,
      texts: question.texts,
      after: page.after,
      began: writeInstant(Math.max(0, began)),
      from: writeInstant(Math.max(0, began - dayMs)),
      to: writeInstant(Math.max(0, to)),
      limit: page.limit,
    },
    { timeoutMs: 60_000 },
  );
  return {
    ...question,
    items: rows.map((row) => ({
      subscriber: row.subscriber,
      segment: row.segment,
      plan: row.plan,
      records_during: Number(row.records_during),
      records_before: Number(row.records_before),
      last_at: new Date(readInstant(row.last_at ?? '')).toISOString(),
    })),
  };
}

/** What was walked last: pages of one list follow each other. */
const walked = new WeakMap<object, { readonly key: string; readonly customers: readonly AffectedCustomer[] | undefined }>();

/**
 * Customers behind the elements that labels of an incident name, as of its beginning, in the order of their pseudonyms; undefined when a label names none. Of several
 * elements those behind the one with the fewest: it lies the deepest.
 */
async function customersBehindOf(
  of: { readonly store: Pick<Store, 'rows'>; readonly tenant: string },
  incident: Incident,
  labels: readonly string[],
): Promise<readonly AffectedCustomer[] | undefined> {
  const key = `${of.tenant}/${incident.incident_id}/${incident.sequence}`;
  const before = walked.get(of.store);
  if (before?.key === key) return before.customers;
  const { labels: values } = reachOf(incident, 0);
  let fewest: ReadonlyMap<string, string> | undefined;
  for (const label of labels) {
    const found = await segmentsBehind(of, label, [values[label] ?? ''], Date.parse(incident.began_at));
    if (found.size === 0) {
      fewest = undefined;
      break;
    }
    if (fewest === undefined || found.size < fewest.size) fewest = found;
  }
  const customers =
    fewest &&
    [...fewest]
      .map(([subscriber, segment]) => ({ subscriber, segment, plan: '', records_during: 0, records_before: 0, last_at: null }))
      .sort((a, b) => (BigInt(a.subscriber) < BigInt(b.subscriber) ? -1 : 1));
  walked.set(of.store, { key, customers });
  return customers;
}

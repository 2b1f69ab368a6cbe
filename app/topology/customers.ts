/** The customers behind elements of the topology as of an instant: each once, by segment, some named by pseudonym. */
import type { FindingCustomers } from '../../core/finding.ts';
import { type Asked, behind } from './walk.ts';

/** Where usage passes, by the parameter of the query that asks for it. */
const places = { cells: ['cell'], sites: ['site'], nodes: ['node'], routes: ['route'], partners: ['partner'], networks: ['dnn', 'apn'] };

const deadline = { timeoutMs: 60_000 };
/** Customers whose segment is asked for at once. */
const customersAtOnce = 1_000;
/** Elements of a kind in one question about usage. */
const placesAtOnce = 5_000;
const mostCustomers = 2_000_000;
/** Most pseudonyms named. */
const mostNamed = 20;

/**
 * Customers behind elements of one type at an instant, by pseudonym, with their segments; empty = none is stated: those whom the topology names, and those
 * whose usage in the day before passed a cell, site, node, route, partner or data network among them.
 */
export async function segmentsBehind(
  asked: Asked,
  type: string,
  elements: readonly string[],
  at: number,
): Promise<ReadonlyMap<string, string>> {
  const { store, tenant } = asked;
  const instant = new Date(at).toISOString();
  const found = await behind(
    asked,
    elements.map((name) => ({ type, name })),
    at,
  );
  const segmentOf = new Map<string, string>();
  for (const customer of found.get('customer') ?? []) if (/^[1-9]\d{0,19}$/.test(customer)) segmentOf.set(customer, '');
  const params = Object.fromEntries(
    Object.entries(places).map(([name, types]) => [name, types.flatMap((each) => [...(found.get(each) ?? [])]).slice(0, placesAtOnce)]),
  );
  if (Object.values(params).some(({ length }) => length > 0)) {
    const query = { tenant, at: instant, limit: mostCustomers, ...params };
    for (const row of await store.rows<{ customer: string; segment: string }>('topology-usage-customers', query, deadline))
      segmentOf.set(row.customer, row.segment);
  }
  const all = [...segmentOf.keys()];
  for (let start = 0; start < all.length; start += customersAtOnce) {
    const query = { tenant, at: instant, customers: all.slice(start, start + customersAtOnce) };
    for (const row of await store.rows<{ customer: string; segment: string }>('topology-segments', query, deadline))
      segmentOf.set(row.customer, row.segment);
  }
  return segmentOf;
}

/**
 * How many customers stand behind elements of one type at an instant, by segment.
 * @param vipSegments segments whose customers are named by pseudonym
 */
export async function customersBehind(
  asked: Asked,
  type: string,
  elements: readonly string[],
  at: number,
  vipSegments: readonly string[] = [],
): Promise<FindingCustomers & { readonly vips: readonly string[] }> {
  const segmentOf = await segmentsBehind(asked, type, elements, at);
  const segments: Record<string, number> = {};
  const vips: string[] = [];
  for (const [customer, stated] of segmentOf) {
    const segment = stated === '' ? 'unknown' : stated;
    segments[segment] = (segments[segment] ?? 0) + 1;
    if (vips.length < mostNamed && vipSegments.includes(segment)) vips.push(customer);
  }
  return { count: segmentOf.size, segments, vips };
}

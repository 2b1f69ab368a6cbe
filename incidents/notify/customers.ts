/**
 * The list of customers whom an incident concerns, as signed webhooks, page by page: for a contact centre that writes to them before they call. Customers are
 * pseudonyms; who has the key maps them back. Sent when an incident opens, opens again, gets worse or ends.
 */
import type { Incident } from '../../core/incident.ts';
import { isActive, transitionId } from '../transition.ts';
import { type Answer, webhookRules } from './answer.ts';
import { oneLine } from './cut.ts';
import type { HttpRequest } from './request.ts';
import { signatureHeader } from './signature.ts';
import { type ConcernedCustomer, judgeReply, nothingToSay, type Target, type Tools } from './target.ts';

export interface CustomersSettings {
  readonly name: string;
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
  /** Customers in one request. */
  readonly perPage: number;
}

/** Customers that are told of one incident at most; more stand in the API. */
export const mostCustomers = 200_000;
/** Customers that one query brings, about. */
const perQuery = 5_000;
const telling = new Set<string>(['opened', 'reopened', 'updated', 'resolved']);

/** Whether a transition says something to customers: closing what was resolved before does not. */
export function tellsCustomers({ transition, state }: Pick<Incident, 'transition' | 'state'>): boolean {
  return telling.has(transition) && (transition === 'resolved' || isActive(state));
}

/** The request of one page. @param now ms since 1970 UTC, signed as the time of this attempt */
export function customersRequest(
  { url, secret }: CustomersSettings,
  incident: Incident,
  page: { readonly number: number; readonly last: boolean; readonly complete: boolean; readonly customers: readonly ConcernedCustomer[] },
  now: number,
): HttpRequest {
  // The same in every attempt, so that a repetition is known by it.
  const id = `${transitionId(incident)}_customers_${page.number}`;
  const { incident_id, sequence, transition, state, severity, category, finding, began_at, resolved_at } = incident;
  const body = JSON.stringify({
    type: 'incident.customers',
    timestamp: incident.updated_at,
    data: {
      ...{
        incident_id,
        sequence,
        transition,
        state,
        severity,
        category,
        title: oneLine(incident.title, 500),
        scope: finding.scope,
        began_at,
      },
      ...(resolved_at === undefined ? {} : { resolved_at }),
      ...{ page: page.number, last: page.last, complete: page.complete, customers: page.customers },
    },
  });
  const timestamp = Math.floor(now / 1000);
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureHeader(id, timestamp, body, [secret]),
    },
    body,
  };
}

async function told(settings: CustomersSettings, incident: Incident, tools: Tools): Promise<Answer> {
  if (!tellsCustomers(incident) || tools.customers === undefined) return nothingToSay;
  const limit = Math.max(settings.perPage, Math.floor(perQuery / settings.perPage) * settings.perPage);
  let waiting: readonly ConcernedCustomer[] = [];
  let [after, number, sent, ended] = ['0', 0, 0, false];
  for (;;) {
    if (!ended && waiting.length <= settings.perPage) {
      const { items, unknown } = await tools.customers(incident, { after, limit });
      if (unknown.length > 0)
        return { outcome: 'delivered', status: 0, note: `neither usage nor the topology has ${unknown.join(', ')}: nobody can be named` };
      waiting = [...waiting, ...items];
      after = items.at(-1)?.subscriber ?? after;
      ended = items.length < limit;
    }
    const customers = waiting.slice(0, settings.perPage);
    if (customers.length === 0) return { outcome: 'delivered', status: 0, note: 'no customers are known' };
    waiting = waiting.slice(settings.perPage);
    sent += customers.length;
    const last = (ended && waiting.length === 0) || sent >= mostCustomers;
    number += 1;
    const page = { number, last, complete: ended && waiting.length === 0, customers };
    const answer = judgeReply(await tools.send(customersRequest(settings, incident, page, tools.now)), tools.now, webhookRules, [
      settings.secret,
    ]);
    if (answer.outcome !== 'delivered') return answer;
    if (last) return { ...answer, note: `${sent} customers in ${number} pages` };
  }
}

/** A contact centre. */
export function customersTarget(settings: CustomersSettings): Target {
  return {
    name: settings.name,
    type: 'customers-webhook',
    place: new URL(settings.url).host,
    identity: settings.url,
    deliver: async (incident, tools) => {
      try {
        return await told(settings, incident, tools);
      } catch {
        return { outcome: 'retry', status: 0, error: 'the customers could not be read' };
      }
    },
  };
}

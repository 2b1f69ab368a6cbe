/** What every target is: something that is told of transitions, one at a time, and answers what became of it. */
import type { Incident } from '../../core/incident.ts';
import { isActive } from '../transition.ts';
import { type Answer, type AnswerRules, type Judged, judgeAnswer } from './answer.ts';
import { oneLine } from './cut.ts';
import type { Reply } from './exchange.ts';
import type { HttpRequest } from './request.ts';

/** Identity of an incident in another system. */
export interface Remembered {
  /** As the system's interface wants it. */
  readonly external_id: string;
  /** As its people say it, e.g. INC0010023. */
  readonly reference: string;
}

/** What one target remembers of incidents: kept in the table `correlations`. Rejects when the table cannot be reached. */
export interface Memory {
  recall(incidentId: string): Promise<Remembered | undefined>;
  keep(incidentId: string, remembered: Remembered): Promise<void>;
}

/** A customer whom an incident concerns. */
export interface ConcernedCustomer {
  /** Pseudonym. */
  readonly subscriber: string;
  readonly segment: string;
  readonly plan: string;
  readonly records_during: number;
  readonly records_before: number;
  /** null = not known. */
  readonly last_at: string | null;
}

/** Customers of an incident, in the order of their pseudonyms. */
export interface ConcernedPage {
  readonly items: readonly ConcernedCustomer[];
  /** Labels of the incident that usage does not have: with one of them nobody can be named. */
  readonly unknown: readonly string[];
}

/** What a target works with. */
export interface Tools {
  /** Whom an incident concerns, after a pseudonym. Rejects when the tables cannot be reached. */
  readonly customers?: (incident: Incident, page: { readonly after: string; readonly limit: number }) => Promise<ConcernedPage>;
  /** Sends a request within the deadline of the target. */
  readonly send: (request: HttpRequest) => Promise<Reply>;
  readonly memory: Memory;
  /** Of this attempt, ms since 1970 UTC. */
  readonly now: number;
}

export interface Target {
  /** Its name in the settings, in routes and in the table of deliveries. */
  readonly name: string;
  readonly type: string;
  /** Where it is, without a secret. */
  readonly place: string;
  /** What makes it another receiver, which may be a secret: only its hash is kept. Default: the place. */
  readonly identity?: string;
  /** Tells of one transition; never throws. */
  deliver(incident: Incident, tools: Tools): Promise<Answer>;
  /** A request that changes nothing and shows whether the address and the login are right. */
  readonly probe?: HttpRequest;
}

/** What a transition means to a system that knows alerts: they fire, are taken up, and end. `none`: it has no word for it. */
export type AlertAction = 'fire' | 'acknowledge' | 'end' | 'none';

const quiet = new Set<string>(['assigned', 'commented']);

/** @example alertAction({ transition: 'commented', state: 'open' }) // 'none' */
export function alertAction({ transition, state }: Pick<Incident, 'transition' | 'state'>): AlertAction {
  if (quiet.has(transition)) return 'none';
  if (!isActive(state)) return 'end';
  return transition === 'acknowledged' || transition === 'in_progress' ? 'acknowledge' : 'fire';
}

/** What a target answers that has nothing to say about a transition. */
export const nothingToSay: Answer = { outcome: 'delivered', status: 0, note: 'nothing to say' };

/** Bytes of an answer that are looked at. */
export const readBytes = 65_536;

/**
 * Judges a reply of an API by its status; of a refusal the beginning of what it says is kept, without the secrets of the target.
 * @param secrets what must not be shown, should the system repeat it
 */
export function judgeReply(reply: Reply, now: number, rules: AnswerRules, secrets: readonly string[] = []): Judged {
  if (reply.status === 0) return { outcome: 'retry', status: 0, error: reply.error };
  const answer = judgeAnswer(reply.status, headerOf(reply, 'retry-after'), now, rules);
  if (answer.outcome === 'delivered') return answer;
  const said = excerpt(reply.body, secrets);
  return said === '' ? answer : { ...answer, error: `${answer.error}: ${said}` };
}

function headerOf(reply: Reply, name: string): string | undefined {
  const value = reply.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Longest piece of an answer that is kept, UTF-16 units. */
const longestExcerpt = 200;

function excerpt(body: string, secrets: readonly string[]): string {
  let text = body.slice(0, 4_000);
  for (const secret of secrets) if (secret.length >= 4) text = text.replaceAll(secret, '***');
  return oneLine(text, longestExcerpt);
}

/** Sends requests one after the other; the first that is not taken decides. */
export async function sendAll(
  requests: readonly HttpRequest[],
  tools: Tools,
  rules: AnswerRules,
  secrets: readonly string[],
): Promise<Answer> {
  let answer: Answer = nothingToSay;
  for (const request of requests) {
    answer = judgeReply(await tools.send(request), tools.now, rules, secrets);
    if (answer.outcome !== 'delivered') return answer;
  }
  return answer;
}

/** JSON of an answer as an object; undefined when it is none. */
export function jsonOf(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Longest identity that is taken from another system. */
const longestIdentity = 200;

/** A text or number of an answer as an identity; undefined when it is none or too long to be one. */
export function identityOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= longestIdentity ? text : undefined;
}

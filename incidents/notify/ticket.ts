/**
 * Systems that make a ticket and name it themselves. Weir remembers the name; where it does not (the first time, or a crash between making and
 * remembering) it looks for its own key first, so that an incident has one ticket however often its first delivery is tried.
 */
import type { Incident } from '../../core/incident.ts';
import { isActive, transitionId } from '../transition.ts';
import { type Answer, loginRules } from './answer.ts';
import type { Reply } from './exchange.ts';
import type { HttpRequest } from './request.ts';
import { judgeReply, type Remembered, type Tools } from './target.ts';
import { renderTemplate, type Template } from './template.ts';
import type { Words } from './words.ts';

/** What happens to a ticket whose incident has ended. A ticket belongs to people: by default it is told and not touched. */
export type OnRecovery = 'comment' | 'resolve';

/** A ticket system: pure renderings, and how to read its answers. */
export interface TicketSystem {
  /** Looks for the ticket of an incident by our key. */
  find(incident: Incident): HttpRequest;
  /** The ticket in the answer to `find`; undefined = there is none. What a system answers that cannot search counts as none. */
  found(reply: Reply, incident: Incident): Remembered | undefined;
  create(incident: Incident): HttpRequest;
  created(reply: Reply): Remembered | undefined;
  /** Asks how the ticket stands, where an update depends on it. */
  read?(ticket: Remembered): HttpRequest;
  /**
   * Asks for the latest notes of a ticket, where a note has no key of its own: one that is there is not written twice. An answer that is refused
   * counts as none.
   */
  said?(ticket: Remembered): HttpRequest;
  /** What to send for one transition, in order; `current` is the answer to `read`, `noted`: its note is there already. */
  update(incident: Incident, ticket: Remembered, current: Reply | undefined, noted: boolean): readonly HttpRequest[];
  /** Statuses of `find` that say that it cannot search that way. */
  readonly cannotSearch: ReadonlySet<number>;
  readonly secrets: readonly string[];
}

/** Refusals of an update that say that this ticket can no longer be worked with, though another could be. */
const lostTicket = new Set([404, 410]);

/** Tells a ticket system of one transition. Never throws. */
export async function deliverTicket(system: TicketSystem, incident: Incident, tools: Tools): Promise<Answer> {
  try {
    return await told(system, incident, tools);
  } catch {
    return { outcome: 'retry', status: 0, error: 'the name of the ticket could not be read or kept' };
  }
}

async function told(system: TicketSystem, incident: Incident, tools: Tools): Promise<Answer> {
  const known = await tools.memory.recall(incident.incident_id);
  if (known !== undefined) {
    const answer = await update(system, incident, known, tools);
    if (!isLost(answer)) return answer;
  }
  const reply = await tools.send(system.find(incident));
  const answer = judgeReply(reply, tools.now, loginRules, system.secrets);
  if (answer.outcome !== 'delivered' && !system.cannotSearch.has(reply.status)) return answer;
  const ticket = answer.outcome === 'delivered' ? system.found(reply, incident) : undefined;
  if (ticket === undefined || ticket.external_id === known?.external_id) return create(system, incident, tools);
  await tools.memory.keep(incident.incident_id, ticket);
  return update(system, incident, ticket, tools);
}

const isLost = (answer: Answer): boolean => answer.outcome === 'refused' && lostTicket.has(answer.status);

async function create(system: TicketSystem, incident: Incident, tools: Tools): Promise<Answer> {
  if (!isActive(incident.state)) return { outcome: 'delivered', status: 0, note: 'it has ended, and there is no ticket' };
  const reply = await tools.send(system.create(incident));
  const answer = judgeReply(reply, tools.now, loginRules, system.secrets);
  if (answer.outcome !== 'delivered') return answer;
  const ticket = system.created(reply);
  if (ticket === undefined) return { outcome: 'refused', status: reply.status, error: 'the answer does not name the ticket that was made' };
  await tools.memory.keep(incident.incident_id, ticket);
  return { ...answer, note: `made ${ticket.reference || ticket.external_id}` };
}

async function update(system: TicketSystem, incident: Incident, ticket: Remembered, tools: Tools): Promise<Answer> {
  let current: Reply | undefined;
  if (system.read !== undefined) {
    current = await tools.send(system.read(ticket));
    const answer = judgeReply(current, tools.now, loginRules, system.secrets);
    if (answer.outcome !== 'delivered') return answer;
  }
  // The note that makes a ticket is in it.
  const asks = incident.transition === 'opened' ? undefined : system.said?.(ticket);
  const noted = asks !== undefined && (await tools.send(asks)).body.includes(noteMark(incident));
  let last: Answer = { outcome: 'delivered', status: 0, note: noted ? 'said before' : 'nothing to say' };
  for (const request of system.update(incident, ticket, current, noted)) {
    last = judgeReply(await tools.send(request), tools.now, loginRules, system.secrets);
    if (last.outcome !== 'delivered') return last;
  }
  return last;
}

/** What a note in a ticket ends with: names the transition, so that what comes back from the ticket is known as our own. */
export function noteMark(incident: Incident): string {
  return `[weir ${transitionId(incident)}]`;
}

/** A note about one transition with its mark, at most so long. */
export function noteText(incident: Incident, template: Template, words: Words, most: number): string {
  const mark = noteMark(incident);
  const text = renderTemplate(template, words, most - mark.length - 1);
  return `${text}\n${mark}`;
}

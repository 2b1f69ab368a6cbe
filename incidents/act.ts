/** What a person does with an incident: acknowledge, work on it, resolve, close, assign, comment. */
import type { Incident, IncidentState, TransitionType } from '../core/incident.ts';
import { advance } from './transition.ts';

/** Longest note and longest name of a person that are taken, in UTF-16 units; the rest is cut. */
const longestNote = 4_000;
const longestName = 200;

export interface Action {
  readonly type: 'acknowledge' | 'in_progress' | 'resolve' | 'close' | 'assign' | 'comment';
  /** Who does it. */
  readonly actor: string;
  readonly note?: string;
  /** Of `assign`: a person; empty takes the person off. */
  readonly assignee?: string;
  /** Of `assign`: a team. */
  readonly team?: string;
}

export type ActResult =
  | { readonly outcome: 'changed'; readonly incident: Incident }
  /** It was so already: a double click. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refused'; readonly reason: string };

interface Move {
  readonly to: IncidentState;
  readonly transition: TransitionType;
  readonly from: readonly IncidentState[];
  readonly text: string;
}

const moves: Readonly<Record<Exclude<Action['type'], 'assign' | 'comment'>, Move>> = {
  acknowledge: { to: 'acknowledged', transition: 'acknowledged', from: ['open'], text: 'Acknowledged.' },
  in_progress: { to: 'in_progress', transition: 'in_progress', from: ['open', 'acknowledged'], text: 'Work has begun.' },
  resolve: { to: 'resolved', transition: 'resolved', from: ['open', 'acknowledged', 'in_progress'], text: 'Resolved.' },
  close: { to: 'closed', transition: 'closed', from: ['open', 'acknowledged', 'in_progress', 'resolved'], text: 'Closed.' },
};

/** Names of all actions, for a command or a form. */
export const actionTypes: readonly Action['type'][] = ['acknowledge', 'in_progress', 'resolve', 'close', 'assign', 'comment'];

/**
 * The transition that an action makes. Repeating an action changes nothing; what the state does not allow is refused with the reason.
 * @param now ms since 1970 UTC
 */
export function act(incident: Incident, action: Action, now: number): ActResult {
  const actor = action.actor.slice(0, longestName);
  if (actor === '') return { outcome: 'refused', reason: 'An action needs to say who does it.' };
  if (action.type === 'assign') return assign(incident, action, actor, now);
  if (action.type === 'comment') return comment(incident, action, actor, now);
  return move(incident, moves[action.type], action, actor, now);
}

function move(incident: Incident, step: Move, action: Action, actor: string, now: number): ActResult {
  if (incident.state === step.to) return { outcome: 'unchanged' };
  if (!step.from.includes(incident.state)) {
    return { outcome: 'refused', reason: `An incident that is ${incident.state} cannot become ${step.to}.` };
  }
  const next = advance(incident, step.transition, now, actor, noteOf(action) || step.text, { state: step.to });
  return { outcome: 'changed', incident: stamped(next) };
}

/** The times from which MTTA and MTTR come; the first acknowledgement counts, beginning to work is one too. */
function stamped(incident: Incident): Incident {
  const at = incident.updated_at;
  if (incident.state === 'resolved') return { ...incident, resolved_at: at };
  if (incident.state === 'closed') return { ...incident, closed_at: at, resolved_at: incident.resolved_at ?? at };
  return { ...incident, acknowledged_at: incident.acknowledged_at ?? at };
}

function assign(incident: Incident, action: Action, actor: string, now: number): ActResult {
  if (incident.state === 'closed') return { outcome: 'refused', reason: 'An incident that is closed cannot be assigned.' };
  const assignee = (action.assignee ?? incident.assignee).slice(0, longestName);
  const team = (action.team ?? incident.team).slice(0, longestName);
  if (assignee === incident.assignee && team === incident.team) return { outcome: 'unchanged' };
  const text = noteOf(action) || `Assigned to ${[assignee, team].filter((name) => name !== '').join(', ') || 'nobody'}.`;
  return { outcome: 'changed', incident: advance(incident, 'assigned', now, actor, text, { assignee, team }) };
}

/** A note in the timeline; allowed in every state, since what was learned afterwards belongs there too. */
function comment(incident: Incident, action: Action, actor: string, now: number): ActResult {
  const text = noteOf(action).trim();
  if (text === '') return { outcome: 'refused', reason: 'A comment needs a note.' };
  return { outcome: 'changed', incident: advance(incident, 'commented', now, actor, text, {}) };
}

function noteOf(action: Action): string {
  return (action.note ?? '').slice(0, longestNote);
}

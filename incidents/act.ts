/** What a person does with an incident: acknowledge, work on it, hold, resolve, close, reopen, assign, set its priority, comment. */
import type { Incident, IncidentState, TransitionType } from '../core/incident.ts';
import { advance } from './transition.ts';

/** Longest note and longest name of a person that are taken, in UTF-16 units; the rest is cut. */
const longestNote = 4_000;
const longestName = 200;

export interface Action {
  readonly type: 'acknowledge' | 'in_progress' | 'hold' | 'resolve' | 'close' | 'reopen' | 'assign' | 'prioritise' | 'comment';
  /** Who does it. */
  readonly actor: string;
  readonly note?: string;
  /** Of `assign`: a person; empty takes the person off. */
  readonly assignee?: string;
  /** Of `assign`: a team. */
  readonly team?: string;
  /** Of `prioritise`: 1 to 5; 0 = as its severity. */
  readonly priority?: number;
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

const ended = ['resolved', 'closed'];
const moves: Readonly<Record<'acknowledge' | 'in_progress' | 'resolve' | 'close' | 'reopen', Move>> = {
  acknowledge: { to: 'acknowledged', transition: 'acknowledged', from: ['open'], text: 'Acknowledged.' },
  in_progress: { to: 'in_progress', transition: 'in_progress', from: ['open', 'acknowledged', 'in_progress'], text: 'Work has begun.' },
  resolve: { to: 'resolved', transition: 'resolved', from: ['open', 'acknowledged', 'in_progress'], text: 'Resolved.' },
  close: { to: 'closed', transition: 'closed', from: ['open', 'acknowledged', 'in_progress', 'resolved'], text: 'Closed.' },
  reopen: { to: 'open', transition: 'reopened', from: ended, text: 'Reopened.' },
};

/** Names of all actions, for a command or a form. */
export const actionTypes: readonly Action['type'][] = [
  'acknowledge',
  'in_progress',
  'hold',
  'resolve',
  'close',
  'reopen',
  'assign',
  'prioritise',
  'comment',
];

/**
 * The transition that an action makes. Repeating an action changes nothing; what the state does not allow is refused with the reason.
 * @param now ms since 1970 UTC
 */
export function act(incident: Incident, action: Action, now: number): ActResult {
  const actor = action.actor.slice(0, longestName);
  if (actor === '') return { outcome: 'refused', reason: 'An action needs to say who does it.' };
  if (action.type === 'assign') return assign(incident, action, actor, now);
  if (action.type === 'comment') return comment(incident, action, actor, now);
  if (action.type === 'hold') return hold(incident, action, actor, now);
  if (action.type === 'prioritise') return prioritise(incident, action, actor, now);
  return move(incident, moves[action.type], action, actor, now);
}

function move(incident: Incident, step: Move, action: Action, actor: string, now: number): ActResult {
  const resumes = step.to === 'in_progress' && incident.hold_reason !== undefined;
  if (incident.state === step.to && !resumes) return { outcome: 'unchanged' };
  // Reopening is for what has ended; what is being worked on is as open as can be.
  if (action.type === 'reopen' && !ended.includes(incident.state)) return { outcome: 'unchanged' };
  if (action.type === 'reopen' && incident.merged_into !== undefined) {
    return { outcome: 'refused', reason: `It became part of ${incident.merged_into}: reopen that one.` };
  }
  if (!step.from.includes(incident.state)) {
    return { outcome: 'refused', reason: `An incident that is ${incident.state} cannot become ${step.to}.` };
  }
  const { hold_reason: _hold, ...rest } = incident;
  const next = advance(rest, step.transition, now, actor, noteOf(action) || (resumes ? 'Work goes on.' : step.text), { state: step.to });
  return { outcome: 'changed', incident: stamped(next) };
}

/** Work waits for something: a part, a supplier, a window. */
function hold(incident: Incident, action: Action, actor: string, now: number): ActResult {
  const reason = noteOf(action).trim();
  if (reason === '') return { outcome: 'refused', reason: 'A hold needs a reason.' };
  if (!moves.in_progress.from.includes(incident.state)) {
    return { outcome: 'refused', reason: `An incident that is ${incident.state} cannot be put on hold.` };
  }
  if (incident.hold_reason === reason) return { outcome: 'unchanged' };
  const next = advance(incident, 'held', now, actor, `On hold: ${reason}`, { state: 'in_progress', hold_reason: reason });
  return { outcome: 'changed', incident: stamped(next) };
}

function prioritise(incident: Incident, action: Action, actor: string, now: number): ActResult {
  const { priority } = action;
  if (priority === undefined || !Number.isInteger(priority) || priority < 0 || priority > 5) {
    return { outcome: 'refused', reason: 'A priority is 1 to 5, or 0 for that of its severity.' };
  }
  if (incident.state === 'closed') return { outcome: 'refused', reason: 'An incident that is closed has no priority.' };
  if ((incident.priority ?? 0) === priority) return { outcome: 'unchanged' };
  const { priority: _priority, ...rest } = incident;
  const text = noteOf(action) || (priority === 0 ? 'Priority as its severity.' : `Priority ${priority}.`);
  const changes = priority === 0 ? {} : { priority: priority as NonNullable<Incident['priority']> };
  return { outcome: 'changed', incident: advance(rest, 'prioritised', now, actor, text, changes) };
}

/** The times from which MTTA and MTTR come; the first acknowledgement counts, beginning to work is one too. */
function stamped(incident: Incident): Incident {
  const at = incident.updated_at;
  if (incident.state === 'resolved') return { ...incident, resolved_at: at };
  if (incident.state === 'closed') return { ...incident, closed_at: at, resolved_at: incident.resolved_at ?? at };
  if (incident.state === 'open') {
    const { resolved_at: _resolved, closed_at: _closed, ...rest } = incident;
    return rest;
  }
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

/**
 * Findings and known incidents in, transitions out. Pure: the same input gives the same output, and findings that were folded before
 * give nothing. What a finding says at a later `detected_at` is the whole truth about its key; late data that corrects it clears it.
 *
 * Rules that other tools learned from their users: an incident is opened by a firing finding only; one that has ended takes no more
 * findings, a new occurrence soon after recovery re-opens it and a later one opens a related incident; what a person ended stays ended
 * until it happens anew.
 */
import type { Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { changeOf, hasWorsened } from './change.ts';
import { annotated, type FoldContext, openIncident } from './open.ts';
import type { IncidentSettings } from './settings.ts';
import { steadySeverity } from './severity.ts';
import { advance, impactOf, isActive, weirActor } from './transition.ts';

/** Why a finding gave no transition. */
export type IgnoredReason = 'unreadable' | 'unchanged' | 'stale' | 'not_open' | 'ended_by_person';

export interface FoldResult {
  /** In the order in which they must be stored. */
  readonly transitions: readonly Incident[];
  /** Worth telling, but too soon after the last update: fold them again later. */
  readonly deferred: readonly Finding[];
  readonly ignored: readonly { readonly finding: Finding; readonly reason: IgnoredReason }[];
}

type Step = Incident | 'deferred' | IgnoredReason;

/**
 * Folds findings into incidents.
 * @param known the latest transition of the latest incident of each key that the findings name, ended ones too
 */
export function fold(
  known: readonly Incident[],
  findings: readonly Finding[],
  settings: IncidentSettings,
  context: FoldContext,
): FoldResult {
  const latest = latestByKey(known);
  const transitions: Incident[] = [];
  const deferred: Finding[] = [];
  const ignored: { finding: Finding; reason: IgnoredReason }[] = [];
  for (const finding of findings) if (!isReadable(finding)) ignored.push({ finding, reason: 'unreadable' });
  for (const finding of inOrder(findings.filter(isReadable))) {
    const step = stepOf(latest.get(keyOf(finding)), finding, settings, context);
    if (typeof step === 'object') {
      latest.set(keyOf(finding), step);
      transitions.push(step);
    } else if (step === 'deferred') deferred.push(finding);
    else ignored.push({ finding, reason: step });
  }
  return { transitions, deferred, ignored };
}

/** One finding against the latest incident of its key. */
function stepOf(incident: Incident | undefined, finding: Finding, settings: IncidentSettings, context: FoldContext): Step {
  const firing = finding.state === 'firing';
  if (incident === undefined) return firing ? openIncident(finding, undefined, settings, context) : 'not_open';
  if (orderOf(finding) < orderOf(incident.finding)) return 'stale';
  if (!isActive(incident.state)) return firing ? again(incident, finding, settings, context) : 'not_open';
  return firing ? update(incident, finding, settings, context) : resolve(incident, finding, context.now);
}

function update(incident: Incident, finding: Finding, settings: IncidentSettings, context: FoldContext): Step {
  const { now } = context;
  const notes = context.notes?.(incident.incident_key);
  const noted = annotated(notes);
  if (notes && notes.flapping !== (incident.flapping ?? false)) {
    const type = notes.flapping ? 'flapping' : 'updated';
    return advance(incident, type, now, weirActor, notes.flappingText, { ...figuresOf(incident, finding, settings), ...noted });
  }
  const change = changeOf(incident, finding, settings);
  const told = incident.symptoms?.length ?? 0;
  const seen = (notes?.symptoms ?? []).slice(told).filter(({ relation }) => relation === 'symptom');
  const reasons = [...change.reasons, ...seen.map(({ detector, title }) => `also seen by ${detector}: ${title}`)];
  if (reasons.length === 0) return 'unchanged';
  const waited = now - Date.parse(incident.updated_at);
  if (!change.urgent && waited < settings.updateMinutes * 60_000) return 'deferred';
  return advance(incident, 'updated', now, weirActor, reasons.join('; '), { ...figuresOf(incident, finding, settings), ...noted });
}

/** An incident that became part of another one: it is closed, and the other one goes on. */
export function merge(incident: Incident, into: string, text: string, now: number): Incident {
  const closed = advance(incident, 'merged', now, weirActor, text, {
    state: 'closed',
    merged_into: into,
    related: [...incident.related, into],
  });
  return { ...closed, closed_at: closed.updated_at, resolved_at: closed.resolved_at ?? closed.updated_at };
}

function resolve(incident: Incident, finding: Finding, now: number): Incident {
  // Money, customers and explanation stay: they say what it was about. The last word has the whole count: what grew by less than what is worth telling was not told.
  const impact = { ...incident.impact, ...impactOf(finding) };
  const resolved = advance(incident, 'resolved', now, weirActor, 'The finding has cleared.', { state: 'resolved', finding, impact });
  return { ...resolved, resolved_at: resolved.updated_at };
}

/** A firing finding after the incident has ended. */
function again(incident: Incident, finding: Finding, settings: IncidentSettings, context: FoldContext): Step {
  const endedAt = Date.parse((incident.state === 'closed' ? incident.closed_at : incident.resolved_at) ?? incident.updated_at);
  const elapsed = context.now - endedAt;
  if (incident.finding.state !== 'cleared') return afterPerson(incident, finding, endedAt, settings, context);
  if (orderOf(finding) === orderOf(incident.finding)) return 'stale';
  if (incident.state === 'closed' || elapsed > settings.reopenMinutes * 60_000) return openIncident(finding, incident, settings, context);
  return reopen(incident, finding, settings, context.now, 'It happened again.');
}

/**
 * A person ended the incident although it had not cleared. It stays ended unless it happens anew or gets worse: one finding may stand for
 * several causes, and a new one must not hide behind an old one that was dealt with.
 */
function afterPerson(incident: Incident, finding: Finding, endedAt: number, settings: IncidentSettings, context: FoldContext): Step {
  const graceOver = context.now - endedAt >= settings.graceMinutes * 60_000;
  const anew = Date.parse(finding.began_at) > endedAt;
  const worse = graceOver && hasWorsened(incident, finding, settings);
  if (incident.state === 'closed') return anew || worse ? openIncident(finding, incident, settings, context) : 'ended_by_person';
  if (!anew && !graceOver) return 'ended_by_person';
  const text = anew ? 'It happened again.' : 'Resolved by a person, but the finding still fires.';
  return reopen(incident, finding, settings, context.now, text);
}

function reopen(incident: Incident, finding: Finding, settings: IncidentSettings, now: number, text: string): Incident {
  const { resolved_at: _resolved, closed_at: _closed, hold_reason: _hold, ...rest } = incident;
  return advance(rest, 'reopened', now, weirActor, text, { ...figuresOf(incident, finding, settings), state: 'open' });
}

/** What an incident takes over from the newest firing finding. */
function figuresOf(incident: Incident, finding: Finding, settings: IncidentSettings): Partial<Incident> {
  return {
    finding,
    title: finding.title,
    summary: finding.summary,
    severity: steadySeverity(incident.severity, { ...finding, category: incident.category }, settings.severity),
    impact: impactOf(finding),
    explanation: finding.explanation,
    change_suspects: finding.change_suspects,
    began_at: Date.parse(finding.began_at) < Date.parse(incident.began_at) ? finding.began_at : incident.began_at,
  };
}

/** A state or a time that cannot be understood is left alone, not guessed. */
function isReadable(finding: Finding): boolean {
  const times = [orderOf(finding), Date.parse(finding.began_at)];
  return (finding.state === 'firing' || finding.state === 'cleared') && !times.some(Number.isNaN);
}

/** Findings by time; of several about one key and moment the last given one holds. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const unique = new Map<string, Finding>();
  for (const finding of findings) unique.set(JSON.stringify([keyOf(finding), orderOf(finding)]), finding);
  return [...unique.values()].sort((a, b) => orderOf(a) - orderOf(b));
}

/** At most one incident of a key is active, and times of a key only grow: the latest one is the one to fold into. */
function latestByKey(known: readonly Incident[]): Map<string, Incident> {
  const latest = new Map<string, Incident>();
  for (const incident of known) {
    const key = `${incident.tenant}\n${incident.incident_key}`;
    const other = latest.get(key);
    if (other === undefined || Date.parse(other.updated_at) < Date.parse(incident.updated_at)) latest.set(key, incident);
  }
  return latest;
}

function keyOf(finding: Finding): string {
  return `${finding.tenant}\n${finding.finding_key}`;
}

function orderOf(finding: Finding): number {
  return Date.parse(finding.detected_at);
}

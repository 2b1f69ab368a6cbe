/** What a restart puts back into a correlator. */
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import type { Outcome, Reason, Step } from './decision.ts';
import { type Group, leadOf, type Member, newGroup, putMember } from './group.ts';
import type { Change } from './history.ts';
import type { KeyState, State } from './state.ts';

/** What a restart knows of a finding: its last decision, its latest word or what is kept of it, and the incident. */
export interface Remembered {
  readonly finding_key: string;
  readonly outcome: Outcome;
  readonly step: Step;
  readonly text: string;
  readonly incident_key: string;
  /** Of a child what is kept of it, of all others the latest word. */
  readonly finding: Finding | undefined;
  readonly member: Member;
  readonly detector: string;
  readonly title: string;
  readonly history: readonly Change[];
}

/** Puts back what was known of findings. What cannot be put back is read and judged again. */
export function restore(s: State, remembered: readonly Remembered[], incidents: readonly Incident[]): void {
  const known = new Map(incidents.map((incident) => [incident.incident_key, incident]));
  for (const each of remembered) {
    const { finding_key, incident_key, outcome, member, finding } = each;
    const relation = outcome === 'own' ? 'lead' : outcome === 'symptom' ? 'symptom' : outcome === 'child' ? 'child' : undefined;
    const state: KeyState = { history: each.history, last: member.detectedAt, firing: member.firing, group: '', flapping: false };
    s.keys.set(finding_key, state);
    if (relation === undefined) {
      if (!member.firing) continue;
      const feed = outcome === 'gated' ? incident_key : '';
      s.held.set(finding_key, {
        finding,
        step: each.step,
        due: 0,
        reasons: [{ step: each.step, text: each.text }],
        node: undefined,
        waited: false,
        feed,
      });
      if (feed !== '') putMember(groupOf(s, feed, known), finding_key, { ...member, relation: 'child', finding: undefined });
      continue;
    }
    const group = groupOf(s, incident_key, known);
    state.group = incident_key;
    putMember(group, finding_key, { ...member, relation, finding: relation === 'child' ? undefined : finding });
  }
  // A group whose lead is not known speaks for nobody: its findings are read and judged again.
  for (const group of [...s.groups.values()]) {
    if (group.kind === 'own' && !leadOf(group)) s.groups.delete(group.key);
    else s.waiting.set(group.key, 0);
  }
  for (const [key, state] of s.keys) {
    if (state.group === '' || s.groups.has(state.group)) continue;
    state.group = '';
    state.last = Number.NEGATIVE_INFINITY;
    s.held.set(key, { finding: undefined, step: 'open', due: 0, reasons: [], node: undefined, waited: false, feed: '' });
  }
}

/** The group of an incident, made of what the incident says where it is not there yet. */
export function groupOf(s: State, key: string, known: ReadonlyMap<string, Incident>): Group {
  const there = s.groups.get(key);
  if (there) return there;
  const incident = known.get(key);
  const detector = incident?.finding.detector;
  const kind = detector === 'topology' ? 'element' : detector === 'data_quality' ? 'feed' : 'own';
  const group = newGroup(key, s.tenant, kind, kind === 'own' ? {} : (incident?.finding.scope ?? {}));
  group.reasons.push(...((incident?.reasons ?? []) as Reason[]));
  group.symptoms.push(...(incident?.symptoms ?? []));
  group.flapping = incident?.flapping ?? false;
  if (kind === 'element') {
    const size = / of (\d+) (.+?)s behind /.exec(incident?.finding.summary ?? '');
    group.behind = Number(size?.[1] ?? 0);
    group.behindType = size?.[2] ?? 'element';
  }
  s.groups.set(key, group);
  return group;
}

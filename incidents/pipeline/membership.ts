/** How findings come into a group and leave it, and when a group speaks and ends. */
import type { Finding } from '../../core/finding.ts';
import type { Outcome, Reason, Step } from './decision.ts';
import { doubt } from './directory.ts';
import { feedKey, feedOf } from './gate.ts';
import { composed, type Group, leadOf, memberOf, mostListed, newGroup, putMember, type Relation, takeMember } from './group.ts';
import { type Held, type State, say } from './state.ts';

/** A group behind an element ends when no more than this part of its peak still fires: the rest is judged by itself. */
const remnant = 0.1;

export function join(
  s: State,
  group: Group,
  word: Finding,
  relation: Relation,
  step: Step,
  text: string,
  reasons: readonly Reason[],
): void {
  release(s, word.finding_key);
  putMember(group, word.finding_key, memberOf(word, relation));
  s.keys.get(word.finding_key)!.group = group.key;
  list(s, group, word, relation, [...reasons.map((each) => each.text), text].join(' '));
  group.clearedAt = undefined;
  s.dirty.add(group.key);
  say(s, word, outcomeOf(relation), step, text, group.key);
}

/** Names a finding on the incident, while there is room. */
export function list(
  s: State,
  group: Group,
  word: Pick<Finding, 'finding_key' | 'detector' | 'title'>,
  relation: Relation,
  reason: string,
): void {
  if (group.symptoms.length >= mostListed || group.symptoms.some(({ finding_key }) => finding_key === word.finding_key)) return;
  const { finding_key, detector, title } = word;
  group.symptoms.push({ finding_key, detector, title, relation, reason: reason.slice(0, 300), at: new Date(s.facts.now).toISOString() });
}

/** A whole group becomes part of another one. */
export function absorb(s: State, into: Group, group: Group, text: string): void {
  for (const [key, member] of group.members) {
    putMember(into, key, { ...member, relation: 'child', finding: undefined });
    const state = s.keys.get(key);
    if (state) state.group = into.key;
    if (member.finding) list(s, into, member.finding, 'child', text);
    s.decisions.push({
      finding_key: key,
      detector: member.detector,
      state: member.firing ? 'firing' : 'cleared',
      detected_at: new Date(member.detectedAt).toISOString(),
      outcome: 'child',
      step: 'parent',
      text,
      incident_key: into.key,
    });
  }
  for (const symptom of group.symptoms) list(s, into, symptom, 'child', text);
  s.groups.delete(group.key);
  s.waiting.delete(group.key);
  s.dirty.delete(group.key);
  s.dirty.add(into.key);
  if (s.facts.active.has(group.key)) s.merged.push({ from: group.key, into: into.key, text });
  else s.findings = s.findings.filter(({ finding_key }) => finding_key !== group.key);
}

/** A finding is held no longer. */
export function release(s: State, key: string): void {
  leaveFeed(s, key, s.held.get(key));
  s.held.delete(key);
}

/** The incident about the data of a feed counts what waits for that data. */
export function joinFeed(s: State, word: Finding): string {
  const scope = feedOf(word.scope);
  const key = feedKey(s.tenant, scope);
  const group = s.groups.get(key) ?? newGroup(key, s.tenant, 'feed', scope);
  const first = !s.groups.has(key);
  if (first) group.reasons.push({ step: 'gate', text: 'What rests on incomplete data is held; the data is the incident.' });
  s.groups.set(key, group);
  putMember(group, word.finding_key, memberOf(word, 'child'));
  if (first) doubt(s, group);
  s.dirty.add(key);
  return key;
}

/** A finding waits for the data of a feed no longer; the incident about it ends with the last one. */
export function leaveFeed(s: State, key: string, before: Held | undefined): void {
  const group = before === undefined || before.feed === '' ? undefined : s.groups.get(before.feed);
  if (group === undefined) return;
  takeMember(group, key);
  group.detectedAt = Math.max(group.detectedAt, s.keys.get(key)?.last ?? 0, 0);
  if (group.firing > 0) s.dirty.add(group.key);
  else {
    group.detectedAt = Math.max(group.detectedAt + 1, s.facts.now);
    end(s, group);
  }
}

/** Tells of a group at once where it is one finding, at the end of the round where it is several. */
export function settle(s: State, group: Group, word: Finding): void {
  if (group.firing > 0 && !isRemnant(s, group)) {
    group.clearedAt = undefined;
    if (group.members.size === 1 && group.kind === 'own' && !group.flapping) s.findings.push(word);
    else s.dirty.add(group.key);
    return;
  }
  if (group.flapping) {
    s.dirty.add(group.key);
    return;
  }
  group.clearedAt ??= s.facts.now;
  if (s.settings.settleMs > 0) {
    s.waiting.set(group.key, group.clearedAt + s.settings.settleMs);
    return;
  }
  end(s, group, group.members.size === 1 && group.kind === 'own' ? word : undefined);
}

/** So little of what stood behind an element still fires that it is no longer the element. */
export function isRemnant(s: State, group: Group): boolean {
  return group.kind === 'element' && group.firing < s.settings.minimumChildren && group.firing <= remnant * group.peak;
}

/** Nothing fires any more, or so little that each is judged by itself. */
export function end(s: State, group: Group, word?: Finding): void {
  for (const [key, { firing }] of group.members) {
    const state = s.keys.get(key);
    if (state) state.group = '';
    if (!firing || !state) continue;
    state.last = Number.NEGATIVE_INFINITY;
    s.reread.push(key);
    takeMember(group, key);
  }
  if (group.kind === 'feed' || leadOf(group)?.kind === 'data') s.trusted = true;
  const last = word ?? composed(group);
  if (last) s.findings.push({ ...last, state: 'cleared' });
  s.dirty.delete(group.key);
  s.waiting.delete(group.key);
  s.groups.delete(group.key);
}

/** Says how a group stands now. */
export function speak(s: State, group: Group): void {
  const finding = composed(group);
  if (finding) s.findings.push(group.flapping ? { ...finding, state: 'firing' } : finding);
}

/** What becomes of a finding that stands so to its group. */
export function outcomeOf(relation: Relation): Outcome {
  return relation === 'lead' ? 'own' : relation;
}

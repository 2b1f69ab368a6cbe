/** The words of findings as they come: in their order, each once, to the group that they belong to or to be judged. */
import type { Finding } from '../../core/finding.ts';
import { type Group, memberOf, putMember } from './group.ts';
import { changesWithin, flaps, withWord } from './history.ts';
import { judge, silenceText } from './judge.ts';
import { outcomeOf, release, settle } from './membership.ts';
import { againMs, type KeyState, labelsOf, type State, say, timeOf } from './state.ts';

/** Parents before children, the worst first; words of one finding in their order. */
export function inOrder(s: State, words: readonly Finding[]): readonly Finding[] {
  const readable: Finding[] = [];
  for (const word of words) {
    if (isReadable(word)) readable.push(word);
    else say(s, word, 'unreadable', 'read', 'Its state or one of its times cannot be understood.');
  }
  if (readable.length < 2) return readable;
  const places = new Map<string, { depth: number; severity: number }>();
  for (const word of readable) {
    const place = places.get(word.finding_key) ?? { depth: depthOf(s, word), severity: 5 };
    place.severity = Math.min(place.severity, s.facts.severityOf(word));
    places.set(word.finding_key, place);
  }
  return readable.sort((a, b) => {
    const [one, other] = [places.get(a.finding_key)!, places.get(b.finding_key)!];
    if (a.finding_key === b.finding_key) return timeOf(a) - timeOf(b);
    return one.depth - other.depth || one.severity - other.severity || (a.finding_key < b.finding_key ? -1 : 1);
  });
}

/** How many elements stand above what a finding is about. */
export function depthOf(s: State, word: Finding): number {
  const node = s.facts.topology?.find(word.scope);
  return node === undefined ? 0 : s.facts.topology!.above(node).length;
}

/** One word: stale, repeated, of a group, or to be judged. */
export function takeWord(s: State, word: Finding): void {
  const key = word.finding_key;
  const at = timeOf(word);
  const firing = word.state === 'firing';
  const state = s.keys.get(key) ?? { history: [], last: Number.NEGATIVE_INFINITY, firing: false, group: '', flapping: false };
  if (at < state.last) {
    say(s, word, 'stale', 'read', 'A later word on it is known.', state.group);
    return;
  }
  if (at === state.last && firing === state.firing) {
    say(s, word, 'repeated', 'read', 'It was said before.', state.group);
    return;
  }
  s.keys.set(key, state);
  state.last = at;
  state.firing = firing;
  state.history = withWord(state.history, at, firing);
  const group = state.group === '' ? undefined : s.groups.get(state.group);
  if (group) {
    wordOfMember(s, group, word, state);
    return;
  }
  if (firing) {
    judge(s, word, s.held.get(key));
    return;
  }
  const before = s.held.get(key);
  release(s, key);
  if (s.facts.active.has(key)) {
    s.findings.push(word);
    say(s, word, 'own', 'open', 'Word of its incident.', key);
    return;
  }
  say(s, word, 'cleared', before ? before.step : 'open', before ? 'It cleared before it became an incident.' : 'It has no incident.');
}

/** A further word of a finding that belongs to an incident. */
export function wordOfMember(s: State, group: Group, word: Finding, state: KeyState): void {
  const key = word.finding_key;
  const { relation } = group.members.get(key)!;
  putMember(group, key, memberOf(word, relation));
  const outcome = outcomeOf(relation);
  const silence = word.state === 'firing' ? s.facts.held(labelsOf(word), s.facts.now) : undefined;
  if (silence) {
    s.waiting.set(group.key, s.facts.now + againMs);
    say(s, word, 'suppressed', 'silence', silenceText(silence), group.key);
    return;
  }
  if (relation === 'lead') state.flapping = flaps(state.history, state.flapping, s.settings.flapping, s.facts.now);
  group.flapping = relation === 'lead' ? state.flapping : group.flapping;
  if (group.flapping && relation === 'lead') {
    s.waiting.set(group.key, s.facts.now + againMs);
    say(s, word, outcome, 'flapping', flappingText(s, state), group.key);
  } else say(s, word, outcome, 'open', `Word of ${relation === 'lead' ? 'its incident' : `a ${relation} of the incident`}.`, group.key);
  settle(s, group, word);
}

/** Why a finding counts as flapping. */
export function flappingText(s: State, { history }: KeyState): string {
  const { withinMs } = s.settings.flapping;
  const count = changesWithin(history, withinMs, s.facts.now);
  return `It fires and clears again and again: ${count} changes in ${Math.round(withinMs / 60_000)} min.`;
}

/** Whether a finding states what it says and when. */
export function isReadable(finding: Finding): boolean {
  const times = [timeOf(finding), Date.parse(finding.began_at)];
  return (finding.state === 'firing' || finding.state === 'cleared') && !times.some(Number.isNaN);
}

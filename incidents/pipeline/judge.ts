/** The steps of one finding that fires and belongs to nothing yet: held, part of an incident, or one of its own. */
import type { Finding } from '../../core/finding.ts';
import type { Outcome, Reason, Step } from './decision.ts';
import { dataGroups, doubt, explain, place, withAny } from './directory.ts';
import { gateOf } from './gate.ts';
import { type Group, leadOf, memberOf, newGroup, putMember } from './group.ts';
import { debounceOf, flaps, waitText } from './history.ts';
import { join, joinFeed, leaveFeed, release } from './membership.ts';
import { footprintOf, overlapOf, sharedText } from './overlap.ts';
import { absorbBelow, joinParent } from './parents.ts';
import { againMs, type Held, labelsOf, type State, say, windowOf } from './state.ts';
import type { Node } from './topology.ts';

/** An element behind which others stand waits no longer than this, ms. */
const innerHoldMs = 2_000;

/** One finding that fires and belongs to nothing yet. */
export function judge(s: State, word: Finding, before?: Held): void {
  const key = word.finding_key;
  const state = s.keys.get(key)!;
  // An incident that is open goes on, whatever would be said of its finding now.
  if (s.facts.active.has(key) && !s.groups.has(key)) {
    open(s, word, before?.reasons ?? []);
    return;
  }
  if (word.data_quality.completeness >= s.settings.minimumCompleteness) leaveFeed(s, key, before);
  const gated = gateOf(word, dataGroups(s), s.settings.minimumCompleteness);
  if (gated) {
    const feed = gated.incomplete ? joinFeed(s, word) : '';
    hold(s, word, 'gated', 'gate', gated.text, before, { feed, due: s.facts.now + againMs });
    return;
  }
  const debounce = debounceOf(s.settings, word.detector);
  const wait = waitText(state.history, windowOf(word), debounce, s.facts.now);
  if (wait) {
    hold(s, word, 'waiting', 'debounce', wait, before, { due: s.facts.now + againMs });
    return;
  }
  const silence = s.facts.held(labelsOf(word), s.facts.now);
  if (silence) {
    hold(s, word, 'suppressed', 'silence', silenceText(silence), before, { due: s.facts.now + againMs });
    return;
  }
  const reasons = [...(before?.reasons ?? [])];
  if (debounce.n > 1) reasons.push({ step: 'debounce', text: `It fired in ${debounce.n} of the last ${debounce.of} windows.` });
  if (joinParent(s, word, reasons)) return;
  const node = s.facts.topology?.find(word.scope);
  const above = node === undefined ? 0 : s.facts.topology!.above(node).length;
  if (above > 0 && !before?.waited && s.facts.severityOf(word) > 1 && s.settings.holdMs > 0) {
    // What much stands behind is told soon: should what is above it have failed too, it is put there later.
    const holdMs = s.facts.topology!.children(node!).length > 0 ? Math.min(s.settings.holdMs, innerHoldMs) : s.settings.holdMs;
    const due = before?.step === 'parent' ? before.due : s.facts.now + holdMs;
    hold(s, word, 'waiting', 'parent', 'It waits for what is above it to be judged first.', before, { due, node });
    return;
  }
  if (joinSame(s, word, reasons)) return;
  open(s, word, reasons);
}

/** Holds a finding until it is judged again, with the reason. */
export function hold(
  s: State,
  word: Finding,
  outcome: Outcome,
  step: Step,
  text: string,
  before: Held | undefined,
  of: { due: number; node?: Node | undefined; feed?: string },
): void {
  const key = word.finding_key;
  const told = before?.step === step && before.reasons.at(-1)?.text === text;
  const reasons = before?.step === step ? [...before.reasons.slice(0, -1), { step, text }] : [...(before?.reasons ?? []), { step, text }];
  const finding = s.held.size < s.settings.mostHeld || s.held.has(key) ? word : undefined;
  s.held.set(key, {
    finding,
    step,
    due: of.due,
    reasons: reasons.slice(-8),
    node: of.node,
    waited: before?.waited ?? false,
    feed: of.feed ?? '',
  });
  if (!told || before?.finding !== word) say(s, word, outcome, step, text, of.feed ?? '');
}

/** Part of an open incident that the same labels explain. */
export function joinSame(s: State, word: Finding, reasons: readonly Reason[]): boolean {
  const own = footprintOf(word);
  if (own.size === 0) return false;
  let best: Group | undefined;
  let most = s.settings.overlap;
  for (const group of withAny(s, own.keys())) {
    const lead = group.firing > 0 && s.groups.get(group.key) === group ? leadOf(group) : undefined;
    if (!lead || group.key === word.finding_key) continue;
    const slack = Math.max(s.settings.nearMs, Math.min(windowOf(word), windowOf(lead)));
    if (Math.abs(Date.parse(word.began_at) - Date.parse(lead.began_at)) > slack) continue;
    const overlap = overlapOf(own, footprintOf(lead));
    if (overlap >= most && (best === undefined || overlap > most)) [best, most] = [group, overlap];
  }
  if (!best) return false;
  const shared = sharedText(own, footprintOf(leadOf(best)!));
  join(s, best, word, 'symptom', 'merge', `The same explains it: ${shared} (overlap ${most.toFixed(2)}).`, reasons);
  return true;
}

/** An incident of its own. */
export function open(s: State, word: Finding, reasons: readonly Reason[]): void {
  release(s, word.finding_key);
  const group = newGroup(word.finding_key, s.tenant, 'own');
  putMember(group, word.finding_key, memberOf(word, 'lead'));
  const text = 'Nothing above it and no open incident explains it.';
  group.reasons.push(...reasons, { step: 'open', text });
  const state = s.keys.get(word.finding_key)!;
  state.group = group.key;
  state.flapping = flaps(state.history, state.flapping, s.settings.flapping, s.facts.now);
  group.flapping = state.flapping;
  s.groups.set(group.key, group);
  s.opened.add(group.key);
  doubt(s, group);
  place(s, group);
  explain(s, group);
  s.findings.push(word);
  say(s, word, 'own', 'open', text, group.key);
  const node = s.facts.topology?.find(word.scope);
  if (node !== undefined) absorbBelow(s, group, node, Date.parse(word.began_at));
}

/** Looks again at what is held and due. */
export function judgeHeld(s: State): void {
  const { now } = s.facts;
  for (const [key, entry] of [...s.held]) {
    if (entry.due > now && !(s.trusted && entry.step === 'gate')) continue;
    if (entry.finding === undefined) {
      const state = s.keys.get(key);
      if (state) state.last = Number.NEGATIVE_INFINITY;
      s.held.set(key, { ...entry, due: now + againMs });
      s.reread.push(key);
      continue;
    }
    judge(s, entry.finding, { ...entry, waited: entry.waited || entry.step === 'parent' });
  }
}

/** Why something is silenced. */
export function silenceText({ id, reason }: { readonly id: string; readonly reason: string }): string {
  return `Held by ${id}: ${reason}`;
}

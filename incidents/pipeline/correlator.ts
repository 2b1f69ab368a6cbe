/**
 * The way from findings to incidents: which finding is one of its own, which belongs to another, which is held, and why. Findings go in, one
 * decision for each word and the findings that speak for what changed come out. Pure but for the state it holds.
 *
 * The order of the steps: readable and new, data complete, fired often enough, not silenced, not behind something that failed, not the same
 * cause as an open incident; then it opens one. What is held is judged again by itself.
 */
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { findingKey } from '../../core/key.ts';
import { type Decision, decisionOf, type Outcome, type Reason, type Step } from './decision.ts';
import { feedKey, feedOf, gateOf } from './gate.ts';
import {
  composed,
  type Group,
  leadOf,
  type Member,
  memberOf,
  mostListed,
  newGroup,
  putMember,
  type Relation,
  takeMember,
} from './group.ts';
import { type Change, changesWithin, debounceOf, flaps, waitText, withWord } from './history.ts';
import { footprintOf, overlapOf, sharedText } from './overlap.ts';
import type { PipelineSettings } from './settings.ts';
import { affectedAbove, causesOf, type Node, type Topology } from './topology.ts';

/** What is true outside of the findings. */
export interface Facts {
  /** ms since 1970 UTC. */
  readonly now: number;
  /** What holds labels back at an instant: a maintenance window or a silence. */
  held(labels: Readonly<Record<string, string>>, at: number): { readonly id: string; readonly reason: string } | undefined;
  /** undefined = nothing is known. */
  readonly topology: Topology | undefined;
  /** Keys of incidents that people still have to do something about. */
  readonly active: ReadonlySet<string>;
  severityOf(finding: Finding): number;
}

/** A group became part of another. */
export interface Merged {
  readonly from: string;
  readonly into: string;
  readonly text: string;
}

export interface Correlated {
  readonly decisions: readonly Decision[];
  /** To be folded, in order. */
  readonly findings: readonly Finding[];
  readonly merged: readonly Merged[];
  /** Keys whose latest word is needed again: give it to `take`. */
  readonly reread: readonly string[];
}

/** What stands on the incident of a key besides the figures of its finding. */
export interface Notes {
  readonly reasons: readonly Reason[];
  readonly symptoms: Incident['symptoms'];
  readonly counts: { readonly symptoms: number; readonly children: number };
  readonly flapping: boolean;
  readonly flappingText: string;
}

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

export interface Correlator {
  take(words: readonly Finding[], facts: Facts): Correlated;
  /** Something waits for its time, and it has come. */
  due(now: number): boolean;
  /** Folds the incident of a key again at an instant: what was told too soon. */
  later(key: string, at: number): void;
  /** Folds every incident that fires again with the next `take`. */
  refold(): void;
  notes(key: string): Notes | undefined;
  /** @param incidents the latest incident of each key that is remembered */
  restore(remembered: readonly Remembered[], incidents: readonly Incident[]): void;
  /** Findings known, held and in groups, for metrics. */
  sizes(): { readonly keys: number; readonly held: number; readonly groups: number };
}

interface Held {
  /** Undefined when too many are held: it is read again. */
  readonly finding: Finding | undefined;
  readonly step: Step;
  readonly due: number;
  readonly reasons: readonly Reason[];
  readonly node: Node | undefined;
  /** It has waited for what is above it. */
  readonly waited: boolean;
  readonly feed: string;
}

interface KeyState {
  history: readonly Change[];
  last: number;
  firing: boolean;
  group: string;
  flapping: boolean;
}

/** Silences and gates are looked at again after this long, ms. */
const againMs = 30_000;
/** An element behind which others stand waits no longer than this, ms. */
const innerHoldMs = 2_000;
/** What has cleared is forgotten after this long, ms: flapping and debounce look no further back. */
const rememberedMs = 7_200_000;
/** A group behind an element ends when no more than this part of its peak still fires: the rest is judged by itself. */
const remnant = 0.1;

/** A correlator of one tenant that knows nothing yet. */
export function createCorrelator(tenant: string, settings: PipelineSettings): Correlator {
  const keys = new Map<string, KeyState>();
  const held = new Map<string, Held>();
  const groups = new Map<string, Group>();
  /** Groups to be looked at again, and when. */
  const waiting = new Map<string, number>();
  let forgotAt = 0;

  let decisions: Decision[] = [];
  let findings: Finding[] = [];
  let merged: Merged[] = [];
  let reread: string[] = [];
  let dirty = new Set<string>();
  let opened = new Set<string>();
  let facts: Facts;
  /** A doubt about data has ended in this round. */
  let trusted = false;
  /** Made when first asked for in a round: groups about an element, by label and value that explains them, about data. */
  let places: Map<Node, Group[]> | undefined;
  let explained: Map<string, Group[]> | undefined;
  let doubted: { finding_key: string; title: string; scope: Readonly<Record<string, string>> }[] | undefined;

  const say = (finding: Finding, outcome: Outcome, step: Step, text: string, key = ''): void => {
    decisions.push(decisionOf(finding, outcome, step, text, key));
  };

  function take(words: readonly Finding[], given: Facts): Correlated {
    facts = given;
    [decisions, findings, merged, reread, dirty, opened] = [[], [], [], [], new Set(), new Set()];
    places = undefined;
    explained = undefined;
    doubted = undefined;
    trusted = false;
    for (const word of inOrder(words)) takeWord(word);
    judgeHeld();
    if (facts.topology) gather();
    lookAgain();
    for (const key of dirty) if (groups.has(key)) speak(groups.get(key)!);
    if (facts.now - forgotAt > 60_000) forget();
    return { decisions, findings, merged, reread };
  }

  /** Parents before children, the worst first; words of one finding in their order. */
  function inOrder(words: readonly Finding[]): readonly Finding[] {
    const readable: Finding[] = [];
    for (const word of words) {
      if (isReadable(word)) readable.push(word);
      else say(word, 'unreadable', 'read', 'Its state or one of its times cannot be understood.');
    }
    if (readable.length < 2) return readable;
    const places = new Map<string, { depth: number; severity: number }>();
    for (const word of readable) {
      const place = places.get(word.finding_key) ?? { depth: depthOf(word), severity: 5 };
      place.severity = Math.min(place.severity, facts.severityOf(word));
      places.set(word.finding_key, place);
    }
    return readable.sort((a, b) => {
      const [one, other] = [places.get(a.finding_key)!, places.get(b.finding_key)!];
      if (a.finding_key === b.finding_key) return timeOf(a) - timeOf(b);
      return one.depth - other.depth || one.severity - other.severity || (a.finding_key < b.finding_key ? -1 : 1);
    });
  }

  function depthOf(word: Finding): number {
    const node = facts.topology?.find(word.scope);
    return node === undefined ? 0 : facts.topology!.above(node).length;
  }

  function takeWord(word: Finding): void {
    const key = word.finding_key;
    const at = timeOf(word);
    const firing = word.state === 'firing';
    const state = keys.get(key) ?? { history: [], last: Number.NEGATIVE_INFINITY, firing: false, group: '', flapping: false };
    if (at < state.last) {
      say(word, 'stale', 'read', 'A later word on it is known.', state.group);
      return;
    }
    if (at === state.last && firing === state.firing) {
      say(word, 'repeated', 'read', 'It was said before.', state.group);
      return;
    }
    keys.set(key, state);
    state.last = at;
    state.firing = firing;
    state.history = withWord(state.history, at, firing);
    const group = state.group === '' ? undefined : groups.get(state.group);
    if (group) {
      wordOfMember(group, word, state);
      return;
    }
    if (firing) {
      judge(word, held.get(key));
      return;
    }
    const before = held.get(key);
    release(key);
    if (facts.active.has(key)) {
      findings.push(word);
      say(word, 'own', 'open', 'Word of its incident.', key);
      return;
    }
    say(word, 'cleared', before ? before.step : 'open', before ? 'It cleared before it became an incident.' : 'It has no incident.');
  }

  /** A further word of a finding that belongs to an incident. */
  function wordOfMember(group: Group, word: Finding, state: KeyState): void {
    const key = word.finding_key;
    const { relation } = group.members.get(key)!;
    putMember(group, key, memberOf(word, relation));
    const outcome = outcomeOf(relation);
    const silence = word.state === 'firing' ? facts.held(labelsOf(word), facts.now) : undefined;
    if (silence) {
      waiting.set(group.key, facts.now + againMs);
      say(word, 'suppressed', 'silence', silenceText(silence), group.key);
      return;
    }
    if (relation === 'lead') state.flapping = flaps(state.history, state.flapping, settings.flapping, facts.now);
    group.flapping = relation === 'lead' ? state.flapping : group.flapping;
    if (group.flapping && relation === 'lead') {
      waiting.set(group.key, facts.now + againMs);
      say(word, outcome, 'flapping', flappingText(state), group.key);
    } else say(word, outcome, 'open', `Word of ${relation === 'lead' ? 'its incident' : `a ${relation} of the incident`}.`, group.key);
    settle(group, word);
  }

  /** Tells of a group at once where it is one finding, at the end of the round where it is several. */
  function settle(group: Group, word: Finding): void {
    if (group.firing > 0 && !isRemnant(group)) {
      group.clearedAt = undefined;
      if (group.members.size === 1 && group.kind === 'own' && !group.flapping) findings.push(word);
      else dirty.add(group.key);
      return;
    }
    if (group.flapping) {
      dirty.add(group.key);
      return;
    }
    group.clearedAt ??= facts.now;
    if (settings.settleMs > 0) {
      waiting.set(group.key, group.clearedAt + settings.settleMs);
      return;
    }
    end(group, group.members.size === 1 && group.kind === 'own' ? word : undefined);
  }

  function isRemnant(group: Group): boolean {
    return group.kind === 'element' && group.firing < settings.minimumChildren && group.firing <= remnant * group.peak;
  }

  /** Nothing fires any more, or so little that each is judged by itself. */
  function end(group: Group, word?: Finding): void {
    for (const [key, { firing }] of group.members) {
      const state = keys.get(key);
      if (state) state.group = '';
      if (!firing || !state) continue;
      state.last = Number.NEGATIVE_INFINITY;
      reread.push(key);
      takeMember(group, key);
    }
    if (group.kind === 'feed' || leadOf(group)?.kind === 'data') trusted = true;
    const last = word ?? composed(group);
    if (last) findings.push({ ...last, state: 'cleared' });
    dirty.delete(group.key);
    waiting.delete(group.key);
    groups.delete(group.key);
  }

  function speak(group: Group): void {
    const finding = composed(group);
    if (finding) findings.push(group.flapping ? { ...finding, state: 'firing' } : finding);
  }

  /** One finding that fires and belongs to nothing yet. */
  function judge(word: Finding, before?: Held): void {
    const key = word.finding_key;
    const state = keys.get(key)!;
    // An incident that is open goes on, whatever would be said of its finding now.
    if (facts.active.has(key) && !groups.has(key)) {
      open(word, before?.reasons ?? []);
      return;
    }
    if (word.data_quality.completeness >= settings.minimumCompleteness) leaveFeed(key, before);
    const gated = gateOf(word, dataGroups(), settings.minimumCompleteness);
    if (gated) {
      const feed = gated.incomplete ? joinFeed(word) : '';
      hold(word, 'gated', 'gate', gated.text, before, { feed, due: facts.now + againMs });
      return;
    }
    const debounce = debounceOf(settings, word.detector);
    const wait = waitText(state.history, windowOf(word), debounce, facts.now);
    if (wait) {
      hold(word, 'waiting', 'debounce', wait, before, { due: facts.now + againMs });
      return;
    }
    const silence = facts.held(labelsOf(word), facts.now);
    if (silence) {
      hold(word, 'suppressed', 'silence', silenceText(silence), before, { due: facts.now + againMs });
      return;
    }
    const reasons = [...(before?.reasons ?? [])];
    if (debounce.n > 1) reasons.push({ step: 'debounce', text: `It fired in ${debounce.n} of the last ${debounce.of} windows.` });
    if (joinParent(word, reasons)) return;
    const node = facts.topology?.find(word.scope);
    const above = node === undefined ? 0 : facts.topology!.above(node).length;
    if (above > 0 && !before?.waited && facts.severityOf(word) > 1 && settings.holdMs > 0) {
      // What much stands behind is told soon: should what is above it have failed too, it is put there later.
      const holdMs = facts.topology!.children(node!).length > 0 ? Math.min(settings.holdMs, innerHoldMs) : settings.holdMs;
      const due = before?.step === 'parent' ? before.due : facts.now + holdMs;
      hold(word, 'waiting', 'parent', 'It waits for what is above it to be judged first.', before, { due, node });
      return;
    }
    if (joinSame(word, reasons)) return;
    open(word, reasons);
  }

  function hold(
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
    const finding = held.size < settings.mostHeld || held.has(key) ? word : undefined;
    held.set(key, {
      finding,
      step,
      due: of.due,
      reasons: reasons.slice(-8),
      node: of.node,
      waited: before?.waited ?? false,
      feed: of.feed ?? '',
    });
    if (!told || before?.finding !== word) say(word, outcome, step, text, of.feed ?? '');
  }

  function release(key: string): void {
    leaveFeed(key, held.get(key));
    held.delete(key);
  }

  /** The incident about the data of a feed counts what waits for that data. */
  function joinFeed(word: Finding): string {
    const scope = feedOf(word.scope);
    const key = feedKey(tenant, scope);
    const group = groups.get(key) ?? newGroup(key, tenant, 'feed', scope);
    const first = !groups.has(key);
    if (first) group.reasons.push({ step: 'gate', text: 'What rests on incomplete data is held; the data is the incident.' });
    groups.set(key, group);
    putMember(group, word.finding_key, memberOf(word, 'child'));
    if (first) doubt(group);
    dirty.add(key);
    return key;
  }

  function leaveFeed(key: string, before: Held | undefined): void {
    const group = before === undefined || before.feed === '' ? undefined : groups.get(before.feed);
    if (group === undefined) return;
    takeMember(group, key);
    group.detectedAt = Math.max(group.detectedAt, keys.get(key)?.last ?? 0, 0);
    if (group.firing > 0) dirty.add(group.key);
    else {
      group.detectedAt = Math.max(group.detectedAt + 1, facts.now);
      end(group);
    }
  }

  /** Whatever stands open about data. */
  function dataGroups(): readonly { finding_key: string; title: string; scope: Readonly<Record<string, string>> }[] {
    if (doubted === undefined) {
      doubted = [];
      for (const group of groups.values()) doubt(group);
    }
    return doubted.filter(({ finding_key }) => (groups.get(finding_key)?.firing ?? 0) > 0);
  }

  function doubt(group: Group): void {
    if (doubted === undefined || group.firing === 0) return;
    const lead = group.kind === 'own' ? leadOf(group) : undefined;
    if (group.kind === 'feed') doubted.push({ finding_key: group.key, title: 'it is incomplete', scope: group.scope });
    else if (lead?.kind === 'data') doubted.push({ finding_key: group.key, title: lead.title, scope: lead.scope });
  }

  /** Part of what is above it and fires: then it is what one would expect. */
  function joinParent(word: Finding, reasons: readonly Reason[]): boolean {
    const node = facts.topology?.find(word.scope);
    if (node === undefined) return false;
    const topology = facts.topology!;
    for (const above of [node, ...topology.above(node)]) {
      const group = groupAt(above, above === node);
      if (!group || !near(group, word) || group.key === word.finding_key) continue;
      const name = `${topology.type(above)} ${topology.name(above)}`;
      join(group, word, above === node ? 'symptom' : 'child', 'parent', `${name} is affected, and it stands behind it.`, reasons);
      return true;
    }
    return false;
  }

  /** The open group about an element. @param elementOnly only one that stands for what is behind it */
  function groupAt(node: Node, elementOnly: boolean): Group | undefined {
    const topology = facts.topology!;
    const element = groups.get(elementKey(topology.type(node), topology.name(node)));
    if (element) return element;
    if (elementOnly) return undefined;
    for (const group of byPlace(node)) return group;
    return undefined;
  }

  /** Open groups named after a finding about just this element. */
  function byPlace(node: Node): readonly Group[] {
    if (places === undefined) {
      places = new Map();
      for (const group of groups.values()) place(group);
    }
    return (places.get(node) ?? []).filter((group) => group.firing > 0 && groups.get(group.key) === group);
  }

  function place(group: Group): void {
    if (places === undefined || group.kind !== 'own' || !isOpen(group)) return;
    const node = placeOf(group);
    if (node !== undefined) places.set(node, [...(places.get(node) ?? []), group]);
  }

  /** People still have to do something about its incident, or it opens just now. */
  function isOpen({ key }: Group): boolean {
    return facts.active.has(key) || opened.has(key);
  }

  function elementKey(type: string, name: string): string {
    return findingKey(tenant, 'topology', 'elements_affected', { [type]: name });
  }

  /** They began at about the same time. */
  function near(group: Group, word: Finding): boolean {
    return Date.parse(word.began_at) >= group.beganAt - settings.nearMs;
  }

  /** Part of an open incident that the same labels explain. */
  function joinSame(word: Finding, reasons: readonly Reason[]): boolean {
    const own = footprintOf(word);
    if (own.size === 0) return false;
    let best: Group | undefined;
    let most = settings.overlap;
    for (const group of withAny(own.keys())) {
      const lead = group.firing > 0 && groups.get(group.key) === group ? leadOf(group) : undefined;
      if (!lead || group.key === word.finding_key) continue;
      const slack = Math.max(settings.nearMs, Math.min(windowOf(word), windowOf(lead)));
      if (Math.abs(Date.parse(word.began_at) - Date.parse(lead.began_at)) > slack) continue;
      const overlap = overlapOf(own, footprintOf(lead));
      if (overlap >= most && (best === undefined || overlap > most)) [best, most] = [group, overlap];
    }
    if (!best) return false;
    const shared = sharedText(own, footprintOf(leadOf(best)!));
    join(best, word, 'symptom', 'merge', `The same explains it: ${shared} (overlap ${most.toFixed(2)}).`, reasons);
    return true;
  }

  /** Open groups that any of these labels and values explains. */
  function withAny(pairs: Iterable<string>): ReadonlySet<Group> {
    if (explained === undefined) {
      explained = new Map();
      for (const group of groups.values()) explain(group);
    }
    const found = new Set<Group>();
    for (const pair of pairs) for (const group of explained.get(pair) ?? []) found.add(group);
    return found;
  }

  function explain(group: Group): void {
    const lead = explained !== undefined && group.kind === 'own' && isOpen(group) ? leadOf(group) : undefined;
    if (lead) for (const pair of footprintOf(lead).keys()) explained!.set(pair, [...(explained!.get(pair) ?? []), group]);
  }

  function join(group: Group, word: Finding, relation: Relation, step: Step, text: string, reasons: readonly Reason[]): void {
    release(word.finding_key);
    putMember(group, word.finding_key, memberOf(word, relation));
    keys.get(word.finding_key)!.group = group.key;
    list(group, word, relation, [...reasons.map((each) => each.text), text].join(' '));
    group.clearedAt = undefined;
    dirty.add(group.key);
    say(word, outcomeOf(relation), step, text, group.key);
  }

  function list(group: Group, word: Pick<Finding, 'finding_key' | 'detector' | 'title'>, relation: Relation, reason: string): void {
    if (group.symptoms.length >= mostListed || group.symptoms.some(({ finding_key }) => finding_key === word.finding_key)) return;
    const { finding_key, detector, title } = word;
    group.symptoms.push({ finding_key, detector, title, relation, reason: reason.slice(0, 300), at: new Date(facts.now).toISOString() });
  }

  /** An incident of its own. */
  function open(word: Finding, reasons: readonly Reason[]): void {
    release(word.finding_key);
    const group = newGroup(word.finding_key, tenant, 'own');
    putMember(group, word.finding_key, memberOf(word, 'lead'));
    const text = 'Nothing above it and no open incident explains it.';
    group.reasons.push(...reasons, { step: 'open', text });
    const state = keys.get(word.finding_key)!;
    state.group = group.key;
    state.flapping = flaps(state.history, state.flapping, settings.flapping, facts.now);
    group.flapping = state.flapping;
    groups.set(group.key, group);
    opened.add(group.key);
    doubt(group);
    place(group);
    explain(group);
    findings.push(word);
    say(word, 'own', 'open', text, group.key);
    const node = facts.topology?.find(word.scope);
    if (node !== undefined) absorbBelow(group, node, Date.parse(word.began_at));
  }

  /** What stands behind an element and was told before it becomes part of its incident. */
  function absorbBelow(into: Group, node: Node, beganAt: number): void {
    const topology = facts.topology!;
    if (topology.children(node).length === 0) return;
    for (const [key, { finding, node: place, reasons }] of held) {
      if (place === undefined || finding === undefined || !topology.above(place).includes(node)) continue;
      join(
        into,
        finding,
        'child',
        'parent',
        `${topology.type(node)} ${topology.name(node)} is affected, and it stands behind it.`,
        reasons.slice(0, -1),
      );
      held.delete(key);
    }
    for (const group of [...groups.values()]) {
      if (group === into || group.kind === 'feed' || group.firing === 0) continue;
      const place = placeOf(group);
      if (place === undefined || !topology.above(place).includes(node)) continue;
      if (group.beganAt < beganAt - settings.nearMs) continue;
      absorb(into, group, `${topology.type(node)} ${topology.name(node)} is affected, and it stands behind it.`);
    }
  }

  function placeOf(group: Group): Node | undefined {
    return facts.topology!.find(group.kind === 'element' ? group.scope : (leadOf(group)?.scope ?? {}));
  }

  function absorb(into: Group, group: Group, text: string): void {
    for (const [key, member] of group.members) {
      putMember(into, key, { ...member, relation: 'child', finding: undefined });
      const state = keys.get(key);
      if (state) state.group = into.key;
      if (member.finding) list(into, member.finding, 'child', text);
      decisions.push({
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
    for (const symptom of group.symptoms) list(into, symptom, 'child', text);
    groups.delete(group.key);
    waiting.delete(group.key);
    dirty.delete(group.key);
    dirty.add(into.key);
    if (facts.active.has(group.key)) merged.push({ from: group.key, into: into.key, text });
    else findings = findings.filter(({ finding_key }) => finding_key !== group.key);
  }

  /** What waits behind one element and is too much to be chance becomes one incident about that element. */
  function gather(): void {
    const topology = facts.topology!;
    const weights = new Map<Node, number>();
    let first = Number.POSITIVE_INFINITY;
    for (const { node, finding } of held.values()) {
      if (node === undefined) continue;
      weights.set(node, 1);
      if (finding) first = Math.min(first, Date.parse(finding.began_at));
    }
    if (weights.size === 0) return;
    const near = first - settings.nearMs;
    for (const group of groups.values()) {
      if (group.kind === 'feed' || group.firing === 0 || group.beganAt < near) continue;
      const place = placeOf(group);
      if (place !== undefined && topology.above(place).length > 0) weights.set(place, group.kind === 'element' ? group.firing : 1);
    }
    if (weights.size < 2) return;
    for (const node of causesOf(topology, affectedAbove(topology, weights), settings)) {
      const [type, name] = [topology.type(node), topology.name(node)];
      const key = elementKey(type, name);
      const group = groups.get(key) ?? newGroup(key, tenant, 'element', { [type]: name });
      const news = !groups.has(key);
      groups.set(key, group);
      group.behind = topology.leaves(node);
      absorbBelow(group, node, first);
      if (group.firing === 0) {
        groups.delete(key);
        continue;
      }
      group.behindType = leafType(topology, node);
      if (news)
        group.reasons.push({
          step: 'parent',
          text: `${group.firing} of ${group.behind} ${group.behindType}s behind ${type} ${name} are affected, spread over its branches: that is what has failed.`,
        });
    }
  }

  /** Looks again at what is held and due. */
  function judgeHeld(): void {
    const { now } = facts;
    for (const [key, entry] of [...held]) {
      if (entry.due > now && !(trusted && entry.step === 'gate')) continue;
      if (entry.finding === undefined) {
        const state = keys.get(key);
        if (state) state.last = Number.NEGATIVE_INFINITY;
        held.set(key, { ...entry, due: now + againMs });
        reread.push(key);
        continue;
      }
      judge(entry.finding, { ...entry, waited: entry.waited || entry.step === 'parent' });
    }
  }

  function lookAgain(): void {
    for (const [key, at] of waiting) {
      if (at > facts.now) continue;
      waiting.delete(key);
      const group = groups.get(key);
      if (!group) continue;
      const state = keys.get(key);
      if (group.flapping && state) {
        state.flapping = flaps(state.history, true, settings.flapping, facts.now);
        group.flapping = state.flapping;
        if (group.flapping) waiting.set(key, facts.now + againMs);
      }
      if (group.firing > 0 || group.flapping) {
        const lead = leadOf(group);
        if (lead && facts.held(labelsOf(lead), facts.now)) waiting.set(key, facts.now + againMs);
        else dirty.add(key);
      } else if (group.clearedAt === undefined || facts.now >= group.clearedAt + settings.settleMs) end(group);
      else waiting.set(key, group.clearedAt + settings.settleMs);
    }
  }

  function forget(): void {
    forgotAt = facts.now;
    for (const [key, { firing, group, last }] of keys) {
      if (!firing && group === '' && last < facts.now - rememberedMs && !held.has(key)) keys.delete(key);
    }
  }

  function flappingText({ history }: KeyState): string {
    const { withinMs } = settings.flapping;
    const count = changesWithin(history, withinMs, facts.now);
    return `It fires and clears again and again: ${count} changes in ${Math.round(withinMs / 60_000)} min.`;
  }

  return {
    take,
    due(now) {
      for (const { due } of held.values()) if (due <= now) return true;
      for (const at of waiting.values()) if (at <= now) return true;
      return false;
    },
    later(key, at) {
      if (groups.has(key)) waiting.set(key, Math.min(at, waiting.get(key) ?? at));
    },
    refold() {
      for (const { key, firing } of groups.values()) if (firing > 0) waiting.set(key, 0);
    },
    notes(key) {
      const group = groups.get(key);
      if (group === undefined) return undefined;
      const state = keys.get(key);
      let symptoms = 0;
      if (group.kind === 'own') for (const { relation } of group.members.values()) if (relation === 'symptom') symptoms++;
      const children = group.members.size - symptoms - (group.kind === 'own' ? 1 : 0);
      return {
        reasons: group.reasons,
        symptoms: group.symptoms,
        counts: { symptoms, children },
        flapping: group.flapping,
        flappingText: state && group.flapping ? flappingText(state) : 'It is steady again.',
      };
    },
    restore(remembered, incidents) {
      const known = new Map(incidents.map((incident) => [incident.incident_key, incident]));
      for (const each of remembered) {
        const { finding_key, incident_key, outcome, member, finding } = each;
        const relation = outcome === 'own' ? 'lead' : outcome === 'symptom' ? 'symptom' : outcome === 'child' ? 'child' : undefined;
        const state: KeyState = { history: each.history, last: member.detectedAt, firing: member.firing, group: '', flapping: false };
        keys.set(finding_key, state);
        if (relation === undefined) {
          if (!member.firing) continue;
          const feed = outcome === 'gated' ? incident_key : '';
          held.set(finding_key, {
            finding,
            step: each.step,
            due: 0,
            reasons: [{ step: each.step, text: each.text }],
            node: undefined,
            waited: false,
            feed,
          });
          if (feed !== '') putMember(groupOf(feed, known), finding_key, { ...member, relation: 'child', finding: undefined });
          continue;
        }
        const group = groupOf(incident_key, known);
        state.group = incident_key;
        putMember(group, finding_key, { ...member, relation, finding: relation === 'child' ? undefined : finding });
      }
      // A group whose lead is not known speaks for nobody: its findings are read and judged again.
      for (const group of [...groups.values()]) {
        if (group.kind === 'own' && !leadOf(group)) groups.delete(group.key);
        else waiting.set(group.key, 0);
      }
      for (const [key, state] of keys) {
        if (state.group === '' || groups.has(state.group)) continue;
        state.group = '';
        state.last = Number.NEGATIVE_INFINITY;
        held.set(key, { finding: undefined, step: 'open', due: 0, reasons: [], node: undefined, waited: false, feed: '' });
      }
    },
    sizes: () => ({ keys: keys.size, held: held.size, groups: groups.size }),
  };

  function groupOf(key: string, known: ReadonlyMap<string, Incident>): Group {
    const there = groups.get(key);
    if (there) return there;
    const incident = known.get(key);
    const detector = incident?.finding.detector;
    const kind = detector === 'topology' ? 'element' : detector === 'data_quality' ? 'feed' : 'own';
    const group = newGroup(key, tenant, kind, kind === 'own' ? {} : (incident?.finding.scope ?? {}));
    group.reasons.push(...((incident?.reasons ?? []) as Reason[]));
    group.symptoms.push(...(incident?.symptoms ?? []));
    group.flapping = incident?.flapping ?? false;
    if (kind === 'element') {
      const size = / of (\d+) (.+?)s behind /.exec(incident?.finding.summary ?? '');
      group.behind = Number(size?.[1] ?? 0);
      group.behindType = size?.[2] ?? 'element';
    }
    groups.set(key, group);
    return group;
  }
}

function isReadable(finding: Finding): boolean {
  const times = [timeOf(finding), Date.parse(finding.began_at)];
  return (finding.state === 'firing' || finding.state === 'cleared') && !times.some(Number.isNaN);
}

function timeOf(finding: Finding): number {
  return Date.parse(finding.detected_at);
}

function windowOf({ window }: Finding): number {
  const length = Date.parse(window.to) - Date.parse(window.from);
  return Math.max(0, length) || 0;
}

/** Labels that silences are matched against. */
export function labelsOf({ scope, detector, metric, kind }: Finding): Readonly<Record<string, string>> {
  return { ...scope, detector, metric, kind };
}

function silenceText({ id, reason }: { readonly id: string; readonly reason: string }): string {
  return `Held by ${id}: ${reason}`;
}

function outcomeOf(relation: Relation): Outcome {
  return relation === 'lead' ? 'own' : relation;
}

function leafType(topology: Topology, node: Node): string {
  let at = node;
  for (let steps = 0; steps < 16 && topology.children(at).length > 0; steps++) at = topology.children(at)[0]!;
  return topology.type(at);
}

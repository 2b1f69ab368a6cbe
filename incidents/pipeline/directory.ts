/** Which open groups are about an element, a label or data: looked up for each finding, so made once in a round. */
import { findingKey } from '../../core/key.ts';
import { type Group, leadOf } from './group.ts';
import { footprintOf } from './overlap.ts';
import type { Doubted, State } from './state.ts';
import type { Node } from './topology.ts';

/** Whatever stands open about data. */
export function dataGroups(s: State): readonly Doubted[] {
  if (s.doubted === undefined) {
    s.doubted = [];
    for (const group of s.groups.values()) doubt(s, group);
  }
  return s.doubted.filter(({ finding_key }) => (s.groups.get(finding_key)?.firing ?? 0) > 0);
}

/** Notes a group that puts data in doubt, when somebody has asked for those in this round. */
export function doubt(s: State, group: Group): void {
  if (s.doubted === undefined || group.firing === 0) return;
  const lead = group.kind === 'own' ? leadOf(group) : undefined;
  if (group.kind === 'feed') s.doubted.push({ finding_key: group.key, title: 'it is incomplete', scope: group.scope });
  else if (lead?.kind === 'data') s.doubted.push({ finding_key: group.key, title: lead.title, scope: lead.scope });
}

/** The element that a group is about; undefined = none that is known. */
export function placeOf(s: State, group: Group): Node | undefined {
  return s.facts.topology!.find(group.kind === 'element' ? group.scope : (leadOf(group)?.scope ?? {}));
}

/** The open group about an element. @param elementOnly only one that stands for what is behind it */
export function groupAt(s: State, node: Node, elementOnly: boolean): Group | undefined {
  const topology = s.facts.topology!;
  const element = s.groups.get(elementKey(s, topology.type(node), topology.name(node)));
  if (element) return element;
  if (elementOnly) return undefined;
  for (const group of byPlace(s, node)) return group;
  return undefined;
}

/** Open groups named after a finding about just this element. */
export function byPlace(s: State, node: Node): readonly Group[] {
  if (s.places === undefined) {
    s.places = new Map();
    for (const group of s.groups.values()) place(s, group);
  }
  return (s.places.get(node) ?? []).filter((group) => group.firing > 0 && s.groups.get(group.key) === group);
}

/** Notes the element that a group is about, when somebody has asked for places in this round. */
export function place(s: State, group: Group): void {
  if (s.places === undefined || group.kind !== 'own' || !isOpen(s, group)) return;
  const node = placeOf(s, group);
  if (node !== undefined) s.places.set(node, [...(s.places.get(node) ?? []), group]);
}

/** People still have to do something about its incident, or it opens just now. */
export function isOpen(s: State, { key }: Group): boolean {
  return s.facts.active.has(key) || s.opened.has(key);
}

/** Key of the incident about an element. */
export function elementKey(s: State, type: string, name: string): string {
  return findingKey(s.tenant, 'topology', 'elements_affected', { [type]: name });
}

/** Open groups that any of these labels and values explains. */
export function withAny(s: State, pairs: Iterable<string>): ReadonlySet<Group> {
  if (s.explained === undefined) {
    s.explained = new Map();
    for (const group of s.groups.values()) explain(s, group);
  }
  const found = new Set<Group>();
  for (const pair of pairs) for (const group of s.explained.get(pair) ?? []) found.add(group);
  return found;
}

/** Notes what explains a group, when somebody has asked for it in this round. */
export function explain(s: State, group: Group): void {
  const lead = s.explained !== undefined && group.kind === 'own' && isOpen(s, group) ? leadOf(group) : undefined;
  if (lead) for (const pair of footprintOf(lead).keys()) s.explained!.set(pair, [...(s.explained!.get(pair) ?? []), group]);
}

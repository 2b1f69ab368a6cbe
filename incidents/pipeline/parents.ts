/** Parents before children: what stands behind something that has failed belongs to it. */
import type { Finding } from '../../core/finding.ts';
import { type Cover, coverOf, percentOf } from './cover.ts';
import type { Reason } from './decision.ts';
import { elementKey, groupAt, placeOf } from './directory.ts';
import { type Group, leadOf, newGroup } from './group.ts';
import { absorb, join } from './membership.ts';
import type { State } from './state.ts';
import { affectedAbove, causesOf, type Node, type Topology } from './topology.ts';

/** Part of what is above it and fires: then it is what one would expect. */
export function joinParent(s: State, word: Finding, reasons: Reason[]): boolean {
  const node = s.facts.topology?.find(word.scope);
  if (node === undefined) return false;
  const topology = s.facts.topology!;
  for (const above of [node, ...topology.above(node)]) {
    const group = groupAt(s, above, above === node);
    if (!group || !near(s, group, word) || group.key === word.finding_key) continue;
    if (above === node) {
      join(s, group, word, 'symptom', 'parent', behindText(topology, above), reasons);
      return true;
    }
    const cover = coverBy(group, word);
    if (cover === undefined || cover.share >= s.settings.minimumCover) {
      join(s, group, word, 'child', 'parent', behindText(topology, above, cover), reasons);
      return true;
    }
    const text = `${topology.type(above)} ${topology.name(above)} is affected too, and covers ${percentOf(cover.share)} of its ${cover.of}: too little to be the cause.`;
    if (!reasons.some((each) => each.text === text)) reasons.push({ step: 'parent', text });
  }
  return false;
}

/** How much of a finding the incident above it covers; undefined = they cannot be compared, as with what stands for all that is behind it. */
export function coverBy(group: Group, word: Finding): Cover | undefined {
  const lead = group.kind === 'own' ? leadOf(group) : undefined;
  return lead === undefined ? undefined : coverOf(lead, word);
}

/** Whether the incident above covers enough of a finding to be its cause; what cannot be compared counts as covered. */
export function covers(s: State, group: Group, word: Finding | undefined): boolean {
  const cover = word === undefined ? undefined : coverBy(group, word);
  return cover === undefined || cover.share >= s.settings.minimumCover;
}

/** They began at about the same time. */
export function near(s: State, group: Group, word: Finding): boolean {
  return Date.parse(word.began_at) >= group.beganAt - s.settings.nearMs;
}

/** What stands behind an element and was told before it becomes part of its incident. */
export function absorbBelow(s: State, into: Group, node: Node, beganAt: number): void {
  const topology = s.facts.topology!;
  if (topology.children(node).length === 0) return;
  for (const [key, { finding, node: place, reasons }] of s.held) {
    if (place === undefined || finding === undefined || !topology.above(place).includes(node) || !covers(s, into, finding)) continue;
    join(s, into, finding, 'child', 'parent', behindText(topology, node, coverBy(into, finding)), reasons.slice(0, -1));
    s.held.delete(key);
  }
  for (const group of [...s.groups.values()]) {
    if (group === into || group.kind === 'feed' || group.firing === 0) continue;
    const place = placeOf(s, group);
    if (place === undefined || !topology.above(place).includes(node)) continue;
    if (group.beganAt < beganAt - s.settings.nearMs || !covers(s, into, leadOf(group))) continue;
    const lead = leadOf(group);
    absorb(s, into, group, behindText(topology, node, lead && coverBy(into, lead)));
  }
}

/** What waits behind one element and is too much to be chance becomes one incident about that element. */
export function gather(s: State): void {
  const topology = s.facts.topology!;
  const weights = new Map<Node, number>();
  let first = Number.POSITIVE_INFINITY;
  for (const { node, finding } of s.held.values()) {
    if (node === undefined) continue;
    weights.set(node, 1);
    if (finding) first = Math.min(first, Date.parse(finding.began_at));
  }
  if (weights.size === 0) return;
  const near = first - s.settings.nearMs;
  for (const group of s.groups.values()) {
    if (group.kind === 'feed' || group.firing === 0 || group.beganAt < near) continue;
    const place = placeOf(s, group);
    if (place !== undefined && topology.above(place).length > 0) weights.set(place, group.kind === 'element' ? group.firing : 1);
  }
  if (weights.size < 2) return;
  for (const node of causesOf(topology, affectedAbove(topology, weights), s.settings)) {
    const [type, name] = [topology.type(node), topology.name(node)];
    const key = elementKey(s, type, name);
    const group = s.groups.get(key) ?? newGroup(key, s.tenant, 'element', { [type]: name });
    const news = !s.groups.has(key);
    s.groups.set(key, group);
    group.behind = topology.leaves(node);
    absorbBelow(s, group, node, first);
    if (group.firing === 0) {
      s.groups.delete(key);
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

/** Why something is a child. */
export function behindText(topology: Topology, above: Node, cover?: Cover): string {
  const covered = cover === undefined ? '' : `, which covers ${percentOf(cover.share)} of its ${cover.of}`;
  return `${topology.type(above)} ${topology.name(above)} is affected, and it stands behind it${covered}.`;
}

/** What stands at the end of the branches behind an element. */
export function leafType(topology: Topology, node: Node): string {
  let at = node;
  for (let steps = 0; steps < 16 && topology.children(at).length > 0; steps++) at = topology.children(at)[0]!;
  return topology.type(at);
}

/**
 * The way from findings to incidents: which finding is one of its own, which belongs to another, which is held, and why. Findings go in, one
 * decision for each word and the findings that speak for what changed come out. Pure but for the state it holds.
 *
 * The order of the steps: readable and new, data complete, fired often enough, not silenced, not behind something that failed, not the same
 * cause as an open incident; then it opens one. What is held is judged again by itself.
 */
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { leadOf } from './group.ts';
import { flaps } from './history.ts';
import { judgeHeld } from './judge.ts';
import { end, speak } from './membership.ts';
import { gather } from './parents.ts';
import { type Remembered, restore } from './remember.ts';
import type { PipelineSettings } from './settings.ts';
import { againMs, type Correlated, type Facts, labelsOf, type Notes, newState, roundOf, type State } from './state.ts';
import { flappingText, inOrder, takeWord } from './words.ts';

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

/** What has cleared is forgotten after this long, ms: flapping and debounce look no further back. */
const rememberedMs = 7_200_000;

/** A correlator of one tenant that knows nothing yet. */
export function createCorrelator(tenant: string, settings: PipelineSettings): Correlator {
  const s = newState(tenant, settings);
  return {
    take: (words, facts) => take(s, words, facts),
    due(now) {
      for (const { due } of s.held.values()) if (due <= now) return true;
      for (const at of s.waiting.values()) if (at <= now) return true;
      return false;
    },
    later(key, at) {
      if (s.groups.has(key)) s.waiting.set(key, Math.min(at, s.waiting.get(key) ?? at));
    },
    refold() {
      for (const { key, firing } of s.groups.values()) if (firing > 0) s.waiting.set(key, 0);
    },
    notes: (key) => notes(s, key),
    restore: (remembered, incidents) => restore(s, remembered, incidents),
    sizes: () => ({ keys: s.keys.size, held: s.held.size, groups: s.groups.size }),
  };
}

function take(s: State, words: readonly Finding[], given: Facts): Correlated {
  Object.assign(s, roundOf(given));
  for (const word of inOrder(s, words)) takeWord(s, word);
  judgeHeld(s);
  if (s.facts.topology) gather(s);
  lookAgain(s);
  for (const key of s.dirty) if (s.groups.has(key)) speak(s, s.groups.get(key)!);
  if (s.facts.now - s.forgotAt > 60_000) forget(s);
  return { decisions: s.decisions, findings: s.findings, merged: s.merged, reread: s.reread };
}

function lookAgain(s: State): void {
  for (const [key, at] of s.waiting) {
    if (at > s.facts.now) continue;
    s.waiting.delete(key);
    const group = s.groups.get(key);
    if (!group) continue;
    const state = s.keys.get(key);
    if (group.flapping && state) {
      state.flapping = flaps(state.history, true, s.settings.flapping, s.facts.now);
      group.flapping = state.flapping;
      if (group.flapping) s.waiting.set(key, s.facts.now + againMs);
    }
    if (group.firing > 0 || group.flapping) {
      const lead = leadOf(group);
      if (lead && s.facts.held(labelsOf(lead), s.facts.now)) s.waiting.set(key, s.facts.now + againMs);
      else s.dirty.add(key);
    } else if (group.clearedAt === undefined || s.facts.now >= group.clearedAt + s.settings.settleMs) end(s, group);
    else s.waiting.set(key, group.clearedAt + s.settings.settleMs);
  }
}

function forget(s: State): void {
  s.forgotAt = s.facts.now;
  for (const [key, { firing, group, last }] of s.keys) {
    if (!firing && group === '' && last < s.facts.now - rememberedMs && !s.held.has(key)) s.keys.delete(key);
  }
}

function notes(s: State, key: string): Notes | undefined {
  const group = s.groups.get(key);
  if (group === undefined) return undefined;
  const state = s.keys.get(key);
  let symptoms = 0;
  if (group.kind === 'own') for (const { relation } of group.members.values()) if (relation === 'symptom') symptoms++;
  const children = group.members.size - symptoms - (group.kind === 'own' ? 1 : 0);
  return {
    reasons: group.reasons,
    symptoms: group.symptoms,
    counts: { symptoms, children },
    flapping: group.flapping,
    flappingText: state && group.flapping ? flappingText(s, state) : 'It is steady again.',
  };
}

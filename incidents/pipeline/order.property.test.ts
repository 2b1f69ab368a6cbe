/** Whatever the order in which words arrive, and however often: the same incidents stand in the end, and every word is accounted for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { fold, merge } from '../fold.ts';
import { defaultIncidentSettings as settings } from '../settings.ts';
import { findingOf, hashOf, minute, testEpoch } from '../testing/finding.ts';
import { isActive } from '../transition.ts';
import { createCorrelator } from './correlator.ts';
import { topologyOf } from './topology.ts';

const hour = 3_600_000;
const keys = ['a', 'b', 'c', 't1', 't2', 't3', 't4', 't5', 't6'];
const topology = topologyOf(
  keys.filter((key) => key.startsWith('t')).map((child) => ({ parent_type: 'olt', parent: 'o1', child_type: 'ont', child })),
);

/** Words of which no two of one finding have one time. */
const someWords = fc
  .uniqueArray(fc.record({ key: fc.constantFrom(...keys), at: fc.nat(30), firing: fc.boolean() }), {
    maxLength: 25,
    selector: ({ key, at }) => `${key} ${at}`,
  })
  .map((words) =>
    words.map(({ key, at, firing }) =>
      findingOf({
        finding_key: key,
        scope: key.startsWith('t') ? { ont: key } : { source: key },
        explanation: [],
        customers: { count: 1, segments: {} },
        detected_at: minute(at),
        began_at: minute(0),
        window: { from: minute(at - 15), to: minute(at) },
        state: firing ? 'firing' : 'cleared',
      }),
    ),
  );

/** Brings batches of words a second apart, then lets time pass. What stands in the end, and how many decisions each round made. */
function live(batches: readonly (readonly Finding[])[]): {
  readonly standing: readonly string[];
  readonly counts: readonly number[];
  readonly clearedOpen: readonly string[];
} {
  const correlator = createCorrelator('demo', settings.pipeline);
  const latest = new Map<string, Incident>();
  const membership = new Map<string, string>();
  const counts: number[] = [];
  let now = testEpoch + 31 * 60_000;
  const turn = (words: readonly Finding[], counted: boolean): void => {
    now += 1_000;
    const active = new Set([...latest.values()].filter(({ state }) => isActive(state)).map(({ incident_key }) => incident_key));
    const given = correlator.take(words, { now, held: () => undefined, topology, active, severityOf: () => 3 });
    if (counted)
      counts.push(
        words.length -
          given.decisions.filter(({ detected_at, finding_key }) =>
            words.some((word) => word.finding_key === finding_key && word.detected_at === detected_at),
          ).length,
      );
    for (const { finding_key, outcome, incident_key } of given.decisions) {
      if (outcome === 'own' || outcome === 'symptom' || outcome === 'child') membership.set(finding_key, incident_key);
    }
    const known = [...latest.values()];
    for (const incident of fold(known, given.findings, settings, { now, hash: hashOf, notes: (key) => correlator.notes(key) }).transitions)
      latest.set(incident.incident_key, incident);
    for (const { from, into, text } of given.merged) {
      const [one, other] = [latest.get(from), latest.get(into)];
      if (one && other && isActive(one.state)) latest.set(from, merge(one, other.incident_id, text, now));
    }
    const lastWords = given.reread.flatMap(
      (key) =>
        batches
          .flat()
          .filter((word) => word.finding_key === key)
          .sort((one, other) => Date.parse(one.detected_at) - Date.parse(other.detected_at))
          .at(-1) ?? [],
    );
    if (lastWords.length > 0) turn(lastWords, false);
  };
  for (const batch of batches) turn(batch, true);
  for (let waited = 0; waited < 12; waited++) {
    now += hour / 4;
    turn([], false);
  }
  const open = [...latest.values()].filter(({ state }) => isActive(state));
  // A finding stands when an incident that it belongs to is open.
  const last = new Map<string, Finding>();
  for (const word of batches.flat())
    if (Date.parse(word.detected_at) >= Date.parse(last.get(word.finding_key)?.detected_at ?? minute(-1))) last.set(word.finding_key, word);
  const openKeys = new Set(open.map(({ incident_key }) => incident_key));
  const firing = [...last.values()].filter(({ state }) => state === 'firing');
  return {
    standing: firing.map(({ finding_key }) => `${finding_key} ${openKeys.has(membership.get(finding_key) ?? '')}`).sort(),
    counts,
    clearedOpen: open
      .filter(({ incident_key }) => !firing.some(({ finding_key }) => membership.get(finding_key) === incident_key))
      .map(({ incident_key }) => incident_key),
  };
}

describe('any order and repetition', () => {
  it('leaves every finding that fires within an open incident, none open without one, and a decision on every word', () => {
    fc.assert(
      fc.property(
        someWords.chain((words) =>
          fc.tuple(
            fc.constant(words),
            fc.shuffledSubarray([...words, ...words], { minLength: 2 * words.length }),
            fc.integer({ min: 1, max: 6 }),
          ),
        ),
        ([words, shuffled, size]) => {
          const cut = (all: readonly Finding[]) =>
            Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
          const inOrder = [...words].sort((one, other) => Date.parse(one.detected_at) - Date.parse(other.detected_at));
          const [right, mixed] = [live(cut(inOrder)), live(cut(shuffled))];
          for (const { standing, counts, clearedOpen } of [right, mixed]) {
            expect(standing.every((each) => each.endsWith(' true'))).toBe(true);
            expect(clearedOpen).toEqual([]);
            expect(counts.every((missing) => missing <= 0)).toBe(true);
          }
          expect(mixed.standing).toEqual(right.standing);
        },
      ),
      { numRuns: 200 },
    );
  });
});

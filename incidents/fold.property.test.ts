import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { type Action, act, actionTypes } from './act.ts';
import { fold } from './fold.ts';
import { defaultIncidentSettings as settings } from './settings.ts';
import { findingOf, hashOf, minute, testEpoch } from './testing/finding.ts';
import { isActive } from './transition.ts';

const someFinding: fc.Arbitrary<Finding> = fc
  .record({
    key: fc.constantFrom('a', 'b', 'c'),
    detected: fc.integer({ min: 0, max: 200 }),
    began: fc.integer({ min: -60, max: 200 }),
    window: fc.integer({ min: 0, max: 4 }),
    state: fc.constantFrom('firing', 'firing', 'cleared', 'unheard of'),
    amount: fc.constantFrom('10', '1000', '1100', '2000', '500000', 'NaN'),
    customers: fc.option(fc.nat(20_000), { nil: undefined }),
    node: fc.constantFrom('n1', 'n2'),
  })
  .map(({ key, detected, began, window, state, amount, customers, node }) =>
    findingOf({
      finding_key: key,
      detected_at: minute(detected),
      began_at: minute(began),
      window: { from: minute(window * 50 - 50), to: minute(window * 50) },
      state,
      money: { ...findingOf().money!, amount },
      ...(customers === undefined ? {} : { customers: { count: customers, segments: {} } }),
      explanation: [{ dimensions: { node }, share: 1, remaining: 0 }],
    }),
  );

const someStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ minutes: fc.nat(40), findings: fc.array(someFinding, { maxLength: 6 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ minutes: fc.nat(40), action: fc.constantFrom(...actionTypes), key: fc.constantFrom('a', 'b', 'c') }),
  },
);

/** Lives through steps as a desk does; gives all transitions in the order of their storing. */
function live(steps: readonly (typeof someStep extends fc.Arbitrary<infer T> ? T : never)[]): Incident[] {
  const stored: Incident[] = [];
  let now = testEpoch;
  for (const step of steps) {
    now += step.minutes * 60_000;
    if ('findings' in step) {
      const context = { now, hash: hashOf };
      stored.push(...fold(stored, step.findings, settings, context).transitions);
      // The same findings again change nothing, nor do they in another order where it does not matter which came last.
      expect(fold(stored, step.findings, settings, context).transitions).toEqual([]);
      const moments = new Map(step.findings.map((finding) => [`${finding.finding_key} ${finding.detected_at}`, finding]));
      expect(fold([...stored].reverse(), [...moments.values()].reverse(), settings, context).transitions).toEqual([]);
    } else {
      const incident = stored.filter((other) => other.incident_key === step.key).at(-1);
      const action: Action = { type: step.action, actor: 'ana', assignee: 'bo', note: 'a note', priority: 2 };
      const result = incident && act(incident, action, now);
      if (result?.outcome === 'changed') {
        stored.push(result.incident);
        // A comment said twice stands there twice.
        if (step.action !== 'comment') expect(act(result.incident, action, now).outcome).toBe('unchanged');
      }
    }
  }
  return stored;
}

describe('fold, whatever comes', () => {
  it('keeps the sequence of each incident without gaps, beginning with its opening', () => {
    fc.assert(
      fc.property(fc.array(someStep, { maxLength: 25 }), (steps) => {
        const byId = new Map<string, Incident[]>();
        for (const incident of live(steps)) byId.set(incident.incident_id, [...(byId.get(incident.incident_id) ?? []), incident]);
        for (const transitions of byId.values()) {
          expect(transitions.map((incident) => incident.sequence)).toEqual(transitions.map((_, index) => index + 1));
          expect(transitions.map((incident) => incident.transition === 'opened')).toEqual(transitions.map((_, index) => index === 0));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has at most one active incident of a key at any time, and its times grow', () => {
    fc.assert(
      fc.property(fc.array(someStep, { maxLength: 25 }), (steps) => {
        const latest = new Map<string, Incident>();
        for (const incident of live(steps)) {
          const before = latest.get(incident.incident_key);
          if (before !== undefined) {
            if (before.incident_id !== incident.incident_id) expect(isActive(before.state)).toBe(false);
            expect(Date.parse(incident.updated_at)).toBeGreaterThan(Date.parse(before.updated_at));
          }
          latest.set(incident.incident_key, incident);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('resolves only what is active, re-opens only what has ended, and says so in times and timeline', () => {
    fc.assert(
      fc.property(fc.array(someStep, { maxLength: 25 }), (steps) => {
        const latest = new Map<string, Incident>();
        for (const incident of live(steps)) {
          const before = latest.get(incident.incident_id);
          if (incident.transition === 'resolved') expect(before !== undefined && isActive(before.state)).toBe(true);
          if (incident.transition === 'reopened') {
            // Weir reopens what was resolved, people also what was closed.
            const allowed = incident.timeline.at(-1)?.actor === 'weir' ? ['resolved'] : ['resolved', 'closed'];
            expect(allowed).toContain(before?.state);
          }
          if (incident.transition === 'updated') expect(before !== undefined && isActive(before.state)).toBe(true);
          expect(incident.resolved_at === undefined).toBe(isActive(incident.state));
          expect(incident.closed_at === undefined).toBe(incident.state !== 'closed');
          expect(incident.timeline.at(-1)).toMatchObject({ at: incident.updated_at, type: incident.transition });
          expect(incident.timeline.length).toBeLessThanOrEqual(100);
          latest.set(incident.incident_id, incident);
        }
      }),
      { numRuns: 100 },
    );
  });
});

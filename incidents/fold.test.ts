import { describe, expect, it } from 'vitest';
import type { Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { act } from './act.ts';
import { fold } from './fold.ts';
import { defaultIncidentSettings as settings } from './settings.ts';
import { findingOf, hashOf, incidentOf, minute, testEpoch } from './testing/finding.ts';

const at = (minutes: number) => ({ now: testEpoch + minutes * 60_000, hash: hashOf });
const later = (minutes: number, changes: Partial<Finding> = {}) =>
  findingOf({ detected_at: minute(minutes), window: { from: minute(minutes - 60), to: minute(minutes) }, ...changes });
const cleared = (minutes: number, changes: Partial<Finding> = {}) => later(minutes, { state: 'cleared', ...changes });
const one = (known: Incident, finding: Finding, minutes: number) => fold([known], [finding], settings, at(minutes));
const resolved = () => one(incidentOf(), cleared(10), 10).transitions[0]!;

describe('fold', () => {
  it('opens an incident for a firing finding', () => {
    const { transitions } = fold([], [findingOf()], settings, at(1));
    expect(transitions).toHaveLength(1);
    expect(transitions[0]).toMatchObject({
      sequence: 1,
      transition: 'opened',
      state: 'open',
      severity: 3,
      category: 'revenue',
      team: 'revenue-assurance',
      began_at: minute(-30),
      detected_at: minute(0),
      opened_at: minute(1),
      impact: { money: { amount: '1200' }, customers: { count: 340 } },
    });
    expect(transitions[0]?.incident_id).toMatch(/^inc_[0-9a-f]{24}$/);
  });

  it('never opens an incident for a cleared finding', () => {
    const result = fold([], [cleared(1)], settings, at(1));
    expect(result.transitions).toEqual([]);
    expect(result.ignored[0]?.reason).toBe('not_open');
  });

  it('gives nothing for the same finding again', () => {
    expect(one(incidentOf(), findingOf(), 5).transitions).toEqual([]);
    expect(one(incidentOf(), later(5), 5).ignored[0]?.reason).toBe('unchanged');
  });

  it('leaves alone what it cannot read', () => {
    const findings = [findingOf({ detected_at: 'yesterday' }), findingOf({ state: 'smouldering' })];
    expect(fold([], findings, settings, at(0)).ignored.map((entry) => entry.reason)).toEqual(['unreadable', 'unreadable']);
  });

  it('tells small changes never and large ones after a while', () => {
    const money = (amount: string) => ({ ...findingOf().money!, amount });
    expect(one(incidentOf(), later(20, { money: money('1400') }), 20).transitions).toEqual([]);
    const tooSoon = one(incidentOf(), later(5, { money: money('1500') }), 5);
    expect(tooSoon.transitions).toEqual([]);
    expect(tooSoon.deferred).toHaveLength(1);
    const told = fold([incidentOf()], tooSoon.deferred, settings, at(16)).transitions[0];
    expect(told).toMatchObject({ transition: 'updated', sequence: 2, impact: { money: { amount: '1500' } } });
    expect(told?.timeline.at(-1)?.text).toBe('money 1200 EUR → 1500 EUR');
  });

  it('tells a rise of the severity at once and a fall later', () => {
    const rise = one(incidentOf(), later(1, { money: { ...findingOf().money!, amount: '20000' } }), 1);
    expect(rise.transitions[0]).toMatchObject({ transition: 'updated', severity: 2 });
    const fall = one(incidentOf(), later(1, { money: { ...findingOf().money!, amount: '10' }, customers: { count: 1, segments: {} } }), 1);
    expect(fall.transitions).toEqual([]);
    expect(fall.deferred).toHaveLength(1);
  });

  it('tells another explanation', () => {
    const finding = later(20, { explanation: [{ dimensions: { partner: 'acme' }, share: 0.8, remaining: 0.2 }] });
    expect(one(incidentOf(), finding, 20).transitions[0]?.timeline.at(-1)?.text).toBe('explained by partner=acme');
  });

  it('resolves when the finding clears and keeps what it was about', () => {
    expect(resolved()).toMatchObject({
      transition: 'resolved',
      state: 'resolved',
      resolved_at: minute(10),
      impact: { money: { amount: '1200' } },
      finding: { state: 'cleared' },
    });
  });

  it('takes over the last figures when it resolves, also what was too little to be told, and keeps those that are no longer stated', () => {
    const customers = { count: 380, segments: { consumer: 335, business: 45 } };
    expect(one(incidentOf(), later(9, { customers }), 9).transitions).toEqual([]);
    expect(one(incidentOf(), cleared(10, { customers }), 10).transitions[0]?.impact).toMatchObject({
      money: { amount: '1200' },
      customers,
    });
    const { customers: _, ...bare } = cleared(10);
    expect(one(incidentOf(), bare, 10).transitions[0]?.impact.customers?.count).toBe(340);
  });

  it('resolves when late data corrects the same window', () => {
    const corrected = cleared(10, { window: findingOf().window });
    expect(one(incidentOf(), corrected, 10).transitions[0]).toMatchObject({ transition: 'resolved' });
  });

  it('takes the last word of one moment: cleared and firing again is still firing', () => {
    expect(fold([incidentOf()], [cleared(10), later(10)], settings, at(10)).transitions).toEqual([]);
    expect(fold([incidentOf()], [later(10), cleared(10)], settings, at(10)).transitions).toMatchObject([{ transition: 'resolved' }]);
  });

  it('resolves also when the newest of several windows cleared first', () => {
    const wide = incidentOf({ window: { from: minute(-60), to: minute(60) } });
    expect(one(wide, cleared(70, { window: { from: minute(-60), to: minute(0) } }), 70).transitions[0]?.state).toBe('resolved');
  });

  it('re-opens within the window and opens a related one after it', () => {
    const soon = one(resolved(), later(20), 20).transitions[0]!;
    expect(soon).toMatchObject({ transition: 'reopened', state: 'open', sequence: 3, incident_id: resolved().incident_id });
    expect(soon.resolved_at).toBeUndefined();
    const late = one(resolved(), later(60), 60).transitions[0]!;
    expect(late).toMatchObject({ transition: 'opened', sequence: 1, related: [resolved().incident_id] });
    expect(late.incident_id).not.toBe(resolved().incident_id);
  });

  it('does not re-open for a finding from before the recovery', () => {
    expect(one(resolved(), findingOf(), 12).ignored[0]?.reason).toBe('stale');
    expect(one(resolved(), later(10), 12).ignored[0]?.reason).toBe('stale');
  });

  it('leaves what a person closed closed until it happens anew', () => {
    const result = act(incidentOf(), { type: 'close', actor: 'ana', note: 'test files' }, testEpoch + 60_000);
    const closed = result.outcome === 'changed' ? result.incident : incidentOf();
    expect(closed.state).toBe('closed');
    expect(one(closed, later(500), 500).ignored[0]?.reason).toBe('ended_by_person');
    expect(one(closed, later(500, { observed: 30 }), 500).transitions[0]).toMatchObject({
      transition: 'opened',
      related: [closed.incident_id],
    });
    expect(one(closed, later(10, { observed: 30 }), 10).ignored[0]?.reason).toBe('ended_by_person');
    expect(one(closed, later(500, { began_at: minute(450) }), 500).transitions[0]).toMatchObject({ transition: 'opened', sequence: 1 });
  });

  it('re-opens what a person resolved when it still fires after the time of grace', () => {
    const result = act(incidentOf(), { type: 'resolve', actor: 'ana' }, testEpoch);
    const ended = result.outcome === 'changed' ? result.incident : incidentOf();
    expect(one(ended, later(10), 10).ignored[0]?.reason).toBe('ended_by_person');
    expect(one(ended, later(40), 40).transitions[0]).toMatchObject({ transition: 'reopened', state: 'open' });
  });

  it('gives two instances with the same history the same incident', () => {
    const first = fold([], [findingOf()], settings, at(1)).transitions[0]!;
    const second = fold([], [later(2)], settings, at(3)).transitions[0]!;
    expect(second.incident_id).toBe(first.incident_id);
    expect(fold([], [findingOf({ tenant: 'other' })], settings, at(1)).transitions[0]!.incident_id).not.toBe(first.incident_id);
  });
});

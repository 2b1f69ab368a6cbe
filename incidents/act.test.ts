import { describe, expect, it } from 'vitest';
import type { Incident } from '../core/incident.ts';
import { type Action, act } from './act.ts';
import { incidentOf, minute, testEpoch } from './testing/finding.ts';
import { timesOf } from './times.ts';

const at = (minutes: number) => testEpoch + minutes * 60_000;
const done = (incident: Incident, action: Partial<Action> & Pick<Action, 'type'>, minutes: number): Incident => {
  const result = act(incident, { actor: 'ana', ...action }, at(minutes));
  if (result.outcome !== 'changed') throw new Error(result.outcome);
  return result.incident;
};

describe('act', () => {
  it('walks from open to closed and stamps the times', () => {
    const acknowledged = done(incidentOf(), { type: 'acknowledge', note: 'looking' }, 4);
    expect(acknowledged).toMatchObject({ state: 'acknowledged', sequence: 2, acknowledged_at: minute(4) });
    expect(acknowledged.timeline.at(-1)).toEqual({ at: minute(4), type: 'acknowledged', actor: 'ana', text: 'looking' });
    const closed = done(done(done(acknowledged, { type: 'in_progress' }, 5), { type: 'resolve' }, 20), { type: 'close' }, 30);
    expect(closed).toMatchObject({
      state: 'closed',
      sequence: 5,
      acknowledged_at: minute(4),
      resolved_at: minute(20),
      closed_at: minute(30),
    });
    expect(timesOf(closed)).toEqual({ detectSeconds: 1800, acknowledgeSeconds: 240, resolveSeconds: 1200 });
  });

  it('holds work with a reason and goes on', () => {
    const held = done(done(incidentOf(), { type: 'in_progress' }, 1), { type: 'hold', note: 'spare part' }, 2);
    expect(held).toMatchObject({ state: 'in_progress', transition: 'held', hold_reason: 'spare part' });
    expect(act(held, { type: 'hold', actor: 'bo', note: 'spare part' }, at(3))).toEqual({ outcome: 'unchanged' });
    expect(act(incidentOf(), { type: 'hold', actor: 'bo', note: ' ' }, at(3)).outcome).toBe('refused');
    const goesOn = done(held, { type: 'in_progress' }, 4);
    expect(goesOn).toMatchObject({ state: 'in_progress', transition: 'in_progress' });
    expect(goesOn.hold_reason).toBeUndefined();
    expect(done(held, { type: 'resolve' }, 5).hold_reason).toBeUndefined();
  });

  it('reopens what has ended, not what became part of another', () => {
    const closed = done(incidentOf(), { type: 'close' }, 1);
    const open = done(closed, { type: 'reopen' }, 2);
    expect(open).toMatchObject({ state: 'open', transition: 'reopened', sequence: 3 });
    expect([open.closed_at, open.resolved_at]).toEqual([undefined, undefined]);
    expect(act(open, { type: 'reopen', actor: 'bo' }, at(3)).outcome).toBe('unchanged');
    expect(act({ ...closed, merged_into: 'inc_b' }, { type: 'reopen', actor: 'bo' }, at(3))).toMatchObject({ outcome: 'refused' });
  });

  it('sets a priority and takes it back', () => {
    const first = done(incidentOf(), { type: 'prioritise', priority: 1 }, 1);
    expect(first).toMatchObject({ priority: 1, transition: 'prioritised' });
    expect(act(first, { type: 'prioritise', actor: 'bo', priority: 1 }, at(2)).outcome).toBe('unchanged');
    expect(done(first, { type: 'prioritise', priority: 0 }, 2).priority).toBeUndefined();
    for (const priority of [undefined, 6, 1.5, -1]) {
      expect(act(first, { type: 'prioritise', actor: 'bo', ...(priority === undefined ? {} : { priority }) }, at(3)).outcome).toBe(
        'refused',
      );
    }
  });

  it('changes nothing when it is so already', () => {
    expect(act(done(incidentOf(), { type: 'acknowledge' }, 1), { type: 'acknowledge', actor: 'bo' }, at(2))).toEqual({
      outcome: 'unchanged',
    });
  });

  it('refuses what the state does not allow', () => {
    const closed = done(incidentOf(), { type: 'close' }, 1);
    expect(act(closed, { type: 'acknowledge', actor: 'ana' }, at(2)).outcome).toBe('refused');
    expect(act(closed, { type: 'assign', actor: 'ana', assignee: 'bo' }, at(2)).outcome).toBe('refused');
    expect(act(incidentOf(), { type: 'resolve', actor: '' }, at(2)).outcome).toBe('refused');
  });

  it('assigns a person, a team, both or nobody', () => {
    const assigned = done(incidentOf(), { type: 'assign', assignee: 'bo' }, 1);
    expect(assigned).toMatchObject({ transition: 'assigned', state: 'open', assignee: 'bo', team: 'revenue-assurance' });
    expect(done(assigned, { type: 'assign', assignee: '', team: 'partners' }, 2)).toMatchObject({ assignee: '', team: 'partners' });
  });

  it('cuts what is too long', () => {
    expect(done(incidentOf(), { type: 'close', note: 'x'.repeat(100_000) }, 1).timeline.at(-1)?.text).toHaveLength(4_000);
  });
});

describe('timesOf', () => {
  it('is what the example says', () => {
    expect(timesOf({ began_at: '2026-01-01T00:00:00Z', detected_at: '2026-01-01T00:05:00Z', opened_at: '2026-01-01T00:05:01Z' })).toEqual({
      detectSeconds: 300,
    });
  });
});

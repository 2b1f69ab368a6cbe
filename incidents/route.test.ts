import { describe, expect, it } from 'vitest';
import type { Incident } from '../core/incident.ts';
import { act } from './act.ts';
import { digestDay, digestOf } from './digest.ts';
import { escalated } from './escalate.ts';
import { onCallAt, type Rota } from './on-call.ts';
import { defaultRoutingSettings, mutedBy, type Route, type RoutingSettings, routed, routeLabels, wantedBy, within } from './route.ts';
import { hashOf, incidentOf, testEpoch } from './testing/finding.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const rota = (changes: Partial<Rota> = {}): Rota => ({
  people: ['ana', 'bo', 'cy'],
  days: 7,
  first: Date.UTC(2026, 0, 5),
  at: 9 * 60,
  instead: [],
  ...changes,
});
const route = (changes: Partial<Route>): Route => ({
  match: {},
  severity: 5,
  minimumMoney: 0,
  minimumCustomers: 0,
  team: 'other',
  targets: [],
  ...changes,
});
const settings = (changes: Partial<RoutingSettings> = {}): RoutingSettings => ({
  ...defaultRoutingSettings,
  teams: {
    noc: { line: 1, targets: ['tickets'], escalateTo: 'network', rota: rota() },
    network: { line: 2, targets: ['pager'], escalateTo: 'experts' },
    experts: { line: 3, targets: ['phone'], escalateTo: '' },
  },
  ...changes,
});

describe('routes', () => {
  it('take the first that fits, by scope, explanation, control family, money, customers and severity', () => {
    const of = (...routes: Partial<Route>[]) => routed(incidentOf(), settings({ routes: routes.map(route) }), testEpoch);
    expect(of({ match: { node: 'msc2' } }, { match: { node: 'msc1' }, team: 'noc' }, { team: 'last' })).toMatchObject({
      team: 'noc',
      line: 1,
      targets: ['tickets'],
      on_call: 'ana',
      reasons: [{ step: 'route', text: 'Route 2 (node=msc1): team noc.' }],
    });
    expect(of({ match: { detector: 'S0*' }, team: 'noc', targets: ['mail'] }).targets).toEqual(['mail']);
    expect(of({ minimumMoney: 1_201 }, { minimumMoney: 1_200, team: 'network' }).team).toBe('network');
    expect(of({ minimumCustomers: 341 }, { severity: 2 }, { severity: 3, team: 'experts' })).toMatchObject({ team: 'experts', line: 3 });
    expect(of({ match: { kind: 'service' } })).toMatchObject({ team: 'revenue-assurance', line: 1 });
    expect(of({ match: { kind: 'service' } }).targets).toBeUndefined();
  });

  it('know labels of the scope and of what explains at least half', () => {
    expect(routeLabels(incidentOf())).toEqual({ source: 'msc1', detector: 'S01', metric: 'file_sequence', kind: 'revenue', node: 'msc1' });
    expect(
      routeLabels({ ...incidentOf(), explanation: [{ dimensions: { node: 'x' }, share: 0.4, remaining: 0.6 }] })['node'],
    ).toBeUndefined();
  });

  it('mute by quiet hours and for the digest', () => {
    expect(within({ from: 1320, to: 420 }, 30 * minute, (instant) => instant)).toBe(true);
    expect([
      within({ from: 60, to: 120 }, 2 * hour, (instant) => instant),
      within({ from: 60, to: 120 }, hour, (instant) => instant),
    ]).toEqual([false, true]);
    const night = settings({ quiet: { from: 22 * 60, to: 7 * 60, severity: 3 }, digest: { at: 480, severity: 5 } });
    const at = (severity: Incident['severity'], hours: number) => mutedBy({ severity, category: 'revenue' }, night, hours * hour);
    expect([at(3, 3), at(2, 3), at(3, 12), at(5, 12)]).toEqual(['quiet', undefined, undefined, 'digest']);
    expect([wantedBy({ targets: ['tickets'] }, 'pager'), wantedBy({}, 'pager'), wantedBy({ muted: 'quiet' }, 'pager')]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('the rota', () => {
  it('passes on at its hour, by weeks or days, and knows exceptions', () => {
    const local = (instant: number) => instant;
    const at = Date.UTC(2026, 0, 12, 9);
    expect([at - 1, at, at + 7 * day, at + 14 * day].map((each) => onCallAt(rota(), each, local))).toEqual(['ana', 'bo', 'cy', 'ana']);
    expect(onCallAt({ people: ['ana', 'bo'], days: 1, first: 0, at: 540, instead: [] }, day + 8 * hour, local)).toBe('ana');
    const instead = [{ from: Date.UTC(2026, 0, 13), to: Date.UTC(2026, 0, 13), person: 'eve' }];
    const tuesday = Date.UTC(2026, 0, 13);
    expect([8, 9, 32, 33].map((hours) => onCallAt(rota({ instead }), tuesday + hours * hour, local))).toEqual(['bo', 'eve', 'eve', 'bo']);
    expect(onCallAt(rota({ people: [] }), at, local)).toBeUndefined();
    expect(onCallAt(rota(), Date.UTC(2026, 0, 1), local)).toBe('cy');
    expect(onCallAt(rota(), at - hour, (instant) => instant + hour)).toBe('bo');
  });
});

describe('escalation', () => {
  const times = settings({ acknowledgeMinutes: [5, 10, 15, 0, 0], resolveMinutes: [60, 120, 240, 0, 0] });
  const opened = routed(incidentOf(), { ...times, routes: [route({ team: 'noc' })] }, testEpoch);

  it('goes up when nobody acknowledges, team by team, and ends at the top', () => {
    expect(escalated(opened, times, testEpoch + 14 * minute)).toBeUndefined();
    const second = escalated(opened, times, testEpoch + 15 * minute)!;
    expect(second).toMatchObject({
      transition: 'escalated',
      team: 'network',
      line: 2,
      targets: ['tickets', 'pager'],
      state: 'open',
      sequence: 2,
    });
    expect(second.timeline.at(-1)?.text).toBe('Not acknowledged within 15 min: to team network (second line).');
    expect(second.on_call).toBeUndefined();
    expect(escalated(second, times, testEpoch + 29 * minute)).toBeUndefined();
    const third = escalated(second, times, testEpoch + 30 * minute)!;
    expect(third).toMatchObject({ team: 'experts', line: 3, sequence: 3 });
    expect(escalated(third, times, testEpoch + day)).toBeUndefined();
  });

  it('goes up when it is not resolved in time, not while work is on hold', () => {
    const done = act(opened, { type: 'acknowledge', actor: 'ana' }, testEpoch + minute);
    const taken = done.outcome === 'changed' ? done.incident : opened;
    expect(escalated(taken, times, testEpoch + 239 * minute)).toBeUndefined();
    expect(escalated(taken, times, testEpoch + 240 * minute)?.timeline.at(-1)?.text).toBe(
      'Not resolved within 240 min: to team network (second line).',
    );
    expect(escalated({ ...taken, hold_reason: 'part' }, times, testEpoch + 240 * minute)).toBeUndefined();
    expect(escalated({ ...taken, state: 'resolved' }, times, testEpoch + 240 * minute)).toBeUndefined();
    expect(escalated(incidentOf(), defaultRoutingSettings, testEpoch + day)).toBeUndefined();
  });
});

describe('the digest', () => {
  it('is due from its minute of the day on, and names the worst first', () => {
    expect(digestDay({ at: 480 }, day + 7 * hour, (instant) => instant)).toBe(0);
    expect(digestDay({ at: 480 }, day + 8 * hour, (instant) => instant)).toBe(day);
    const many = Array.from({ length: 22 }, (_, at) => ({
      ...incidentOf({ finding_key: `k${at}` }),
      severity: at === 7 ? (4 as const) : (5 as const),
      state: at === 3 ? 'resolved' : 'open',
    }));
    const digest = digestOf('noc', 0, many, settings(), { now: testEpoch, hash: hashOf, publicUrl: '' });
    expect(digest).toMatchObject({
      category: 'digest',
      state: 'closed',
      severity: 4,
      title: 'Digest: 22 incidents of low severity, 21 open',
      targets: ['tickets'],
      incident_key: 'digest/noc/1970-01-01',
    });
    expect(digest.summary).toMatch(/^\[4\] Files are missing from msc1 \(open\); .* and 2 more$/);
    expect(digestOf('noc', 0, many, settings(), { now: testEpoch + day, hash: hashOf, publicUrl: '' }).incident_id).toBe(
      digest.incident_id,
    );
  });
});

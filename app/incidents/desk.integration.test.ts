/** The incident pipeline over a real ClickHouse: memory, accounting, maintenance, topology, two desks. */
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import { defaultIncidentSettings, type IncidentSettings } from '../../incidents/settings.ts';
import { findingOf } from '../../incidents/testing/finding.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { createClaim } from '../claim.ts';
import { findingRow } from '../detect/write.ts';
import { createMaintenanceBook } from '../maintenance/book.ts';
import { createLease } from '../outbox/lease.ts';
import { parseSettings } from '../settings/load.ts';
import { createIncidentDesk, type IncidentDesk } from './desk.ts';
import { createPipelineFacts } from './facts.ts';
import { incidentSettings } from './settings.ts';
import { incidentStats } from './stats.ts';

const clickhouse = withClickHouse();
const log = pino({ level: 'silent' });
const start = Date.UTC(2026, 3, 1, 12);
const clock = { instant: start, now: () => clock.instant };

let tenant = '';
let tests = 0;
beforeEach(() => {
  tests += 1;
  tenant = `d${tests}`;
  clock.instant = start;
});

function desk(owner = '', settings: IncidentSettings = defaultIncidentSettings): IncidentDesk {
  const { store } = clickhouse;
  return createIncidentDesk({
    store,
    clock,
    tenant,
    settings,
    log,
    facts: createPipelineFacts({ store, tenant, settings: { calendars: {}, timeZone: 'UTC' }, log }),
    ...(owner === '' ? {} : { lease: createLease({ claim: createClaim({ store, clock, tenant }), clock, key: 'incidents/fold', owner }) }),
  });
}

/** A finding of now, stored as detection stores it. */
async function found(...changes: (Partial<Finding> & { finding_key: string })[]): Promise<Finding[]> {
  clock.instant += 1;
  const at = new Date(clock.instant).toISOString();
  const from = new Date(clock.instant - 900_000).toISOString();
  const findings = changes.map((each) =>
    findingOf({
      tenant,
      scope: { source: each.finding_key },
      explanation: [],
      detected_at: at,
      began_at: from,
      window: { from, to: at },
      ...each,
    }),
  );
  await clickhouse.store.insert('findings', findings.map(findingRow), `${tenant}/${at}/${changes.map(({ finding_key }) => finding_key)}`);
  return findings;
}

const unaccounted = async (): Promise<number> => {
  const rows = await clickhouse.store.rows('incident-undecided', { tenant, from: writeInstant(0), limit: 1_000 });
  return rows.length;
};

const outcomes = async (): Promise<Record<string, string>> => {
  const rows = await clickhouse.store.select<{ finding_key: string; outcome: string }>(
    'SELECT finding_key, argMax(outcome, (at, number)) AS outcome FROM incident_findings WHERE tenant = {tenant:String} GROUP BY finding_key ORDER BY finding_key',
    { tenant },
  );
  return Object.fromEntries(rows.map(({ finding_key, outcome }) => [finding_key, outcome]));
};

describe('the incident pipeline', () => {
  it('makes one incident of one cause, goes on with it after a restart, and leaves no finding unaccounted for', async () => {
    const acme = (finding_key: string, leg: string) => ({ finding_key, scope: { leg, partner: 'acme' } });
    const [incident] = await desk().take(await found(acme('a', 'switch')));
    // Found, and nobody told: the next process folds it.
    await found(acme('b', 'rating'), { finding_key: 'c' });
    const second = desk();
    clock.instant += 20 * 60_000;
    const recovered = await second.recover();
    expect(recovered.map(({ transition, incident_key }) => `${incident_key} ${transition}`).sort()).toEqual(['a updated', 'c opened']);
    expect(recovered.find(({ incident_key }) => incident_key === 'a')).toMatchObject({
      incident_id: incident!.incident_id,
      symptoms: [{ finding_key: 'b', relation: 'symptom', reason: 'The same explains it: partner=acme (overlap 1.00).' }],
    });
    expect(await unaccounted()).toBe(0);
    expect(await outcomes()).toEqual({ a: 'own', b: 'symptom', c: 'own' });
    expect(await second.take(await found({ ...acme('a', 'switch'), state: 'cleared' }))).toEqual([]);
    const third = desk();
    expect(
      (await third.take(await found({ ...acme('b', 'rating'), state: 'cleared' }))).map(
        ({ incident_key, transition }) => `${incident_key} ${transition}`,
      ),
    ).toEqual(['a resolved']);
    expect(await unaccounted()).toBe(0);
  });

  it('stores what a silence holds, with the reason, and opens it when the silence has ended', async () => {
    const book = createMaintenanceBook({ store: clickhouse.store, clock, tenant });
    const { maintenance_id } = await book.add(
      { kind: 'silence', matchers: { source: 'a' }, reason: 'known', endsAt: start + 600_000 },
      'ana',
    );
    const one = desk();
    expect(await one.take(await found({ finding_key: 'a' }))).toEqual([]);
    expect(await outcomes()).toEqual({ a: 'suppressed' });
    clock.instant += 60_000;
    expect(await desk().recover()).toEqual([]);
    clock.instant += 600_000;
    const [opened] = await one.take([]);
    expect(opened).toMatchObject({
      transition: 'opened',
      reasons: [{ step: 'silence', text: `Held by ${maintenance_id}: known` }, { step: 'open' }],
    });
  });

  it('knows what stands behind what from the table of edges, and merges what was told before', async () => {
    const edges = [1, 2, 3, 4, 5, 6].map((ont, position) => ({
      ...{
        tenant,
        source: 'inventory',
        partition: 'p',
        position,
        file: '',
        record_id: `00000000-0000-0000-0000-00000000000${ont}`,
        ingest_time: writeInstant(start),
      },
      ...{ parent_type: 'olt', parent: 'o1', child_type: 'ont', child: `t${ont}`, valid_from: writeInstant(0), valid_to: writeInstant(0) },
    }));
    await clickhouse.store.insert('topology_edges', edges, `edges/${tenant}`);
    const one = desk();
    const ont = (name: string) => ({ finding_key: name, scope: { ont: name }, kind: 'service', customers: { count: 1, segments: {} } });
    await one.take(await found(ont('t1')));
    clock.instant += 31_000;
    const [single] = await one.take([]);
    expect(single).toMatchObject({ transition: 'opened', incident_key: 't1' });
    const transitions = await one.take(await found(...['t2', 't3', 't4', 't5'].map(ont)));
    expect(transitions.map(({ transition, state }) => [transition, state])).toEqual([
      ['opened', 'open'],
      ['merged', 'closed'],
    ]);
    expect(transitions[0]).toMatchObject({
      finding: { scope: { olt: 'o1' } },
      impact: { customers: { count: 5 } },
      symptom_counts: { children: 5 },
    });
    expect(transitions[1]).toMatchObject({ incident_id: single!.incident_id, merged_into: transitions[0]!.incident_id });
    const after = desk();
    expect(await after.take(await found(ont('t6')))).toEqual([]);
    expect(await outcomes()).toEqual({ t1: 'child', t2: 'child', t3: 'child', t4: 'child', t5: 'child', t6: 'child' });
    const ended = await after.take(
      await found(...['t1', 't2', 't3', 't4', 't5', 't6'].map((name) => ({ ...ont(name), state: 'cleared' }))),
    );
    expect(ended.map(({ transition }) => transition)).toEqual(['resolved']);
    expect(await unaccounted()).toBe(0);
  });

  it('names the changes just before it as suspects', async () => {
    const change = {
      tenant,
      source: 'changes',
      partition: 'p',
      position: 1,
      file: '',
      record_id: '00000000-0000-0000-0000-000000000001',
      ingest_time: writeInstant(start),
    };
    await clickhouse.store.insert(
      'change_events',
      [
        {
          ...change,
          event_time: writeInstant(start - 1_000_000),
          change_id: 'CHG1',
          change_kind: 'software',
          system: 'a',
          scope: 'source=a',
          summary: 'new release',
          actor: 'bo',
        },
      ],
      `change/${tenant}`,
    );
    expect((await desk().take(await found({ finding_key: 'a' })))[0]?.change_suspects).toMatchObject([
      { change_id: 'CHG1', summary: 'new release' },
    ]);
  });

  it('has the findings of an incident with their reasons, and how long everything took', async () => {
    const one = desk();
    const acme = (finding_key: string, leg: string) => ({ finding_key, scope: { leg, partner: 'acme' } });
    const [incident] = await one.take(await found(acme('a', 'switch')));
    await one.take(await found(acme('b', 'rating')));
    const id = incident!.incident_id;
    for (const [minutes, action] of [
      [2, { type: 'acknowledge' }],
      [3, { type: 'hold', note: 'part' }],
      [10, { type: 'resolve' }],
      [11, { type: 'close' }],
    ] as const) {
      clock.instant = start + minutes * 60_000;
      expect(await one.act(id, { actor: 'ana', ...action })).toMatchObject({ outcome: 'changed' });
    }
    const rows = await clickhouse.store.rows<{ finding_key: string; outcome: string }>('incident-decisions', {
      ...{ tenant, incident_key: 'a', after_at: '2299-01-01 00:00:00.000', after_id: '', limit: 10 },
    });
    expect(rows.map(({ finding_key, outcome }) => `${finding_key} ${outcome}`)).toEqual(['b symptom', 'a own']);
    const figures = await incidentStats(clickhouse.store, tenant, { from: start - 1_000, to: clock.instant });
    const { severities, findings, compression, missed, missed_share } = figures;
    expect({ findings, compression, missed, missed_share }).toEqual({ findings: 2, compression: 0.5, missed: 0, missed_share: 0 });
    expect(severities[0]).toMatchObject({ incidents: 1, detect: { median: 900 }, resolved: 1, first_line_share: 1 });
    expect(severities[0]?.acknowledge.median).toBeCloseTo(120, 0);
    expect(severities[0]?.resolve.median).toBeCloseTo(600, 0);
    expect(severities[0]?.states['held']?.median).toBeCloseTo(420, 0);
    // What came back since is open: the closed one stays closed.
    clock.instant += 20 * 3_600_000;
    await one.take(await found({ ...acme('a', 'switch'), state: 'cleared' }, { ...acme('b', 'rating'), state: 'cleared' }));
    await one.take(await found(acme('a', 'switch')));
    expect(await one.act(id, { type: 'reopen', actor: 'ana' })).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/^It came back as inc_/),
    });
  });

  it('routes, escalates what nobody acknowledges, keeps quiet hours and makes a digest once a day', async () => {
    const text = `
webhooks: [{ name: tickets, url: 'https://t.example/' }, { name: pager, url: 'https://p.example/' }]
incidents:
  teams:
    noc: { targets: [tickets], escalateTo: network, onCall: { people: [ana, bo], since: '2026-03-30' } }
    network: { line: 2, targets: [pager] }
  routes: [{ match: { detector: 'S0*' }, team: noc }]
  acknowledgeMinutes: [5, 5, 15, 30, 0]
  quietHours: { from: '13:00', to: '14:00', severity: 4 }
  digest: { at: '18:00', severity: 5 }
`;
    const settings = incidentSettings(parseSettings(text, 'weir.yaml'));
    const one = desk('', settings);
    const of = (finding_key: string, count: number) => ({
      finding_key,
      customers: { count, segments: {} },
      money: { ...findingOf().money!, amount: '0' },
    });
    const [opened] = await one.take(await found(of('a', 500)));
    expect(opened).toMatchObject({
      severity: 3,
      team: 'noc',
      targets: ['tickets'],
      on_call: 'ana',
      reasons: [{ step: 'open' }, { step: 'route' }],
    });
    expect(await one.watch()).toEqual([]);
    clock.instant = start + 16 * 60_000;
    expect(await one.watch()).toMatchObject([
      { transition: 'escalated', team: 'network', line: 2, targets: ['tickets', 'pager'], sequence: 2 },
    ]);
    expect(await one.watch()).toEqual([]);
    clock.instant = start + 90 * 60_000;
    const [quiet, small] = await one.take(await found(of('b', 50), of('c', 1)));
    expect([quiet, small].map((each) => [each!.severity, each!.muted])).toEqual([
      [4, 'quiet'],
      [5, 'digest'],
    ]);
    clock.instant = start + 121 * 60_000;
    const [told] = await one.watch();
    expect(told).toMatchObject({ incident_key: 'b', transition: 'escalated' });
    expect(told!.muted).toBeUndefined();
    clock.instant = start + 6 * 3_600_000;
    expect(await one.watch()).toMatchObject([
      { category: 'digest', transition: 'digest', state: 'closed', team: 'noc', targets: ['tickets'], related: [small!.incident_id] },
    ]);
    expect(await desk('', settings).watch()).toEqual([]);
    const rows = await clickhouse.store.rows<{ body: string }>('incidents-watched', { tenant, limit: 10 });
    expect(rows).toHaveLength(3);
  });

  it('lets one of two desks fold under a lease, the other take over, and neither open anything twice', async () => {
    // Of today: claims are kept for 30 days.
    clock.instant = Date.now();
    const [one, two] = [desk('one'), desk('two')];
    const findings = await found({ finding_key: 'a' }, { finding_key: 'b' });
    const stored = (await Promise.all([one.take(findings), two.take(findings)])).flat();
    expect(stored).toHaveLength(2);
    await found({ finding_key: 'c' });
    // Who folds has died; the other finds its work in the table.
    clock.instant += 60_000;
    const other = (await two.sweep()).length === 1 ? one : two;
    expect((await other.sweep()).length).toBe(0);
    const rows = await clickhouse.store.select<{ transitions: string }>(
      "SELECT count() AS transitions FROM incidents WHERE tenant = {tenant:String} AND transition = 'opened'",
      { tenant },
    );
    expect(rows).toEqual([{ transitions: '3' }]);
    expect(await unaccounted()).toBe(0);
  });
});

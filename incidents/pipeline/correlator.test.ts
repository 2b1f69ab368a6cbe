import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { findingOf, minute, testEpoch } from '../testing/finding.ts';
import { createCorrelator } from './correlator.ts';
import { defaultPipelineSettings, type PipelineSettings } from './settings.ts';
import type { Correlated, Facts } from './state.ts';
import { type Edge, topologyOf } from './topology.ts';

/** A correlator in a world of its own: what was folded counts as active. */
function world(changes: Partial<PipelineSettings> = {}, edges: readonly Edge[] = []) {
  const correlator = createCorrelator('demo', { ...defaultPipelineSettings, ...changes });
  const active = new Set<string>();
  const silenced: Record<string, string>[] = [];
  const topology = edges.length > 0 ? topologyOf(edges) : undefined;
  const take = (minutes: number, ...words: Finding[]): Correlated => {
    const facts: Facts = {
      now: testEpoch + minutes * 60_000,
      held: (labels) =>
        silenced.some((match) => Object.entries(match).every(([name, value]) => labels[name] === value))
          ? { id: 'mnt_1', reason: 'cable work' }
          : undefined,
      topology,
      active: new Set(active),
      severityOf: () => 3,
    };
    const result = correlator.take(words, facts);
    for (const { finding_key, state } of result.findings)
      if (state === 'firing') active.add(finding_key);
      else active.delete(finding_key);
    for (const { from } of result.merged) active.delete(from);
    return result;
  };
  return { take, correlator, silenced, active };
}

const word = (key: string, minutes: number, changes: Partial<Finding> = {}): Finding =>
  findingOf({
    finding_key: key,
    scope: { source: key },
    explanation: [],
    detected_at: minute(minutes),
    began_at: minute(minutes - 5),
    window: { from: minute(minutes - 15), to: minute(minutes) },
    ...changes,
  });
const cleared = (key: string, minutes: number, changes: Partial<Finding> = {}) => word(key, minutes, { state: 'cleared', ...changes });
const said = ({ findings }: Correlated) => findings.map(({ finding_key, state }) => `${finding_key} ${state}`);
const outcomes = ({ decisions }: Correlated) => decisions.map(({ finding_key, outcome, step }) => `${finding_key} ${outcome} ${step}`);

/** Two OLTs with two PONs of `onts` each, and a third one that works. */
function access(onts: number): Edge[] {
  const edges: Edge[] = [];
  for (let olt = 1; olt <= 3; olt++) {
    edges.push({ parent_type: 'region', parent: 'r1', child_type: 'olt', child: `o${olt}` });
    for (let pon = 1; pon <= 4; pon++) {
      edges.push({ parent_type: 'olt', parent: `o${olt}`, child_type: 'pon', child: `o${olt}p${pon}` });
      for (let ont = 1; ont <= onts; ont++)
        edges.push({ parent_type: 'pon', parent: `o${olt}p${pon}`, child_type: 'ont', child: `o${olt}p${pon}t${ont}` });
    }
  }
  return edges;
}
const ont = (name: string, minutes: number, changes: Partial<Finding> = {}) =>
  word(name, minutes, { kind: 'service', scope: { ont: name }, customers: { count: 1, segments: { consumer: 1 } }, ...changes });

describe('the correlator', () => {
  it('opens for a finding at once and lets its words through', () => {
    const { take, correlator } = world();
    const first = take(0, word('a', 0));
    expect([said(first), outcomes(first)]).toEqual([['a firing'], ['a own open']]);
    expect(correlator.notes('a')?.reasons.map(({ step }) => step)).toEqual(['open']);
    expect(outcomes(take(1, word('a', 0)))).toEqual(['a repeated read']);
    expect(said(take(2, word('a', 2), cleared('a', 3)))).toEqual(['a firing', 'a cleared']);
    expect(outcomes(take(4, cleared('b', 4), word('a', 1)))).toEqual(['a stale read', 'b cleared open']);
  });

  it('accounts for what it cannot read', () => {
    expect(outcomes(world().take(0, word('a', 0, { state: 'smouldering' }), word('b', 0, { began_at: 'then' })))).toEqual([
      'a unreadable read',
      'b unreadable read',
    ]);
  });

  it('waits until it fired in enough windows, and forgets it when it clears before', () => {
    const { take } = world({ debounce: { S01: { n: 2, of: 3 } } });
    expect(outcomes(take(0, word('a', 0)))).toEqual(['a waiting debounce']);
    expect(said(take(5))).toEqual([]);
    const second = take(16);
    expect(said(second)).toEqual(['a firing']);
    expect(outcomes(take(20, word('b', 20)))).toEqual(['b waiting debounce']);
    expect(outcomes(take(21, cleared('b', 21)))).toEqual(['b cleared debounce']);
    expect(said(take(60))).toEqual([]);
  });

  it('holds incomplete data, opens one incident for the feed and judges again when it is complete', () => {
    const { take, correlator } = world();
    const poor = { kind: 'service', data_quality: { completeness: 0.5, lag_s: 0 } };
    const first = take(
      0,
      word('a', 0, { ...poor, scope: { leg: 'ran', cell: '1' } }),
      word('b', 0, { ...poor, scope: { leg: 'ran', cell: '2' } }),
    );
    expect(outcomes(first)).toEqual(['a gated gate', 'b gated gate']);
    expect(first.findings).toMatchObject([{ detector: 'data_quality', kind: 'data', scope: { leg: 'ran' }, observed: 2, state: 'firing' }]);
    expect(correlator.notes(first.findings[0]!.finding_key)?.counts.children).toBe(2);
    const second = take(5, word('a', 5, { kind: 'service', scope: { leg: 'ran', cell: '1' } }), cleared('b', 5));
    expect(outcomes(second)).toEqual(['a gated gate', 'b cleared gate', 'a own open']);
    expect(second.findings.map(({ detector, state }) => `${detector} ${state}`)).toEqual(['data_quality cleared', 'S01 firing']);
  });

  it('mutes services of a feed whose data is in doubt, never money', () => {
    const { take } = world();
    take(0, word('late', 0, { kind: 'data', scope: { source: 'msc1' } }));
    const result = take(
      1,
      word('drop', 1, { kind: 'service', scope: { source: 'msc1', cell: '1' } }),
      word('leak', 1, { scope: { source: 'msc1', tariff: 't' } }),
    );
    expect(outcomes(result)).toContain('drop gated gate');
    expect(result.decisions.find(({ finding_key }) => finding_key === 'leak')?.outcome).not.toBe('gated');
    expect(said(take(2, cleared('late', 2, { kind: 'data', scope: { source: 'msc1' } })))).toEqual(['late cleared', 'drop firing']);
  });

  it('keeps what is silenced and judges it again when the silence has ended', () => {
    const { take, silenced, correlator } = world();
    silenced.push({ source: 'a' });
    const first = take(0, word('a', 0), word('b', 0));
    expect(outcomes(first)).toEqual(['a suppressed silence', 'b own open']);
    expect(first.decisions[0]?.text).toBe('Held by mnt_1: cable work');
    expect(correlator.due(testEpoch)).toBe(false);
    expect(outcomes(take(1))).toEqual([]);
    silenced.pop();
    expect(said(take(2))).toEqual(['a firing']);
    expect(correlator.notes('a')?.reasons.map(({ step }) => step)).toEqual(['silence', 'open']);
  });

  it('holds updates of an open incident during a silence, but not its end', () => {
    const { take, silenced } = world();
    take(0, word('a', 0));
    silenced.push({ source: 'a' });
    expect(outcomes(take(1, word('a', 1)))).toEqual(['a suppressed silence']);
    expect(said(take(2, cleared('a', 2)))).toEqual(['a cleared']);
  });

  it('makes one incident of what the same labels explain, and ends it when all has cleared', () => {
    const { take, correlator } = world();
    const acme = { explanation: [{ dimensions: { partner: 'acme' }, share: 0.9, remaining: 0.1 }] };
    take(0, word('a', 0, { ...acme, scope: { leg: 'switch', partner: 'acme' } }));
    const second = take(
      4,
      word('b', 4, { ...acme, scope: { leg: 'rating', partner: 'acme' }, money: { ...findingOf().money!, amount: '9000' } }),
    );
    expect(outcomes(second)).toEqual(['b symptom merge']);
    expect(second.decisions[0]).toMatchObject({ incident_key: 'a', text: 'The same explains it: partner=acme (overlap 1.00).' });
    expect(second.findings).toMatchObject([{ finding_key: 'a', state: 'firing', money: { amount: '9000' } }]);
    expect(correlator.notes('a')).toMatchObject({
      counts: { symptoms: 1, children: 0 },
      symptoms: [{ finding_key: 'b', relation: 'symptom' }],
    });
    expect(said(take(6, cleared('a', 6)))).toEqual(['a firing']);
    expect(said(take(7, cleared('b', 7)))).toEqual(['a cleared']);
  });

  it('keeps apart what something else explains, what began at another time, and what has ended', () => {
    const { take, active } = world();
    const of = (partner: string) => ({ scope: { leg: 'switch', partner } });
    take(0, word('a', 0, of('acme')));
    expect(outcomes(take(1, word('b', 1, of('other'))))).toEqual(['b own open']);
    expect(outcomes(take(60, word('c', 60, of('acme'))))).toEqual(['c own open']);
    active.delete('c');
    expect(outcomes(take(61, word('d', 61, of('acme'))))).toEqual(['d own open']);
  });

  it('puts what stands behind an open parent under it', () => {
    const { take, correlator } = world({}, access(8));
    take(0, word('olt', 0, { scope: { olt: 'o1' } }));
    expect(said(take(0.1))).toEqual(['olt firing']);
    const result = take(1, ont('o1p1t1', 1), ont('o2p1t1', 1));
    expect(outcomes(result)).toEqual(['o1p1t1 child parent', 'o2p1t1 waiting parent']);
    expect(correlator.notes('olt')?.counts.children).toBe(1);
    expect(said(take(2))).toEqual(['o2p1t1 firing']);
  });

  it('judges parents before children, also when the parent comes later', () => {
    const { take } = world({}, access(8));
    expect(outcomes(take(0, ont('o1p1t1', 0)))).toEqual(['o1p1t1 waiting parent']);
    expect(outcomes(take(0.2, word('olt', 0.2, { scope: { olt: 'o1' } })))).toEqual(['olt waiting parent']);
    expect(outcomes(take(0.3))).toEqual(['olt own open', 'o1p1t1 child parent']);
    const { take: later } = world({}, access(8));
    later(0, ont('o1p1t1', 0));
    expect(said(later(1))).toEqual(['o1p1t1 firing']);
    later(2, word('olt', 2, { scope: { olt: 'o1' } }));
    const after = later(2.1);
    expect(after.merged).toMatchObject([{ from: 'o1p1t1', into: 'olt' }]);
    expect(outcomes(after)).toContain('o1p1t1 child parent');
  });

  it('makes one incident of the element behind which many fail, at the right height', () => {
    const { take, correlator } = world({}, access(8));
    const names = [1, 2, 3, 4].flatMap((pon) => [1, 2, 3].map((each) => `o1p${pon}t${each}`));
    const result = take(0, ...names.map((name) => ont(name, 0)));
    expect(result.findings).toMatchObject([
      {
        detector: 'topology',
        scope: { olt: 'o1' },
        observed: 12,
        customers: { count: 12 },
        title: 'olt o1: what stands behind it is affected',
      },
    ]);
    expect(result.findings[0]?.summary).toMatch(/^12 of 32 onts behind olt o1 are affected, since /);
    const key = result.findings[0]!.finding_key;
    expect(correlator.notes(key)?.counts).toEqual({ symptoms: 0, children: 12 });
    expect(take(0.1, ont('o1p4t8', 0.1)).decisions).toMatchObject([{ outcome: 'child', incident_key: key }]);
    const pon = world({}, access(8));
    const one = pon.take(0, ...[1, 2, 3, 4, 5, 6].map((each) => ont(`o2p3t${each}`, 0)));
    expect(one.findings).toMatchObject([{ scope: { pon: 'o2p3' }, observed: 6 }]);
  });

  it('ends the incident of an element when hardly anything fires, and judges the rest by itself', () => {
    const { take } = world({}, access(30));
    const names = [1, 2, 3, 4].flatMap((pon) => Array.from({ length: 10 }, (_, each) => `o1p${pon}t${each + 1}`));
    take(0, ...names.map((name) => ont(name, 0)));
    const ends = take(20, ...names.slice(1).map((name) => ont(name, 20, { state: 'cleared' })));
    expect(ends.findings.at(-1)).toMatchObject({ detector: 'topology', state: 'cleared' });
    expect(ends.reread.length).toBeGreaterThan(0);
    expect(ends.reread).toContain(names[0]);
  });

  it('takes what fires and clears again and again for one incident that stays open until it is steady', () => {
    const { take, correlator } = world();
    const spoken: string[] = [];
    for (let turn = 0; turn < 8; turn++) spoken.push(...said(take(turn, turn % 2 === 0 ? word('a', turn) : cleared('a', turn))));
    expect(spoken.slice(0, 5)).toEqual(['a firing', 'a cleared', 'a firing', 'a cleared', 'a firing']);
    expect(spoken.slice(5)).toEqual(['a firing', 'a firing', 'a firing']);
    expect(correlator.notes('a')).toMatchObject({
      flapping: true,
      flappingText: 'It fires and clears again and again: 8 changes in 60 min.',
    });
    expect(said(take(40))).toEqual(['a firing']);
    expect(said(take(67))).toEqual(['a cleared']);
  });

  it('resolves only what has been cleared for a while, when that is asked for', () => {
    const { take } = world({ settleMs: 600_000 });
    take(0, word('a', 0));
    expect(said(take(1, cleared('a', 1)))).toEqual([]);
    take(5, word('a', 5));
    expect(said(take(6, cleared('a', 6)))).toEqual([]);
    expect(said(take(12))).toEqual([]);
    expect(said(take(17))).toEqual(['a cleared']);
  });

  it('goes on after a restart from what is remembered', () => {
    const first = world();
    first.take(0, word('a', 0));
    const second = world();
    second.active.add('a');
    second.correlator.restore(
      [
        {
          finding_key: 'a',
          outcome: 'own',
          step: 'open',
          text: '',
          incident_key: 'a',
          finding: word('a', 0),
          detector: 'S01',
          title: '',
          history: [{ at: testEpoch, firing: true }],
          member: {
            relation: 'lead',
            detector: 'S01',
            firing: true,
            detectedAt: testEpoch,
            beganAt: testEpoch,
            kind: 'revenue',
            score: 1,
            money: undefined,
            customers: undefined,
            finding: undefined,
          },
        },
      ],
      [],
    );
    expect(outcomes(second.take(1, word('a', 0)))).toEqual(['a repeated read']);
    expect(said(second.take(2, cleared('a', 2)))).toEqual(['a cleared']);
  });

  it('puts nothing behind an element that is too little affected to be the cause, and says so', () => {
    const { take, correlator } = world({ holdMs: 0 }, access(4));
    const calls = { metric: 'calls', unit: 'calls', direction: 'down', kind: 'service' } as const;
    take(0, word('above', 0, { ...calls, scope: { olt: 'o1' }, observed: 99, expected: 100, effect: -0.01 }));
    const below = { ...calls, scope: { pon: 'o1p1' }, observed: 0, expected: 10, effect: -1 };
    expect(outcomes(take(1, word('below', 1, below)))).toEqual(['below own open']);
    expect(correlator.notes('below')?.reasons.map(({ text }) => text)).toEqual([
      'olt o1 is affected too, and covers 10 % of its calls: too little to be the cause.',
      'Nothing above it and no open incident explains it.',
    ]);
    expect(outcomes(take(2, word('other', 2, { ...below, scope: { pon: 'o1p2' }, expected: 1, effect: -1 })))).toEqual([
      'other child parent',
    ]);
    expect(correlator.notes('above')?.symptoms).toMatchObject([
      { finding_key: 'other', reason: 'olt o1 is affected, and it stands behind it, which covers 100 % of its calls.' },
    ]);
  });

  it('leaves what was told before alone when what opens above it does not cover it', () => {
    const { take } = world({ holdMs: 0 }, access(4));
    const calls = { metric: 'calls', unit: 'calls', direction: 'down', kind: 'service' } as const;
    take(0, word('below', 0, { ...calls, scope: { pon: 'o1p1' }, observed: 0, expected: 10, effect: -1 }));
    const opened = take(1, word('above', 1, { ...calls, scope: { olt: 'o1' }, observed: 99, expected: 100, effect: -0.01 }));
    expect(opened.merged).toEqual([]);
    const large = take(2, word('region', 2, { ...calls, scope: { region: 'r1' }, observed: 0, expected: 100, effect: -1 }));
    expect(large.merged.map(({ from, into }) => `${from} ${into}`).sort()).toEqual(['above region', 'below region']);
  });

  it('finds the incident above by any of several parents', () => {
    const edge = (parent_type: string, parent: string, child_type: string, child: string) => ({ parent_type, parent, child_type, child });
    const { take } = world({ holdMs: 0 }, [edge('router', 'x1', 'site', 's1'), edge('router', 'x2', 'site', 's1')]);
    take(0, word('x2', 0, { kind: 'service', scope: { router: 'x2' } }));
    expect(outcomes(take(1, word('s1', 1, { kind: 'service', scope: { site: 's1' } })))).toEqual(['s1 child parent']);
  });
});

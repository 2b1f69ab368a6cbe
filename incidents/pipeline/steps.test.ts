import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultIncidentSettings } from '../settings.ts';
import { steadySeverity } from '../severity.ts';
import { coverOf } from './cover.ts';
import { feedOf, gateOf } from './gate.ts';
import { changesWithin, flaps, waitText, windowsFiring, withWord } from './history.ts';
import { footprintOf, overlapOf } from './overlap.ts';
import { rankOf, stakeOf } from './rank.ts';
import { affectedAbove, causesOf, evenness, topologyOf } from './topology.ts';

describe('the steps', () => {
  it('gate: incomplete data, and its feed', () => {
    expect(gateOf({ kind: 'service', scope: { leg: 'ran' }, data_quality: { completeness: 0.4, lag_s: 0 } }, [], 0.9)).toEqual({
      text: 'Only 40 % of its data had come, 90 % are needed.',
      incomplete: true,
    });
    expect(feedOf({ leg: 'ran', cell: 'c1' })).toEqual({ leg: 'ran' });
  });

  it('history: windows and changes', () => {
    const history = withWord(withWord(withWord([], 0, false), 0, true), 61_000, false);
    expect(history).toEqual([
      { at: 0, firing: true },
      { at: 61_000, firing: false },
    ]);
    expect(withWord(history, 70_000, false)).toBe(history);
    expect(windowsFiring([{ at: 0, firing: true }], 60_000, 3, 130_000)).toBe(3);
    expect(windowsFiring(history, 60_000, 3, 130_000)).toBe(2);
    expect(waitText([{ at: 0, firing: true }], 60_000, { n: 2, of: 3 }, 1_000)).toBe('It fired in 1 of the last 3 windows, 2 are needed.');
    expect(
      changesWithin(
        [
          { at: 0, firing: true },
          { at: 5, firing: false },
        ],
        3,
        6,
      ),
    ).toBe(1);
    const often = Array.from({ length: 6 }, (_, at) => ({ at, firing: at % 2 === 0 }));
    const settings = { changes: 6, release: 2, withinMs: 10 };
    expect([
      flaps(often, false, settings, 6),
      flaps(often, true, settings, 12),
      flaps(often, true, settings, 14),
      flaps(often.slice(1), false, settings, 6),
    ]).toEqual([true, true, false, false]);
  });

  it('overlap: by what explains, not by where it was measured', () => {
    expect(footprintOf({ scope: { leg: 'a', partner: 'x' }, explanation: [] })).toEqual(new Map([['partner=x', 1]]));
    expect(
      overlapOf(
        new Map([['a=1', 1]]),
        new Map([
          ['a=1', 0.5],
          ['b=2', 0.5],
        ]),
      ),
    ).toBe(0.3333333333333333);
    expect(footprintOf({ scope: { leg: 'switch', service: 'voice' }, explanation: [] }).size).toBe(0);
  });

  it('rank: severity first, then money and customers', () => {
    const settings = { customerWorth: 2, segmentWeights: { business: 5 } };
    expect(stakeOf({ customers: { count: 30, segments: { business: 10 } } }, settings, { currency: 'EUR', rates: {} })).toBe(140);
    expect(rankOf(1, 5)).toBeGreaterThan(rankOf(2, 1e9));
    expect(rankOf(2, 500)).toBeGreaterThan(rankOf(2, 400));
    expect(stakeOf({ money: { amount: 'NaN', currency: 'EUR', class: '', method: '' } }, settings, { currency: 'EUR', rates: {} })).toBe(0);
  });

  it('severity falls only well below the limit', () => {
    const of = (count: number) => ({ detector: '', category: 'revenue', customers: { count, segments: {} } });
    expect([900, 799, 1000, 10_000].map((count) => steadySeverity(2, of(count), defaultIncidentSettings.severity))).toEqual([2, 3, 2, 1]);
  });

  it('topology: what is above, circles, the cause', () => {
    const edge = (parent: string, child: string) => ({ parent_type: parent[0]!, parent, child_type: child[0]!, child });
    const topology = topologyOf([
      edge('o1', 'p1'),
      edge('o1', 'p2'),
      edge('p1', 't1'),
      edge('p1', 't2'),
      edge('p2', 't3'),
      edge('t1', 'o1'),
    ]);
    const node = (label: string) => topology.find({ [label[0]!]: label })!;
    expect(topology.above(node('t1'))).toEqual([node('p1'), node('o1')]);
    expect([topology.leaves(node('o1')), topology.leaves(node('t3'))]).toEqual([3, 1]);
    expect(topology.find({ o: 'o1', t: 't2', x: 'y' })).toBe(node('t2'));
    expect(topology.find({ leg: 'switch' })).toBeUndefined();
    const affected = affectedAbove(
      topology,
      new Map([
        [node('t1'), 1],
        [node('t2'), 1],
        [node('t3'), 1],
      ]),
    );
    expect(evenness(topology, node('o1'), affected.get(node('o1'))!)).toBeGreaterThan(0.9);
    expect(causesOf(topology, affected, { minimumChildren: 3, minimumShare: 0.1 })).toEqual([node('o1')]);
    expect(causesOf(topology, affected, { minimumChildren: 4, minimumShare: 0.1 })).toEqual([]);
  });

  it('topology: an element with several parents stands behind each, and counts once', () => {
    const edge = (parent: string, child: string) => ({ parent_type: parent[0]!, parent, child_type: child[0]!, child });
    const topology = topologyOf([
      ...[edge('c1', 'r1'), edge('c1', 'r2'), edge('r1', 'a1'), edge('r2', 'a1'), edge('r2', 'a1'), edge('r2', 'a2'), edge('a1', 'c1')],
      edge('a1', 'a1'),
    ]);
    const node = (label: string) => topology.find({ [label[0]!]: label })!;
    expect(topology.parents(node('a1'))).toEqual([node('r1'), node('r2')]);
    expect(topology.above(node('a1'))).toEqual([node('r1'), node('r2'), node('c1')]);
    expect(['c1', 'r1', 'r2'].map((name) => topology.leaves(node(name)))).toEqual([2, 1, 2]);
    const affected = affectedAbove(topology, new Map([[node('a1'), 1]]));
    expect(affected.get(node('c1'))).toEqual({ count: 1, branches: new Set([node('r1'), node('r2')]) });
  });

  it('topology: whatever the edges, nothing is above itself, nothing is there twice, and leaves are counted right', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { maxLength: 20 }), (pairs) => {
        const topology = topologyOf(pairs.map(([parent, child]) => ({ parent_type: 'x', parent, child_type: 'x', child })));
        const all = Array.from({ length: topology.size }, (_, node) => node);
        for (const node of all) {
          const above = topology.above(node);
          expect(above).not.toContain(node);
          expect(new Set(above).size).toBe(above.length);
          const behind = all.filter((one) => topology.children(one).length === 0 && (one === node || topology.above(one).includes(node)));
          expect(topology.leaves(node)).toBe(behind.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('cover: what is wrong above must be large enough to be what is wrong below', () => {
    const of = (changes: object) => ({
      metric: 'calls',
      unit: 'calls',
      direction: 'down' as const,
      observed: 0,
      expected: 100,
      effect: -1,
      ...changes,
    });
    expect(coverOf(of({ observed: 950, expected: 1000, effect: -0.05 }), of({}))).toEqual({ share: 0.5, of: 'calls' });
    expect(coverOf(of({ observed: 400, expected: 1000, effect: -0.6 }), of({}))).toEqual({ share: 1, of: 'calls' });
    expect(coverOf(of({ direction: 'up', observed: 2000, expected: 1000 }), of({}))).toEqual({ share: 0, of: 'calls' });
    expect(coverOf(of({ metric: 'other' }), of({}))).toBeUndefined();
    const customers = (count: number) => of({ metric: `m${count}`, customers: { count, segments: {} } });
    expect(coverOf(customers(3), customers(30))).toEqual({ share: 0.1, of: 'customers' });
    expect(coverOf(customers(0), customers(30))).toBeUndefined();
    // A share of a percent and a rate have effects alone.
    expect(
      coverOf(of({ observed: 0.9, expected: 0.95, effect: -0.05 }), of({ observed: 0.1, expected: 0.95, effect: -0.9 }))!.share,
    ).toBeCloseTo(0.0588, 3);
  });
});

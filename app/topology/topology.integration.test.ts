import { beforeAll, describe, expect, it } from 'vitest';
import { readRows, writeInstant } from '../../core/row.ts';
import { topologyColumns, topologyProblems } from '../../detectors/service/topology/index.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { createPipelineFacts } from '../incidents/facts.ts';
import { parseSettings } from '../settings/load.ts';
import { customersBehind } from './customers.ts';
import { elementGraph, elementNamed, elementView } from './topology.ts';

const clickhouse = withClickHouse();
const tenant = 'main';
const noon = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;
const silent = { warn: () => undefined };

let position = 0;
const edge = (parent_type: string, parent: string, child_type: string, child: string, more: object = {}): object => ({
  tenant,
  source: 'inventory',
  partition: 'p',
  position: ++position,
  file: 'edges.csv',
  record_id: `00000000-0000-0000-0000-${String(position).padStart(12, '0')}`,
  ingest_time: writeInstant(noon - 48 * hour),
  parent_type,
  parent,
  child_type,
  child,
  valid_from: writeInstant(0),
  valid_to: writeInstant(0),
  ...more,
});

const subscription = (subscriber: number, segment: string): object => ({
  tenant,
  source: 'crm',
  record_id: `00000000-0000-0000-0001-${String(subscriber).padStart(12, '0')}`,
  ingest_time: writeInstant(noon - 48 * hour),
  system: 'crm',
  subscription: subscriber,
  segment,
  status: 'active',
  valid_from: writeInstant(noon - 1000 * hour),
});

const usage = (subscriber: number, at: number, more: object): object => ({
  tenant,
  source: 'switch',
  partition: `u${subscriber}-${at}`,
  record_id: `00000000-0000-0000-0002-${String(subscriber).padStart(12, '0')}`,
  ingest_time: writeInstant(at),
  leg: 'switch',
  service: 'voice',
  subscriber,
  start_time: writeInstant(at),
  business_key: subscriber,
  segment: 'consumer',
  ...more,
});

beforeAll(async () => {
  const { store } = clickhouse;
  await store.insert(
    'topology_edges',
    [
      edge('site', 's1', 'olt', 'o1'),
      edge('olt', 'o1', 'pon', 'o1/1'),
      edge('olt', 'o1', 'pon', 'o1/2'),
      ...[1, 2, 3, 4].flatMap((ont) => [
        edge('pon', 'o1/1', 'ont', `o1/1/${ont}`),
        edge('ont', `o1/1/${ont}`, 'customer', String(100 + ont)),
      ]),
      // One customer with two lines counts once.
      edge('pon', 'o1/2', 'ont', 'o1/2/1'),
      edge('ont', 'o1/2/1', 'customer', '101'),
      // At noon the fourth ONT moves to the other PON.
      edge('pon', 'o1/2', 'ont', 'o1/1/4', { valid_from: writeInstant(noon) }),
      // A circle must not keep anybody walking.
      edge('ont', 'o1/1/2', 'site', 's1'),
      edge('site', 's1', 'cell', 'c1'),
      edge('partner', 'acme', 'route', 'R1'),
    ],
    'edges',
  );
  await store.insert('subscriptions', [subscription(101, 'consumer'), subscription(102, 'vip'), subscription(103, 'business')], 'subs');
  await store.insert(
    'usage',
    [
      usage(201, noon - 2 * hour, { cell: 'c1' }),
      usage(101, noon - 2 * hour, { cell: 'c1' }),
      usage(202, noon - 30 * hour, { cell: 'c1' }),
      usage(203, noon - hour, { cell: 'c2', route: 'R1' }),
      usage(204, noon - hour, { cell: 'c2', partner: 'acme' }),
    ],
    'usage',
  );
});

describe('the topology', () => {
  const asked = () => ({ store: clickhouse.store, tenant });

  it('counts each customer behind an element once, by segment, and names those of the segments that are to be named', async () => {
    expect(await customersBehind(asked(), 'pon', ['o1/1'], noon - hour, ['vip'])).toEqual({
      count: 5,
      // One ONT leads in a circle to the site, and so to a cell: who used it in the day before counts too.
      segments: { business: 1, consumer: 2, unknown: 1, vip: 1 },
      vips: ['102'],
    });
    expect((await customersBehind(asked(), 'pon', ['o1/2'], noon - hour)).segments).toEqual({ consumer: 1 });
  });

  it('counts as of the time of the fault', async () => {
    expect((await customersBehind(asked(), 'pon', ['o1/2'], noon + 1)).count).toBe(2);
    expect((await customersBehind(asked(), 'ont', ['o1/1/4'], noon + 1)).count).toBe(1);
  });

  it('counts those whose usage passed a cell, route or partner in the day before', async () => {
    expect((await customersBehind(asked(), 'cell', ['c1'], noon)).count).toBe(2);
    expect((await customersBehind(asked(), 'partner', ['acme'], noon)).count).toBe(2);
    expect((await customersBehind(asked(), 'route', ['R1'], noon)).count).toBe(1);
  });

  it('shows an element with parents, children and what is behind', async () => {
    const view = await elementView(asked(), await elementNamed(asked(), 'o1'), { at: noon - hour, limit: 10, vipSegments: ['vip'] });
    expect(view).toMatchObject({
      type: 'olt',
      parents: [{ type: 'site', name: 's1', children: 2 }],
      children: [
        { type: 'pon', name: 'o1/1', children: 4 },
        { type: 'pon', name: 'o1/2', children: 1 },
      ],
      behind: { pon: 2, ont: 5, customer: 4 },
    });
    expect((await elementView(asked(), { type: 'pon', name: 'o1/1' }, { at: noon, limit: 2, vipSegments: [] })).children).toHaveLength(2);
  });

  it('refuses what it does not know', async () => {
    await expect(elementNamed(asked(), 'nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(elementNamed(asked(), 'o1', 'cell')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives the edges around an element, the nearest first and no more than asked for', async () => {
    const edges = await elementGraph(asked(), { type: 'olt', name: 'o1' }, { at: noon, depth: 1, limit: 10 });
    expect(edges).toHaveLength(3);
    expect(edges).toContainEqual({ parent: { type: 'site', name: 's1' }, child: { type: 'olt', name: 'o1' } });
    expect(await elementGraph(asked(), { type: 'olt', name: 'o1' }, { at: noon, depth: 6, limit: 4 })).toHaveLength(4);
  });

  it('says what contradicts itself, with source, file and line', async () => {
    const { store } = clickhouse;
    const problemsOf = async (sources: readonly string[]): Promise<readonly string[]> => {
      const read = readRows(topologyColumns, await store.rows('topology-check', { tenant: 'odd', sources }));
      if (!read.ok) throw new Error(read.error);
      return topologyProblems(read.rows).map(({ kind, text }) => `${kind}: ${text}`);
    };
    const odd = { tenant: 'odd' };
    await store.insert(
      'topology_edges',
      [
        edge('olt', 'a', 'pon', 'p', { ...odd, position: 1 }),
        edge('olt', 'b', 'pon', 'p', { ...odd, position: 2, valid_from: writeInstant(noon) }),
        edge('node', 'n', 'site', 's', { ...odd, position: 3 }),
        edge('site', 's', 'node', 'n', { ...odd, position: 4 }),
        edge('pon', 'p', 'ont', 't', { ...odd, position: 5, valid_from: writeInstant(noon), valid_to: writeInstant(noon) }),
        edge('node', 'm', 'node', 'm', { ...odd, position: 6 }),
        // Ended and moved as it should be.
        edge('olt', 'a', 'pon', 'q', { ...odd, position: 7 }),
        edge('olt', 'a', 'pon', 'q', { ...odd, position: 8, valid_to: writeInstant(noon), ingest_time: writeInstant(noon - 1000) }),
        edge('olt', 'b', 'pon', 'q', { ...odd, position: 9, valid_from: writeInstant(noon) }),
      ],
      'odd',
    );
    const found = await problemsOf(['inventory']);
    expect(found.map((text) => text.replace(/:.*line (\d).*$/, ' $1')).sort()).toEqual([
      expect.stringMatching(/^circle/),
      'ends_before_it_begins 5',
      'itself 6',
      'two_parents 2',
    ]);
    expect(found.join()).toContain('inventory, edges.csv line 3');
    expect(found.join()).toContain('inventory, edges.csv line 4');
    expect(await problemsOf(['switch'])).toEqual([]);
  });

  it('is handed to the incident pipeline as it holds, and again when an edge begins to hold', async () => {
    const facts = createPipelineFacts({ store: clickhouse.store, tenant, settings: parseSettings('', 'test'), log: silent });
    const parentOf = (): string => {
      const topology = facts.topology()!;
      return topology.name(topology.above(topology.find({ ont: 'o1/1/4' })!)[0]!);
    };
    await facts.refresh(noon - hour);
    expect(parentOf()).toBe('o1/1');
    expect(facts.topology()!.find({ customer: '101' })).toBeUndefined();
    await facts.refresh(noon + 61_000);
    expect(parentOf()).toBe('o1/2');
  });
});

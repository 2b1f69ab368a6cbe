import { expect, it } from 'vitest';
import { judgeRows } from '../../controls/evaluation.fixture.ts';
import { topologyEdges } from './topology-edges.ts';

const row = (problem: string, position: number, parent: string, child: string, more: object = {}): object => ({
  problem,
  source: 'inventory',
  file: 'edges.csv',
  partition: 'p',
  position,
  parent_type: 'olt',
  parent,
  child_type: 'pon',
  child,
  other: '',
  valid_from: '2026-11-01 00:00:00.000',
  until: '2299-01-01 00:00:00.000',
  ...more,
});
const source = row('source', 0, '', '');

it('is content with a topology that can be true', () => {
  const [found] = judgeRows(topologyEdges, [source, row('', 1, 'a', 'b')]);
  expect(found?.state).toBe('ok');
});

it('names each contradiction with source, file and line', () => {
  const [found] = judgeRows(topologyEdges, [
    source,
    row('ends_before_it_begins', 7, 'o1', 'p1', { until: '2026-10-01 00:00:00.000' }),
    row('two_parents', 8, 'o2', 'p2', { other: 'o1' }),
    { ...row('', 9, 'x', 'y'), child_type: 'olt' },
    { ...row('', 10, 'y', 'x'), child_type: 'olt' },
  ]);
  expect(found).toMatchObject({ state: 'violation', observed: 3, cell: { source: 'inventory' } });
  expect(found?.summary).toContain(
    'pon p1 behind olt o1 holds from 2026-11-01 00:00 UTC but ends 2026-10-01 00:00 UTC (inventory, edges.csv line 7)',
  );
  expect(found?.summary).toContain(
    'pon p2 stands behind olt o2 from 2026-11-01 00:00 UTC and still behind o1 (inventory, edges.csv line 8)',
  );
  expect(found?.summary).toMatch(/a circle: olt \w > olt \w > olt \w \(inventory, edges.csv line \d+; inventory, edges.csv line \d+\)/);
});

it('says nothing of sources that brought no topology', () => {
  expect(judgeRows(topologyEdges, [], { sources: ['switch'] })).toEqual([]);
});

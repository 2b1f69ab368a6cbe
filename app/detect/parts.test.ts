import { describe, expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { fileSequenceGap } from '../../detectors/controls/file-sequence-gap.ts';
import { createChangeReader } from './changes.ts';
import { createDebts, definitionKey } from './debts.ts';
import { writeParams } from './evidence.ts';
import { effectOf, scoreOf } from './finding-of.ts';
import type { DetectionStore } from './port.ts';
import { windowsDue } from './windows.ts';

describe('changes', () => {
  const row = (change: string, at: number, records = '1') => ({
    source: 's',
    change,
    at: writeInstant(at),
    planned_at: writeInstant(at - 10),
    records,
  });
  const storeOf = (rows: () => object[]): DetectionStore => ({ rows: async <T>() => rows() as T[], insert: async () => undefined });

  it('tells a change once, though looks overlap, and again when it was not done', async () => {
    let rows = [row('a', 100_000)];
    const reader = createChangeReader(
      storeOf(() => rows),
      'main',
      0,
    );
    expect((await reader.look()).sources).toEqual(['s']);
    const changes = await reader.look();
    expect(changes).toMatchObject({ sources: ['s'], changedFrom: 99_990, changedTo: 99_990, mark: 100_000 });
    reader.done(changes);
    expect((await reader.look()).sources).toEqual([]);
    rows = [...rows, row('late', 99_000)];
    const late = await reader.look();
    expect(late).toMatchObject({ sources: ['s'], changedFrom: 98_990, mark: 100_000 });
  });

  it('works a backlog off in pieces', async () => {
    const rows = [row('a', 1000, '1500000'), row('b', 2000, '400000'), row('c', 3000, '1500000')];
    const reader = createChangeReader(
      storeOf(() => rows),
      'main',
      0,
    );
    const first = await reader.look();
    expect(first.mark).toBe(2000);
    reader.done(first);
    expect((await reader.look()).mark).toBe(3000);
  });
});

describe('debts', () => {
  const occasion = { instant: 1000, window: { from: 0, to: 1 }, sources: ['a'], changedFrom: 10, changedTo: 20, watchingSince: 0, leg: '' };
  const nothing = { sources: [], changedFrom: Number.POSITIVE_INFINITY, changedTo: Number.NEGATIVE_INFINITY };

  it('owes what a failed control could not judge, with its span, until it judges', () => {
    const debts = createDebts();
    debts.owe(fileSequenceGap, occasion);
    expect(debts.due(fileSequenceGap, nothing, 2000).sources).toEqual([]);
    const due = debts.due(fileSequenceGap, nothing, 11_000);
    expect(due).toEqual({ sources: ['a'], changedFrom: 10, changedTo: 20 });
    debts.judged(fileSequenceGap, [], { ...occasion, ...due });
    expect(debts.due(fileSequenceGap, nothing, 99_000)).toEqual({ sources: [], changedFrom: 99_000, changedTo: 99_000 });
  });
});

describe('windows', () => {
  it('gives closed windows in order, the latest few at first and of a long backlog', () => {
    expect(windowsDue(60, 130, 0)).toEqual([
      { from: 0, to: 60 },
      { from: 60, to: 120 },
    ]);
    expect(windowsDue(60, 6000, undefined)).toHaveLength(12);
    expect(windowsDue(60, 119, 60)).toEqual([]);
    expect(windowsDue(60, 6000, 0)).toHaveLength(12);
    expect(windowsDue(60, 6000, 0).at(-1)).toEqual({ from: 5940, to: 6000 });
    expect(windowsDue(60, 6000, 0, 3).map(({ from }) => from)).toEqual([5820, 5880, 5940]);
  });
});

it('writes parameters into SQL so that no value leaves its quotes', () => {
  expect(writeParams('SELECT {a:String}, {b:UInt8}, {c:Array(String)}, {d:String}', { a: "it's \\", b: 7, c: ['x', "'"] })).toBe(
    "SELECT 'it\\'s \\\\', 7, ['x', '\\''], {d:String}",
  );
});

it('scores and effects are finite', () => {
  expect(scoreOf(0)).toBe(99);
  expect(scoreOf(0.001)).toBe(3);
  expect(scoreOf(1)).toBe(0);
  expect(effectOf(0, 0)).toBe(0);
  expect(effectOf(3, 0)).toBe(1);
  expect(effectOf(50, 200)).toBe(-0.75);
  expect(definitionKey({ identity: 'S12', metric: 'reject_rate' })).toBe('S12/reject_rate');
});

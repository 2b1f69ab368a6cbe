import { beforeEach, describe, expect, it } from 'vitest';
import { calm, type Definition, define, type Judgement } from '../../core/definition.ts';
import { type Board, createBoard } from './board.ts';

const definition = (more: Partial<Definition> = {}): Definition => ({
  ...define({
    identity: 'T01',
    title: 'Test',
    kind: 'revenue',
    rater: 'assurance',
    metric: 'm',
    trigger: 'minute',
    windowMs: 0,
    needs: { legs: [], tables: [], data: '' },
    query: '',
    columns: {},
    lookbackMs: 0,
    limits: [],
    scope: ['source'],
    holdMs: 0,
    store: 'all',
    evaluate: () => [],
    documentation: { meaning: '', formula: '', proof: '', recovery: '' },
  }),
  ...more,
});

const bad = (observed: number, cell: Record<string, string> = { source: 'a' }, money?: string): Judgement => ({
  ...calm(cell, { from: 0, to: 1000 }),
  state: 'violation',
  observed,
  p: 0.001,
  summary: 'broken',
  ...(money ? { money: { amount: money, currency: 'EUR', class: 'leakage', method: 'sum' } } : {}),
});
const good = (cell: Record<string, string> = { source: 'a' }): Judgement => calm(cell, { from: 0, to: 1000 });

describe('board', () => {
  let board: Board;
  const state = definition();
  beforeEach(() => {
    board = createBoard('main', () => 'SELECT 1');
  });

  it('says a violation once, again when it grows by more than 5 %, and when it clears', () => {
    expect(board.fold(state, [bad(100)], 1)).toMatchObject([{ state: 'firing', observed: 100, score: 3, evidence: { sql: 'SELECT 1' } }]);
    expect(board.fold(state, [bad(105)], 2)).toEqual([]);
    expect(board.fold(state, [bad(106)], 3)).toMatchObject([{ observed: 106 }]);
    expect(board.firing()).toHaveLength(1);
    expect(board.fold(state, [good()], 4)).toMatchObject([{ state: 'cleared', observed: 106 }]);
    expect(board.fold(state, [good()], 5)).toEqual([]);
    expect(board.firing()).toEqual([]);
  });

  it('is one finding while what comes and goes lasts: by hand, well for three hours clears, and the very window at once', () => {
    const calming = definition({ calmMs: 3 * 3_600_000 });
    const at = (hour: number, judgement: Judgement): Judgement => ({
      ...judgement,
      window: { from: hour * 3_600_000, to: (hour + 1) * 3_600_000 },
    });
    expect(board.fold(calming, [at(10, bad(5))], 1)).toMatchObject([{ state: 'firing' }]);
    expect(board.fold(calming, [at(11, good())], 2)).toEqual([]);
    expect(board.fold(calming, [at(12, bad(6))], 3)).toMatchObject([{ state: 'firing', observed: 6 }]);
    expect(board.fold(calming, [at(13, good()), at(14, good())], 4)).toEqual([]);
    expect(board.fold(calming, [at(15, good())], 5)).toMatchObject([{ state: 'cleared' }]);
    // late data for the window itself
    expect(board.fold(calming, [at(16, bad(5))], 6)).toMatchObject([{ state: 'firing' }]);
    expect(board.fold(calming, [at(16, good())], 7)).toMatchObject([{ state: 'cleared' }]);
  });

  it('says again when more customers are hit, and knows since when what stands at a cell does', () => {
    const hit = (count: number, beganAt: number): Judgement => ({ ...bad(100), beganAt, customers: { count, segments: {} } });
    expect(board.beganAt(state, { source: 'a' })).toBeUndefined();
    board.fold(state, [hit(100, 500)], 1000);
    expect(board.fold(state, [hit(102, 700)], 1001)).toEqual([]);
    expect(board.fold(state, [hit(103, 800)], 1002)).toMatchObject([{ customers: { count: 103 }, began_at: new Date(500).toISOString() }]);
    expect(board.beganAt(state, { source: 'a' })).toBe(500);
    expect(board.beganAt(state, { source: 'b' })).toBeUndefined();
    board.fold(state, [good()], 1003);
    expect(board.beganAt(state, { source: 'a' })).toBeUndefined();
  });

  it('clears what a definition that names all no longer names, and nothing of another', () => {
    const all = definition({ namesAll: true });
    const other = definition({ metric: 'n', namesAll: true });
    board.fold(other, [bad(1, { source: 'c' })], 1);
    board.fold(all, [bad(1), bad(1, { source: 'b' })], 2);
    expect(board.fold(all, [bad(1, { source: 'b' }), good({ source: '' })], 3)).toMatchObject([
      { state: 'cleared', scope: { source: 'a' } },
    ]);
    expect(board.firing().map(({ scope }) => scope['source'])).toEqual(['c', 'b']);
    // What is named and cannot be judged stays.
    expect(board.fold(all, [{ ...good({ source: 'b' }), state: 'not_applicable' }], 4)).toEqual([]);
  });

  it('says nothing of what was never wrong, and leaves what stood when a cell waits or lacks its data', () => {
    expect(board.fold(state, [good()], 1)).toEqual([]);
    board.fold(state, [bad(1)], 2);
    expect(board.fold(state, [{ ...good(), state: 'waiting' }], 3)).toEqual([]);
    expect(board.fold(state, [{ ...good(), state: 'not_applicable' }], 4)).toEqual([]);
    expect(board.firing()).toHaveLength(1);
  });

  it('adds up cells of one scope, counts a cell judged twice once, and clears when the last is held no longer', () => {
    const held = definition({ holdMs: 100 });
    board.fold(held, [bad(10, { source: 'a', batch: '1' }, '1.5')], 0);
    const both = board.fold(held, [bad(10, { source: 'a', batch: '1' }, '1.5'), bad(5, { source: 'a', batch: '2' }, '2')], 50);
    expect(both).toMatchObject([{ observed: 15, money: { amount: '3.5' } }]);
    expect(board.fold(held, [good({ source: 'a', batch: '3' })], 60)).toEqual([]);
    expect(board.expire(149)).toEqual([]);
    expect(board.expire(150)).toMatchObject([{ state: 'cleared' }]);
  });

  it('goes on after a restart where it was: no second firing, and a clearing', () => {
    const [said] = board.fold(state, [bad(7)], 1);
    const next = createBoard('main', () => '');
    next.restore(state, said!, [{ judgement: bad(7), judgedAt: 1 }]);
    expect(next.fold(state, [bad(7)], 2)).toEqual([]);
    expect(next.fold(state, [good()], 3)).toMatchObject([{ state: 'cleared', finding_key: said!.finding_key }]);
  });
});

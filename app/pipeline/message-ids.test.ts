import { describe, expect, it } from 'vitest';
import { idOf, newMessageIds, recordsOf } from './message-ids.ts';

describe('identities of messages', () => {
  it('are taken once, and the oldest are forgotten first', () => {
    const ids = newMessageIds(['a', 'b'], 3);
    expect(['a', 'c', 'c', 'd', 'a', 'd'].map((id) => ids.take(id))).toEqual([false, true, false, true, true, false]);
  });

  it('are what a header says; a count that is none is one', () => {
    expect(idOf({ headers: [{ other: 'x' }, { 'weir-id': Buffer.from('main/a/1') }] })).toBe('main/a/1');
    expect(idOf({})).toBe('');
    expect(['7', '0', '-1', '1e9', 'x'].map((text) => recordsOf({ headers: [{ 'weir-records': text }] }, 100))).toEqual([7, 1, 1, 100, 1]);
    expect(recordsOf({}, 100)).toBe(1);
  });
});

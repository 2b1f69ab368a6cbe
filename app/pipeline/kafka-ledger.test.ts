import { describe, expect, it } from 'vitest';
import { foldResume, markOf } from './kafka-ledger.ts';

const row = (first: number, last: number, state: string, epoch = 1) => ({
  first: String(first),
  last: String(last),
  state,
  file: `a${first}-b${last}`,
  planned_ms: '77',
  epoch: String(epoch),
});

describe('where a topic partition goes on', () => {
  it('nowhere known, when the ledger has nothing of it', () => {
    expect(foldResume('t/0', [])).toEqual({ partition: 't/0', storedTo: -1, storedMark: '', planned: undefined, epoch: 1 });
  });

  it('behind what is stored, told by its last message', () => {
    expect(foldResume('t/0', [row(10, 19, 'stored', 4), row(0, 9, 'stored', 2)])).toEqual({
      partition: 't/0',
      storedTo: 19,
      storedMark: 'b19',
      planned: undefined,
      epoch: 5,
    });
  });

  it('with the planned range first, as it was planned', () => {
    expect(foldResume('t/0', [row(10, 19, 'planned'), row(0, 9, 'stored')])).toMatchObject({
      storedTo: 9,
      storedMark: 'b9',
      planned: { first: 10, last: 19, plannedAt: 77, firstMark: 'a10', lastMark: 'b19' },
    });
    expect(foldResume('t/0', [row(0, 9, 'planned')])).toMatchObject({ storedTo: -1, storedMark: '', planned: { first: 0 } });
  });
});

describe('the mark of a message', () => {
  const message = { topic: 't', partition: 0, offset: 5, size: 1, value: Buffer.from('a'), key: Buffer.from('k'), timestamp: 9 };

  it('differs with time, key and value, and not with the place', () => {
    const mark = markOf(message);
    expect(mark).toMatch(/^[0-9a-f]{16}$/);
    expect(markOf({ ...message, offset: 6, partition: 3 })).toBe(mark);
    const others = [{ timestamp: 10 }, { key: Buffer.from('l') }, { value: Buffer.from('b') }, { value: null }, { key: null }];
    for (const other of others) expect(markOf({ ...message, ...other })).not.toBe(mark);
  });
});

import { describe, expect, it } from 'vitest';
import { foldLedger } from './ledger.ts';

const row = (first: number, last: number, state: string, from = 0, to = 0) => ({
  first: String(first),
  last: String(last),
  state,
  read: String(last - first + 1),
  stored: String(last - first),
  rejected: '1',
  dropped: '0',
  planned_ms: '77',
  event_from_ms: String(from),
  event_to_ms: String(to),
  file: 'a.csv',
});

describe('where a partition goes on', () => {
  it('at its beginning, when the ledger has nothing of it', () => {
    expect(foldLedger([])).toEqual({
      storedTo: -1,
      planned: undefined,
      file: '',
      counts: { read: 0, stored: 0, rejected: 0, dropped: 0 },
      eventFrom: Number.POSITIVE_INFINITY,
      eventTo: 0,
    });
  });

  it('behind the stored ranges, with their sums and the whole range of their events', () => {
    expect(foldLedger([row(1, 10, 'stored', 500, 900), row(11, 20, 'stored', 400, 800), row(21, 30, 'stored')])).toEqual({
      storedTo: 30,
      planned: undefined,
      file: 'a.csv',
      counts: { read: 30, stored: 27, rejected: 3, dropped: 0 },
      eventFrom: 400,
      eventTo: 900,
    });
  });

  it('with the range that was planned but perhaps not stored, as it was planned', () => {
    expect(foldLedger([row(1, 10, 'stored', 500, 900), row(11, 17, 'planned')])).toMatchObject({
      storedTo: 10,
      planned: { first: 11, last: 17, plannedAt: 77 },
      counts: { read: 10 },
      eventFrom: 500,
      eventTo: 900,
    });
  });
});

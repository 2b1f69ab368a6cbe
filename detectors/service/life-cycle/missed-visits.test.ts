import { describe, expect, it } from 'vitest';
import { judgeRows } from '../../controls/evaluation.fixture.ts';
import { missedVisits } from './missed-visits.ts';

const row = (more: object): object => ({
  area: 'north',
  team: 'fibre-2',
  judged: 20,
  missed: 0,
  judged_before: 400,
  missed_before: 12,
  began_at: '2026-11-21 08:00:00.000',
  customers: 0,
  reasons: [],
  ...more,
});
const judge = (more: object) => judgeRows(missedVisits, [row(more)])[0]!;

describe('missed_visits', () => {
  it('more misses than usual, with customers and reasons', () => {
    // 7 of 20; 3 % are usual, 8 % are accepted: a tail of 3e-4.
    const found = judge({ missed: 7, customers: 7, reasons: ['ill', 'tour too long'] });
    expect(found).toMatchObject({
      state: 'violation',
      observed: 7,
      statistic: 0.35,
      direction: 'up',
      customers: { count: 7 },
      title: 'fibre-2 in north: 7 visits missed',
      beganAt: Date.UTC(2026, 10, 21, 8),
    });
    expect(found.expected).toBeCloseTo(0.6, 9);
    expect(found.p).toBeLessThan(1e-3);
    expect(found.summary).toContain('usual are 3 %');
    expect(found.summary).toContain('Reasons: ill; tour too long.');
  });

  it('what is usual, two misses, and a team without a past', () => {
    expect(judge({ missed: 2 })).toMatchObject({ state: 'ok' });
    expect(judge({ judged: 2, missed: 2 })).toMatchObject({ state: 'ok' });
    // 4 of 20 = the share that is accepted of a team of which nothing is known.
    expect(judge({ missed: 4, judged_before: 0, missed_before: 0 })).toMatchObject({ state: 'ok' });
    expect(judge({ missed: 15, judged_before: 0, missed_before: 0 })).toMatchObject({ state: 'violation' });
    expect(judgeRows(missedVisits, [])[0]).toMatchObject({ state: 'not_applicable' });
  });
});

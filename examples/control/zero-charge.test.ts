import { expect, it } from 'vitest';
import { judgeRows } from '../../detectors/controls/evaluation.fixture.ts';
import { zeroCharge } from './zero-charge.ts';

const row = { source: 'rating-1', calls: '1000', free: '0', first_at: '1970-01-01 00:00:00.000', records: [] };

it('is a violation above the limit, by hand: 12 of 1,000 are 1.2 %', () => {
  const free = { ...row, free: '12', first_at: '2026-11-21 10:00:00.000', records: ['a'] };
  const [judgement] = judgeRows(zeroCharge, [free], { sources: ['rating-1'] });
  expect(judgement).toMatchObject({ state: 'violation', observed: 12, statistic: 0.012, samples: ['a'] });
  expect(judgement!.summary).toBe(
    '12 of 1000 answered calls of rating-1 were rated at zero without a reason (1.2 %), since 2026-11-21 10:00 UTC.',
  );
});

it('is ok below it, and not applicable where nothing is rated', () => {
  expect(judgeRows(zeroCharge, [row], { sources: ['rating-1', 'msc-1'] }).map(({ state }) => state)).toEqual(['ok', 'not_applicable']);
});

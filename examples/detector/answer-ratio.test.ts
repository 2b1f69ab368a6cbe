import { expect, it } from 'vitest';
import { judgeRows } from '../../detectors/controls/evaluation.fixture.ts';
import { answerRatio, twoShares } from './answer-ratio.ts';

const row = { partner: 'alder', calls: '200', answered: '60', usual_calls: '1600', usual_answered: '960' };

it('is a violation when clearly fewer calls are answered', () => {
  const [judgement] = judgeRows(answerRatio, [row]);
  expect(judgement).toMatchObject({ state: 'violation', observed: 0.3, expected: 0.6, cell: { leg: 'switch', partner: 'alder' } });
  expect(judgement!.p).toBeLessThan(1e-12);
});

it('is ok at a small drop, and leaves thin series alone', () => {
  const states = judgeRows(answerRatio, [
    { ...row, answered: '115' },
    { ...row, calls: '40' },
  ]).map(({ state }) => state);
  expect(states).toEqual(['ok', 'not_applicable']);
});

it('has a z of 0 where nothing can be compared', () => {
  expect(twoShares(0, 0, 5, 10)).toBe(0);
  expect(twoShares(10, 10, 10, 10)).toBe(0);
});

import { expect, test } from 'vitest';
import { tailCalibration } from './tail-calibration.ts';

test('one in ten where one in a hundred was promised', () => {
  const { ratios } = tailCalibration([0, 0, 0, 0, 0, 0, 0, 0, 0, 2.5], [0.01]);
  expect(ratios[0]!.ratio).toBeCloseTo(10, 12);
});

test('true probabilities need no correction, doubled scores half', () => {
  const scores = Array.from({ length: 1_000_000 }, (_, i) => -Math.log10((i + 0.5) / 1_000_000));
  const fair = tailCalibration(scores);
  for (const { ratio } of fair.ratios) expect(ratio).toBeCloseTo(1, 2);
  expect(fair.slope).toBeCloseTo(1, 1);
  expect(tailCalibration(scores.map((score) => 2 * score)).slope).toBeCloseTo(0.5, 1);
});

test('without data there is nothing to correct', () => {
  expect(tailCalibration([])).toEqual({
    ratios: [0.01, 0.001, 0.0001].map((p) => ({ p, observed: 0, ratio: 0 })),
    slope: 1,
  });
});

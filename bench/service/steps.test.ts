import { expect, it } from 'vitest';
import type { Scenario, Truth } from '../../simulator/index.ts';
import { stepsOf } from './steps.ts';

const minute = 60_000;
const planted = (truth: Partial<Truth>): Scenario =>
  ({ name: '', summary: '', inject: {}, truth: () => ({ nature: 'fault', onset: 'once', ...truth }) }) as unknown as Scenario;
const stepsAround = (truth: Partial<Truth>): readonly number[] =>
  stepsOf({ plan: { scenarios: [planted(truth)] }, begin: 0, to: 600 * minute, quietMs: 10 * minute }).map((at) => at / minute);

it('looks seldom where nothing is planted, twice a minute when a fault begins, then each minute', () => {
  const steps = stepsAround({ from: 101 * minute, to: 201 * minute });
  expect(steps.filter((at) => at < 101)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 99, 100]);
  expect(steps.filter((at) => at >= 101 && at <= 107)).toEqual(Array.from({ length: 13 }, (_, at) => 101 + at / 2));
  expect(steps.filter((at) => at > 107 && at < 140)).toEqual([108, 109, 110, 111, 112, 113, 120, 130]);
  expect(steps.filter((at) => at > 195 && at < 210)).toEqual([200, 201, 202, 203]);
});

it('looks closely for longer at what grows, and seldom at a look-alike', () => {
  const growing = stepsAround({ from: 100 * minute, to: 200 * minute, onset: 'drift' });
  expect(growing.filter((at) => at > 110 && at <= 140)).toHaveLength(30);
  expect(stepsAround({ nature: 'innocent', from: 100 * minute, to: 300 * minute })).toHaveLength(60);
});

import { describe, expect, it } from 'vitest';
import { day } from '../../instant.ts';
import { createWorld } from '../../world.ts';
import { lookAlikes } from '../look-alikes.ts';
import { leakTypes } from './index.ts';
import { leakScenarios } from './plan.ts';

const world = createWorld({ subscribers: 200, eventsPerDay: 2_000, backOffice: true });
const from = Date.UTC(2026, 10, 17);

describe('the plan of leaks', () => {
  it('is the same for the same seed, and lies within its time', () => {
    const plan = (seed: number) => leakScenarios(world, { seed, from, to: from + 14 * day }).map((each) => each.truth());
    const first = plan(5);
    expect(first.length).toBeGreaterThan(10);
    expect(plan(5)).toEqual(first);
    expect(plan(6)).not.toEqual(first);
    for (const truth of first) {
      expect(truth.from).toBeGreaterThanOrEqual(from);
      expect(truth.to).toBeLessThanOrEqual(from + 14 * day);
      // What is given by its kind, as a rounding of all calls, has no share of its own.
      if (truth.share !== 0) expect(truth.share).toBeGreaterThanOrEqual(0.002);
      expect(truth.share).toBeLessThanOrEqual(0.2);
    }
  });

  it('takes the controls and the number that are asked for', () => {
    const only = leakScenarios(world, { seed: 5, from, to: from + 14 * day, controls: ['S01'], most: 3 }).map((each) => each.truth());
    expect(only.map(({ control }) => control)).toEqual(['S01', 'S01', 'S01']);
    expect(leakScenarios(world, { seed: 1, from, to: from + day, most: 1 })).toHaveLength(1);
  });

  it('has names of types that occur once', () => {
    expect(new Set(leakTypes.map(({ leak }) => leak)).size).toBe(leakTypes.length);
  });

  it('look-alikes are innocent, all of them', () => {
    const all = lookAlikes(world, { seed: 3, from, to: from + 14 * day }).map((each) => each.truth());
    expect(all.length).toBeGreaterThan(5);
    for (const truth of all) expect(truth).toMatchObject({ nature: 'innocent', control: '' });
  });
});

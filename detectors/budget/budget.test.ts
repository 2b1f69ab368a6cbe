import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, stepUpBar } from './admit.ts';
import { learnLimit, wilsonLower } from './learn.ts';
import { hardLimit } from './limit.ts';
import { type Look, newPersistence, type PersistenceRule, persist } from './persistence.ts';
import { smallestVisibleDrop } from './visible.ts';

describe('hardLimit', () => {
  it('divides the budget by all looks', () => {
    expect(hardLimit(50, 100_000, 1440)).toBeCloseTo(3.472222e-7, 12);
    expect(hardLimit(0, 10, 10)).toBe(0);
    expect(hardLimit(Number.NaN, 10, 10)).toBe(0);
    expect(hardLimit(5, 0, 1440)).toBe(1);
    expect(hardLimit(5, 1, 1)).toBe(1);
  });
});

describe('stepUpBar', () => {
  it('agrees with the published example', () => {
    // Benjamini and Hochberg 1995, section 3.2: 15 p values, at 0.05 the procedure rejects the four smallest.
    const p = Float64Array.of(
      0.0001,
      0.0004,
      0.0019,
      0.0095,
      0.0201,
      0.0278,
      0.0298,
      0.0344,
      0.0459,
      0.324,
      0.4262,
      0.5719,
      0.6528,
      0.759,
      1,
    );
    expect(stepUpBar(p, 0.05, 15)).toBe(0.0095);
    expect(stepUpBar(Float64Array.of(0.9), 0.05, 1)).toBe(-1);
  });

  it('counts the tests that were left out', () => {
    expect(stepUpBar(Float64Array.of(0.001, 0.02), 0.05, 4)).toBe(0.02);
    expect(stepUpBar(Float64Array.of(0.001, 0.02), 0.05, 40)).toBe(0.001);
  });
});

describe('admit', () => {
  const options = { limit: 1e-7, tests: 1000 };
  it('admits the lone only within the hard limit and groups of five by the step-up', () => {
    const p = Float64Array.of(1e-8, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6, Number.NaN);
    const group = Int32Array.of(-1, -1, 3, 3, 3, 3, 3, 4, 3);
    expect([...admit({ p, group }, options)]).toEqual([1, 0, 2, 2, 2, 2, 2, 0, 0]);
    expect([...admit({ p, group }, { ...options, smallestGroup: 6 })]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('is stricter under arbitrary dependence', () => {
    const p = Float64Array.from({ length: 5 }, () => 4e-5);
    const group = new Int32Array(5);
    expect([...admit({ p, group }, options)]).toEqual([2, 2, 2, 2, 2]);
    expect([...admit({ p, group }, { ...options, anyDependence: true })]).toEqual([0, 0, 0, 0, 0]);
  });

  it('gives the result of the example', () => {
    const p = Float64Array.of(1e-9, 1e-5, 1e-5, 0.4);
    expect([...admit({ p, group: Int32Array.of(-1, 0, 0, 0) }, { ...options, smallestGroup: 2 })]).toEqual([1, 2, 2, 0]);
  });

  it('takes 500 children of one node and refuses columns that do not fit', () => {
    expect(
      admit({ p: new Float64Array(500).fill(1e-5), group: new Int32Array(500) }, { limit: 1e-9, tests: 100_000 }).every((x) => x === 2),
    ).toBe(true);
    expect(admit({ p: new Float64Array(0), group: new Int32Array(0) }, options)).toHaveLength(0);
    expect(() => admit({ p: new Float64Array(1), group: new Int32Array(0) }, options)).toThrow('Column group has 0 rows, p has 1.');
  });

  it('keeps to the order of p: what is admitted alone stays so with a smaller p', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }), fc.nat(49), (values, at) => {
        const p = Float64Array.from(values);
        const i = at % p.length;
        const group = new Int32Array(p.length);
        const before = admit({ p, group }, { limit: 0.001, tests: 50, rate: 0.2 });
        const lower = p.slice();
        lower[i] = p[i]! / 2;
        const after = admit({ p: lower, group }, { limit: 0.001, tests: 50, rate: 0.2 });
        for (let j = 0; j < p.length; j++) expect(after[j]! > 0 || before[j] === 0).toBe(true);
      }),
    );
  });
});

describe('persist', () => {
  const play = (looks: readonly Look[], rule?: PersistenceRule) => {
    const state = newPersistence(2);
    return looks.map((look) => persist(state, 1, look, rule));
  };
  const [a, b, q, m] = ['admitted', 'between', 'quiet', 'missing'] as const;

  it('opens at two of three, once, and clears after three quiet looks in a row', () => {
    expect(play([a, b, a, a, q, q, a, q, q, q, a, a])).toEqual([
      'none',
      'none',
      'opened',
      'open',
      'open',
      'open',
      'open',
      'open',
      'open',
      'cleared',
      'none',
      'opened',
    ]);
  });

  it('forgets what is further back and lets missing looks change nothing', () => {
    expect(play([a, q, q, a])).toEqual(['none', 'none', 'none', 'none']);
    expect(play([a, m, m, m, a, m, q, q, m, q])).toEqual([
      'none',
      'none',
      'none',
      'none',
      'opened',
      'open',
      'open',
      'open',
      'open',
      'cleared',
    ]);
    expect(play([a], { needed: 1, among: 1 })).toEqual(['opened']);
    expect(play([...Array<Look>(31).fill(a), a], { needed: 32, among: 32 }).at(-1)).toBe('opened');
  });

  it('opens and clears in turn, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(a, b, q, m), { maxLength: 200 }), (looks) => {
        const turns = play(looks).filter((step) => step === 'opened' || step === 'cleared');
        turns.forEach((step, i) => {
          expect(step).toBe(i % 2 === 0 ? 'opened' : 'cleared');
        });
      }),
    );
  });
});

describe('learnLimit', () => {
  const bounds = { loose: 5, strict: 9 };

  it('agrees with the Wilson interval by hand', () => {
    // k = n = 10, z = 1.96: 1 / (1 + z^2 / n).
    expect(wilsonLower(10, 10, 1.96)).toBeCloseTo(1 / (1 + 1.96 ** 2 / 10), 12);
    expect(wilsonLower(0, 0, 1.96)).toBe(0);
    expect(learnLimit(6, { true: 0, false: 10 }, bounds)).toBeCloseTo(8.29461, 5);
    const low = 1 / (1 + 1.2816 ** 2 / 10);
    expect(learnLimit(6, { true: 0, false: 10 }, bounds)).toBeCloseTo(6 + (3 * (low - 0.4)) / 0.6, 9);
  });

  it('moves only on clear evidence, to either side, and works where stricter is smaller', () => {
    expect(learnLimit(6, { true: 0, false: 0 }, bounds)).toBe(6);
    expect(learnLimit(6, { true: 6, false: 4 }, bounds)).toBe(6);
    expect(learnLimit(6, { true: 50, false: 0 }, bounds)).toBeLessThan(5.2);
    expect(learnLimit(0.1, { true: 0, false: 50 }, { loose: 0.3, strict: 0.02 })).toBeLessThan(0.04);
    expect(learnLimit(6, { true: Number.NaN, false: -4 }, bounds)).toBe(6);
    expect(learnLimit(99, { true: 0, false: 0 }, bounds)).toBe(9);
  });

  const counts = fc.record({ true: fc.nat(200), false: fc.nat(200) });
  it('is monotone in every verdict and never leaves the bounds', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 5, max: 9, noNaN: true }), (verdicts, configured) => {
        const here = learnLimit(configured, verdicts, bounds);
        expect(here).toBeGreaterThanOrEqual(5);
        expect(here).toBeLessThanOrEqual(9);
        expect(learnLimit(configured, { ...verdicts, false: verdicts.false + 1 }, bounds)).toBeGreaterThanOrEqual(here - 1e-12);
        expect(learnLimit(configured, { ...verdicts, true: verdicts.true + 1 }, bounds)).toBeLessThanOrEqual(here + 1e-12);
      }),
    );
  });
});

describe('smallestVisibleDrop', () => {
  it('gives the published figures at z = 4.2', () => {
    expect(smallestVisibleDrop(121, 1, 4.2, 0)).toBe(0.5);
    expect(smallestVisibleDrop(756, 1, 4.2, 0)).toBeCloseTo(0.2, 3);
    expect(smallestVisibleDrop(30.25, 1, 4.2, 0)).toBe(1);
    expect(smallestVisibleDrop(29, 1, 4.2, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(smallestVisibleDrop(0, 60, 4.2, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(smallestVisibleDrop(Number.NaN, 60, 4.2, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(smallestVisibleDrop(1e9, 60, 4.2, 0.1)).toBeCloseTo(0.55, 4);
  });

  it('is what a simulated test sees in about nine cases of ten', () => {
    let seed = 7;
    const uniform = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return (seed + 0.5) / 4_294_967_296;
    };
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const seen = (mu: number, buckets: number, phi: number) => {
      const drop = smallestVisibleDrop(mu, buckets, 4.2, 0, phi);
      let hits = 0;
      for (let run = 0; run < 4000; run++) {
        let sum = 0;
        for (let i = 0; i < buckets; i++) sum += mu * (1 - drop) + Math.sqrt(phi * mu * (1 - drop)) * normal();
        if ((mu * buckets - sum) / Math.sqrt(phi * mu * buckets) >= 4.2) hits++;
      }
      return hits / 4000;
    };
    for (const [mu, buckets, phi] of [
      [1000, 1, 1],
      [400, 3, 1],
      [2000, 4, 2],
    ] as const) {
      expect(seen(mu, buckets, phi)).toBeGreaterThan(0.87);
      expect(seen(mu, buckets, phi)).toBeLessThan(0.96);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { bandsOf, type Counted, weekSeconds } from './band.ts';

/** A small seeded generator: the same numbers in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A Poisson count by its sum of exponentials. */
function poisson(next: () => number, mean: number): number {
  let count = 0;
  for (let left = mean; ; count++) {
    left += Math.log(1 - next());
    if (left < 0) return count;
  }
}

const step = 3600;
const start = 10 * weekSeconds;
const buckets = Array.from({ length: 168 }, (_, index) => start + index * step);

/** Five weeks of counts with a daily rhythm. */
function weeks(seed: number, mean: number): Map<number, Counted> {
  const next = random(seed);
  const counted = new Map<number, Counted>();
  for (let at = start - 4 * weekSeconds; at < start + weekSeconds; at += step) {
    const rhythm = 1 + 0.8 * Math.sin((2 * Math.PI * (at % 86_400)) / 86_400);
    const down = poisson(next, mean * rhythm);
    counted.set(at, { up: down, down });
  }
  return counted;
}

describe('what was to be expected from the weeks before', () => {
  it('holds 99 of 100 quiet buckets, and shows that half is missing', () => {
    let outside = 0;
    let seen = 0;
    let looked = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const counted = weeks(seed, 200);
      const bands = bandsOf('count', counted, buckets);
      for (const [index, band] of bands.entries()) {
        const now = counted.get(buckets[index]!)!.up;
        looked++;
        if (now < band!.lower || now > band!.upper) outside++;
        if (now / 2 < band!.lower) seen++;
      }
    }
    expect(outside / looked).toBeLessThan(0.01);
    expect(seen / looked).toBeGreaterThan(0.9);
  });

  it('of shares stays between nothing and all, and is wider where there is less', () => {
    const counted = new Map<number, Counted>();
    for (const bucket of buckets)
      for (let week = 0; week <= 4; week++) {
        const down = bucket % 7200 === 0 ? 10 : 1000;
        counted.set(bucket - week * weekSeconds, { up: 0.97 * down, down });
      }
    const [few, many] = bandsOf('ratio', counted, buckets) as { expected: number; lower: number; upper: number }[];
    expect(few!.upper).toBeLessThanOrEqual(1);
    expect(few!.expected).toBeCloseTo(0.97);
    expect(few!.upper - few!.lower).toBeGreaterThan(many!.upper - many!.lower);
  });

  it('is unknown until two weeks are known; nothing where nothing came is zero', () => {
    const counted = new Map<number, Counted>([[start - weekSeconds, { up: 5, down: 5 }]]);
    expect(bandsOf('count', counted, [start])).toEqual([undefined]);
    counted.set(start - 3 * weekSeconds, { up: 5, down: 5 });
    expect(bandsOf('count', counted, [start])[0]?.expected).toBe(5);
    expect(bandsOf('mean', new Map(), [start])).toEqual([undefined]);
  });
});

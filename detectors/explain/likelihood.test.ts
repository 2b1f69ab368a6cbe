import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialRatio, clumpedRatio, commonGain, logChoose, logGamma, occam, poissonRatio } from './likelihood.ts';

describe('likelihood ratios', () => {
  it('agree with the formulas by hand', () => {
    expect(poissonRatio(50, 100)).toBeCloseTo(50 - 50 * Math.LN2, 12);
    expect(poissonRatio(0, 10)).toBe(10);
    expect(binomialRatio(30, 50, 100)).toBeCloseTo(30 * Math.log(0.6) + 70 * Math.log(1.4), 12);
    expect(commonGain(110, 100, 0.1)).toBe(0.25);
    expect(logChoose(5, 2)).toBeCloseTo(Math.log(10), 12);
    expect(occam(100)).toBeCloseTo(0.5 * Math.log((2 * Math.PI) / 100) - Math.LN2, 12);
  });

  it('give the figures of the examples', () => {
    const figures = [poissonRatio(50, 100), binomialRatio(30, 50, 100), clumpedRatio(10, 1, 3), occam(100)];
    expect(figures.map((figure) => figure.toFixed(5))).toEqual(['15.34264', '8.22829', '3.70115', '-2.07679']);
  });

  it('compute the gamma function', () => {
    for (let n = 1, factorial = 1; n < 20; factorial *= n++) expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 9);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
  });

  it('take a clump in a quiet cell for less than the scaled Poisson ratio does', () => {
    // ln NB(10; 10, 3) - ln NB(10; 1, 3) with shapes 5 and 0.5: lnG(15) - lnG(5) - lnG(10.5) + lnG(0.5) - 4.5 ln 3.
    const expected = Math.log(87178291200) - Math.log(24) - logGamma(10.5) + Math.log(Math.sqrt(Math.PI)) - 4.5 * Math.log(3);
    expect(clumpedRatio(10, 1, 3)).toBeCloseTo(expected, 9);
    expect(clumpedRatio(20, 0.5, 3)).toBeLessThan(poissonRatio(20, 0.5) / 3);
    expect(clumpedRatio(500, 1000, 1.001)).toBeCloseTo(poissonRatio(500, 1000), 0);
  });

  it('are never negative and zero at the expectation', () => {
    const count = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(count, count, fc.double({ min: 1.1, max: 10, noNaN: true }), (observed, expected, dispersion) => {
        const trials = observed + expected + 1;
        for (const ratio of [
          poissonRatio(observed, expected),
          binomialRatio(observed, expected, trials),
          clumpedRatio(observed, expected, dispersion),
        ]) {
          expect(ratio).toBeGreaterThanOrEqual(-1e-6);
          expect(ratio).toSatisfy(Number.isFinite);
        }
        expect(poissonRatio(expected, expected)).toBeCloseTo(0, 6);
      }),
    );
  });
});

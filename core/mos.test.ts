/** The E-model against the figures of ITU-T G.107, G.109 and G.113. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecs, delayImpairment, lossImpairment, mosOf, ratingOf } from './mos.ts';

describe('the E-model', () => {
  it('gives R = 93.2 and MOS = 4.41 for the default connection (G.107 clause 7.7)', () => {
    expect(ratingOf({})).toBeCloseTo(93.2, 1);
    expect(mosOf(ratingOf({}))).toBeCloseTo(4.41, 2);
  });

  it.each([
    [90, 4.34],
    [80, 4.03],
    [70, 3.6],
    [60, 3.1],
    [50, 2.58],
  ])('R %d is MOS %d (G.107 table B.1)', (rating, mos) => {
    // The table prints 4.03 for 80, where its formula gives 4.024.
    expect(Math.abs(mosOf(rating) - mos)).toBeLessThan(0.0065);
  });

  it('holds MOS within its scale', () => {
    expect([-20, 0, 100, 120].map(mosOf)).toEqual([1, 1, 4.5, 4.5]);
    fc.assert(
      fc.property(fc.double({ min: -50, max: 150, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }), (rating, more) => {
        const [low, high] = [mosOf(rating), mosOf(rating + more)];
        expect(low).toBeGreaterThanOrEqual(1);
        expect(high).toBeLessThanOrEqual(4.5);
        expect(high).toBeGreaterThanOrEqual(low - 1e-12);
      }),
    );
  });

  it('delay costs nothing up to 100 ms, 3 points at 200 ms, 24 at 400 ms', () => {
    expect([0, 50, 100].map(delayImpairment)).toEqual([0, 0, 0]);
    // X = 1: 25 (2^(1/6) − 3 (1 + 3^−6)^(1/6) + 2); X = 2: 25 (65^(1/6) − 3 (1 + (2/3)^6)^(1/6) + 2).
    expect(delayImpairment(200)).toBeCloseTo(3.044, 3);
    expect(delayImpairment(400)).toBeCloseTo(24.073, 2);
    expect(ratingOf({ delayMs: 200 })).toBeCloseTo(93.2 - 3.04, 1);
  });

  it.each([
    ['g711', 0, 0],
    ['g711', 1, 95 / 5.3],
    ['g711plc', 1, 95 / 26.1],
    ['g711plc', 5, (95 * 5) / 30.1],
    ['g729a', 0, 11],
    ['g729a', 2, 11 + (84 * 2) / 21],
    ['g7231', 3, 15 + (80 * 3) / 19.1],
    ['gsmEfr', 2, 5 + (90 * 2) / 12],
  ] as const)('codec %s at %d %% loss costs %d', (codec, loss, impairment) => {
    expect(lossImpairment(codecs[codec], loss)).toBeCloseTo(impairment, 9);
    expect(ratingOf({ codec: codecs[codec], lossPercent: loss })).toBeCloseTo(ratingOf({}) - impairment, 9);
  });

  it('losses in bursts cost more than losses at random', () => {
    expect(lossImpairment(codecs.g729a, 4, 2)).toBeCloseTo(11 + (84 * 4) / (2 + 19), 9);
    expect(lossImpairment(codecs.g729a, 4, 2)).toBeGreaterThan(lossImpairment(codecs.g729a, 4));
  });

  it('echo of 150 ms at the default loss of 65 dB lowers the rating to the edge of satisfied; the advantage of access adds up', () => {
    const echoed = ratingOf({ echoDelayMs: 150, delayMs: 150 });
    expect(echoed).toBeLessThan(ratingOf({ delayMs: 150 }));
    expect(echoed).toBeGreaterThan(80);
    expect(ratingOf({ advantage: 10 })).toBeCloseTo(ratingOf({}) + 10, 9);
  });

  it('more impairment never raises the rating', () => {
    const part = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(part, part, fc.double({ min: 0, max: 1000, noNaN: true }), (loss, more, delayMs) => {
        const connection = { lossPercent: loss, delayMs, codec: codecs.g729a };
        expect(ratingOf({ ...connection, lossPercent: loss + more })).toBeLessThanOrEqual(ratingOf(connection) + 1e-9);
        expect(ratingOf({ ...connection, delayMs: delayMs + more })).toBeLessThanOrEqual(ratingOf(connection) + 1e-9);
      }),
    );
  });
});

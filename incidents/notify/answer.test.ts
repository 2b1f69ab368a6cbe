import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAnswer, retryAfterSeconds } from './answer.ts';

describe('judgeAnswer', () => {
  it('is what the examples say', () => {
    expect(judgeAnswer(204, undefined, 0)).toEqual({ outcome: 'delivered', status: 204 });
    expect(judgeAnswer(429, '7', 0)).toEqual({ outcome: 'retry', status: 429, error: 'answered 429', retryAfterSeconds: 7 });
    expect(judgeAnswer(301, undefined, 0).outcome).toBe('refused');
  });

  it.each([408, 409, 425, 429, 500, 502, 503, 504, 599])('tries again after %i', (status) => {
    expect(judgeAnswer(status, undefined, 0)).toEqual({ outcome: 'retry', status, error: `answered ${status}` });
  });

  it.each([302, 304, 307, 400, 401, 403, 404, 413, 415, 422])('does not try again after %i', (status) => {
    expect(judgeAnswer(status, '1', 0).outcome).toBe('refused');
  });

  it('knows that 410 is for ever', () => {
    expect(judgeAnswer(410, undefined, 0).outcome).toBe('gone');
  });
});

describe('retryAfterSeconds', () => {
  it('reads seconds and dates', () => {
    expect(retryAfterSeconds('120', 0)).toBe(120);
    expect(retryAfterSeconds(' 0 ', 0)).toBe(0);
    expect(retryAfterSeconds('Thu, 01 Jan 1970 00:01:00 GMT', 0)).toBe(60);
    expect(retryAfterSeconds('Thu, 01 Jan 1970 00:01:00 GMT', 90_000)).toBe(0);
  });

  it.each(['soon', '-1', '1.5', '1e9', '99999999999999', '', '2026-01-01T00:00:00Z', `${'9'.repeat(50)} GMT`])(
    'takes %j for nothing',
    (text) => {
      expect(retryAfterSeconds(text, 0)).toBeUndefined();
    },
  );

  it('gives whole seconds that are not negative or nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (text, now) => {
        const seconds = retryAfterSeconds(text, now);
        expect(seconds === undefined || (Number.isSafeInteger(seconds) && seconds >= 0)).toBe(true);
      }),
    );
  });
});

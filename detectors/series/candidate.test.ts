import { expect, test } from 'vitest';
import { type CandidateLook, candidateOf, wholeFloorOf } from './candidate.ts';
import type { SeriesDefinition } from './definition.ts';
import { beginOnset } from './onset.ts';
import { detectorOf, feed, monday, quarter } from './part.fixture.ts';
import { createPart, newState } from './part.ts';

const day = 86_400_000;
const count = detectorOf({ effect: { relative: 0.2, absolute: 20 } });

interface Figures {
  readonly value: number;
  readonly expected: number;
  readonly score?: number;
  readonly missed?: number;
  readonly numerator?: number;
  readonly denominator?: number;
  readonly age?: number;
}

/** What is said of one series with these figures; it is old enough unless said otherwise. */
function lookAt(definition: SeriesDefinition, figures: Figures): CandidateLook {
  const { value, expected, score = 0, missed = 0, numerator = value, denominator = 0, age = 3 * day } = figures;
  const state = newState(definition, 1);
  state.bank.score[0] = score;
  state.value[0] = value;
  state.expected[0] = expected;
  state.missed[0] = missed;
  state.numerator[0] = numerator;
  state.denominator[0] = denominator;
  state.firstSeen[0] = monday - age;
  return candidateOf(definition, state, 0, monday);
}

test('a gap, or nothing expected yet, is neither', () => {
  expect(lookAt(count, { value: Number.NaN, expected: 100, score: 9 }).kind).toBe('between');
  expect(lookAt(count, { value: 0, expected: Number.NaN, score: 9 }).kind).toBe('between');
});

test('the floor of a count is the larger of its share and its number an hour', () => {
  const score = 5;
  expect(lookAt(count, { value: 80, expected: 100, score })).toEqual({ kind: 'candidate', score, direction: 'down' });
  expect(lookAt(count, { value: 120, expected: 100, score })).toEqual({ kind: 'candidate', score, direction: 'up' });
  expect(lookAt(count, { value: 81, expected: 100, score })).toEqual({ kind: 'unusual', direction: 'down' });
  expect(lookAt(count, { value: 91, expected: 100, score }).kind).toBe('quiet');
  // Twenty an hour are five in a quarter.
  expect(lookAt(count, { value: 5, expected: 10, score }).kind).toBe('candidate');
  expect(lookAt(count, { value: 6, expected: 10, score }).kind).toBe('unusual');
});

test('without evidence nothing is a candidate, however large the gap', () => {
  const sum = detectorOf({ metric: 'usage_octets_down' });
  expect(lookAt(sum, { value: 10, expected: 100, score: 1.4 }).kind).toBe('quiet');
  expect(lookAt(sum, { value: 10, expected: 100, score: 1.99 }).kind).toBe('unusual');
  expect(lookAt(sum, { value: 10, expected: 100, score: 2 }).kind).toBe('candidate');
});

test('events that are missed are evidence of their own', () => {
  // exp(-20 / 2) is 10^-4.34.
  expect(lookAt(count, { value: 0, expected: 6, missed: 20 })).toEqual({
    kind: 'candidate',
    score: expect.closeTo(4.343, 3),
    direction: 'down',
  });
  const silence = detectorOf({ statistic: 'silence' });
  expect(lookAt(silence, { value: 0, expected: 10, score: 30, missed: 1 }).kind).toBe('quiet');
});

test('a young series and a direction that is not watched give no candidate', () => {
  expect(lookAt(count, { value: 0, expected: 100, score: 9, age: 3 * day - 1 }).kind).toBe('between');
  const down = detectorOf({ direction: 'down' });
  expect(lookAt(down, { value: 200, expected: 100, score: 9 }).kind).toBe('between');
  expect(lookAt(down, { value: 115, expected: 100, score: 9 }).kind).toBe('between');
  expect(lookAt(down, { value: 0, expected: 100, score: 9 }).kind).toBe('candidate');
});

test('of a ratio the interval must lie beyond the floor too', () => {
  const ratio = detectorOf({ metric: 'answer_ratio', effect: { absolute: 0.05 } });
  const many = { value: 0.4, expected: 0.5, numerator: 4000, denominator: 10_000, score: 6 };
  expect(lookAt(ratio, many)).toEqual({ kind: 'candidate', score: 6, direction: 'down' });
  expect(lookAt(ratio, { ...many, numerator: 24, denominator: 60 }).kind).toBe('quiet');
  expect(lookAt(ratio, { ...many, value: 0.46, numerator: 4600 }).kind).toBe('quiet');
  expect(lookAt(ratio, { ...many, value: 0.6, numerator: 6000 })).toEqual({ kind: 'candidate', score: 6, direction: 'up' });
});

test('of a mean the absolute floor is not by the hour', () => {
  const mean = detectorOf({ metric: 'setup_delay_ms', effect: { relative: 0.3, absolute: 200 } });
  expect(lookAt(mean, { value: 799, expected: 600, score: 5 }).kind).toBe('unusual');
  expect(lookAt(mean, { value: 800, expected: 600, score: 5 }).kind).toBe('candidate');
  expect(lookAt(mean, { value: 2500, expected: 2000, score: 5 }).kind).toBe('unusual');
});

test('silence says less where what is expected is a guess', () => {
  const said = (unsure: number): number => {
    const state = newState(count, 1);
    [state.value[0], state.expected[0], state.missed[0], state.unsure[0], state.firstSeen[0]] = [0, 10, 40, unsure, monday - 3 * day];
    const look = candidateOf(count, state, 0, monday);
    return look.kind === 'candidate' ? look.score : 0;
  };
  expect(said(0)).toBeCloseTo(8.69, 2);
  expect(said(0.2)).toBe(said(0));
  expect(said(0.7)).toBeCloseTo(said(0) / 2, 6);
});

test('more than expected in an idle hour is no surge, and a stop in it is a stop', () => {
  const definition = detectorOf({ dimensions: ['leg', 'node'], total: false });
  const part = createPart(definition, 'switch');
  const busy = (time: number): boolean => time % day >= day / 2;
  const usual = (time: number): number => (busy(time) ? 400 : 40) + ((time / quarter) % 7);
  const end = feed(part, monday, 4, (time) => [[['switch', 'n'], usual(time)]]);
  const { state } = part;
  const said = (time: number, value: number, expected: number): string => {
    state.bank.score[0] = 9;
    state.value[0] = value;
    state.expected[0] = expected;
    return candidateOf(definition, state, 0, time).kind;
  };
  expect([said(end, 120, 40), said(end, 0, 40), said(end, 300, 40)]).toEqual(['quiet', 'candidate', 'candidate']);
  expect(said(end + day / 2, 600, 400)).toBe('candidate');
});

test('the floor of all that an onset has added up, by signal', () => {
  const onset = { ...beginOnset(monday, 'down' as const), to: monday + 4 * quarter, expected: 1000, carriers: 500 };
  expect(wholeFloorOf(count, onset)).toBe(200);
  expect(wholeFloorOf(count, { ...onset, expected: 50 })).toBe(20);
  expect(wholeFloorOf(detectorOf({ metric: 'answer_ratio', effect: { absolute: 0.05 } }), onset)).toBe(25);
  expect(wholeFloorOf(detectorOf({ metric: 'call_seconds', effect: { relative: 0.3 } }), onset)).toBe(300);
});

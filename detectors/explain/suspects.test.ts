import { describe, expect, it } from 'vitest';
import { type Change, labelsOf, suspects } from './suspects.ts';

const minute = 60_000;
const beganAt = Date.UTC(2026, 0, 1, 12);
const change = (change_id: string, minutesBefore: number, labels: Record<string, string> = {}): Change => ({
  change_id,
  summary: change_id,
  event_time: beganAt - minutesBefore * minute,
  labels,
});

describe('suspects', () => {
  it('ranks by nearness and by what is touched', () => {
    const changes = [
      change('far', 90, { partner: 'B' }),
      change('elsewhere', 1, { partner: 'X' }),
      change('near', 30, { partner: 'B' }),
      change('vague', 10),
    ];
    const ranked = suspects(changes, { beganAt, explanations: [{ dimensions: { partner: 'B' }, share: 1, remaining: 0 }] });
    expect(ranked.map(({ change_id }) => change_id)).toEqual(['near', 'vague', 'far', 'elsewhere']);
    expect(ranked[0]).toMatchObject({ weight: 0.5, lead: 30 * minute, shared: ['partner'], event_time: '2026-01-01T11:30:00.000Z' });
  });

  it('looks two hours back and five minutes ahead, no further, and not at times that are none', () => {
    const changes = [change('old', 121), change('late', -6), change('just', -5), change('none', Number.NaN)];
    expect(suspects(changes, { beganAt }).map(({ change_id }) => change_id)).toEqual(['just']);
  });

  it('does not depend on the order of the changes and returns at most what is asked', () => {
    const changes = Array.from({ length: 9 }, (_, i) => change(`c${i}`, 7));
    const ids = (list: readonly Change[]) => suspects(list, { beganAt, most: 3 }).map(({ change_id }) => change_id);
    expect(ids(changes)).toEqual(['c0', 'c1', 'c2']);
    expect(ids([...changes].reverse())).toEqual(['c0', 'c1', 'c2']);
  });
});

describe('labelsOf', () => {
  it('reads pairs and passes over the rest', () => {
    expect(labelsOf('partner=B, node=msc-1;  =x y= plain __proto__=z')).toEqual(
      Object.fromEntries([
        ['partner', 'B'],
        ['node', 'msc-1'],
        ['__proto__', 'z'],
      ]),
    );
    expect(labelsOf('')).toEqual({});
  });
});

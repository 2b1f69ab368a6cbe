import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../settings/load.ts';
import { comparisonsOf, kindCode, kindsCompared, toleranceParams, wholesaleLeg } from './comparison.ts';
import { slicesOf } from './slices.ts';

const settings = parseSettings(
  `
reconciliation:
  tolerances: { durationSeconds: 5 }
  partners: { host-a: { startSeconds: 10, durationSeconds: 60 } }
  comparisons:
    - { name: own, a: switch, b: billing }
    - { name: host, control: S09, a: rating, b: mno_wholesale, partner: host-a, tolerances: { startSeconds: 1 } }
`,
  'weir.yaml',
);

describe('comparisons', () => {
  it('take their own tolerances before those of their partner before those of all', () => {
    expect(comparisonsOf(settings, 'S08')).toMatchObject([
      { name: 'own', tolerances: { startSeconds: 60, durationSeconds: 5, octets: 1024 } },
    ]);
    expect(comparisonsOf(settings, 'S09', 'host')).toMatchObject([
      { tolerances: { startSeconds: 1, durationSeconds: 60, octetsPercent: 1 } },
    ]);
  });

  it('exist for the usual legs without any settings, and one that is unknown is an error with a hint', () => {
    expect(comparisonsOf(parseSettings('', 'x'), 'S08').map(({ a, b }) => `${a}-${b}`)).toEqual([
      'switch-mediation',
      'switch-rating',
      'rating-billing',
    ]);
    expect(() => comparisonsOf(settings, 'S08', 'nothing')).toThrowError(
      expect.objectContaining({ code: 'not_found', hint: 'known: S08 own, S09 host' }),
    );
  });

  it('become whole units for the queries', () => {
    expect(toleranceParams(comparisonsOf(settings, 'S09')[0]!)).toEqual({
      start_ms: 1000,
      duration_ms: 60_000,
      octets: 1024,
      octets_share: 0.01,
      charge: 10_000,
      charge_share: 0.005,
    });
    expect(wholesaleLeg(comparisonsOf(settings, 'S09')[0]!)).toBe('mno_wholesale');
    expect(wholesaleLeg(comparisonsOf(settings, 'S08')[0]!)).toBe('');
  });
});

describe('what is compared', () => {
  const of = comparisonsOf(settings, 'S08')[0]!;
  const kind = (leg: string, service: string, direction: string) => ({ leg, service, direction, records: 1 });

  it('directions that both state; else what goes out', () => {
    const rows = [kind('switch', 'voice', 'mo'), kind('switch', 'voice', 'mt'), kind('billing', 'voice', 'mo')];
    expect(kindsCompared(rows, of)).toEqual([kindCode('voice', 'na'), kindCode('voice', 'mo')]);
    expect(kindsCompared([...rows, kind('billing', 'voice', 'mt')], of)).toContain(kindCode('voice', 'mt'));
    expect(kindsCompared([kind('switch', 'data', 'mt'), kind('billing', 'data', 'na')], of)).toEqual([
      kindCode('data', 'na'),
      kindCode('data', 'mo'),
    ]);
  });

  it('nothing that one leg never carries', () => {
    expect(kindsCompared([kind('switch', 'sms', 'mo')], of)).toEqual([]);
  });
});

it('property: slices cover a window and its margins without gap or overlap, in whole hours inside', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(200_000_000), fc.integer({ min: 0, max: 3_600_000 }), (hours, records, margin) => {
      const window = { from: 1_795_132_800_000, to: 1_795_132_800_000 + hours * 3_600_000 };
      const slices = slicesOf(window, records, margin);
      expect(slices[0]!.from).toBe(window.from - margin);
      expect(slices.at(-1)!.to).toBe(window.to + margin);
      slices.slice(1).forEach((slice, at) => {
        expect(slice.from).toBe(slices[at]!.to);
        expect((slice.from - window.from) % 3_600_000).toBe(0);
      });
      expect(slices.length).toBeLessThanOrEqual(hours);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRows } from '../../controls/evaluation.fixture.ts';
import { largestCluster } from './cluster.ts';
import { outageOf, ponOutage } from './pon-outage.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const limits = { onts: 4, share: 0.1, withinSeconds: 60 };
const pon = (since: readonly number[], more: { devices?: number; silents?: readonly number[]; powers?: readonly number[] } = {}) => ({
  devices: more.devices ?? 32,
  names: since.map((_, at) => `olt-1/3/${at + 1}`),
  since,
  silents: more.silents ?? since.map(() => 0),
  powers: more.powers ?? since.map(() => 0),
});
const row = (of: ReturnType<typeof pon>): object => ({
  ...of,
  pon: 'olt-1/3',
  node: 'olt-1',
  site: 's1',
  complete_to: '2026-11-21 12:05:00.000',
});

describe('an outage of a PON', () => {
  it('is found when ONTs are lost within a minute', () => {
    expect(outageOf(pon([0, 10_000, 40_000, 60_000]), limits)).toMatchObject({ share: 0.125, beganAt: 0, power: 0 });
  });

  it('is none when they are lost one after the other, nor below the limits', () => {
    expect(outageOf(pon([0, 30_000, 61_000, 100_000]), limits)).toBeUndefined();
    expect(outageOf(pon([0, 1, 2]), limits)).toBeUndefined();
    expect(outageOf(pon([0, 1, 2, 3], { devices: 41 }), limits)).toBeUndefined();
    expect(outageOf(pon([]), limits)).toBeUndefined();
  });

  it('is found exactly at the border of time and share', () => {
    expect(outageOf(pon([0, 1, 2, 60_000], { devices: 40 }), limits)?.lost).toHaveLength(4);
    expect(outageOf(pon([0, 1, 2, 60_001], { devices: 40 }), limits)).toBeUndefined();
  });

  it('names only those that were lost together, not one that was off before', () => {
    expect(outageOf(pon([-9_000_000, 0, 1, 2, 3]), limits)?.lost).toEqual(['olt-1/3/2', 'olt-1/3/3', 'olt-1/3/4', 'olt-1/3/5']);
  });

  it('counts silent ones beside those that said so, and silent ones alone', () => {
    expect(outageOf(pon([0, 1, 2, 3, -200_000], { silents: [0, 0, 0, 0, 1] }), limits)?.lost).toHaveLength(5);
    expect(outageOf(pon([0, 60_000, 120_000, 170_000], { silents: [1, 1, 1, 1] }), limits)).toMatchObject({ silent: 4 });
  });

  it('finds the same whatever the order of the ONTs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 20 }), (since) => {
        const found = outageOf(pon(since), limits);
        const turned = outageOf(pon([...since].reverse()), limits);
        expect(turned?.lost.length).toBe(found?.lost.length);
        expect(turned?.beganAt).toBe(found?.beganAt);
      }),
    );
  });
});

it('the largest cluster is as large as counting from every beginning gives', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 30 }), fc.integer({ min: 0, max: 200 }), (instants, within) => {
      const counted = Math.max(0, ...instants.map((from) => instants.filter((at) => at >= from && at - from <= within).length));
      const found = largestCluster(instants, within).map((place) => instants[place]!);
      expect(found).toHaveLength(counted);
      if (found.length > 0) expect(Math.max(...found) - Math.min(...found)).toBeLessThanOrEqual(within);
    }),
  );
});

describe('the detector', () => {
  it('says how many, since when and what kind, and whose customers to count', () => {
    const [found] = judgeRows(ponOutage, [row(pon([noon, noon + 1, noon + 2, noon + 3], { powers: [1, 1, 1, 0] }))]);
    expect(found).toMatchObject({
      state: 'violation',
      cell: { pon: 'olt-1/3' },
      beganAt: noon,
      observed: 28,
      behind: { type: 'ont', at: noon },
      title: 'olt-1/3: 4 ONTs lost, power cut',
    });
    expect(found?.summary).toContain(
      '4 ONTs of 32 behind olt-1/3 of olt-1 at s1 (13 %) were lost within 60 s, from 2026-11-21 12:00 UTC on: a power cut',
    );
    const [fibre] = judgeRows(ponOutage, [row(pon(Array.from({ length: 32 }, () => noon)))]);
    expect(fibre?.title).toBe('olt-1/3: all ONTs lost');
    expect(fibre?.summary).toContain('look at the fibre');
  });

  it('is over when fewer than the limit are away', () => {
    const [found] = judgeRows(ponOutage, [row(pon([noon, noon + 1, noon + 2]))]);
    expect(found?.state).toBe('ok');
  });
});

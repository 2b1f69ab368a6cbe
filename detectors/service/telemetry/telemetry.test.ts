import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRows } from '../../controls/evaluation.fixture.ts';
import { excessOf, firmwareReboots } from './firmware-reboots.ts';
import { errorRatio, interfaceErrors } from './interface-errors.ts';
import { opticalDegradation } from './optical-degradation.ts';
import { ponDegradation } from './pon-degradation.ts';
import { type SilenceRow, silentGroups, silentPopulations } from './silent-devices.ts';

const noon = Date.UTC(2026, 10, 21, 12);

describe('optical degradation', () => {
  const row = (values: readonly number[], more: object = {}): object => ({
    device: 'olt-1/3/7',
    metric: 'rx_power_dbm',
    node: 'olt-1',
    site: 's1',
    pon: 'olt-1/3',
    past: 600,
    level: -20,
    spread: 0.2,
    times: values.map((_, at) => noon + at * 900_000),
    values,
    ...more,
  });
  const stateOf = (values: readonly number[], more: object = {}): string | undefined =>
    judgeRows(opticalDegradation, [row(values, more)])[0]?.state;

  it('is found when the latest three lie below the own past', () => {
    const [found] = judgeRows(opticalDegradation, [row([-20, -20.1, -22.5, -22.6, -22.4])]);
    expect(found).toMatchObject({ state: 'violation', statistic: 2.5, observed: -22.5, expected: -20, beganAt: noon + 1_800_000 });
    expect(found?.summary).toContain('fell by 2.50 dB from its own -20 dBm to -22.50 dBm');
  });

  it('is none for one bad reading, a small fall, or a device that is always restless', () => {
    expect(stateOf([-20, -20, -27])).toBe('ok');
    expect(stateOf([-20.9, -20.9, -20.9])).toBe('ok');
    expect(stateOf([-22.5, -22.5, -22.5], { spread: 1 })).toBe('waiting');
  });

  it('stands exactly at the limit and waits from half of it on', () => {
    expect(stateOf([-22, -22, -22])).toBe('violation');
    expect(stateOf([-21.99, -21.99, -21.99])).toBe('waiting');
    expect(stateOf([-21, -21, -21])).toBe('waiting');
  });

  it('needs half of the fall only where receivers fail', () => {
    expect(stateOf([-27.1, -27.1, -27.1], { level: -26 })).toBe('violation');
    expect(stateOf([-26.9, -26.9, -26.9], { level: -25.8 })).toBe('waiting');
    expect(stateOf([-27.1, -27.1, -27.1], { level: -27 })).toBe('ok');
  });

  it('says nothing of a device without a past, nor with too few readings lately', () => {
    expect(stateOf([-25, -25, -25], { past: 23 })).toBe('not_applicable');
    expect(stateOf([-25, -25])).toBe('waiting');
  });
});

describe('light of a PON', () => {
  const ont = (place: number, values: readonly number[], more: object = {}): object => ({
    device: `olt-1/3/${place}`,
    metric: 'rx_power_dbm',
    node: 'olt-1',
    site: 's1',
    pon: 'olt-1/3',
    past: 600,
    level: -20 - place / 10,
    spread: 0.2,
    times: values.map((_, at) => noon + at * 600_000),
    values: values.map((value) => value - place / 10),
    ...more,
  });
  const ponOf = (fallen: number, all: number, by: number): readonly object[] =>
    Array.from({ length: all }, (_, place) => ont(place, [-20, -20, place < fallen ? -20 - by : -20]));

  it('is found to fade when many have fallen a little, with those who stand behind them', () => {
    const [found, ...others] = judgeRows(ponDegradation, ponOf(6, 24, 0.8));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ state: 'violation', observed: 6, cell: { pon: 'olt-1/3' }, beganAt: noon + 1_200_000 });
    expect(found?.behind).toMatchObject({ type: 'ont', elements: [0, 1, 2, 3, 4, 5].map((place) => `olt-1/3/${place}`) });
  });

  it('is well with few that fell, with a small fall of all, or restless devices; waits between', () => {
    const stateOf = (rows: readonly object[]): string | undefined => judgeRows(ponDegradation, rows)[0]?.state;
    expect(stateOf(ponOf(2, 24, 3))).toBe('ok');
    expect(stateOf(ponOf(24, 24, 0.5))).toBe('ok');
    expect(stateOf(ponOf(5, 24, 0.8))).toBe('waiting');
    expect(stateOf(Array.from({ length: 24 }, (_, place) => ont(place, [-20, -20.9], { spread: 0.4 })))).toBe('ok');
    expect(stateOf(Array.from({ length: 24 }, (_, place) => ont(place, [-23], { past: 10 })))).toBe('not_applicable');
  });

  it('is not told of devices whose PON nobody knows', () => {
    expect(judgeRows(ponDegradation, [ont(1, [-25], { pon: '' })])).toEqual([]);
  });

  it('does not fade by chance: readings around the own past, whatever their noise', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 24, maxLength: 24 }), (sigmas) => {
        const rows = sigmas.map((sigma, place) => ont(place, [-20 + (sigma * 0.2) / 1.349]));
        expect(judgeRows(ponDegradation, rows)[0]?.state).toBe('ok');
      }),
    );
  });
});

describe('reboots of a firmware', () => {
  const row = (node: string, firmware: string, devices: number, reboots: number): object => ({
    node,
    model: 'ONT-G1',
    firmware,
    devices,
    reboots,
    names: Array.from({ length: reboots }, (_, at) => `${node}/${firmware}/${at}`),
    since: noon,
    complete_to: '2026-11-21 12:10:00.000',
  });
  const found = (rows: readonly object[]): readonly string[] =>
    judgeRows(firmwareReboots, rows)
      .filter(({ state }) => state === 'violation')
      .map(({ cell }) => cell['firmware']!);

  it('are found when others at the same nodes do not reboot', () => {
    expect(found([row('o1', '1', 40, 10), row('o1', '2', 60, 0), row('o2', '1', 40, 12), row('o2', '2', 60, 1)])).toEqual(['1']);
  });

  it('are none when a power cut reboots every firmware of a node', () => {
    expect(found([row('o1', '1', 60, 60), row('o1', '2', 20, 20), row('o2', '1', 10, 0), row('o2', '2', 60, 0)])).toEqual([]);
  });

  it('are none below the limits', () => {
    expect(found([row('o1', '1', 40, 4), row('o1', '2', 60, 0)])).toEqual([]);
    expect(found([row('o1', '1', 400, 15), row('o1', '2', 600, 0)])).toEqual([]);
    expect(found([row('o1', '1', 40, 10), row('o1', '2', 60, 6)])).toEqual([]);
  });

  it('are judged by their share alone where no other firmware runs', () => {
    expect(found([row('o1', '1', 40, 12)])).toEqual(['1']);
    expect(found([row('o1', '1', 40, 11)])).toEqual([]);
  });

  it('are expected as often as all together have them', () => {
    const stratum = fc.record({
      devices: fc.nat(50),
      others: fc.nat(50),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 6 }), (strata) => {
        const all = strata.map(({ devices, others, share, part }) => {
          const [r, o] = [Math.floor(devices * share), Math.floor(others * part)];
          return {
            own: { devices, reboots: r, allDevices: devices + others, allReboots: r + o },
            rest: { devices: others, reboots: o, allDevices: devices + others, allReboots: r + o },
          };
        });
        const [own, rest] = [excessOf(all.map((each) => each.own)), excessOf(all.map((each) => each.rest))];
        // What one has too much the others have too little; a single device at a node says nothing.
        const lonely = all.reduce((sum, { own: { allDevices, allReboots } }) => sum + (allDevices < 2 ? allReboots : 0), 0);
        expect(own.expected + rest.expected + lonely).toBeCloseTo(own.reboots + rest.reboots, 6);
        expect(own.p).toBeGreaterThanOrEqual(0);
        expect(own.p).toBeLessThanOrEqual(1);
        expect(own.p < 0.4 && rest.p < 0.4).toBe(false);
      }),
    );
  });
});

describe('silent devices', () => {
  const row = (
    dimension: string,
    name: string,
    devices: number,
    silent: number,
    of: { all: number; allSilent: number; first?: number },
  ): SilenceRow => ({
    dimension,
    name,
    devices,
    silent_devices: silent,
    all_devices: of.all,
    all_silent: of.allSilent,
    names: Array.from({ length: silent }, (_, at) => `d${(of.first ?? 0) + at}`),
    since: noon,
    complete_to: noon + 60_000,
  });
  const limits = { devices: 5, share: 0.3, times: 3, feed: 0.8 };
  const found = (rows: readonly SilenceRow[]): readonly string[] => silentGroups(rows, limits).map(({ name }) => name);

  it('of one node are found', () => {
    const of = { all: 100, allSilent: 10 };
    expect(found([row('node', 'o1', 20, 10, of), row('node', 'o2', 80, 0, of)])).toEqual(['o1']);
  });

  it('are told once, by the group they fill most', () => {
    const of = { all: 100, allSilent: 10 };
    expect(found([row('site', 's1', 30, 10, of), row('node', 'o1', 10, 10, of), row('firmware', 'x', 90, 10, of)])).toEqual(['o1']);
  });

  it('are none when the feed is silent, nor when others are as silent, nor when they are few', () => {
    expect(found([row('node', 'o1', 20, 20, { all: 100, allSilent: 80 })])).toEqual([]);
    expect(found([row('node', 'o1', 20, 8, { all: 100, allSilent: 30 })])).toEqual([]);
    expect(found([row('node', 'o1', 5, 4, { all: 100, allSilent: 4 })])).toEqual([]);
  });

  it('stand at their border', () => {
    expect(found([row('node', 'o1', 20, 6, { all: 100, allSilent: 6 })])).toEqual(['o1']);
    expect(found([row('node', 'o1', 21, 6, { all: 100, allSilent: 6 })])).toEqual([]);
  });

  it('are findings of their dimension', () => {
    const rows = [row('node', 'o1', 20, 10, { all: 100, allSilent: 10 })].map((each) => ({
      ...each,
      complete_to: '2026-11-21 12:01:00.000',
    }));
    const [byNode, bySite] = silentPopulations.map((definition) => judgeRows(definition, rows));
    expect(byNode).toMatchObject([{ state: 'violation', cell: { node: 'o1' }, behind: { elements: rows[0]?.names } }]);
    expect(bySite).toEqual([]);
  });
});

describe('interface errors', () => {
  const row = (errors: number, packets: number, pastErrors = 0, pastPackets = 1e9): object => ({
    device: 'olt-1/uplink',
    node: 'olt-1',
    site: '',
    errors,
    packets,
    past_errors: pastErrors,
    past_packets: pastPackets,
    restarts: 0,
    first_at: '2026-11-21 11:50:00.000',
    complete_to: '2026-11-21 12:00:00.000',
  });
  const stateOf = (...of: Parameters<typeof row>): string | undefined => judgeRows(interfaceErrors, [row(...of)])[0]?.state;

  it('are found from the limits of number, ratio and own past on', () => {
    expect(stateOf(1000, 1e6)).toBe('violation');
    expect(stateOf(99, 1e4)).toBe('ok');
    expect(stateOf(100, 1e7)).toBe('ok');
    expect(stateOf(1000, 1e6, 1e6, 1e9)).toBe('ok');
  });

  it('are a part of all packets, and none where nothing was counted', () => {
    expect(errorRatio(0, 0)).toBe(0);
    expect(errorRatio(5, 0)).toBe(1);
  });
});

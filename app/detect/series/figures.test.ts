import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPart, type Part, seriesDefinitions } from '../../../detectors/series/index.ts';
import type { PartReport } from './engine.ts';
import { createReplayCounter, labelText, namedSeries, standingFigures } from './figures.ts';

const { definitions } = seriesDefinitions({
  calls: { metric: 'usage_records', dimensions: ['leg', 'partner'] },
  devices: { metric: 'device_readings', dimensions: ['metric', 'device'] },
});
const definitionOf = (name: string) => definitions.find(({ identity }) => identity === name)!;

/** A part that has seen four days of steady values by second label. */
function taught(name: string, fixed: string, volumes: ReadonlyMap<string, number>): Part {
  const part = createPart(definitionOf(name), fixed);
  const labels = [...volumes.keys()];
  const { bucketMs } = part.definition;
  for (let bucket = 0; bucket < 4 * 96; bucket++) {
    const wave = [0, 1, -1, 0.5, -0.5][bucket % 5]!;
    const numerator = [...volumes.values()].map((volume) => Math.round(volume + wave * Math.sqrt(volume)));
    part.tick({ time: bucket * bucketMs, labels: [labels.map(() => fixed), labels], numerator, denominator: [] });
  }
  return part;
}

const report = (part: Part, behindMs = 0): PartReport => ({
  key: `${part.definition.identity}/${part.fixed}/0`,
  detector: part.definition.identity,
  part,
  behindMs,
});

it('tells the large that show a drop from the small that do not', () => {
  const part = taught(
    'calls',
    'switch',
    new Map([
      ['large', 5000],
      ['small', 1],
    ]),
  );
  const figures = standingFigures([report(part, 90_000)], 'main').get('calls')!;
  expect(figures).toMatchObject({ series: 3, open: 0, blind: 1, lagSeconds: 90 });
  expect(figures.drops.length).toBe(2);
  expect(figures.named.map(({ series }) => series).toSorted()).toEqual([
    'leg=switch',
    'leg=switch,partner=large',
    'leg=switch,partner=small',
  ]);
  const dropOf = (name: string) => figures.named.find(({ series }) => series.endsWith(name))!.drop;
  expect(dropOf('small')).toBe(1);
  // The floor of the detector holds, however certain a smaller drop would be.
  expect(dropOf('large')).toBeGreaterThanOrEqual(0.2);
  expect(dropOf('large')).toBeLessThan(0.6);
});

it('names the largest only, and a device by its key', () => {
  const many = new Map(Array.from({ length: namedSeries + 50 }, (_, at) => [`partner ${at}`, 50 + at]));
  const { named, series } = standingFigures([report(taught('calls', 'switch', many))], 'main').get('calls')!;
  expect(series).toBe(namedSeries + 51);
  expect(named.length).toBe(namedSeries);
  expect(named[0]?.series).toBe('leg=switch');
  expect(named.some((each) => each.series === 'leg=switch,partner=partner 0')).toBe(false);
  const devices = standingFigures([report(taught('devices', 'rx_power', new Map([['SN-0815', 60]])))], 'main').get('devices')!;
  expect(JSON.stringify(devices)).not.toContain('SN-0815');
  expect(devices.named.map((each) => each.series)).toContainEqual(expect.stringMatching(/^[0-9a-f]{32}$/));
});

it('adds up the parts of a detector', () => {
  const parts = [report(taught('calls', 'a', new Map([['x', 100]])), 1000), report(taught('calls', 'b', new Map([['y', 100]])), 5000)];
  expect(standingFigures(parts, 'main').get('calls')).toMatchObject({ series: 4, lagSeconds: 5 });
  expect(standingFigures([], 'main').size).toBe(0);
});

it('a label carries nothing that breaks a line or grows without end', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const label = labelText(text);
      expect(label.length).toBeLessThanOrEqual(120);
      expect(label).not.toMatch(/["\\\n\r\p{C}]/u);
    }),
  );
});

it('counts a part that gave way to another, and none that is new or gone', () => {
  const count = createReplayCounter();
  const first = report(createPart(definitionOf('calls'), 'a'));
  const again = report(createPart(definitionOf('calls'), 'a'));
  expect(count([first])).toEqual(new Map());
  expect(count([first])).toEqual(new Map());
  expect(count([again])).toEqual(new Map([['calls', 1]]));
  expect(count([])).toEqual(new Map());
  expect(count([first])).toEqual(new Map());
});

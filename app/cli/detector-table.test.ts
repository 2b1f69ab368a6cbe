import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Settings } from '../../core/settings/index.ts';
import { seriesDefinitions, settingsOf } from '../../detectors/series/index.ts';
import { parseSettings } from '../settings/load.ts';
import {
  type DetectorLine,
  describeDetector,
  detectorJson,
  detectorLines,
  detectorTable,
  floorText,
  settingsYaml,
  shiftText,
} from './detector-table.ts';

const settings: Settings = parseSettings(
  'detectors: { data_volume: { enabled: false }, mine: { metric: usage_seconds, dimensions: [leg], effect: { money: 50 } } }',
  'weir.yaml',
);
const last = {
  detector: 'usage_volume',
  series: '40',
  open: '2',
  learning: '1',
  blind: '8',
  median_visible_drop: 0.31,
  judged_to: '2026-11-21 10:00:00.000',
};
const store = { rows: async <T>(): Promise<T[]> => [last as T] };

const linesOf = (): Promise<readonly DetectorLine[]> =>
  detectorLines(store, settings, new Map([['usage_volume', { true: 0, false: 6 }]]), Date.UTC(2026, 10, 21));

it('lists every detector, those that are off and those of the settings too', async () => {
  const text = detectorTable(await linesOf());
  const lineOf = (name: string) => text.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';
  for (const part of ['violation', '40', '2', '8', '31 %', '20 %, 20 records/h', '0.5 a day', '2026-11-21 10:00'])
    expect(lineOf('usage_volume')).toContain(part);
  expect(lineOf('data_volume')).toContain('off');
  expect(lineOf('mine')).toContain('no data yet');
  expect(text).toMatch(/usage_volume learned from 6 verdicts: its limit of p is \d+(\.\d+)? times smaller/);
});

it('says what verdicts have done, and nothing where nobody said anything', async () => {
  const [line] = await linesOf();
  expect(shiftText({ ...line!, shift: -0.5 })).toContain('3.2 times larger');
  expect(shiftText({ ...line!, shift: 0 })).toBe('');
  expect(shiftText({ ...line!, verdicts: undefined })).toBe('');
});

it('words for a median: a share, not even a stop, nothing while all learn', async () => {
  const [line] = await linesOf();
  const texts = [
    { ...last, median_visible_drop: null },
    { ...last, learning: '40', open: '0', median_visible_drop: null },
  ].map((each) => detectorTable([{ ...line!, last: each }]));
  expect(texts[0]).toContain('not even a stop');
  expect(texts[1]).toContain('learning');
  expect(texts[1]).not.toContain('not even a stop');
});

it('documents a detector with settings that make it again', () => {
  for (const definition of seriesDefinitions(settings.detectors).definitions) {
    const text = describeDetector(definition);
    expect(text).toContain(definition.identity);
    const made = parse(settingsYaml(definition)) as Pick<Settings, 'detectors'>;
    expect(made).toEqual({ detectors: { [definition.identity]: settingsOf(definition) } });
    expect(text).toContain(settingsYaml(definition).trim());
    expect(floorText(definition)).not.toBe('');
  }
});

it('gives them as JSON', async () => {
  const found = (await linesOf()).map(detectorJson);
  expect(found[0]).toMatchObject({
    identity: 'usage_volume',
    enabled: true,
    settings: { metric: 'usage_records' },
    last: { series: '40' },
  });
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

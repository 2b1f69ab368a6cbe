import { expect, test } from 'vitest';
import type { DetectorSettings } from '../../core/settings/detectors.ts';
import { seriesDefinitions } from './definition.ts';
import { dimensionsOf, metricNamed, metrics } from './metrics.ts';
import { shippedDetectors } from './shipped.ts';

const mine = (settings: DetectorSettings) => {
  const { definitions, problems } = seriesDefinitions({ mine: settings });
  return { definition: definitions.find(({ identity }) => identity === 'mine'), problems };
};
const usage = { metric: 'usage_records', dimensions: ['leg', 'partner'] } satisfies DetectorSettings;

test('the examples', () => {
  expect(seriesDefinitions({ usage_volume: { enabled: false } }).definitions.some(({ identity }) => identity === 'usage_volume')).toBe(
    false,
  );
  expect(metricNamed('answer_ratio')?.signal).toBe('ratio');
  expect(metricNamed('nothing')).toBeUndefined();
});

test('every shipped detector can be used, and is a definition of its own', () => {
  const { definitions, problems } = seriesDefinitions({});
  expect(problems).toEqual([]);
  expect(definitions.map(({ identity }) => identity)).toEqual(Object.keys(shippedDetectors));
});

test('every metric can be watched by every dimension of its table', () => {
  for (const { name, table } of metrics)
    for (const dimension of dimensionsOf[table]) {
      const dimensions = table === 'usage' ? [...new Set(['leg', dimension])] : [dimension];
      expect(mine({ metric: name, dimensions }).problems).toEqual([]);
    }
});

test('what a detector does not say is usual; what it says of one floor leaves the others', () => {
  expect(mine(usage).definition).toMatchObject({
    title: 'Usage records',
    kind: 'service',
    statistic: 'seasonal',
    direction: 'both',
    bucketMs: 900_000,
    total: true,
    effect: { relative: 0.2, absolute: 20, money: 0, customers: 0 },
    persistence: { needed: 2, among: 3, rearm: 2 },
    historyDays: 14,
  });
  expect(mine({ ...usage, effect: { money: 5 } }).definition?.effect).toEqual({ relative: 0.2, absolute: 20, money: 5, customers: 0 });
  expect(mine({ ...usage, metric: 'answer_ratio' }).definition).toMatchObject({ statistic: 'ratio', effect: { absolute: 0.02 } });
  expect(mine({ ...usage, metric: 'usage_charge' }).definition?.effect.absolute).toBe(0);
  expect(mine({ ...usage, shards: 4 }).definition?.total).toBe(false);
});

test('a shipped detector keeps what the settings do not change', () => {
  const { definitions } = seriesDefinitions({ setup_delay: { effect: { relative: 0.5 }, bucketMinutes: 30 } });
  expect(definitions.find(({ identity }) => identity === 'setup_delay')).toMatchObject({
    title: 'Slower call set-up',
    bucketMs: 1_800_000,
    direction: 'up',
    effect: { relative: 0.5, absolute: 200 },
  });
});

test.each<[DetectorSettings, string, RegExp]>([
  [{ dimensions: ['leg'] }, 'metric', /^is missing$/],
  [{ ...usage, metric: 'traffic' }, 'metric', /no metric is called traffic/],
  [{ metric: 'usage_records' }, 'dimensions', /^is missing$/],
  [{ ...usage, dimensions: ['leg', 'colour'] }, 'dimensions', /usage has no dimension colour/],
  [{ metric: 'device_gauge', dimensions: ['partner'] }, 'dimensions', /measurements has no dimension partner/],
  [{ ...usage, dimensions: ['leg', 'partner', 'partner'] }, 'dimensions', /names a dimension twice/],
  [{ ...usage, dimensions: ['partner', 'leg'] }, 'dimensions', /must begin with leg/],
  [{ ...usage, where: { colour: ['red'] } }, 'where', /usage has no dimension colour/],
  [{ ...usage, where: { service: ['voice'], zone: ['eu'], plan: ['a'] } }, 'where', /more than two dimensions/],
  [{ ...usage, statistic: 'ratio' }, 'statistic', /usage_records is no ratio/],
  [{ ...usage, metric: 'answer_ratio', statistic: 'silence' }, 'statistic', /answer_ratio is no count/],
  [{ ...usage, dimensions: ['leg'], shards: 2 }, 'shards', /needs a second dimension/],
  [{ ...usage, persistence: { needed: 4, among: 3 } }, 'persistence', /4 of 3 cannot be/],
])('what cannot be used is said, and left out: %j', (settings, key, message) => {
  const { definition, problems } = mine(settings);
  expect(definition).toBeUndefined();
  expect(problems).toHaveLength(1);
  expect(problems[0]!.path).toEqual(['mine', key]);
  expect(problems[0]!.message).toMatch(message);
  expect(problems[0]!.hint).not.toBe('');
});

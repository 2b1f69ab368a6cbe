import { expect, it } from 'vitest';
import { createPart, seriesDefinitions } from '../../detectors/series/index.ts';
import { detectMetrics } from './detect.ts';

it('says how the detectors over series stand', async () => {
  const definition = seriesDefinitions({}).definitions.find(({ identity }) => identity === 'usage_volume')!;
  const part = createPart(definition, 'switch');
  for (let bucket = 0; bucket < 400; bucket++)
    part.tick({
      time: bucket * definition.bucketMs,
      labels: [['switch'], ['voice'], ['a"b\n']],
      numerator: [1000 + 30 * ((bucket % 5) - 2)],
      denominator: [],
    });
  const metrics = detectMetrics('main');
  metrics.looked({ seconds: 0.25, parts: [{ key: 'usage_volume/switch/0', detector: 'usage_volume', part, behindMs: 2000 }] });
  const text = await metrics.registry.metrics();
  for (const line of [
    /^weir_detect_last_look_seconds\{role="detect"\} 0\.25$/m,
    /^weir_series\{detector="usage_volume",role="detect"\} 3$/m,
    /^weir_series_open\{detector="usage_volume",role="detect"\} 0$/m,
    /^weir_series_lag_seconds\{detector="usage_volume",role="detect"\} 2$/m,
    /^weir_series_blind\{detector="usage_volume",role="detect"\} 0$/m,
    /^weir_series_visible_drop_bucket\{le="1",detector="usage_volume",role="detect"\} 3$|^weir_series_visible_drop_bucket\{.*le="1".*\} 3$/m,
    /^weir_series_smallest_visible_drop\{detector="usage_volume",series="leg=switch,service=voice,partner=a_b_",role="detect"\} 0\.\d+$/m,
  ])
    expect(text).toMatch(line);
});

it('works out what is costly once a minute, and counts every look', async () => {
  const metrics = detectMetrics('main');
  let asked = 0;
  const report = {
    key: 'k',
    detector: 'usage_volume',
    behindMs: 0,
    get part() {
      asked++;
      return createPart(seriesDefinitions({}).definitions[0]!, 'switch');
    },
  };
  metrics.looked({ seconds: 1, parts: [report] });
  const first = asked;
  metrics.looked({ seconds: 2, parts: [report] });
  // The second look asks for the part to see whether it was replaced, and for nothing else.
  expect(asked - first).toBeLessThan(first);
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/^weir_detect_look_seconds_count\{role="detect"\} 2$/m);
  expect(text).toMatch(/^weir_series_late_replays_total\{detector="usage_volume",role="detect"\} 1$/m);
});

import { expect, it } from 'vitest';
import { chartOfColumns } from './chart-data.ts';

const series = {
  detector: 'usage_volume',
  series_key: 'a',
  scope: {},
  unit: 'records',
  first_seen: '',
  judged_to: '',
  bucket_seconds: 60,
  observed: null,
  expected: null,
  lower: null,
  upper: null,
  visible_drop: null,
  open: false,
};

it('breaks the line where buckets are missing, in every column at the same places', () => {
  const columns = { series, time: [60, 120, 300, 360, 900], observed: [1, 2, 3, 4, 5], expected: [1, 1, 1, 1, 1] };
  const { times, observed, expected, upper } = chartOfColumns({ ...columns, lower: [0, 0, 0, 0, 0], upper: [9, 8, 7, 6, 5] });
  expect(times).toEqual([60, 120, 180, 300, 360, 420, 900]);
  expect(observed).toEqual([1, 2, null, 3, 4, null, 5]);
  expect(expected).toEqual([1, 1, null, 1, 1, null, 1]);
  expect(upper).toEqual([9, 8, null, 7, 6, null, 5]);
});

it('leaves a series without gaps, and one without scores, as it is', () => {
  const whole = { series, time: [60, 120], observed: [1, 2], expected: [1, 2], lower: [0, 0], upper: [3, 3] };
  expect(chartOfColumns(whole)).toMatchObject({ times: [60, 120], observed: [1, 2] });
  const empty = { series, time: [], observed: [], expected: [], lower: [], upper: [] };
  expect(chartOfColumns(empty).times).toEqual([]);
});

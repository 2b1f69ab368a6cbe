import { expect, it } from 'vitest';
import { bearer, testApi } from './context.fixture.ts';
import { afterRankOf, rankCursorOf } from './routes/series.ts';

const key = 'a'.repeat(32);
const row = {
  detector: 'usage_volume',
  series_key: key,
  metric: 'usage_records',
  scope: { leg: 'switch', service: 'voice' },
  unit: 'records',
  first_seen: '2026-10-20 00:00:00.000',
  judged_to: '2026-11-21 10:00:00.000',
  bucket_seconds: 900,
  observed: 80,
  expected: 100,
  lower: 70,
  upper: 130,
  score: 1.2,
  visible_drop: 0.26,
  open: 0,
  updated_at: '2026-11-21 10:01:00.000',
};

it('series are listed by page, their cursor is checked', async () => {
  const { api } = await testApi({
    rows: {
      'api-series': [
        { ...row, rank: '1200000' },
        { ...row, series_key: 'b'.repeat(32), rank: '7' },
      ],
    },
  });
  const ask = (query: string) => api.inject({ url: `/api/v1/series${query}`, headers: bearer('reader') });
  const page = (await ask('?limit=1&sort=drop&blind=true&open=false&detector=usage_volume')).json();
  expect(page.items).toEqual([
    {
      ...row,
      open: false,
      first_seen: '2026-10-20T00:00:00.000Z',
      judged_to: '2026-11-21T10:00:00.000Z',
      updated_at: '2026-11-21T10:01:00.000Z',
    },
  ]);
  expect(page.next).toBe(rankCursorOf('1200000', key));
  expect((await ask(`?cursor=${page.next}`)).statusCode).toBe(200);
  const scope = encodeURIComponent(JSON.stringify({ leg: 'switch', direction: 'down' }));
  expect((await ask(`?detector=usage_volume&scope=${scope}`)).statusCode).toBe(200);
  for (const wrong of [
    '?cursor=AAAA',
    `?cursor=${Buffer.from(`9|${'x'.repeat(8)}`).toString('base64url')}`,
    '?sort=name',
    '?open=perhaps',
    '?limit=501',
    "?detector=a'b",
    `?scope=${scope}`,
    '?detector=usage_volume&scope=nonsense',
    '?detector=usage_volume&scope=null',
    `?detector=usage_volume&scope=${encodeURIComponent('{"leg":1}')}`,
    '?more=1',
  ])
    expect((await ask(wrong)).json(), wrong).toMatchObject({ error: 'usage' });
  await api.close();
});

it('a rank comes back from its cursor as it went', () => {
  for (const rank of ['0', '-1000000', '1000000000000000000', '1100000000000'])
    expect(afterRankOf(rankCursorOf(rank, key))).toEqual({ after_rank: rank, after_key: key });
});

it('one series comes with its scores', async () => {
  const point = { event_time: '2026-11-21 09:45:00.000', observed: 80, expected: 100, lower: 70, upper: 130, score: 1.2 };
  const { api } = await testApi({ rows: { 'api-series-one': [row], 'api-series-scores': [point] } });
  const ask = (path: string) => api.inject({ url: `/api/v1/series/${path}`, headers: bearer('reader') });
  expect((await ask(key)).json()).toMatchObject({
    series: { series_key: key, open: false },
    scores: [{ ...point, event_time: '2026-11-21T09:45:00.000Z' }],
  });
  expect((await ask(`${key}?days=8`)).statusCode).toBe(400);
  expect((await ask('short')).statusCode).toBe(400);
  await api.close();
  const { api: empty } = await testApi();
  expect((await empty.inject({ url: `/api/v1/series/${key}`, headers: bearer('reader') })).json()).toMatchObject({ error: 'not_found' });
  await empty.close();
});

it('one series comes as columns, up to a month of them', async () => {
  const columns = { time: [1_795_254_300], observed: [80], expected: [100], lower: [70], upper: [130] };
  const { api } = await testApi({ rows: { 'api-series-one': [row], 'api-series-columns': [columns] } });
  const ask = (path: string) => api.inject({ url: `/api/v1/series/${path}`, headers: bearer('reader') });
  expect((await ask(`${key}/columns?days=31`)).json()).toMatchObject({ series: { series_key: key }, ...columns });
  expect((await ask(`${key}/columns?days=32`)).statusCode).toBe(400);
  await api.close();
  const { api: empty } = await testApi();
  expect((await empty.inject({ url: `/api/v1/series/${key}/columns`, headers: bearer('reader') })).json()).toMatchObject({
    error: 'not_found',
  });
  await empty.close();
});

it('detectors come with how blind they are, those without data too', async () => {
  const stands = {
    detector: 'usage_volume',
    series: '40',
    open: '1',
    learning: '2',
    blind: '8',
    median_visible_drop: 0.3,
    judged_to: '2026-11-21 10:00:00.000',
    written_at: '2026-11-21 10:01:00.000',
  };
  const { api } = await testApi({
    settings: 'sources: { calls: { type: http, format: weir-json } }\ndetectors: { data_volume: { enabled: false } }',
    rows: { 'api-series-detectors': [stands] },
  });
  const { items } = (await api.inject({ url: '/api/v1/detectors', headers: bearer('reader') })).json();
  const named = (name: string) => items.find(({ detector }: { detector: string }) => detector === name);
  expect(named('usage_volume')).toMatchObject({
    series: 40,
    open: 1,
    blind: 8,
    learning: 2,
    median_visible_drop: 0.3,
    judged_to: '2026-11-21T10:00:00.000Z',
  });
  expect(named('answer_ratio')).toMatchObject({ series: 0, open: 0, blind: 0, judged_to: null, direction: 'down' });
  expect(named('data_volume')).toBeUndefined();
  expect((await api.inject({ url: '/api/v1/detectors', headers: bearer('ingest') })).statusCode).toBe(403);
  await api.close();
});

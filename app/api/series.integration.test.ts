/** The queries about series over a real ClickHouse: filters, ranks, paging, blindness. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingKey } from '../../core/key.ts';
import { writeInstant } from '../../core/row.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { bearer, type TestApi, testApi } from './context.fixture.ts';

const clickhouse = withClickHouse();
const now = 1_795_255_200_000;
const minute = 60_000;
let tested: TestApi;

const scopeOf = (partner: string) => ({ leg: 'switch', service: 'voice', partner });
const keyOf = (partner: string) => findingKey('main', 'usage_volume', 'usage_records', scopeOf(partner));

const series = (partner: string, given: object, at = now) => ({
  tenant: 'main',
  detector: 'usage_volume',
  series_key: keyOf(partner),
  metric: 'usage_records',
  scope: scopeOf(partner),
  unit: 'records',
  first_seen: writeInstant(now - 30 * 86_400_000),
  judged_to: writeInstant(now),
  bucket_seconds: 900,
  observed: 100,
  expected: 100,
  lower: 70,
  upper: 130,
  score: 0.1,
  visible_drop: 0.26,
  open: false,
  updated_at: writeInstant(at),
  ...given,
});

const score = (at: number, observed: number, scored = now) => ({
  tenant: 'main',
  series_key: keyOf('acme'),
  detector: 'usage_volume',
  metric: 'usage_records',
  scope: scopeOf('acme'),
  event_time: writeInstant(at),
  observed,
  expected: 100,
  lower: 70,
  upper: 130,
  score: 4,
  profile_version: 1,
  pinned: false,
  scored_at: writeInstant(scored),
});

beforeAll(async () => {
  const { store } = clickhouse;
  // The clock of the tests stands in the past or future of the server's: nothing must depend on now().
  tested = await testApi({ store });
  await store.insert('series', [series('acme', { open: false, score: 0.3 }, now - 10 * minute)], 'test/1');
  await store.insert(
    'series',
    [
      series('acme', { open: true, observed: 10, score: 8 }),
      series('small', { expected: 4, observed: 4, upper: 14, visible_drop: null }),
      series('calm', { score: 2, visible_drop: 0.5 }),
      series('large', { expected: 1e9, observed: 1e9, visible_drop: 0.2 }),
      series('young', { expected: null, lower: null, upper: null, visible_drop: null }),
      series('gone', { score: 9 }, now - 45 * 86_400_000),
      { ...series('other', { score: 9 }), tenant: 'other' },
    ],
    'test/2',
  );
  await store.insert('scores', [score(now - 30 * minute, 12, now - minute), score(now - 15 * minute, 10), score(now - 9e8, 1)], 'test/3');
  await store.insert('scores', [score(now - 30 * minute, 11)], 'test/4');
});
afterAll(() => tested?.api.close());

interface Page {
  readonly items: readonly { readonly scope: { readonly partner: string } }[];
  readonly next: string | null;
}

const ask = async <T>(path: string): Promise<T> => {
  const answer = await tested.api.inject({ url: `/api/v1${path}`, headers: bearer('reader') });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const partners = async (query: string) => (await ask<Page>(`/series${query}`)).items.map(({ scope }) => scope.partner);

it('lists open ones first, the blindest, the largest, and only what is asked for', async () => {
  expect((await partners('')).slice(0, 2)).toEqual(['acme', 'calm']);
  expect((await partners('')).toSorted()).toEqual(['acme', 'calm', 'large', 'small', 'young']);
  expect(await partners('?sort=drop')).toEqual(['small', 'calm', 'acme', 'large', 'young']);
  expect((await partners('?sort=volume'))[0]).toBe('large');
  expect(await partners('?open=true')).toEqual(['acme']);
  expect(await partners('?blind=true')).toEqual(['small']);
  expect(await partners('?detector=answer_ratio')).toEqual([]);
  const scope = encodeURIComponent(JSON.stringify({ ...scopeOf('calm'), direction: 'down' }));
  expect(await partners(`?detector=usage_volume&scope=${scope}`)).toEqual(['calm']);
});

it('pages give each series once, in every order', async () => {
  for (const sort of ['score', 'drop', 'volume']) {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page = await ask<Page>(`/series?limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ scope }) => scope.partner));
      cursor = page.next;
    }
    expect(seen, sort).toEqual(await partners(`?sort=${sort}`));
  }
});

it('one series is as it was written last, with the latest word on each bucket', async () => {
  const { series: acme, scores } = await ask<{ series: object; scores: { observed: number }[] }>(`/series/${keyOf('acme')}`);
  expect(acme).toMatchObject({ open: true, observed: 10, scope: scopeOf('acme'), visible_drop: 0.26 });
  expect(scores.map(({ observed }) => observed)).toEqual([11, 10]);
});

it('one series comes as columns, each bucket once and in order, for a month', async () => {
  const path = `/series/${keyOf('acme')}/columns`;
  const { series: acme, ...columns } = await ask<{ series: object; time: number[]; observed: number[] }>(path);
  expect(acme).toMatchObject({ open: true, observed: 10 });
  expect(columns).toEqual({
    time: [(now - 30 * minute) / 1000, (now - 15 * minute) / 1000],
    observed: [11, 10],
    expected: [100, 100],
    lower: [70, 70],
    upper: [130, 130],
  });
  expect((await ask<{ observed: number[] }>(`${path}?days=31`)).observed).toEqual([1, 11, 10]);
  expect(await ask<{ time: number[] }>(`/series/${keyOf('calm')}/columns`)).toMatchObject({ time: [], upper: [] });
});

it('detectors are summed up over the series that have something to compare with', async () => {
  const { items } = await ask<{ items: { detector: string }[] }>('/detectors');
  expect(items.find(({ detector }) => detector === 'usage_volume')).toMatchObject({
    series: 5,
    open: 1,
    learning: 1,
    blind: 1,
    median_visible_drop: 0.26,
    judged_to: new Date(now).toISOString(),
  });
});

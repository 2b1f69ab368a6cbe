import { expect, it } from 'vitest';
import { bearer, testApi } from './context.fixture.ts';

const customer = {
  customer: '18446744073709551615',
  segment: 'vip',
  plan: 'flex',
  cei: 39.5,
  worst_hour: '2026-11-20 09:00:00',
  worst_hour_cei: 12,
  floor_kpi: 'voice_drop',
  weakest_kpi: 'voice_drop',
  samples: '12',
};

it('customers with the lowest index come page by page, as pseudonyms, and each look is audited', async () => {
  const { api, inserted } = await testApi({
    rows: { 'experience-latest': [{ day: '2026-11-20' }], 'experience-worst': [customer, { ...customer, customer: '7' }] },
  });
  const page = await api.inject({ url: '/api/v1/experience/customers?limit=1', headers: bearer('reader') });
  expect(page.json()).toMatchObject({
    day: '2026-11-20',
    items: [{ customer: '18446744073709551615', cei: 39.5, worst_hour: '2026-11-20T09:00:00.000Z', samples: 12 }],
    next: expect.any(String),
  });
  expect(inserted[0]).toMatchObject({ table: 'audit', rows: [{ action: 'experience.customers', detail: { customers: '1' } }] });
  const next = await api.inject({ url: `/api/v1/experience/customers?cursor=${page.json().next}`, headers: bearer('reader') });
  expect(next.statusCode).toBe(200);
  for (const wrong of ['cursor=abc', 'limit=0', 'day=yesterday', 'order=best'])
    expect((await api.inject({ url: `/api/v1/experience/customers?${wrong}`, headers: bearer('reader') })).statusCode, wrong).toBe(400);
  expect((await api.inject({ url: '/api/v1/experience/customers', headers: bearer('ingest') })).statusCode).toBe(403);
  await api.close();
});

it('nothing judged yet is no empty answer', async () => {
  const { api } = await testApi();
  const answer = await api.inject({ url: '/api/v1/experience/segments', headers: bearer('reader') });
  expect(answer.statusCode).toBe(404);
  expect(answer.json().hint).toContain('weir experience judge');
  await api.close();
});

it('segments tell points lost by KPI and by dimension; a mean of nothing is null', async () => {
  const { api } = await testApi({
    rows: {
      'experience-segments': [
        {
          segment: '',
          customers: '5',
          scored: '0',
          too_few: '5',
          floored: '0',
          cei: null,
          median: null,
          p10: null,
          below_40: '0',
          worst_hour: null,
        },
      ],
      'experience-kpis': [
        { kpi: 'voice_delay', customers: '3', counted: '2', score: 50, value: 7, samples: '20', lost: 4.5 },
        { kpi: 'gone', customers: '1', counted: '0', score: null, value: 1, samples: '1', lost: 0 },
      ],
    },
  });
  const answer = await api.inject({ url: '/api/v1/experience/segments?day=2026-11-20&days=7', headers: bearer('reader') });
  expect(answer.json()).toMatchObject({
    first: '2026-11-14',
    last: '2026-11-20',
    segments: [{ segment: '', customers: 5, cei: null }],
    kpis: [
      { kpi: 'voice_delay', rater: 'responsiveness', unit: 's', lost: 4.5 },
      { kpi: 'gone', title: 'gone', score: null },
    ],
    rater: { responsiveness: 4.5, reliability: 0 },
  });
  await api.close();
});

it('a pseudonym that is none is refused', async () => {
  const { api } = await testApi();
  for (const wrong of ['abc', '-1', '18446744073709551616', '1%20OR%201'])
    expect(
      (await api.inject({ url: `/api/v1/experience/customers/${wrong}?day=2026-11-20`, headers: bearer('reader') })).statusCode,
      wrong,
    ).toBe(400);
  const known = await api.inject({ url: '/api/v1/experience/customers/5?day=2026-11-20', headers: bearer('reader') });
  expect(known.json()).toEqual({ customer: '5', days: [] });
  await api.close();
});

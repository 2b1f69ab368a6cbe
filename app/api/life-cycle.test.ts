import { expect, it } from 'vitest';
import { bearer, testApi } from './context.fixture.ts';

const failed = {
  at: '2026-11-20 09:00:00.000',
  customer: '18446744073709551615',
  order_id: '=cmd',
  step: 'provisioned',
  stated: 'hlr_provisioned',
  plan: 'flex',
  segment: 'vip',
  system: 'hlr',
  actor: 'system',
  error: 'HLR "timeout"',
  attempts: '3',
  failures: '2',
  last_error: 'no such IMSI',
  last_at: '2026-11-20 11:00:00.000',
  succeeded_at: '1970-01-01 00:00:00.000',
  state: 'open',
};

it('what failed comes page by page or as CSV, and each look is audited', async () => {
  const { api, inserted } = await testApi({ rows: { 'life-cycle-failures': [failed, { ...failed, customer: '7' }] } });
  const get = (query: string, role: 'reader' | 'ingest' = 'reader') =>
    api.inject({ url: `/api/v1/life-cycle/failed?${query}`, headers: bearer(role) });
  const page = await get('limit=1&state=open');
  expect(page.json()).toMatchObject({
    items: [
      { customer: '18446744073709551615', at: '2026-11-20T09:00:00.000Z', attempts: 3, failures: 2, succeeded_at: null, state: 'open' },
    ],
    next: expect.any(String),
  });
  expect((await get(`cursor=${page.json().next}`)).statusCode).toBe(200);
  const csv = await get('format=csv');
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  // Pseudonyms are no numbers to a spreadsheet, and a text is no formula.
  expect(csv.body.split('\n')[1]).toBe(
    `"2026-11-20T09:00:00.000Z","'18446744073709551615","'=cmd","provisioned","hlr_provisioned","HLR ""timeout""","open",3,2,"","no such IMSI","2026-11-20T11:00:00.000Z","flex","vip","hlr","system"`,
  );
  expect(inserted.map(({ table, rows }) => [table, (rows[0] as { action: string }).action])).toEqual(
    Array(3).fill(['audit', 'life-cycle.failed']),
  );
  for (const wrong of [
    'state=lost',
    'from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z',
    'from=2000-01-01T00:00:00Z',
    'cursor=abc',
    'limit=0',
  ])
    expect((await get(wrong)).statusCode, wrong).toBe(400);
  expect((await get('', 'ingest')).statusCode).toBe(403);
  await api.close();
});

it('steps, stuck orders and visits', async () => {
  const { api } = await testApi({
    rows: {
      'life-cycle-steps': [
        {
          step: 'paid',
          orders: '4',
          right_first: '3',
          right_later: '1',
          failed: '0',
          failures: '1',
          median_seconds: 60,
          p95_seconds: 90,
          errors: ['card refused'],
        },
        {
          step: '',
          orders: '4',
          right_first: '3',
          right_later: '1',
          failed: '0',
          failures: '1',
          median_seconds: 0,
          p95_seconds: 0,
          errors: [],
        },
      ],
      'life-cycle-stuck': [
        {
          customer: '1',
          order_id: 'O',
          since: '2026-11-20 09:00:00.000',
          age_seconds: '90000',
          usual_seconds: '600',
          patience_seconds: '3600',
          failed_at: '1970-01-01 00:00:00.000',
          failures: '0',
        },
      ],
      'life-cycle-visits': [
        {
          team: 'red',
          area: 'north',
          booked: '2',
          arrived: '0',
          done: '0',
          missed: '0',
          no_access: '0',
          repeated: '0',
          judged: '0',
          on_time: '0',
          open: '2',
          median_late_seconds: 0,
          reasons: [],
        },
      ],
    },
  });
  const get = async (path: string) => (await api.inject({ url: `/api/v1/life-cycle/${path}`, headers: bearer('reader') })).json();
  expect(await get('steps')).toMatchObject({ steps: [{ step: '', first_time_right: 0.75 }, { step: 'paid' }], waiting: [] });
  expect(await get('stuck')).toMatchObject({
    items: [{ age_seconds: 90_000, failed_at: null, since: '2026-11-20T09:00:00.000Z' }],
    next: null,
  });
  expect(await get('visits')).toMatchObject({ visits: [{ team: 'red', on_time_share: null, open: 2 }] });
  expect(
    (await api.inject({ url: '/api/v1/life-cycle/stuck?cursor=MjAyNi0xMS0yMSAxMDowMDowMC4wMDB8eA', headers: bearer('reader') })).statusCode,
  ).toBe(400);
  await api.close();
});

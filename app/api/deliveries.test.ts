import { expect, it } from 'vitest';
import { bearer, testApi } from './context.fixture.ts';

const row = {
  endpoint: 'pager',
  incident_id: 'inc_1',
  sequence: '3',
  attempts: '10',
  state: 'dead',
  http_status: 503,
  error: 'answered 503',
  at: '2026-11-21 09:00:00.000',
  next_attempt_at: '1970-01-01 00:00:00.000',
  overtaken: 0,
  id: 'inc_1/0000000003/pager',
};
const settings = `targets: { pager: { type: alertmanager-webhook, url: "http://10.0.0.7/" } }`;

it('deliveries are listed, asked for again by operators, and audited', async () => {
  const { api, inserted } = await testApi({ settings, rows: { 'deliveries-latest': [row] } });
  const listed = await api.inject({ url: '/api/v1/deliveries?state=dead&target=pager&limit=1', headers: bearer('reader') });
  expect(listed.json()).toEqual({
    items: [
      {
        target: 'pager',
        incident_id: 'inc_1',
        sequence: 3,
        attempts: 10,
        state: 'dead',
        http_status: 503,
        error: 'answered 503',
        at: '2026-11-21T09:00:00.000Z',
        next_attempt_at: null,
        overtaken: false,
      },
    ],
    next: null,
  });
  const replay = (payload: object, role: 'reader' | 'operator' = 'operator') =>
    api.inject({ method: 'POST', url: '/api/v1/deliveries/replay', headers: bearer(role), payload });
  expect((await replay({ target: 'pager' })).json()).toEqual({ replayed: 1 });
  expect(inserted.map(({ table }) => table)).toEqual(['deliveries', 'audit']);
  expect(inserted[0]?.rows).toMatchObject([{ state: 'replay', attempt: 11, sequence: 3, error: 'asked for again by operator-token' }]);
  expect(inserted[1]?.rows).toMatchObject([{ action: 'deliveries.replay', target: 'pager', actor: 'operator-token' }]);
  expect((await replay({ target: 'pager' }, 'reader')).statusCode).toBe(403);
  expect((await replay({ target: 'nobody' })).json()).toMatchObject({ error: 'not_found' });
  for (const wrong of [{}, { overtaken: true }, { target: '' }, { target: 'pager', more: 1 }])
    expect((await replay(wrong)).statusCode, JSON.stringify(wrong)).toBe(400);
  await api.close();
});

import { expect, it } from 'vitest';
import { bearer, testApi } from './context.fixture.ts';

const row = {
  maintenance_id: 'mnt_1',
  kind: 'window',
  matchers: { node: 'msc-1' },
  starts_at: '2026-11-21 09:00:00.000',
  ends_at: '2026-11-21 12:00:00.000',
  reason: 'software',
  actor: 'ann',
  state: 'active',
  version: '1',
  at: '2026-11-20 09:00:00.000',
  phase: 'active',
};
const settings = `calendars: { home: { maintenance: [{ weekly: 'sun 02:00-04:00', match: { leg: rating }, reason: backup }] } }`;

it('maintenance is listed with the weekly work, entered by operators and audited', async () => {
  const { api, inserted, clock } = await testApi({ settings, rows: { 'maintenance-page': [row], 'maintenance-by-prefix': [row] } });
  const listed = await api.inject({ url: '/api/v1/maintenance?state=active', headers: bearer('reader') });
  expect(listed.json()).toEqual({
    items: [expect.objectContaining({ maintenance_id: 'mnt_1', state: 'active', starts_at: '2026-11-21T09:00:00.000Z', version: 1 })],
    next: null,
    weekly: [{ id: 'calendars.home.maintenance.0', weekly: 'sun 02:00-04:00', matchers: { leg: 'rating' }, reason: 'backup' }],
  });
  const post = (url: string, payload: object | undefined, role: 'reader' | 'operator' = 'operator') =>
    api.inject({ method: 'POST', url: `/api/v1/maintenance${url}`, headers: bearer(role), ...(payload ? { payload } : {}) });
  const ends_at = new Date(clock.now() + 3_600_000).toISOString();
  const added = await post('', { matchers: { source: 'a' }, ends_at, reason: 'noise', kind: 'silence' });
  expect(added.statusCode).toBe(201);
  expect(added.json()).toMatchObject({ kind: 'silence', state: 'active', ends_at, actor: 'operator-token', version: 1 });
  const cancelled = await post('/mnt_1/cancel', undefined);
  expect(cancelled.json()).toMatchObject({ state: 'cancelled', version: 2, actor: 'operator-token' });
  expect(inserted.map(({ table }) => table)).toEqual(['maintenance', 'audit', 'maintenance', 'audit']);
  expect(inserted[1]?.rows).toMatchObject([{ action: 'maintenance.add', actor: 'operator-token', role: 'operator' }]);
  expect((await post('', { matchers: { source: 'a' }, ends_at, reason: 'x' }, 'reader')).statusCode).toBe(403);
  expect((await post('/mnt_1/cancel', undefined, 'reader')).statusCode).toBe(403);
  for (const wrong of [
    { matchers: {} },
    { ends_at: 'tomorrow' },
    { ends_at: '2020-01-01T00:00:00Z' },
    { reason: '' },
    { more: 1 },
    { kind: 'other' },
  ]) {
    const answer = await post('', { matchers: { source: 'a' }, ends_at, reason: 'x', ...wrong });
    expect([answer.statusCode, answer.json().error], JSON.stringify(wrong)).toEqual([400, 'usage']);
  }
  await api.close();
});

it('what is not there or over cannot be cancelled', async () => {
  const gone = await testApi();
  const missing = await gone.api.inject({ method: 'POST', url: '/api/v1/maintenance/mnt_x/cancel', headers: bearer('operator') });
  expect(missing.json()).toMatchObject({ error: 'not_found' });
  const over = await testApi({ rows: { 'maintenance-by-prefix': [{ ...row, ends_at: '2026-11-21 09:30:00.000' }] } });
  const late = await over.api.inject({ method: 'POST', url: '/api/v1/maintenance/mnt_1/cancel', headers: bearer('operator') });
  expect([late.statusCode, late.json().error]).toEqual([409, 'conflict']);
  await Promise.all([gone.api.close(), over.api.close()]);
});

import { expect, it } from 'vitest';
import { bearer, testApi } from './context.fixture.ts';

const incident = { incident_id: 'inc_1', finding: { finding_key: 'k', detector: 'S12', scope: { source: 'a' } } };

it('verdicts are said by operators, stored per finding and audited', async () => {
  const { api, inserted } = await testApi({ rows: { 'incident-latest-by-id': [{ body: JSON.stringify(incident) }] } });
  const say = (payload: object, role: 'reader' | 'operator' = 'operator') =>
    api.inject({ method: 'POST', url: '/api/v1/incidents/inc_1/verdict', headers: bearer(role), payload });
  const said = await say({ verdict: 'useful', note: 'found the route' });
  expect(said.statusCode).toBe(200);
  const row = {
    incident_id: 'inc_1',
    finding_key: 'k',
    detector: 'S12',
    scope: { source: 'a' },
    verdict: 'useful',
    note: 'found the route',
  };
  expect(said.json().items).toMatchObject([{ ...row, actor: 'operator-token', origin: 'api', at: '2026-11-21T10:00:00.000Z' }]);
  expect(inserted.map(({ table }) => table)).toEqual(['verdicts', 'audit']);
  expect(inserted[0]?.rows).toMatchObject([{ ...row, tenant: 'main', at: '2026-11-21 10:00:00.000' }]);
  expect(inserted[1]?.rows).toMatchObject([{ action: 'incident.verdict', target: 'inc_1', detail: { verdict: 'useful' } }]);
  expect((await say({ verdict: true })).json().items).toMatchObject([{ verdict: 'true', note: '' }]);
  expect((await say({ verdict: 'true' }, 'reader')).statusCode).toBe(403);
  for (const wrong of [{}, { verdict: 'maybe' }, { verdict: 'true', note: 'x'.repeat(5000) }, { verdict: 'true', more: 1 }])
    expect((await say(wrong)).json(), JSON.stringify(wrong).slice(0, 60)).toMatchObject({ error: 'usage' });
  await api.close();
});

it('verdicts are listed by page', async () => {
  const row = { verdict_id: 'ver_1', incident_id: 'inc_1', verdict: 'false', at: '2026-11-21 09:00:00.000' };
  const { api } = await testApi({ rows: { 'api-verdicts': [row, { ...row, verdict_id: 'ver_0' }] } });
  const page = await api.inject({ url: '/api/v1/verdicts?limit=1&verdict=false', headers: bearer('reader') });
  expect(page.json()).toMatchObject({ items: [{ verdict_id: 'ver_1', at: '2026-11-21T09:00:00.000Z' }], next: expect.any(String) });
  expect((await api.inject({ url: "/api/v1/verdicts?detector=a'b", headers: bearer('reader') })).statusCode).toBe(400);
  await api.close();
});

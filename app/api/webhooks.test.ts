import { expect, it } from 'vitest';
import { bearer, testApi } from './context.fixture.ts';

const settings = 'webhooks: [{ name: tickets, url: "http://10.0.0.7/", secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz }]';

it('refuses what would lead into the network that Weir stands in, and readers', async () => {
  const { api, inserted } = await testApi({ settings });
  const register = (payload: object, role: 'reader' | 'operator' = 'operator') =>
    api.inject({ method: 'POST', url: '/api/v1/webhooks', headers: bearer(role), payload });
  for (const url of [
    'http://hooks.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://10.1.2.3:8443/',
    'https://user:password@hooks.example/',
    'file:///etc/passwd',
    'not an address',
  ]) {
    const answer = await register({ name: 'a', url });
    expect([answer.statusCode, answer.json().error], url).toEqual([400, 'usage']);
  }
  expect((await register({ name: 'tickets', url: 'https://hooks.example/' })).statusCode).toBe(409);
  expect((await register({ name: 'a', url: 'https://hooks.example/' }, 'reader')).statusCode).toBe(403);
  expect((await api.inject({ url: '/api/v1/webhooks', headers: bearer('reader') })).statusCode).toBe(403);
  expect((await register({ name: 'A b', url: 'https://hooks.example/' })).statusCode).toBe(400);
  expect(inserted).toEqual([]);
  await api.close();
});

import { describe, expect, it } from 'vitest';
import type { Connector } from '../inbound/connectors.ts';
import { bearer, testApi } from './context.fixture.ts';

const connector: Connector = {
  name: 'desk',
  type: 'jira',
  secrets: ['s'.repeat(16)],
  target: '',
  own: new Set(),
  statuses: {},
  perMinute: 3,
};
const url = '/api/v1/inbound/desk';
const headers = { host: '127.0.0.1:8080', 'content-type': 'application/json' };

async function server() {
  const received: string[] = [];
  const test = await testApi({
    connectors: new Map([['desk', connector]]),
    inbox: {
      verify: (_connector, given) =>
        given['x-hub-signature'] === 'right' ? { ok: true, delivery_id: 'd' } : { ok: false, reason: 'The signature is not right.' },
      receive: async (_connector, _id, body) => void received.push(body.toString()),
    },
  });
  const post = (signature: string, payload = '{"a": 1}') =>
    test.api.inject({ method: 'POST', url, headers: { ...headers, 'x-hub-signature': signature }, payload });
  return { ...test, post, received };
}

describe('what ticket systems post', () => {
  it('is taken byte for byte, also when it is no JSON, up to what a minute allows', async () => {
    const { api, post, received } = await server();
    for (const body of ['{"a": 1}', '{ broken', 'x']) expect((await post('right', body)).statusCode).toBe(202);
    expect(received).toEqual(['{"a": 1}', '{ broken', 'x']);
    const late = await post('right');
    expect([late.statusCode, late.headers['retry-after']]).toEqual([429, '20']);
    await api.close();
  });

  it('with wrong signatures makes an address wait, takes nothing from who is genuine, and keeps nobody from the API', async () => {
    const { api, post, received } = await server();
    expect((await post('right')).statusCode).toBe(202);
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await post('wrong')).statusCode).toBe(401);
    expect((await post('right')).statusCode).toBe(202);
    expect((await api.inject({ url: '/api/v1/incidents', headers: bearer('reader') })).statusCode).toBe(200);
    expect(received).toHaveLength(2);
    await api.close();
    const other = await server();
    for (let attempt = 0; attempt < 10; attempt += 1) await other.post('wrong');
    expect((await other.post('right')).statusCode).toBe(429);
    expect(other.received).toEqual([]);
    await other.api.close();
  });
});

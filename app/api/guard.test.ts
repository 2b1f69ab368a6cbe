import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, cookieName, secrets, type TestApi, testApi } from './context.fixture.ts';
import { cookieOf } from './guard.ts';

const host = '127.0.0.1:8080';
let test: TestApi;
beforeAll(async () => {
  test = await testApi();
});
afterAll(() => test.api.close());

const get = (url: string, headers: Record<string, string>) => test.api.inject({ method: 'GET', url, headers });

describe('who may do what', () => {
  const matrix = [
    // url, method, body, reader, operator, ingest, owner, nobody
    ['GET', '/api/v1/incidents', undefined, [200, 200, 403, 200, 401]],
    ['GET', '/api/v1/findings', undefined, [200, 200, 403, 200, 401]],
    ['GET', '/api/v1/control-results', undefined, [200, 200, 403, 200, 401]],
    ['GET', '/api/v1/sources', undefined, [200, 200, 403, 200, 401]],
    ['GET', '/api/v1/sources/calls/files', undefined, [200, 200, 403, 200, 401]],
    ['GET', '/api/v1/rejects', undefined, [200, 200, 403, 200, 401]],
    ['GET', '/api/v1/rejects/reasons', undefined, [200, 200, 403, 200, 401]],
    ['GET', '/api/v1/rejects/3f2a9c1e-7b44-4000-8000-00000000002a/bytes', undefined, [403, 404, 403, 404, 401]],
    ['POST', '/api/v1/incidents/inc_a/acknowledge', {}, [403, 200, 403, 200, 401]],
    ['POST', '/api/v1/replay', { source: 'calls' }, [403, 503, 403, 503, 401]],
    ['POST', '/api/v1/ingest/calls', {}, [403, 403, 503, 503, 401]],
    ['POST', '/api/v1/sql', { sql: 'SELECT 1' }, [200, 200, 403, 200, 401]],
    ['GET', '/metrics', undefined, [200, 200, 403, 200, 401]],
    ['GET', '/health/live', undefined, [200, 200, 200, 200, 200]],
    ['GET', '/docs/json', undefined, [200, 200, 200, 200, 200]],
    ['GET', '/', undefined, [200, 200, 401, 200, 401]],
    ['GET', '/sources', undefined, [200, 200, 401, 200, 401]],
    ['GET', '/incidents/inc_a', undefined, [200, 200, 401, 200, 401]],
  ] as const;
  const roles = ['reader', 'operator', 'ingest', 'owner'] as const;

  it.each(matrix)('%s %s', async (method, url, body, expected) => {
    const answered: number[] = [];
    for (const headers of [...roles.map(bearer), { host }]) {
      const { statusCode } = await test.api.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
      answered.push(statusCode);
    }
    expect(answered).toEqual(expected);
  });

  it('refuses what is no token', async () => {
    for (const authorization of [
      'Bearer',
      'Bearer ',
      'Basic b3duZXI6eA==',
      `bearer x${secrets.owner}`,
      `Token ${secrets.owner}`,
      '\u0000',
    ]) {
      const { statusCode, json } = await get('/api/v1/incidents', { host, authorization });
      expect(statusCode).toBe(401);
      expect(json()).toMatchObject({ error: 'unauthorised' });
    }
  });
});

describe('sessions', () => {
  const owner = { name: 'owner', role: 'owner', origin: 'console' } as const;
  const act = (headers: Record<string, string>) =>
    test.api.inject({ method: 'POST', url: '/api/v1/incidents/inc_a/acknowledge', headers, payload: {} });

  it('read with the cookie alone, and change only from our own page', async () => {
    const cookie = `${cookieName}=${test.sessions.open(owner)}`;
    const origin = `http://${host}`;
    expect((await get('/api/v1/incidents', { host, cookie })).statusCode).toBe(200);
    const own = { host, cookie, origin, 'x-weir-request': '1' };
    expect((await act(own)).statusCode).toBe(200);
    expect((await act({ ...own, 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
    expect((await act({ host, cookie, 'sec-fetch-site': 'same-origin', 'x-weir-request': '1' })).statusCode).toBe(200);
    const foreign: Record<string, string>[] = [
      { host, cookie },
      { host, cookie, origin },
      { host, cookie, 'x-weir-request': '1' },
      { ...own, origin: 'http://evil.example' },
      { ...own, origin: 'http://127.0.0.1:9999' },
      { ...own, origin: 'null' },
      { ...own, 'sec-fetch-site': 'cross-site' },
      { ...own, 'sec-fetch-site': 'same-site' },
      { host, cookie, 'sec-fetch-site': 'none', 'x-weir-request': '1' },
    ];
    for (const headers of foreign) expect((await act(headers)).statusCode, JSON.stringify(headers)).toBe(403);
  });

  it('are unknown to other cookies and end with a log-out', async () => {
    const id = test.sessions.open(owner);
    expect((await get('/api/v1/incidents', { host, cookie: `${cookieName}=${id}x` })).statusCode).toBe(401);
    expect((await get('/api/v1/incidents', { host, cookie: `other=${id}` })).statusCode).toBe(401);
    const headers = { host, cookie: `a=b; ${cookieName}=${id}`, origin: `http://${host}`, 'x-weir-request': '1' };
    const out = await test.api.inject({ method: 'DELETE', url: '/api/v1/session', headers });
    expect(out.statusCode).toBe(204);
    expect(out.headers['set-cookie']).toContain('Max-Age=0');
    expect((await get('/api/v1/incidents', headers)).statusCode).toBe(401);
  });

  it('are read from a cookie header however it is written', () => {
    expect(cookieOf('a=1; b=2;c=3', 'c')).toBe('3');
    expect(cookieOf('a=1; bb=2', 'b')).toBeUndefined();
    expect(cookieOf(undefined, 'b')).toBeUndefined();
    expect(cookieOf('=;;=x; b', 'b')).toBeUndefined();
  });
});

describe('login', () => {
  const link = (sessions: TestApi['sessions']): string =>
    `/login?token=${sessions.mintLink({ name: 'owner', role: 'owner', origin: 'console' })}`;

  it('opens a session once, and says so in the audit', async () => {
    const url = link(test.sessions);
    const first = await get(url, { host });
    expect(first.statusCode).toBe(200);
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toMatch(/^weir_test=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect((await get('/api/v1/session', { host, cookie: cookie.split(';')[0]! })).json()).toEqual({ name: 'owner', role: 'owner' });
    expect((await get(url, { host })).statusCode).toBe(401);
    expect(test.inserted.at(-1)).toMatchObject({ table: 'audit', rows: [{ actor: 'owner', action: 'session.open', origin: 'console' }] });
    expect(JSON.stringify(test.inserted)).not.toContain(url.split('=')[1]);
  });

  it('is over after 15 minutes; a session after 12 hours', async () => {
    const late = await testApi();
    const url = link(late.sessions);
    late.clock.instant += 15 * 60_000;
    expect((await late.api.inject({ url, headers: { host } })).statusCode).toBe(401);
    const opened = await late.api.inject({ url: link(late.sessions), headers: { host } });
    const cookie = String(opened.headers['set-cookie']).split(';')[0]!;
    late.clock.instant += 12 * 3_600_000 - 1;
    expect((await late.api.inject({ url: '/api/v1/incidents', headers: { host, cookie } })).statusCode).toBe(200);
    late.clock.instant += 1;
    expect((await late.api.inject({ url: '/api/v1/incidents', headers: { host, cookie } })).statusCode).toBe(401);
    await late.api.close();
  });

  it('exchanges a token for a session of the same role', async () => {
    const opened = await test.api.inject({ method: 'POST', url: '/api/v1/session', headers: bearer('reader') });
    const cookie = String(opened.headers['set-cookie']).split(';')[0]!;
    expect((await get('/api/v1/session', { host, cookie })).json()).toEqual({ name: 'reader-token', role: 'reader' });
    const acted = await test.api.inject({
      method: 'POST',
      url: '/api/v1/incidents/inc_a/close',
      headers: { host, cookie, origin: `http://${host}`, 'x-weir-request': '1' },
      payload: {},
    });
    expect(acted.statusCode).toBe(403);
  });

  it('is Secure and bound to the host behind https', async () => {
    const { api, sessions } = await testApi({ settings: 'http: { publicUrl: "https://weir.example" }' });
    const { headers } = await api.inject({ url: link(sessions), headers: { host: 'weir.example' } });
    expect(headers['set-cookie']).toMatch(/; Secure$/);
    expect(headers['strict-transport-security']).toBeDefined();
    await api.close();
  });

  it('makes who guesses wait, but not who is in already', async () => {
    const { api, clock } = await testApi();
    const ask = (token: string) => api.inject({ url: '/api/v1/incidents', headers: { host, authorization: `Bearer ${token}` } });
    expect((await ask(secrets.reader)).statusCode).toBe(200);
    for (let guess = 0; guess < 10; guess++) expect((await ask(`guess-${guess}`)).statusCode).toBe(401);
    const waiting = await ask('guess-10');
    expect(waiting.statusCode).toBe(429);
    expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(secrets.operator)).statusCode).toBe(429);
    expect((await ask(secrets.reader)).statusCode).toBe(200);
    expect((await api.inject({ url: '/login?token=guess', headers: { host } })).statusCode).toBe(429);
    clock.instant += 60_000;
    expect((await ask(secrets.operator)).statusCode).toBe(200);
    await api.close();
  });
});

describe('every answer', () => {
  it('refuses names that are not ours', async () => {
    for (const name of ['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', '/', 'localhost@evil.example', '[::2]', '10.0.0.1'])
      expect((await get('/health/live', { host: name })).statusCode, name).toBe(403);
    for (const name of ['localhost:8080', '127.0.0.1', '[::1]:8080', 'LOCALHOST'])
      expect((await get('/health/live', { host: name })).statusCode, name).toBe(200);
    expect((await get('/api/v1/incidents', { ...bearer('owner'), host: 'evil.example' })).statusCode).toBe(403);
  });

  it('carries the security headers', async () => {
    for (const url of ['/', '/health/live', '/api/v1/incidents', '/nothing', '/console/style.css', '/docs/json']) {
      const { headers } = await get(url, { host });
      expect(headers, url).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy'], url).toContain("default-src 'none'");
      expect(headers['content-security-policy'], url).not.toContain('unsafe-eval');
    }
    expect((await get('/', { host })).headers['content-security-policy']).not.toContain('unsafe-inline');
  });
});

import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WeirError } from '../../core/errors.ts';
import { bearer, type TestApi, type TestApiOptions, testApi } from './context.fixture.ts';

const host = '127.0.0.1:8080';
let test: TestApi;
beforeAll(async () => {
  test = await testApi();
});
afterAll(() => test.api.close());

/** One request to an API of its own. */
async function once(options: TestApiOptions, request: { method?: 'GET' | 'POST'; url: string; payload?: object | string }) {
  const { api, inserted } = await testApi(options);
  const answer = await api.inject({ method: 'GET', headers: bearer('operator'), ...request });
  await api.close();
  return { answer, inserted };
}

describe('the OpenAPI document', () => {
  it('is valid, and every route says what it does and what it answers', async () => {
    const document = (await test.api.inject({ url: '/docs/json', headers: { host } })).json();
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    const operations = Object.entries<Record<string, { summary?: string; responses?: object }>>(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );
    expect(operations.length).toBeGreaterThan(20);
    for (const { name, summary, responses } of operations) {
      expect(summary, name).toMatch(/^[A-Z].{5,}/);
      expect(Object.keys(responses ?? {}), name).toEqual(expect.arrayContaining(['4XX', '5XX']));
    }
  });

  it('knows every route that is not a page', async () => {
    const { paths } = (await test.api.inject({ url: '/docs/json', headers: { host } })).json();
    expect(Object.keys(paths).length).toBeGreaterThan(18);
    for (const path of [
      '/login',
      '/metrics',
      '/health/ready',
      '/api/v1/ingest/{source}',
      '/api/v1/incidents/events',
      '/api/v1/incidents/{incident_id}/comment',
    ])
      expect(Object.keys(paths)).toContain(path);
  });
});

describe('errors', () => {
  const shape = { error: expect.any(String), message: expect.any(String), hint: expect.any(String) };

  it('have one shape', async () => {
    const requests = [
      ['GET', '/nothing', undefined, 404, 'not_found'],
      ['GET', '/api/v1/nothing', undefined, 404, 'not_found'],
      ['GET', '/api/v1/incidents/inc_none', undefined, 404, 'not_found'],
      ['GET', '/api/v1/incidents?limit=0', undefined, 400, 'usage'],
      ['GET', '/api/v1/incidents?limit=501', undefined, 400, 'usage'],
      ['GET', '/api/v1/incidents?nonsense=1', undefined, 400, 'usage'],
      ['GET', '/api/v1/incidents?cursor=x', undefined, 400, 'usage'],
      ['GET', '/api/v1/incidents?since=yesterday', undefined, 400, 'usage'],
      ['GET', "/api/v1/incidents?state=open')--", undefined, 400, 'usage'],
      ['GET', '/api/v1/rejects/42/bytes', undefined, 400, 'usage'],
      ['GET', '/console/..%2f..%2fpackage.json', undefined, 400, 'usage'],
      ['GET', '/console/none.js', undefined, 404, 'not_found'],
      ['GET', '/%', undefined, 400, 'body_unreadable'],
      ['POST', '/api/v1/sql', { sql: '' }, 400, 'usage'],
      ['POST', '/api/v1/sql', '{"sql":', 400, 'body_unreadable'],
      ['POST', '/api/v1/sql', { sql: 'SELECT 1', more: 1 }, 400, 'usage'],
      ['POST', '/api/v1/sql', { sql: 'x'.repeat(300_000) }, 413, 'body_too_large'],
      ['POST', '/api/v1/replay', { source: 'Not A Name' }, 400, 'usage'],
    ] as const;
    for (const [method, url, payload, status, error] of requests) {
      const headers = { ...bearer('operator'), ...(typeof payload === 'string' ? { 'content-type': 'application/json' } : {}) };
      const answer = await test.api.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
      expect(answer.statusCode, url).toBe(status);
      expect(answer.json(), url).toEqual({ ...shape, error });
    }
  });

  it('never show the inside', async () => {
    const inside = [
      new WeirError('clickhouse_failed', 'code 60: secret_table in SELECT secret_column', { place: 'secret_query' }),
      new WeirError('clickhouse_unreachable', 'connect ECONNREFUSED 10.9.8.7:8123 secret'),
      new TypeError('secret is not a function'),
    ];
    for (const error of inside) {
      const { answer } = await once({ rows: { 'api-incidents': error } }, { url: '/api/v1/incidents' });
      expect(answer.statusCode).toBeGreaterThanOrEqual(500);
      expect(answer.body).not.toMatch(/secret|10\.9\.8\.7/);
      expect(answer.json()).toEqual(shape);
    }
  });
});

describe('incidents', () => {
  const row = (id: string, at: string): object => ({
    ...{ incident_id: id, sequence: '3', severity: 2, money: '12.500000', customers: '7' },
    ...{ began_at: at, detected_at: at, at },
  });

  it('come in pages that hand on where they ended', async () => {
    const rows = [
      row('inc_c', '2026-11-21 10:00:02.000'),
      row('inc_b', '2026-11-21 10:00:01.000'),
      row('inc_a', '2026-11-21 10:00:00.000'),
    ];
    const { answer } = await once({ rows: { 'api-incidents': rows } }, { url: '/api/v1/incidents?limit=2&state=active&severity=1,2' });
    const page = answer.json();
    expect(page.items.map(({ incident_id }: { incident_id: string }) => incident_id)).toEqual(['inc_c', 'inc_b']);
    expect(page.items[0]).toMatchObject({ sequence: 3, customers: 7, money: '12.500000', updated_at: '2026-11-21T10:00:02.000Z' });
    expect(Buffer.from(page.next, 'base64url').toString()).toBe('2026-11-21 10:00:01.000|inc_b');
  });

  it('are acted on in the name of the token, with a row in the audit', async () => {
    const { api, acted, inserted } = await testApi();
    const answer = await api.inject({
      method: 'POST',
      url: '/api/v1/incidents/inc_a/assign',
      headers: bearer('operator'),
      payload: { assignee: 'ada', note: 'hers' },
    });
    expect(answer.statusCode).toBe(200);
    expect(acted).toEqual([{ id: 'inc_a', action: { type: 'assign', actor: 'operator-token', assignee: 'ada', note: 'hers' } }]);
    expect(inserted).toMatchObject([
      {
        table: 'audit',
        rows: [
          {
            actor: 'operator-token',
            role: 'operator',
            action: 'incident.assign',
            target: 'inc_a',
            detail: { address: '127.0.0.1', assignee: 'ada' },
          },
        ],
      },
    ]);
    const bare = await api.inject({ method: 'POST', url: '/api/v1/incidents/inc_a/acknowledge', headers: bearer('operator') });
    expect(bare.statusCode).toBe(200);
    await api.close();
  });

  it('say when the state does not allow it, and leave no audit of what did not happen', async () => {
    const refused = await once(
      { act: { outcome: 'refused', reason: 'An incident that is closed cannot become open.' } },
      { method: 'POST', url: '/api/v1/incidents/inc_a/acknowledge', payload: {} },
    );
    expect(refused.answer.statusCode).toBe(409);
    expect(refused.answer.json().error).toBe('conflict');
    expect(refused.inserted).toEqual([]);
    const missing = await once({ act: { outcome: 'not_found' } }, { method: 'POST', url: '/api/v1/incidents/inc_a/close', payload: {} });
    expect(missing.answer.statusCode).toBe(404);
  });
});

describe('rejected bytes', () => {
  it('are shown as base64 to an operator, and the audit says so', async () => {
    const bytes = { source: 'calls', truncated: false, bytes_base64: 'AP8=' };
    const url = '/api/v1/rejects/3f2a9c1e-7b44-4000-8000-00000000002a/bytes';
    const { answer, inserted } = await once({ rows: { 'api-reject-bytes': [bytes] } }, { url });
    expect(answer.json()).toEqual(bytes);
    expect(inserted).toMatchObject([{ table: 'audit', rows: [{ action: 'rejects.read', detail: { source: 'calls' } }] }]);
  });
});

describe('SQL', () => {
  const ask = (answer: string | Error, format = 'json') =>
    once({ answer }, { method: 'POST', url: '/api/v1/sql', payload: { sql: 'SELECT 1', format } });

  it('answers as JSON with columns, or as CSV', async () => {
    const { answer } = await ask('{"meta":[{"name":"n","type":"UInt8"}],"data":[{"n":1}],"rows":1}');
    expect(answer.json()).toEqual({ columns: [{ name: 'n', type: 'UInt8' }], rows: [{ n: 1 }] });
    const csv = await ask('"n"\n1\n', 'csv');
    expect(csv.answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.answer.headers['x-content-type-options']).toBe('nosniff');
    expect(csv.answer.body).toBe('"n"\n1\n');
  });

  it('says what was refused, also in the middle of an answer', async () => {
    const refused = await ask(new WeirError('query_refused', 'not granted', { hint: 'h' }));
    expect(refused.answer.statusCode).toBe(400);
    expect(refused.answer.json()).toEqual({ error: 'query_refused', message: 'not granted', hint: 'h' });
    const broken = await ask('{"meta":[],"data":[{"n":1},\nCode: 159. DB::Exception: Timeout exceeded: elapsed 60 s. (TIMEOUT_EXCEEDED)');
    expect(broken.answer.statusCode).toBe(400);
    expect(broken.answer.json().message).toContain('Timeout exceeded');
  });
});

describe('posted batches', () => {
  it('that say they are too large are refused before they are read', async () => {
    const headers = { ...bearer('ingest'), 'content-length': '99999999999', 'content-type': 'text/csv' };
    const answer = await test.api.inject({ method: 'POST', url: '/api/v1/ingest/calls', headers });
    expect(answer.statusCode).toBe(413);
    expect(answer.json().error).toBe('body_too_large');
  });

  it('are to be sent again while the ingest process is away', async () => {
    const answer = await test.api.inject({ method: 'POST', url: '/api/v1/ingest/calls', headers: bearer('ingest'), payload: '{}' });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.json().error).toBe('not_running');
  });
});

describe('metrics', () => {
  it('go on when other processes are away, and say that they are', async () => {
    const accounting = {
      source: 'calls',
      read: '4',
      stored: '3',
      rejected: '1',
      dropped: '0',
      in_flight: '0',
      in_tables: '3',
      balanced: 1,
      proved: 1,
    };
    const { answer } = await once(
      { rows: { 'api-accounting': [accounting], 'api-incidents-by-severity': [{ severity: 2, incidents: '5' }] } },
      { url: '/metrics' },
    );
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const line of [
      'weir_up{role="api"} 1',
      'weir_up{role="ingest"} 0',
      'weir_up{role="clickhouse"} 1',
      'weir_accounting_read{source="calls"} 4',
      'weir_accounting_rejected{source="calls"} 1',
      'weir_accounting_proved{source="calls"} 1',
      'weir_incidents_open{severity="2"} 5',
      'weir_incidents_open{severity="1"} 0',
    ])
      expect(answer.body.split('\n')).toContain(line);
    const failing = await once({ rows: { 'api-accounting': new Error('away') } }, { url: '/metrics' });
    expect(failing.answer.body).toContain('weir_up{role="clickhouse"} 0');
  });
});

describe('health', () => {
  it('says what does not answer', async () => {
    const answer = await test.api.inject({ url: '/health/ready', headers: { host } });
    expect(answer.statusCode).toBe(503);
    expect(answer.json().checks.ingest).toEqual({ ok: false, message: 'the ingest process does not answer' });
  });
});

/** The API over a real ClickHouse, a real pipeline and real connections. */
import { readFileSync, statSync } from 'node:fs';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { createIncidentDesk, type IncidentDesk } from '../incidents/desk.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { apiRole } from '../roles/api.ts';
import { ingestRole } from '../roles/ingest.ts';
import type { RoleStart, RunningRole } from '../roles/role.ts';
import { parseSettings } from '../settings/load.ts';
import { readVerdicts } from '../verdicts/counts.ts';
import { newLoginLink } from './link-socket.ts';
import { freePort } from './listen.ts';

const clickhouse = withClickHouse();
const log = pino({ level: 'silent' });
const clock = { now: () => Date.now() };
let start: RoleStart;
let ingest: RunningRole;
let api: RunningRole;
let desk: IncidentDesk;
let url: string;
let owner: Record<string, string>;

beforeAll(async () => {
  const port = await freePort('127.0.0.1', 28_080);
  const settings = parseSettings(
    `http: { port: ${port}, maxBodyBytes: 65536, maxConcurrentPosts: 2 }\nsources: { calls: { type: http, format: weir-json, leg: switch } }`,
    'weir.yaml',
  );
  const { url: at, credentials } = clickhouse.server;
  start = {
    role: 'api',
    settings,
    dataDirectory: clickhouse.directory,
    owner: { url: at, user: 'weir', password: credentials.weir },
    analyst: { url: at, user: 'analyst', password: credentials.analyst },
    demo: false,
  };
  ingest = await ingestRole({ ...start, role: 'ingest' }, log, () => undefined);
  api = await apiRole(start, log, () => undefined);
  url = api.info['url'] as string;
  owner = { authorization: `Bearer ${readFileSync(`${clickhouse.directory}/run/owner.token`, 'utf8').trim()}` };
  desk = createIncidentDesk({ store: clickhouse.store, clock, tenant: 'main', settings: incidentSettings(settings), log });
});
afterAll(async () => {
  await api?.stop();
  await ingest?.stop();
});

const ask = (path: string, options: RequestInit = {}) => fetch(`${url}${path}`, { ...options, headers: { ...owner, ...options.headers } });
const post = (path: string, body: object) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const call = (second: number): string =>
  JSON.stringify({
    start_time: new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString(),
    leg: 'switch',
    service: 'voice',
    duration_seconds: 30,
  });

function finding(key: string): Finding {
  const at = new Date().toISOString();
  return {
    ...{
      finding_key: key,
      detector: 'S01',
      title: `Files of ${key} are missing`,
      kind: 'data',
      tenant: 'main',
      metric: 'files',
      scope: { source: key },
    },
    ...{
      window: { from: at, to: at },
      detected_at: at,
      began_at: at,
      observed: 1,
      expected: 2,
      lower: 2,
      upper: 2,
      unit: 'files',
      direction: 'down',
    },
    ...{ score: 9, effect: -0.5, explanation: [], change_suspects: [], evidence: { sql: 'SELECT 1', sample_record_ids: [] } },
    ...{ data_quality: { completeness: 1, lag_s: 0 }, summary: 'One file is missing.', state: 'firing' },
  };
}

/** Events of the stream until `enough`, then hangs up. */
async function events(lastEventId: string | undefined, enough: (text: string) => boolean, begin?: () => Promise<unknown>): Promise<string> {
  const controller = new AbortController();
  const response = await ask('/api/v1/incidents/events', {
    signal: controller.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  await begin?.();
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (enough(text)) break;
  }
  controller.abort();
  return text;
}

describe('incidents over HTTP', () => {
  it('are listed, shown in full, acted on and audited', async () => {
    const [opened] = await desk.take([finding('north')]);
    const id = opened?.incident_id as string;
    const { items } = (await (await ask('/api/v1/incidents?state=active')).json()) as { items: { incident_id: string }[] };
    expect(items.map(({ incident_id }) => incident_id)).toContain(id);
    const acted = await post(`/api/v1/incidents/${id}/acknowledge`, { note: 'seen' });
    expect(await acted.json()).toMatchObject({ outcome: 'changed', incident: { state: 'acknowledged', sequence: 2 } });
    expect(await (await post(`/api/v1/incidents/${id}/comment`, { note: 'called the vendor' })).json()).toMatchObject({
      outcome: 'changed',
    });
    expect((await post(`/api/v1/incidents/${id}/comment`, {})).status).toBe(409);
    expect((await post('/api/v1/incidents/inc_none/close', {})).status).toBe(404);
    const full = (await (await ask(`/api/v1/incidents/${id}`)).json()) as {
      incident: { timeline: object[] };
      transitions: { transition: string }[];
    };
    expect(full.transitions.map(({ transition }) => transition)).toEqual(['opened', 'acknowledged', 'commented']);
    expect(full.incident.timeline).toMatchObject([{}, { actor: 'owner', text: 'seen' }, { actor: 'owner', text: 'called the vendor' }]);
    const audit = await clickhouse.store.select("SELECT actor, action FROM audit WHERE action LIKE 'incident%' ORDER BY at");
    expect(audit).toEqual([
      { actor: 'owner', action: 'incident.acknowledge' },
      { actor: 'owner', action: 'incident.comment' },
    ]);
  });

  it('are judged by people, whose latest word counts', async () => {
    const [opened] = await desk.take([finding('judged')]);
    const id = opened?.incident_id as string;
    const said = (await (await post(`/api/v1/incidents/${id}/verdict`, { verdict: 'true' })).json()) as { items: object[] };
    expect(said.items).toEqual([expect.objectContaining({ finding_key: 'judged', detector: 'S01', verdict: 'true', actor: 'owner' })]);
    expect((await post(`/api/v1/incidents/${id}/verdict`, { verdict: 'false', note: 'a test file' })).status).toBe(200);
    expect((await post('/api/v1/incidents/inc_none/verdict', { verdict: 'true' })).status).toBe(404);
    const { items } = (await (await ask(`/api/v1/verdicts?incident_id=${id}`)).json()) as { items: object[] };
    expect(items).toMatchObject([{ verdict: 'false', note: 'a test file', scope: { source: 'judged' } }, { verdict: 'true' }]);
    expect(await readVerdicts(clickhouse.store, 'main')).toEqual([{ detector: 'S01', finding_key: 'judged', true: 0, false: 1 }]);
    const audit = await clickhouse.store.select(`SELECT action FROM audit WHERE target = '${id}'`);
    expect(audit).toEqual([{ action: 'incident.verdict' }, { action: 'incident.verdict' }]);
  });

  it('come page by page, each once', async () => {
    await desk.take(['p1', 'p2', 'p3', 'p4', 'p5'].map(finding));
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await (await ask(`/api/v1/incidents?limit=2${cursor}`)).json()) as {
        items: { incident_id: string }[];
        next: string | null;
      };
      seen.push(...page.items.map(({ incident_id }) => incident_id));
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(6);
  });

  it('are told as they happen, and again to who comes back', async () => {
    const live = await events(
      undefined,
      (text) => text.includes('event: incident'),
      () => desk.take([finding('live')]),
    );
    const id = /^id: (\S+)$/m.exec(live)?.[1] as string;
    expect(JSON.parse(/^data: (\{.*incident_id.*\})$/m.exec(live)?.[1] as string)).toMatchObject({ transition: 'opened', state: 'open' });
    await desk.take([finding('missed')]);
    const resumed = await events(id, (text) => text.includes('Files of missed'));
    expect(resumed).toContain('"transition":"opened"');
    expect(resumed.match(/Files of missed/g)).toHaveLength(1);
    expect(resumed).not.toContain(`id: ${id}\n`);
  });
});

describe('posted batches', () => {
  it('are stored, their rejects listed, and the accounting balances', async () => {
    const body = gzipSync(`${call(1)}\n${call(2)}\n{"a":1}\nnot json\n`);
    const send = () =>
      ask('/api/v1/ingest/calls', {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip', 'idempotency-key': 'batch-1' },
        body,
      });
    const first = await send();
    expect(first.status).toBe(202);
    expect(await first.json()).toMatchObject({ read: 4, accepted: 2, rejected: 2, replayed: false });
    expect(await (await send()).json()).toMatchObject({ read: 4, accepted: 2, replayed: true });
    const { items } = (await (await ask('/api/v1/sources')).json()) as { items: object[] };
    expect(items).toEqual([
      expect.objectContaining({
        source: 'calls',
        accounting: expect.objectContaining({ read: 4, stored: 2, rejected: 2, balanced: true, proved: true }),
      }),
    ]);
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toContain('weir_accounting_stored{source="calls"} 2\n');
    expect(metrics).toContain('weir_up{role="ingest"} 1\n');
    expect(metrics).toMatch(/weir_ingest_posts_total\{[^}]*role="ingest"/);
  });

  it('leave rejects whose bytes only some may see, and that can be replayed', async () => {
    const { items } = (await (await ask('/api/v1/rejects?source=calls&reason=unreadable')).json()) as { items: { record_id: string }[] };
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items)).not.toContain('not json');
    const bytes = (await (await ask(`/api/v1/rejects/${items[0]?.record_id}/bytes`)).json()) as { bytes_base64: string };
    expect(Buffer.from(bytes.bytes_base64, 'base64').toString()).toBe('not json');
    const replayed = await post('/api/v1/replay', { source: 'calls', reason: 'unreadable' });
    expect(await replayed.json()).toMatchObject({ replayed: 1, rejected: 1, stored: 0 });
    expect((await post('/api/v1/replay', { source: 'nothing' })).status).toBe(404);
  });

  it('are refused as a whole when they cannot be read', async () => {
    const send = (body: string | Uint8Array, headers: Record<string, string> = {}, source = 'calls') =>
      ask(`/api/v1/ingest/${source}`, { method: 'POST', headers, body });
    expect((await send('{}', {}, 'unknown')).status).toBe(404);
    expect((await send('nonsense', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await send('{}', { 'content-encoding': 'br' })).status).toBe(400);
    const bomb = await send(gzipSync(Buffer.alloc(1_000_000, 32)), { 'content-encoding': 'gzip' });
    expect(bomb.status).toBe(413);
    const large = await send('x'.repeat(70_000));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ error: 'body_too_large' });
  });

  it('of unknown length are cut off at the limit', async () => {
    const answer = await new Promise<number>((resolve, reject) => {
      const sending: ClientRequest = httpRequest(`${url}/api/v1/ingest/calls`, { method: 'POST', headers: owner }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
        sending.destroy();
      });
      sending.on('error', reject);
      sending.write(Buffer.alloc(80_000, 32));
    });
    expect(answer).toBe(413);
  });

  it('beyond those in work wait, and a client that goes away frees its place and stores nothing', async () => {
    const { port } = new URL(url);
    const head = `POST /api/v1/ingest/calls HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${owner['authorization']}\r\nContent-Length: 1000\r\n\r\n`;
    const half: ReturnType<typeof connect>[] = [];
    const begin = (): void => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(`${head}${call(31)}\n`));
      socket.on('error', () => undefined);
      half.push(socket);
    };
    const send = () => ask('/api/v1/ingest/calls', { method: 'POST', body: call(40) });
    // One that is refused itself makes room for the next.
    const full = await until(
      async () => {
        begin();
        // A connection that is open already would be faster than one that begins.
        await new Promise((resolve) => setTimeout(resolve, 100));
        return send();
      },
      ({ status }) => status === 429,
    );
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const socket of half) socket.destroy();
    expect((await until(send, ({ status }) => status === 202)).status).toBe(202);
    const [stored] = await clickhouse.store.select<{ n: string }>(
      "SELECT count() AS n FROM usage WHERE source = 'calls' AND start_time = '2026-11-20 10:00:31'",
    );
    expect(stored?.n).toBe('0');
  });
});

/** Asks again until the answer is the one waited for. */
async function until<T>(again: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const answer = await again();
    if (wanted(answer) || tries > 100) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('lists that few ask for', () => {
  it('answer', async () => {
    for (const path of [
      '/api/v1/findings?state=firing&kind=data',
      '/api/v1/control-results?state=ok',
      '/api/v1/sources/calls/files',
      '/api/v1/rejects/reasons',
    ])
      expect(await (await ask(path)).json(), path).toMatchObject({ items: expect.any(Array) });
  });
});

describe('SQL', () => {
  it('is asked as the analyst, within limits', async () => {
    const answer = await post('/api/v1/sql', { sql: "SELECT source, read FROM accounting WHERE source = 'calls';" });
    expect(await answer.json()).toMatchObject({ columns: [{ name: 'source' }, { name: 'read' }], rows: [{ source: 'calls' }] });
    const csv = await post('/api/v1/sql', { sql: 'SELECT number AS n FROM numbers(3)', format: 'csv' });
    expect(await csv.text()).toBe('"n"\n0\n1\n2\n');
    for (const sql of [
      'SELECT bytes FROM rejects',
      'DROP TABLE usage',
      "SELECT * FROM file('/etc/passwd')",
      'nonsense',
      'SELECT 1; SELECT 2',
    ]) {
      const refused = await post('/api/v1/sql', { sql });
      expect(refused.status, sql).toBe(400);
      expect(await refused.json(), sql).toMatchObject({ error: 'query_refused' });
    }
    const broken = await post('/api/v1/sql', { sql: 'SELECT throwIf(number = 900000) FROM numbers(1000000)' });
    expect(broken.status).toBe(400);
  });
});

describe('the process', () => {
  it('says what is missing while it is not ready', async () => {
    const answer = await fetch(`${url}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      ready: false,
      checks: { clickhouse: { ok: true }, ingest: { ok: true }, detect: { ok: false } },
    });
  });

  it('gives new login links to who owns the data directory, each good once', async () => {
    expect(statSync(`${clickhouse.directory}/run/api.sock`).mode & 0o077).toBe(0);
    const link = await newLoginLink(`${clickhouse.directory}/run`);
    const opened = await fetch(link);
    expect(opened.status).toBe(200);
    const cookie = String(opened.headers.get('set-cookie')).split(';')[0] as string;
    expect((await fetch(`${url}/`, { headers: { cookie } })).status).toBe(200);
    expect((await fetch(link)).status).toBe(401);
    expect((await fetch(api.info['loginUrl'] as string)).status).toBe(200);
  });

  it('takes the next free port, and refuses to be reached from elsewhere without tokens', async () => {
    const { directory } = clickhouse;
    const other = await apiRole({ ...start, dataDirectory: `${directory}/other` }, log, () => undefined);
    expect(other.info['url']).not.toBe(url);
    expect((await fetch(`${other.info['url']}/health/live`)).status).toBe(200);
    await other.stop();
    await expect(fetch(`${other.info['url']}/health/live`)).rejects.toThrow();
    const open = { ...start, settings: parseSettings('http: { host: 0.0.0.0 }', 'weir.yaml') };
    await expect(apiRole(open, log, () => undefined)).rejects.toMatchObject({ code: 'config_invalid', place: 'http.host' });
  });
});

/**
 * Posted batches through the API and the ingest process, both in processes of their own: what is posted twice, cut off, killed between
 * storing and answering, too large, broken or a bomb.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataDirectory } from '../../app/data-directory.ts';
import type { RoleName, RoleStart } from '../../app/roles/role.ts';
import { parseSettings } from '../../app/settings/load.ts';
import { startClickHouse } from '../clickhouse.ts';
import { type RoleProcess, startRole } from '../support/role-process.ts';
import { numberPrefix } from '../support/usage-file.ts';

const root = mkdtempSync(join(tmpdir(), 'weir-posted-'));
const largestBody = 4 * 1_048_576;
let clickhouse: Awaited<ReturnType<typeof startClickHouse>>;
let ingest: RoleProcess | undefined;
let api: RoleProcess | undefined;
let token = '';

function roleStart(role: RoleName): RoleStart {
  const { url, credentials } = clickhouse.server;
  return {
    role,
    settings: parseSettings(
      `
ingest: { batchRecords: 500 }
http: { port: 28080, maxBodyBytes: ${largestBody}, maxConcurrentPosts: 2 }
sources: { lines: { type: http, format: weir-json } }
`,
      'weir.yaml',
    ),
    dataDirectory: root,
    owner: { url, user: 'weir', password: credentials.weir },
    analyst: { url, user: 'analyst', password: credentials.analyst },
    demo: false,
  };
}

beforeAll(async () => {
  const directory = openDataDirectory(root);
  clickhouse = await startClickHouse(root);
  ingest = await startRole(roleStart('ingest'));
  api = await startRole(roleStart('api'));
  token = readFileSync(join(directory.run, 'owner.token'), 'utf8').trim();
});

afterAll(async () => {
  await api?.stop();
  await ingest?.stop();
  await clickhouse?.stop();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { accepted: number; rejected: number; replayed: boolean; rejects: object[]; error: unknown };
}

async function post(body: string | Buffer, headers: Record<string, string> = {}, source = 'lines'): Promise<Answer> {
  const response = await fetch(`${api?.info['url']}/api/v1/ingest/${source}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(60_000),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

let batch = 0;
/** A batch of good records and one bad one in `brokenEvery`, as objects in JSON, different from all others. */
function records(count: number, brokenEvery = 100): string[] {
  batch++;
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      leg: 'switch',
      service: 'voice',
      start_time: index % brokenEvery === brokenEvery - 1 ? 'yesterday' : new Date(Date.UTC(2026, 9, 1) + index * 1000).toISOString(),
      duration_seconds: 60,
      subscriber_number: `${numberPrefix}${index}`,
      session_id: `b${batch}-${index}`,
    }),
  );
}

async function stored(like: string): Promise<number> {
  const [row] = await clickhouse.store.select<{ rows: string }>(
    'SELECT count() AS rows FROM weir.usage WHERE session_id LIKE {like:String}',
    { like: `${like}-%` },
  );
  return Number(row?.rows);
}

const rowsNow = async (): Promise<string> =>
  (await clickhouse.store.select<{ rows: string }>('SELECT count() AS rows FROM weir.usage'))[0]?.rows ?? '';

describe('a posted batch', () => {
  it('is stored, and its rejects are named', async () => {
    const answer = await post(`[${records(1000).join(',\n')}]`);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ read: 1000, accepted: 990, rejected: 10, dropped: 0, replayed: false });
    expect(answer.body.rejects[0]).toMatchObject({ position: 100, reason: 'bad_time', field: 'start_time' });
    expect(await stored(`b${batch}`)).toBe(990);
  });

  it('posted twice at once under one key, and under none, is stored once with the same answer', async () => {
    for (const headers of [{ 'idempotency-key': 'twice-1' }, {}] as Record<string, string>[]) {
      const body = records(1500).join('\n');
      const [one, other] = await Promise.all([post(body, headers), post(body, headers)]);
      const third = await post(body, headers);
      for (const answer of [one, other, third]) expect(answer.status).toBe(202);
      expect(await stored(`b${batch}`)).toBe(1485);
      expect([one, other, third].map(({ body: { replayed } }) => replayed).sort()).toEqual([false, true, true]);
      const plain = [one, other, third].map(({ body: { replayed, ...rest } }) => rest);
      expect(plain[1]).toEqual(plain[0]);
      expect(plain[2]).toEqual(plain[0]);
    }
  });

  it('under a key that another body had is refused', async () => {
    await post(records(2, 3).join('\n'), { 'idempotency-key': 'once' });
    const answer = await post(records(2, 3).join('\n'), { 'idempotency-key': 'once' });
    expect(answer.status).toBe(400);
    expect(await stored(`b${batch}`)).toBe(0);
  });

  it('whose sender goes away half-way stores nothing', async () => {
    const before = await rowsNow();
    const body = records(2000).join('\n');
    for (const share of [0.1, 0.5, 0.99]) {
      await new Promise<void>((resolve) => {
        const sending = request(`${api?.info['url']}/api/v1/ingest/lines`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) },
        });
        sending.on('error', () => undefined);
        sending.on('close', resolve);
        sending.write(body.slice(0, Math.floor(body.length * share)), () => setTimeout(() => sending.destroy(), 50));
      });
    }
    await sleep(500);
    expect(await rowsNow()).toBe(before);
    expect((await post(body)).body.accepted).toBe(1980);
  });

  it('survives SIGKILL of the ingest process between storing and answering', async () => {
    for (const wait of [1, 1000, 1980]) {
      const body = records(2000).join('\n');
      const like = `b${batch}`;
      const first = post(body).catch(() => undefined);
      // Killed as soon as a part, half or all of it is in the table.
      while ((await stored(like)) < wait) await sleep(1);
      await ingest?.kill();
      const told = await first;
      if (told !== undefined && told.status !== 202) expect(told.status).toBe(503);
      ingest = await startRole(roleStart('ingest'));
      const again = await post(body);
      expect(again.status).toBe(202);
      expect(again.body).toMatchObject({ read: 2000, accepted: 1980, rejected: 20 });
      expect(again.body.rejects).toHaveLength(20);
      expect(await stored(like)).toBe(1980);
      const rejected = await clickhouse.store.select<{ rows: string }>(
        'SELECT count() AS rows FROM weir.rejects WHERE position(bytes, {like:String}) > 0',
        { like: `"${like}-` },
      );
      expect(rejected[0]).toEqual({ rows: '20' });
    }
  });
});

describe('a body that cannot be taken stores nothing', () => {
  it('an array that breaks off: 400', async () => {
    const before = await rowsNow();
    const answer = await post(`[${records(100).join(',')}`);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('closing bracket');
    expect(await rowsNow()).toBe(before);
  });

  it('truncated, damaged and unknown encodings: 400', async () => {
    const before = await rowsNow();
    const packed = gzipSync(records(1000).join('\n'));
    expect((await post(packed, { 'content-encoding': 'gzip' })).body.accepted).toBe(990);
    const other = gzipSync(records(1000).join('\n'));
    expect((await post(other.subarray(0, other.length / 2), { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post(records(3).join('\n'), { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post(other, { 'content-encoding': 'br' })).status).toBe(400);
    expect(await rowsNow()).toBe(String(Number(before) + 990));
  });

  it('larger than allowed, packed or not: 413', async () => {
    const before = await rowsNow();
    expect((await post(Buffer.alloc(largestBody + 1, 'x'))).status).toBe(413);
    expect((await post(gzipSync(Buffer.alloc(256 * 1_048_576)), { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(await rowsNow()).toBe(before);
  });

  it('for a source that is not there: 404; without a token: 401', async () => {
    expect((await post('{}', {}, 'nobody')).status).toBe(404);
    expect((await post('{}', { authorization: 'Bearer nothing-of-the-kind' })).status).toBe(401);
  });

  it('while the pipeline is full: 429 with Retry-After, and taken afterwards', async () => {
    const held = [1, 2].map(() => {
      const sending = request(`${api?.info['url']}/api/v1/ingest/lines`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-length': 1000 },
      });
      sending.on('error', () => undefined);
      sending.write('{');
      return sending;
    });
    await sleep(300);
    const body = records(10, 11).join('\n');
    const refused = await post(body);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const sending of held) sending.destroy();
    let answer = await post(body);
    for (let tries = 0; tries < 50 && answer.status === 429; tries++) {
      await sleep(100);
      answer = await post(body);
    }
    expect(answer.body.accepted).toBe(10);
  });
});

describe('afterwards', () => {
  it('the accounting balances and is proved', async () => {
    const rows = await clickhouse.store.rows<Record<string, unknown>>('accounting', { tenant: 'main' });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ source: 'lines', in_flight: '0' });
    expect([Boolean(rows[0]?.['balanced']), Boolean(rows[0]?.['proved'])]).toEqual([true, true]);
  });

  it('sockets and tokens are the owner’s alone; no log and no metric holds a number', async () => {
    for (const name of ['ingest.sock', 'api.sock', 'owner.token']) expect(statSync(join(root, 'run', name)).mode & 0o077, name).toBe(0);
    const metrics = await fetch(`${api?.info['url']}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const text = await metrics.text();
    expect(text).toContain('weir_');
    expect(text).not.toContain(numberPrefix.slice(1));
    for (const name of ['ingest.log', 'api.log', 'clickhouse.log', 'clickhouse.error.log'])
      expect(readFileSync(join(root, 'logs', name), 'utf8').includes(numberPrefix.slice(1)), name).toBe(false);
  });
});

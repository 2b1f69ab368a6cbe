/** Files fetched from OpenSSH's server, with everything that can go wrong on the way: each exactly once, and accounted for. */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withClickHouse } from '../../test/clickhouse.ts';
import { startPasswordSftp } from '../../test/fetch/password-sftp.ts';
import { startProxy } from '../../test/fetch/proxy.ts';
import { type RunningSource, rowsMapping, rowsOf, startSource, storedOf } from '../../test/fetch/source.ts';
import { sshdMissing, startSshd, type TestSshd } from '../../test/fetch/sshd.ts';

const missing = sshdMissing();
if (missing) console.log(`SFTP is not tested here: ${missing}`);

describe.skipIf(missing !== undefined)('sftp', () => {
  const clickhouse = withClickHouse();
  let ssh: TestSshd;
  let spool: string;
  let running: RunningSource | undefined;

  beforeAll(async () => {
    ssh = await startSshd();
  });
  afterAll(async () => {
    await ssh?.stop();
  });
  beforeEach(async () => {
    await running?.stop();
    running = undefined;
    for (const table of ['usage', 'usage_minute', 'usage_hour', 'usage_keys', 'rejects', 'batches', 'files', 'fetched', 'fetches'])
      await clickhouse.store.command(`TRUNCATE TABLE ${table}`);
    rmSync(ssh.files, { recursive: true, force: true });
    mkdirSync(ssh.files);
    spool = mkdtempSync(join(tmpdir(), 'weir-spool-'));
    return () => rmSync(spool, { recursive: true, force: true });
  });
  afterAll(() => running?.stop());

  const yamlOf = (more = '', port = ssh.port, hostKey = ssh.hostKey, keyFile = ssh.keyFile): string => `tenant: fetch
country: US
sources:
  partner:
    type: sftp
    servers: [{ host: 127.0.0.1, port: ${port}, user: ${ssh.user}, hostKey: "${hostKey}", keyFile: ${keyFile} }]
    directory: ${ssh.files}
    pattern: "*.csv"
    complete: rename
    everySeconds: 0.2
    ${more}
    ${rowsMapping}
`;
  const start = async (yaml: string, more: Partial<Parameters<typeof startSource>[0]> = {}): Promise<RunningSource> => {
    running = await startSource({
      store: clickhouse.store,
      yaml,
      spool,
      ...(process.env['WEIR_TEST_LOG'] ? { log: (line: string) => void process.stderr.write(line) } : {}),
      ...more,
    });
    return running;
  };
  const put = (name: string, text: string): void => {
    writeFileSync(join(ssh.files, `${name}.writing`), text);
    renameSync(join(ssh.files, `${name}.writing`), join(ssh.files, name));
  };

  it('takes each file once, in order of name, also after a restart', async () => {
    for (let file = 0; file < 5; file++) put(`f${file}.csv`, rowsOf(file, 3));
    put('other.txt', 'not asked for');
    const first = await start(yamlOf());
    await first.taken(5);
    expect(first.results.map(({ receipt }) => receipt.name)).toEqual(['f0.csv', 'f1.csv', 'f2.csv', 'f3.csv', 'f4.csv']);
    await first.stop();
    const second = await start(yamlOf());
    await second.idle();
    expect(second.results).toEqual([]);
    expect(await storedOf(clickhouse.store)).toEqual({ rows: 15, distinct: 15, balanced: true, inFlight: 0 });
    expect(readdirSync(spool, { recursive: true }).filter((name) => !/^[0-9a-f]{16}$/.test(String(name)))).toEqual([]);
  });

  it('a file replaced under the same name is another file; one with the same content is a replay', async () => {
    put('calls.csv', rowsOf(1, 2));
    const source = await start(yamlOf());
    await source.taken(1);
    put('calls.csv', rowsOf(2, 3));
    await source.taken(2);
    put('copy.csv', rowsOf(2, 3));
    await source.taken(3);
    expect(source.results.map(({ state }) => state)).toEqual(['stored', 'stored', 'replay']);
    expect(await storedOf(clickhouse.store)).toMatchObject({ rows: 5, distinct: 5, balanced: true });
  });

  it('moves and deletes what is stored, and waits for markers', async () => {
    const source = await start(
      yamlOf('complete: marker\n    after: move'.replace('complete: marker', 'markerSuffix: .ok')).replace(
        'complete: rename',
        'complete: marker',
      ),
    );
    put('a.csv', rowsOf(1, 1));
    put('b.csv', rowsOf(2, 1));
    writeFileSync(join(ssh.files, 'a.csv.ok'), '');
    await source.taken(1);
    writeFileSync(join(ssh.files, 'b.ok'), '');
    await source.taken(2);
    await source.idle();
    expect(readdirSync(join(ssh.files, 'done')).sort()).toEqual(['a.csv', 'b.csv']);
    await source.stop();
    put('c.csv', rowsOf(3, 1));
    const deleting = await start(yamlOf('after: delete'));
    await deleting.taken(1);
    await deleting.idle();
    expect(existsSync(join(ssh.files, 'c.csv'))).toBe(false);
    expect(await storedOf(clickhouse.store)).toMatchObject({ rows: 3, distinct: 3, balanced: true });
  });

  it('takes a quiet file by our own clock, however wrong the time stamps are', async () => {
    let now = Date.UTC(2026, 10, 1);
    const source = await start(yamlOf('quietSeconds: 60').replace('complete: rename', 'complete: quiet'), {
      clock: { now: () => now },
      sleep: () => sleep(50),
    });
    writeFileSync(join(ssh.files, 'old.csv'), rowsOf(1, 1));
    utimesSync(join(ssh.files, 'old.csv'), new Date('2020-01-01'), new Date('2020-01-01'));
    await source.waiting(1);
    now += 59_000;
    await source.waiting(1);
    expect(source.results).toEqual([]);
    now += 2_000;
    await source.taken(1);
  });

  it('holds to the pinned host key and says what it saw; a wrong key is not let in; no secret is said', async () => {
    const lines: string[] = [];
    const wrong = `SHA256:${'A'.repeat(43)}`;
    put('a.csv', rowsOf(1, 1));
    const source = await start(yamlOf('', ssh.port, wrong), { log: (line) => void lines.push(line) });
    for (let tries = 0; tries < 100 && !lines.some((line) => line.includes('host_key_other')); tries++) await sleep(100);
    expect(lines.join('')).toContain(`its host key is ${ssh.hostKey}`);
    expect(source.results).toEqual([]);
    await source.stop();
    const other = await start(yamlOf('', ssh.port, ssh.hostKey, ssh.otherKeyFile), { log: (line) => void lines.push(line) });
    for (let tries = 0; tries < 100 && !lines.some((line) => line.includes('source_refused')); tries++) await sleep(100);
    expect(lines.join('')).toContain(`user ${ssh.user} is not let in`);
    await other.stop();
    expect(lines.join('')).not.toContain('PRIVATE KEY');
    const [row] = await clickhouse.store.select<{ codes: string[] }>(
      "SELECT groupUniqArray(code) AS codes FROM fetches WHERE state = 'failed'",
    );
    expect(row?.codes.sort()).toEqual(['host_key_other', 'source_refused']);
  });

  it('two servers side by side: by password and by a key with a passphrase; a wrong one is not let in, and none is said', async () => {
    const secret = 'weir-test-secret-2d90';
    const there = mkdtempSync(join(tmpdir(), 'weir-there-'));
    const server = await startPasswordSftp(there, 'billing', secret);
    const passwordFile = join(spool, 'password');
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const yaml = yamlOf()
      .replace(
        /servers: .*/,
        `servers:
      - { host: 127.0.0.1, port: ${ssh.port}, user: ${ssh.user}, hostKey: "${ssh.hostKey}", keyFile: ${ssh.lockedKeyFile}, passphraseFile: ${ssh.passphraseFile} }
      - { host: 127.0.0.1, port: ${server.port}, user: billing, hostKey: "${server.hostKey}", passwordFile: ${passwordFile} }`,
      )
      // The same path on both: what tells the files apart is the server.
      .replace(/directory: .*/, `directory: ${ssh.files}`);
    mkdirSync(join(there, ssh.files), { recursive: true });
    for (let file = 0; file < 3; file++) {
      put(`f${file}.csv`, rowsOf(file, 3));
      writeFileSync(join(there, ssh.files, `f${file}.csv`), rowsOf(10 + file, 4));
    }
    try {
      writeFileSync(passwordFile, 'not-the-password-5e\n');
      const source = await start(yaml, { log });
      // The first server goes on while the second one refuses.
      await source.taken(3);
      for (let tries = 0; tries < 100 && server.refused() === 0; tries++) await sleep(100);
      expect(server.refused()).toBeGreaterThan(0);
      expect(source.results.length).toBe(3);
      writeFileSync(passwordFile, `${secret}\n`);
      await source.taken(6);
      await source.idle();
      await source.stop();
      const said = lines.join('');
      expect(said).toContain('user billing is not let in');
      for (const hidden of [secret, 'not-the-password-5e', readFileSync(ssh.passphraseFile, 'utf8').trim()])
        expect(said).not.toContain(hidden);
    } finally {
      await running?.stop();
      await server.stop();
      rmSync(there, { recursive: true, force: true });
    }
    expect(await storedOf(clickhouse.store)).toEqual({ rows: 21, distinct: 21, balanced: true, inFlight: 0 });
    const places = await clickhouse.store.select<{ place: string }>("SELECT DISTINCT place FROM fetches WHERE state = 'ok' ORDER BY place");
    expect(places.map(({ place }) => place)).toEqual([`sftp://127.0.0.1:${ssh.port}`, `sftp://127.0.0.1:${server.port}`].sort());
  });

  it('goes on where a cut transfer stopped, and outlives a server that is away for an hour', async () => {
    const large = rowsOf(1, 60_000);
    const proxy = await startProxy(ssh.port, 4_000_000);
    put('large.csv', large);
    let now = Date.now();
    let waited = 0;
    const source = await start(yamlOf('parallel: 1', proxy.port), {
      clock: { now: () => now },
      // An hour of pauses goes by in no time; the server comes back at its end.
      sleep: async (ms, signal) => {
        now += ms;
        waited += ms;
        if (signal.aborted) return;
        await sleep(waited > 3_600_000 ? 50 : 1);
        if (waited > 3_600_000 && away) {
          away = false;
          proxy.setDown(false);
        }
      },
    });
    let away = false;
    while (proxy.received() < large.length / 2) await sleep(20);
    waited = 0;
    away = true;
    proxy.setDown(true);
    await source.taken(1);
    expect(waited).toBeGreaterThan(3_600_000);
    expect(proxy.received()).toBeLessThan(large.length * 1.4);
    await source.idle();
    await source.stop();
    await proxy.stop();
    expect(await storedOf(clickhouse.store)).toEqual({ rows: 60_000, distinct: 60_000, balanced: true, inFlight: 0 });
    const rows = await clickhouse.store.select<{ state: string; code: string }>('SELECT state, code FROM fetches ORDER BY finished_at');
    expect(rows.at(-1)).toEqual({ state: 'ok', code: '' });
    expect(rows.filter(({ code }) => code === 'source_unreachable').length).toBeGreaterThan(5);
    expect(rows.length).toBeLessThan(60);
  });

  it('10,000 small files in one look: each once, many in one insert', async () => {
    for (let file = 0; file < 10_000; file++) writeFileSync(join(ssh.files, `f${String(file).padStart(5, '0')}.csv`), rowsOf(file, 2));
    const source = await start(yamlOf('parallel: 16'));
    await source.taken(10_000, 500_000);
    await source.stop();
    expect(await storedOf(clickhouse.store)).toEqual({ rows: 20_000, distinct: 20_000, balanced: true, inFlight: 0 });
    const [files] = await clickhouse.store.select<{ files: string; stored: string }>(
      "SELECT uniqExact(sha256) AS files, countIf(state = 'stored') AS stored FROM files",
    );
    expect(files).toEqual({ files: '10000', stored: '10000' });
    const again = await start(yamlOf('parallel: 16'));
    await again.idle();
    expect(again.results).toEqual([]);
  }, 600_000);

  it('killed again and again, in transfers and between transfer and storing: every record once', async () => {
    const proxy = await startProxy(ssh.port, 3_000_000);
    put('large.csv', rowsOf(0, 60_000));
    for (let file = 1; file <= 40; file++) put(`small${String(file).padStart(2, '0')}.csv`, rowsOf(file, 20));
    const yaml = yamlOf('parallel: 2', proxy.port);
    const given = { url: clickhouse.server.url, password: clickhouse.server.credentials.weir, yaml, spool };
    const child = new URL('../../test/fetch/child.ts', import.meta.url).pathname;
    for (let kill = 0; kill < 4; kill++) {
      const process_ = fork(child, [JSON.stringify(given)], { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
      await new Promise((resolve) => process_.once('message', resolve));
      await sleep(200 + 500 * kill);
      const gone = new Promise((resolve) => process_.once('exit', resolve));
      process_.kill('SIGKILL');
      await gone;
    }
    // Between transfer and storing: everything lies whole in the spool, nothing else is there any more.
    const last = await start(yaml);
    await last.idle();
    await proxy.stop();
    expect(await storedOf(clickhouse.store)).toEqual({ rows: 60_800, distinct: 60_800, balanced: true, inFlight: 0 });
    const [files] = await clickhouse.store.select<{ states: Record<string, string> }>(
      'SELECT sumMap(map(toString(state), 1)) AS states FROM files_latest',
    );
    expect(Object.keys(files?.states ?? {})).toEqual(['stored']);
    expect(Number(files?.states['stored'])).toBe(41);
  });
});

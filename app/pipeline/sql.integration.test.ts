/** Queries on a schedule against a real PostgreSQL, by its own driver and by ODBC, a real MariaDB, and against ClickHouse itself. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SqlSourceSettings } from '../../core/settings/index.ts';
import { build, isBuilt } from '../../ingest/native.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { mariadbMissing, startMariadb, type TestMariadb } from '../../test/fetch/mariadb.ts';
import { odbcMissing, psqlOdbc } from '../../test/fetch/odbc.ts';
import { postgresMissing, startPostgres, type TestPostgres } from '../../test/fetch/postgres.ts';
import { parseSettings } from '../settings/load.ts';
import type { FileResult } from './file-job.ts';
import { formatOf } from './format-of.ts';
import { openPipeline } from './pipeline.ts';
import { runSqlSource } from './sql-source.ts';

const missing = postgresMissing();
if (missing) console.log(`SQL sources are not tested here: ${missing}`);
const noMariadb = mariadbMissing();
if (noMariadb) console.log(`MySQL sources are not tested here: ${noMariadb}`);

const noOdbc = odbcMissing();
if (noOdbc) console.log(`ODBC sources are not tested here: ${noOdbc}`);

describe.skipIf(missing !== undefined)('sql', () => {
  const clickhouse = withClickHouse();
  let postgres: TestPostgres;
  let spool: string;
  let stopRunning: (() => Promise<void>) | undefined;
  let now = 0;
  /** A tenant of its own for each test: the clock is the same in all, and so would be the tokens of inserts. */
  let tenant = '';
  let tests = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await stopRunning?.();
    await postgres?.stop();
  });
  beforeEach(async () => {
    await stopRunning?.();
    stopRunning = undefined;
    now = Date.UTC(2026, 10, 1, 12, 0, 30);
    tenant = `fetch${++tests}`;
    for (const table of [
      'usage',
      'usage_minute',
      'usage_hour',
      'usage_keys',
      'subscriptions',
      'batches',
      'files',
      'fetch_marks',
      'fetches',
    ])
      await clickhouse.store.command(`TRUNCATE TABLE ${table}`);
    await postgres.run(`DROP TABLE IF EXISTS calls, subscribers;
      CREATE TABLE calls (id bigint PRIMARY KEY, number text, start timestamptz, seconds numeric(10, 3), done_at timestamptz);
      CREATE TABLE subscribers (id int PRIMARY KEY, msisdn text, plan text, status text)`);
    spool = mkdtempSync(join(tmpdir(), 'weir-spool-'));
    return () => rmSync(spool, { recursive: true, force: true });
  });

  const incrementalYaml = (more = '', query = 'SELECT id, number, start, seconds, done_at FROM calls'): string => `tenant: ${tenant}
country: US
sources:
  back:
    type: sql
    driver: postgres
    port: ${postgres.port}
    database: postgres
    user: weir
    passwordFile: ${postgres.passwordFile}
    tls: "off"
    schedule: "*/5 * * * *"
    query: ${JSON.stringify(query)}
    cursor: done_at
    overlap: 600
    ${more}
    mapping:
      format: json
      kind: usage
      constants: { leg: billing, service: voice }
      columns: { subscriber_number: number, start_time: start, duration_seconds: seconds, session_id: id }
`;
  const snapshotYaml = (): string => `tenant: ${tenant}
country: US
sources:
  back:
    type: sql
    driver: postgres
    port: ${postgres.port}
    database: postgres
    user: weir
    passwordFile: ${postgres.passwordFile}
    tls: "off"
    schedule: "*/5 * * * *"
    query: SELECT id, msisdn, plan, status FROM subscribers
    mode: snapshot
    key: [id, msisdn]
    mapping:
      format: json
      kind: subscription
      constants: { system: crm }
      columns:
        subscription_number: msisdn
        plan: plan
        status: { when: { from: _change, equals: removed }, use: { constant: ceased }, otherwise: status }
        valid_from: _run
`;

  interface Running {
    readonly results: FileResult[];
    readonly lines: string[];
    /** Lets the clock go on and waits until so many runs are written down, failed ones too. */
    after(minutes: number, runs: number): Promise<void>;
    stop(): Promise<void>;
  }

  async function start(yaml: string): Promise<Running> {
    const settings = parseSettings(yaml, 'test');
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
    const secret = new Uint8Array(32).fill(7);
    const pipeline = await openPipeline({
      store: clickhouse.store,
      clock: { now: () => now },
      settings,
      pseudonymKey: secret,
      owner: 'test',
      log,
    });
    const source = settings.sources['back'] as SqlSourceSettings;
    const stopping = new AbortController();
    const results: FileResult[] = [];
    const running = runSqlSource({
      pipeline,
      source: pipeline.source('back', formatOf('back', source), 'US'),
      settings: source,
      environment: {},
      spool,
      secret,
      log,
      signal: stopping.signal,
      onFile: (result) => void results.push(result),
      sleep: (_ms, signal) => sleep(20, undefined, { signal }).catch(() => undefined),
    });
    stopRunning = async () => {
      stopping.abort();
      await running;
    };
    return {
      results,
      lines,
      async after(minutes, runs) {
        now += minutes * 60_000;
        for (let tries = 0; tries < 600; tries++) {
          const [row] = await clickhouse.store.select<{ runs: string }>('SELECT count() AS runs FROM fetches');
          if (Number(row?.runs) >= runs) return;
          await sleep(50);
        }
        throw new Error(`fewer than ${runs} runs: ${lines.join('')}`);
      },
      stop: stopRunning,
    };
  }

  const usage = () =>
    clickhouse.store.select<{ session_id: string; duration_seconds: number; start: string }>(
      'SELECT session_id, duration_seconds, toString(start_time) AS start FROM usage ORDER BY toUInt64(session_id)',
    );
  const runs = () =>
    clickhouse.store.select<{ state: string; rows: string; added: string; changed: string; removed: string; due: string }>(
      "SELECT state, rows, added, changed, removed, formatDateTime(due_at, '%H:%i') AS due FROM fetches ORDER BY due_at, started_at",
    );

  it('incremental: rows written late within the overlap come, known ones do not, a changed one comes again', async () => {
    await postgres.run(`INSERT INTO calls VALUES
      (1, '12025550101', '2026-11-01 10:00:00.123456+00', 60.5, '2026-11-01 11:00:00+00'),
      (2, '12025550102', '2026-11-01 10:00:01+02', 61, '2026-11-01 11:59:00+00')`);
    const source = await start(incrementalYaml());
    await source.after(0, 1);
    await postgres.run(`INSERT INTO calls VALUES
      (3, '12025550103', '2026-11-01 10:00:02+00', 62, '2026-11-01 11:58:00+00'),
      (4, '12025550104', '2026-11-01 10:00:03+00', 63, '2026-11-01 12:03:00+00'),
      (5, '12025550105', '2026-11-01 10:00:03+00', 63, '2026-11-01 11:00:00+00')`);
    await source.after(5, 2);
    await source.stop();
    const again = await start(incrementalYaml());
    await postgres.run('UPDATE calls SET seconds = 99 WHERE id = 4');
    await again.after(5, 3);
    expect((await usage()).map(({ session_id, duration_seconds }) => `${session_id} ${duration_seconds}`)).toEqual([
      '1 60.5',
      '2 61',
      '3 62',
      '4 63',
      '4 99',
    ]);
    expect((await usage())[1]?.start).toBe('2026-11-01 08:00:01.000');
    expect((await runs()).map(({ rows, added }) => `${rows} ${added}`)).toEqual(['2 2', '3 2', '3 1']);
  });

  it('missed runs are made up for, one by one where the query names its window, and cut by maxRows', async () => {
    await postgres.run(`INSERT INTO calls SELECT n, '12025550101', '2026-11-01 12:00:00+00'::timestamptz + n * interval '1 minute', 60,
      '2026-11-01 12:00:00+00'::timestamptz + n * interval '1 minute' FROM generate_series(0, 29) AS n`);
    const query = 'SELECT * FROM calls WHERE done_at >= :from AND done_at < :to';
    const source = await start(incrementalYaml('', query));
    await source.after(0, 1);
    await source.stop();
    const again = await start(incrementalYaml('', query));
    await again.after(25, 6);
    expect((await runs()).map(({ due, added }) => `${due} ${added}`)).toEqual([
      '12:00 0',
      '12:05 5',
      '12:10 5',
      '12:15 5',
      '12:20 5',
      '12:25 5',
    ]);
    await again.stop();
    await clickhouse.store.command('TRUNCATE TABLE fetch_marks');
    await clickhouse.store.command('TRUNCATE TABLE fetches');
    const cut = await start(incrementalYaml('maxRows: 7'));
    await cut.after(0, 5);
    expect((await runs()).reduce((sum, { added }) => sum + Number(added), 0)).toBe(30);
    const [line] = await clickhouse.store.select<{ ok: boolean; read: string }>(
      `SELECT balanced AND proved AS ok, read FROM accounting WHERE tenant = '${tenant}'`,
    );
    expect(line).toEqual({ ok: true, read: '55' });
  });

  it('snapshot: first all, then what was added, changed and removed; an empty table removes nothing; nothing lies on the disk in clear', async () => {
    await postgres.run(
      "INSERT INTO subscribers VALUES (1, '12025550101', 'gold', 'active'), (2, '12025550102', 'gold', 'active'), (3, '12025550103', 'basic', 'active')",
    );
    const source = await start(snapshotYaml());
    await source.after(0, 1);
    await postgres.run(
      "UPDATE subscribers SET plan = 'basic' WHERE id = 1; DELETE FROM subscribers WHERE id = 2; INSERT INTO subscribers VALUES (4, '12025550104', 'gold', 'active')",
    );
    await source.after(5, 2);
    await source.after(5, 3);
    await postgres.run('DELETE FROM subscribers');
    await source.after(5, 4);
    expect((await runs()).map(({ rows, added, changed, removed }) => `${rows}: ${added} ${changed} ${removed}`)).toEqual([
      '3: 3 0 0',
      '3: 1 1 1',
      '3: 0 0 0',
      '0: 0 0 0',
    ]);
    const rows = await clickhouse.store.select<{ plan: string; status: string }>(
      'SELECT plan, status FROM subscriptions WHERE toHour(valid_from) = 12 AND toMinute(valid_from) = 5 ORDER BY status, plan',
    );
    expect(rows).toEqual([
      { plan: 'basic', status: 'active' },
      { plan: 'gold', status: 'active' },
      { plan: '', status: 'ceased' },
    ]);
    expect(readdirSync(spool)).toEqual(['snapshot']);
  });

  it('a session that reads only, in the time it has; a database that is away; and no password anywhere', async () => {
    const source = await start(incrementalYaml('timeoutSeconds: 1', 'SELECT 1 AS id, now() AS done_at, pg_sleep(30)::text AS number'));
    await source.after(0, 1);
    await source.stop();
    await postgres.run(
      "CREATE OR REPLACE FUNCTION writes() RETURNS text LANGUAGE plpgsql AS $$ BEGIN DELETE FROM calls; RETURN ''; END $$",
    );
    const writing = await start(incrementalYaml('', 'SELECT 1 AS id, now() AS done_at, writes() AS number'));
    await writing.after(0, 2);
    await writing.stop();
    await postgres.run("INSERT INTO calls VALUES (1, '12025550101', '2026-11-01 10:00:00+00', 60.5, '2026-11-01 11:00:00+00')");
    await postgres.kill();
    const away = await start(incrementalYaml());
    await away.after(0, 3);
    now += 3_600_000;
    await postgres.start();
    for (let tries = 0; tries < 600 && away.results.length === 0; tries++) await sleep(50);
    expect(away.results.map(({ state }) => state)).toEqual(['stored']);
    const failed = await clickhouse.store.select<{ code: string; error: string }>(
      "SELECT code, error FROM fetches WHERE state = 'failed' ORDER BY started_at, error",
    );
    expect(failed.map(({ error }) => error).join('\n')).toMatch(/statement timeout/);
    expect(failed.map(({ error }) => error).join('\n')).toMatch(/read-only transaction/);
    expect(failed.map(({ code }) => code)).toContain('source_unreachable');
    const said = [...source.lines, ...writing.lines, ...away.lines].join('') + JSON.stringify(failed);
    expect(said).not.toContain(postgres.password);
  });

  it('reads ClickHouse over HTTP, read-only', async () => {
    await clickhouse.store.command(
      "CREATE TABLE IF NOT EXISTS calls_there (id UInt64, number String, start DateTime64(3, 'UTC'), seconds Decimal(10, 3), done_at DateTime('UTC')) ENGINE = MergeTree ORDER BY id",
    );
    await clickhouse.store.command(
      "INSERT INTO calls_there VALUES (18446744073709551615, '12025550101', '2026-11-01 10:00:00.250', 60.5, '2026-11-01 11:00:00')",
    );
    const url = new URL(clickhouse.server.url);
    const yaml = incrementalYaml('', 'SELECT * FROM calls_there')
      .replace('driver: postgres', 'driver: clickhouse')
      .replace(`port: ${postgres.port}`, `port: ${url.port}`)
      .replace('database: postgres', 'database: weir')
      .replace(/passwordFile: .*/, `passwordFile: ${secretFile(clickhouse.server.credentials.weir)}`);
    const source = await start(yaml);
    await source.after(0, 1);
    expect(await usage()).toEqual([{ session_id: '18446744073709551615', duration_seconds: 60.5, start: '2026-11-01 10:00:00.250' }]);
    const [row] = await clickhouse.store.select<{ columns: string[] }>('SELECT columns FROM fetches');
    expect(row?.columns).toEqual([
      'id UInt64',
      'number String',
      "start DateTime64(3, 'UTC')",
      'seconds Decimal(10, 3)',
      "done_at DateTime('UTC')",
    ]);
  });

  describe.skipIf(noMariadb !== undefined)('mysql', () => {
    let mariadb: TestMariadb;

    beforeAll(async () => {
      mariadb = await startMariadb();
    });
    afterAll(async () => {
      await stopRunning?.();
      await mariadb?.stop();
    });
    const ofMariadb = (yaml: string): string =>
      yaml
        .replace('driver: postgres', 'driver: mysql')
        .replace(`port: ${postgres.port}`, `port: ${mariadb.port}`)
        .replace('database: postgres', `database: ${mariadb.database}`)
        .replace(postgres.passwordFile, mariadb.passwordFile);

    it('incremental, with numbers beyond 2^53, decimals and instants as they are', async () => {
      await mariadb.run(
        'CREATE OR REPLACE TABLE calls (id bigint unsigned PRIMARY KEY, number varchar(20), start timestamp(6), seconds decimal(10, 3), done_at timestamp(6))',
        "SET time_zone = '+02:00'",
        "INSERT INTO calls VALUES (7, '12025550101', '2026-11-01 12:00:00.250000', 60.5, '2026-11-01 13:00:00'), (18446744073709551615, '12025550102', '2026-11-01 12:00:01', 61, '2026-11-01 13:59:00')",
      );
      const source = await start(ofMariadb(incrementalYaml()));
      await source.after(0, 1);
      await mariadb.run(
        "INSERT INTO calls VALUES (8, '12025550103', '2026-11-01 10:00:02', 62, '2026-11-01 11:58:00'), (9, '12025550104', '2026-11-01 10:00:03', 63, '2026-11-01 12:03:00'), (10, '12025550105', '2026-11-01 10:00:03', 63, '2026-11-01 11:00:00')",
      );
      await source.after(5, 2);
      await mariadb.run('UPDATE calls SET seconds = 99 WHERE id = 9');
      await source.after(5, 3);
      expect((await usage()).map(({ session_id, duration_seconds, start }) => `${session_id} ${duration_seconds} ${start}`)).toEqual([
        '7 60.5 2026-11-01 10:00:00.250',
        '8 62 2026-11-01 10:00:02.000',
        '9 63 2026-11-01 10:00:03.000',
        '9 99 2026-11-01 10:00:03.000',
        '18446744073709551615 61 2026-11-01 10:00:01.000',
      ]);
      expect((await runs()).map(({ rows, added }) => `${rows} ${added}`)).toEqual(['2 2', '3 2', '3 1']);
      const [row] = await clickhouse.store.select<{ columns: string[] }>('SELECT columns FROM fetches LIMIT 1');
      expect(row?.columns).toEqual(['id bigint', 'number varchar', 'start timestamp', 'seconds decimal', 'done_at timestamp']);
    });

    it('snapshot: what was added, changed and removed', async () => {
      await mariadb.run(
        'CREATE OR REPLACE TABLE subscribers (id int PRIMARY KEY, msisdn text, plan text, status text)',
        "INSERT INTO subscribers VALUES (1, '12025550101', 'gold', 'active'), (2, '12025550102', 'gold', 'active')",
      );
      const source = await start(ofMariadb(snapshotYaml()));
      await source.after(0, 1);
      await mariadb.run(
        "UPDATE subscribers SET plan = 'basic' WHERE id = 1",
        'DELETE FROM subscribers WHERE id = 2',
        "INSERT INTO subscribers VALUES (4, '12025550104', 'gold', 'active')",
      );
      await source.after(5, 2);
      expect((await runs()).map(({ rows, added, changed, removed }) => `${rows}: ${added} ${changed} ${removed}`)).toEqual([
        '2: 2 0 0',
        '2: 1 1 1',
      ]);
    });

    it('is cut by maxRows, and goes on by itself when the server was away', async () => {
      await mariadb.run(
        'CREATE OR REPLACE TABLE calls (id bigint PRIMARY KEY, number varchar(20), start timestamp(6), seconds decimal(10, 3), done_at timestamp(6))',
        "SET time_zone = '+00:00'",
        "INSERT INTO calls SELECT seq, '12025550101', '2026-11-01 11:00:00', 60, '2026-11-01 11:00:00' + INTERVAL seq SECOND FROM seq_1_to_20",
      );
      const source = await start(ofMariadb(incrementalYaml('maxRows: 7')));
      await source.after(0, 3);
      expect((await runs()).reduce((sum, { added }) => sum + Number(added), 0)).toBe(20);
      await mariadb.kill();
      await source.after(5, 4);
      await mariadb.start();
      await mariadb.run("INSERT INTO calls VALUES (21, '12025550101', '2026-11-01 12:01:00', 60, '2026-11-01 12:01:00')");
      now += 600_000;
      for (let tries = 0; tries < 600 && (await usage()).length < 21; tries++) await sleep(50);
      expect(await usage()).toHaveLength(21);
      const [failed] = await clickhouse.store.select<{ code: string }>("SELECT code FROM fetches WHERE state = 'failed' LIMIT 1");
      expect(failed).toEqual({ code: 'source_unreachable' });
    });

    it('reads only, in the time it has, and says no password', async () => {
      await mariadb.run(
        'CREATE OR REPLACE TABLE calls (id int PRIMARY KEY)',
        'INSERT INTO calls VALUES (1)',
        'CREATE OR REPLACE FUNCTION writes() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM calls; RETURN 1; END',
      );
      const slow = await start(ofMariadb(incrementalYaml('timeoutSeconds: 1', 'SELECT 1 AS id, now() AS done_at, SLEEP(30) AS number')));
      await slow.after(0, 1);
      await slow.stop();
      const writing = await start(ofMariadb(incrementalYaml('', 'SELECT 1 AS id, now() AS done_at, writes() AS number')));
      await writing.after(0, 2);
      await writing.stop();
      const failed = await clickhouse.store.select<{ error: string }>(
        "SELECT error FROM fetches WHERE state = 'failed' ORDER BY started_at",
      );
      const said = failed.map(({ error }) => error).join('\n');
      expect(said).toMatch(/max_statement_time exceeded/);
      expect(said).toMatch(/READ ONLY transaction/);
      expect([...slow.lines, ...writing.lines].join('') + said).not.toContain(mariadb.password);
    });
  });

  describe.skipIf(noOdbc !== undefined)('odbc', () => {
    // Compiled at its first use, for longer than a test waits.
    beforeAll(async () => {
      if (!isBuilt('odbc')) await build('odbc');
    }, 600_000);

    const ofOdbc = (yaml: string): string =>
      yaml.replace(
        /driver: postgres\n\s+port: \d+/,
        `driver: odbc\n    connection: "Driver=${psqlOdbc()};Server=127.0.0.1;Port=${postgres.port};ConnSettings=SET TimeZone='UTC'"`,
      );

    it('incremental, with numbers beyond 2^53, decimals and instants as they are', async () => {
      await postgres.run(`INSERT INTO calls VALUES
        (7, '12025550101', '2026-11-01 12:00:00.25+02', 60.525, '2026-11-01 11:00:00+00'),
        (9223372036854775807, NULL, '2026-11-01 10:00:01+00', 61, '2026-11-01 11:59:00+00')`);
      const source = await start(ofOdbc(incrementalYaml()));
      await source.after(0, 1);
      await postgres.run(`INSERT INTO calls VALUES
        (8, '12025550103', '2026-11-01 10:00:02+00', 62, '2026-11-01 11:58:00+00'),
        (9, '12025550104', '2026-11-01 10:00:03+00', 63, '2026-11-01 12:03:00+00'),
        (10, '12025550105', '2026-11-01 10:00:03+00', 63, '2026-11-01 11:00:00+00')`);
      await source.after(5, 2);
      await postgres.run('UPDATE calls SET seconds = 99 WHERE id = 9');
      await source.after(5, 3);
      expect((await usage()).map(({ session_id, duration_seconds, start: at }) => `${session_id} ${duration_seconds} ${at}`)).toEqual([
        '7 60.525 2026-11-01 10:00:00.250',
        '8 62 2026-11-01 10:00:02.000',
        '9 63 2026-11-01 10:00:03.000',
        '9 99 2026-11-01 10:00:03.000',
        '9223372036854775807 61 2026-11-01 10:00:01.000',
      ]);
      expect((await runs()).map(({ rows, added }) => `${rows} ${added}`)).toEqual(['2 2', '3 2', '3 1']);
      const [row] = await clickhouse.store.select<{ columns: string[] }>('SELECT columns FROM fetches LIMIT 1');
      expect(row?.columns).toEqual([
        'id bigint',
        'number longvarchar',
        'start type_timestamp',
        'seconds numeric',
        'done_at type_timestamp',
      ]);
    });

    it('more rows than a batch, cut by maxRows; windows by name; a snapshot', async () => {
      await postgres.run(`INSERT INTO calls SELECT n, '12025550101', '2026-11-01 12:00:00+00'::timestamptz, 60,
        '2026-11-01 11:00:00+00'::timestamptz + n * interval '1 second' FROM generate_series(0, 6999) AS n`);
      const cut = await start(ofOdbc(incrementalYaml('maxRows: 3000')));
      await cut.after(0, 3);
      await cut.stop();
      expect((await runs()).reduce((sum, { added }) => sum + Number(added), 0)).toBe(7000);
      await clickhouse.store.command('TRUNCATE TABLE fetch_marks');
      await clickhouse.store.command('TRUNCATE TABLE fetches');
      const windows = await start(ofOdbc(incrementalYaml('', 'SELECT * FROM calls WHERE done_at >= :from AND done_at < :to')));
      await windows.after(0, 1);
      await windows.stop();
      expect((await runs()).map(({ added }) => added)).toEqual(['300']);
      await clickhouse.store.command('TRUNCATE TABLE fetches');
      await clickhouse.store.command('TRUNCATE TABLE fetch_marks');
      await postgres.run("INSERT INTO subscribers VALUES (1, '12025550101', 'größer ✓', 'active'), (2, '12025550102', 'gold', 'active')");
      const snapshot = await start(ofOdbc(snapshotYaml()));
      await snapshot.after(5, 1);
      await postgres.run('DELETE FROM subscribers WHERE id = 2');
      await snapshot.after(5, 2);
      expect((await runs()).map(({ rows, added, removed }) => `${rows}: ${added} ${removed}`)).toEqual(['2: 2 0', '1: 0 1']);
      expect(await clickhouse.store.select("SELECT DISTINCT plan FROM subscriptions WHERE status = 'active' ORDER BY plan")).toEqual([
        { plan: 'gold' },
        { plan: 'größer ✓' },
      ]);
    });

    it('leaves nothing written, ends in its time, and says no password', async () => {
      await postgres.run(`INSERT INTO subscribers VALUES (1, '12025550101', 'gold', 'active');
        CREATE OR REPLACE FUNCTION deletes() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM subscribers; RETURN 1; END $$`);
      const writing = await start(ofOdbc(incrementalYaml('', 'SELECT deletes() AS id, now() AS done_at, 1 AS number')));
      await writing.after(0, 1);
      await writing.stop();
      // Rolled back, or one more would be there than the one that the next statement adds.
      await postgres.run('INSERT INTO subscribers SELECT 2, msisdn, plan, status FROM subscribers WHERE id = 1');
      const slow = await start(
        ofOdbc(incrementalYaml('timeoutSeconds: 1', 'SELECT 1 AS id, now() AS done_at, pg_sleep(30)::text AS number')),
      );
      await slow.after(5, 2);
      await slow.stop();
      const wrong = await start(ofOdbc(incrementalYaml()).replace(postgres.passwordFile, secretFile('not-the-password')));
      await wrong.after(5, 3);
      await wrong.stop();
      const snapshot = await start(ofOdbc(snapshotYaml()));
      await snapshot.after(5, 4);
      const found = await clickhouse.store.select<{ state: string; code: string; error: string; rows: string }>(
        'SELECT state, code, error, rows FROM fetches ORDER BY started_at',
      );
      expect(found.map(({ state, code }) => `${state} ${code}`.trim())).toEqual([
        'ok',
        'failed query_failed',
        'failed source_refused',
        'ok',
      ]);
      expect(found.at(-1)?.rows).toBe('2');
      const said = [...slow.lines, ...wrong.lines, ...found.map(({ error }) => error)].join('\n');
      expect(said).not.toContain(postgres.password);
      expect(said).not.toContain('not-the-password');
    });

    it('refuses a connection string that says who logs in', async () => {
      const source = await start(ofOdbc(incrementalYaml()).replace('Server=', 'Pwd=x;Server='));
      await source.after(0, 1);
      const [row] = await clickhouse.store.select<{ code: string }>('SELECT code FROM fetches');
      expect(row).toEqual({ code: 'config_invalid' });
    });
  });

  function secretFile(secret: string): string {
    const path = join(spool, 'password');
    writeFileSync(path, `${secret}\n`, { mode: 0o600 });
    return path;
  }
});

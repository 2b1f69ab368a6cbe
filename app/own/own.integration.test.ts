/** A control of one's own, end to end: from the settings to an incident with money and SQL, on a real ClickHouse. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { writeInstant } from '../../core/row.ts';
import { ownControls } from '../../detectors/own/index.ts';
import { type Analyst, analyst } from '../../sql/analyst.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { main } from '../cli/main.ts';
import { startDetection } from '../detect/start.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { parseSettings } from '../settings/load.ts';
import { askOwn } from './ask.ts';

const clickhouse = withClickHouse();
const directory = mkdtempSync(join(tmpdir(), 'weir-own-'));
let asking: Analyst;
beforeAll(() => {
  asking = analyst({ url: clickhouse.server.url, password: clickhouse.server.credentials.analyst });
});
afterAll(async () => {
  await asking.close();
  rmSync(directory, { recursive: true });
});

const noon = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;
const silent = pino({ level: 'silent' });

/** Calls of one minute, evenly over an hour, with a record id of their own. */
function calls(leg: string, zone: string, from: number, count: number, first: number): object[] {
  return Array.from({ length: count }, (_, at) => ({
    tenant: 'main',
    source: leg,
    partition: `sha256:${leg}`,
    position: first + at,
    file: `${leg}-${from}`,
    record_id: `00000000-0000-0000-0000-${(first + at + (leg === 'rating' ? 500_000 : 0)).toString().padStart(12, '0')}`,
    ingest_time: writeInstant(from + hour + 60_000),
    leg,
    service: 'voice',
    direction: 'mo',
    answered: true,
    zone,
    subscriber: at + 1,
    start_time: writeInstant(from + Math.floor((at * hour) / count)),
    duration_seconds: 60,
    billable_seconds: 60,
    business_key: first + at,
    charge: leg === 'rating' ? '0.5' : '0',
    currency: leg === 'rating' ? 'EUR' : '',
  }));
}

const yaml = 'examples/own-control/weir.yaml';
const settings = () => parseSettings(`${readText(yaml)}detectors: {}\n`, yaml);
const readText = (path: string): string => readFileSync(path, 'utf8');

describe('a control of one’s own', () => {
  it('is not applicable without its legs, then finds what is not rated, with money, owner and SQL, and clears', async () => {
    const { store } = clickhouse;
    let now = noon + hour + 120_000;
    const clock = { now: () => now };
    const said: Finding[] = [];
    const incidents: Incident[] = [];
    const set = settings();
    const desk = createIncidentDesk({ store, clock, tenant: 'main', settings: incidentSettings(set), log: silent });
    const detection = await startDetection({
      store,
      clock,
      settings: set,
      definitions: ownControls(set.controls),
      detectors: [],
      ask: asking.ask,
      log: silent,
      everyMs: 0,
      onFindings: async (findings) => {
        said.push(...findings);
        incidents.push(...(await desk.take(findings)));
      },
    });
    // By hand: 60 minutes seen of which 48 are rated at 0.50 each, in one zone; all of 30 in the other.
    await store.insert('usage', [...calls('switch', 'far', noon, 60, 1), ...calls('switch', 'near', noon, 30, 101)], 'own-1');
    await detection.tick();
    const first = await store.select<{ state: string; note: string }>(
      "SELECT state, note FROM control_results WHERE control = 'rated_minutes'",
    );
    expect(first).toEqual([{ state: 'not_applicable', note: 'not applicable, needs records of leg rating, of which none came lately' }]);
    await store.insert('usage', [...calls('rating', 'far', noon, 48, 1001), ...calls('rating', 'near', noon, 30, 1101)], 'own-2');
    // The next hour has begun in both, so that the hour is complete; in it all is well.
    await store.insert(
      'usage',
      [...calls('switch', 'far', noon + hour, 60, 2001), ...calls('rating', 'far', noon + hour, 60, 3001)],
      'own-3',
    );
    now += 2 * hour;
    await store.insert(
      'usage',
      [...calls('switch', 'far', noon + hour, 1, 5001), ...calls('rating', 'far', noon + hour, 1, 5101)].map((row) => ({
        ...row,
        ingest_time: writeInstant(now - 60_000),
        start_time: writeInstant(noon + hour + 59 * 60_000),
        file: 'late',
      })),
      'own-4',
    );
    await detection.tick();
    const firing = said.filter(({ state }) => state === 'firing');
    expect(firing).toMatchObject([
      {
        detector: 'rated_minutes',
        kind: 'revenue',
        scope: { zone: 'far' },
        title: 'far: Minutes seen and not rated, 48 minutes instead of 60',
        observed: 48,
        expected: 60,
        direction: 'down',
        money: {
          amount: '6',
          currency: 'EUR',
          class: 'leakage',
          method: 'missing minutes x what a rated minute of the zone costs in that hour',
          recoverable_until: new Date(noon + 180 * 24 * hour).toISOString().slice(0, 10),
        },
        owner: 'ann@example.org',
        window: { from: new Date(noon).toISOString(), to: new Date(noon + hour).toISOString() },
      },
    ]);
    const incident = incidents.find(({ transition }) => transition === 'opened');
    expect(incident).toMatchObject({ category: 'revenue', assignee: 'ann@example.org', impact: { money: { amount: '6' } } });
    const shown = await asking.ask(incident!.finding.evidence.sql);
    expect(shown.columns.map(({ name }) => name)).toEqual(['zone', 'observed', 'expected', 'money']);
    expect(shown.rows).toEqual([['far', 48, 60, 6]]);
    // The hour after is complete as soon as the one after that has begun, and all is well in it.
    now += hour;
    const next = [...calls('switch', 'far', noon + 2 * hour, 2, 6001), ...calls('rating', 'far', noon + 2 * hour, 2, 6101)];
    await store.insert(
      'usage',
      next.map((row) => ({ ...row, ingest_time: writeInstant(now - 60_000) })),
      'own-5',
    );
    await detection.tick();
    expect(said.map(({ state }) => state)).toEqual(['firing', 'cleared']);
    expect(incidents.at(-1)).toMatchObject({ transition: 'resolved' });
    await detection.stop();
  });

  it('runs as the analyst: what may not be read, takes too long, gives too much or lacks a column is refused with a hint', async () => {
    const own = (sql: string, more: object = {}) =>
      ownControls({ mine: { enabled: true, limits: {}, sql, ...more } })[0] as ReturnType<typeof ownControls>[number];
    const params = { tenant: 'main', from: writeInstant(noon), to: writeInstant(noon + hour) };
    const ask = (sql: string, more: object = {}) => askOwn(own(sql, more), params, asking.ask);
    const figures = '1 AS observed, 1 AS expected';
    for (const refused of [
      `SELECT ${figures} FROM rejects WHERE bytes != ''`,
      `SELECT ${figures} FROM system.users`,
      `SELECT ${figures} FROM url('http://127.0.0.1:1/', CSV, 'a String')`,
      `SELECT ${figures} FROM file('/etc/passwd', 'TSVRaw', 'a String')`,
      `SELECT ${figures} FROM numbers(1) SETTINGS max_execution_time = 0`,
      `SELECT ${figures}) UNION ALL (SELECT 1, 1); DROP TABLE usage; --`,
      `SELECT ${figures} INTO OUTFILE '/tmp/x'`,
    ])
      expect(
        await ask(refused).then(
          () => 'answered',
          ({ code }) => code,
        ),
        refused,
      ).toBe('query_refused');
    await expect(ask(`SELECT number AS observed, 1 AS expected FROM numbers(1001)`)).rejects.toThrow('more than 1000 rows');
    await expect(ask(`SELECT 1 AS observed`)).rejects.toThrow('gives no column expected; it gives observed');
    await expect(ask(`SELECT ${figures}`, { dimensions: ['zone'] })).rejects.toThrow('gives no column zone');
    await expect(ask(`SELECT ${figures} FROM numbers(1e15) WHERE sleepEachRow(1) = 0`, { timeoutSeconds: 1 })).rejects.toThrow();
    expect(await ask(`SELECT ${figures}, NULL AS money, 7 AS zone, today() AS window_from`, { dimensions: ['zone'] })).toMatchObject([
      { observed: 1, expected: 1, money: null, money_low: null, zone: '7', samples: [] },
    ]);
  });
});

describe('weir controls test, weir check', () => {
  it('shows what it would have said, and what ClickHouse makes of a query', async () => {
    const { url, credentials } = clickhouse.server;
    const config = join(directory, 'weir.yaml');
    const data = join(directory, 'data');
    const connection = `clickhouse: { url: '${url}', user: weir, password: '${credentials.weir}' }\n`;
    writeFileSync(config, `${connection}${readText(yaml)}`);
    let said = '';
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        said += String(text);
        return true;
      });
    const weir = (...args: string[]) => {
      said = '';
      return main([...args, '--config', config, '--data', data]);
    };
    // An external server's analyst has the password of the data directory: make it the one of this server.
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'credentials'), JSON.stringify(credentials));
    try {
      expect(await weir('controls', 'test', 'rated_minutes', '--from', '2026-11-21T12:00', '--to', '2026-11-21T14:00'), said).toBe(1);
      expect(said).toContain('2 windows, 3 rows judged, 1 violations; 1 findings would have begun, 0 stand at the end.');
      expect(said).toContain('far: Minutes seen and not rated, 48 minutes instead of 60');
      expect(said).toMatch(/2026-11-21 12:00 {2}violation {2}zone=far +48 +60 +6 EUR {2}leakage/);
      expect(await weir('controls', 'test', 'rated_minutes', '--from', '2026-11-21T13:00', '--to', '2026-11-21T14:00'), said).toBe(0);
      expect(await weir('controls', 'test', 'rated_minutes', '--from', '2026-11-21T12:10', '--to', '2026-11-21T12:50')).toBe(2);
      expect(said).toContain('Its windows are 60 minutes long.');
      expect(await weir('controls', 'test', 'S01', '--from', '2026-11-21', '--to', '2026-11-22')).toBe(2);
      expect(said).toContain('weir backtest --only');
      expect(await weir('controls', 'rated_minutes'), said).toBe(0);
      expect(said).toContain('Have the missing calls sent to rating again');
      expect(await weir('check', '--connect'), said).toBe(0);
      writeFileSync(config, `${connection}controls:\n  mine: { sql: "SELECT observd AS observed, 1 AS expected FROM usage" }\n`);
      expect(await weir('check'), said).toBe(0);
      expect(await weir('check', '--connect'), said).toBe(1);
      expect(said).toMatch(/controls\.mine\.sql: .*observd/);
    } finally {
      vi.restoreAllMocks();
    }
  });
});

/** Verdicts over a real ClickHouse: said on the command line, counted for learning. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { main } from '../cli/main.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { parseSettings } from '../settings/load.ts';
import { countsByDetector, readVerdicts } from './counts.ts';
import { sayVerdict, type VerdictWord } from './say.ts';

const clickhouse = withClickHouse();
const directory = mkdtempSync(join(tmpdir(), 'weir-verdicts-'));
afterAll(() => rmSync(directory, { recursive: true }));

const incident = (finding_key: string, detector: string): Incident =>
  ({ incident_id: `inc_${finding_key}`, finding: { finding_key, detector, scope: { source: 'a' } } }) as unknown as Incident;

describe('counts', () => {
  it('take the latest word of each person on each finding', async () => {
    const { store } = clickhouse;
    let now = Date.UTC(2026, 10, 21);
    const say = (key: string, detector: string, actor: string, verdict: VerdictWord, tenant = 'main') =>
      sayVerdict({ store, clock: { now: () => now++ }, tenant }, incident(key, detector), { verdict, note: '', actor, origin: 'api' });
    await say('a', 'S12', 'ann', 'true');
    await say('a', 'S12', 'ann', 'false');
    await say('a', 'S12', 'bob', 'false');
    await say('b', 'S12', 'ann', 'useful');
    await say('b', 'S12', 'ann', 'true');
    await say('c', 'S01', 'ann', 'true');
    await say('c', 'S01', 'ann', 'true', 'other');
    await store.insert(
      'verdicts',
      [
        {
          tenant: 'main',
          verdict_id: 'v',
          finding_key: 'c',
          detector: 'S01',
          verdict: 'duplicate',
          actor: 'ann',
          at: '2026-11-22 00:00:00',
        },
      ],
      'ticket',
    );
    const verdicts = await readVerdicts(store, 'main');
    expect(verdicts).toEqual([
      { detector: 'S12', finding_key: 'a', true: 0, false: 2 },
      { detector: 'S12', finding_key: 'b', true: 1, false: 0 },
    ]);
    expect(countsByDetector(verdicts)).toEqual(new Map([['S12', { true: 1, false: 2 }]]));
    expect(await readVerdicts(store, 'other')).toEqual([{ detector: 'S01', finding_key: 'c', true: 1, false: 0 }]);
  });
});

describe('weir incidents verdict', () => {
  it('stores what was said of an incident, and its audit', async () => {
    const { url, credentials } = clickhouse.server;
    const config = join(directory, 'weir.yaml');
    writeFileSync(config, `tenant: cli\nclickhouse: { url: '${url}', user: weir, password: '${credentials.weir}' }\n`);
    const desk = createIncidentDesk({
      store: clickhouse.store,
      clock: { now: () => Date.now() },
      tenant: 'cli',
      settings: incidentSettings(parseSettings('', 'weir.yaml')),
      log: pino({ level: 'silent' }),
    });
    const at = new Date().toISOString();
    const finding = {
      ...{ finding_key: 'f', detector: 'S12', title: 'Rejected', kind: 'data', tenant: 'cli', metric: 'ratio', scope: { source: 'a' } },
      ...{ window: { from: at, to: at }, detected_at: at, began_at: at, observed: 1, expected: 0, lower: 0, upper: 0, unit: 'ratio' },
      ...{
        direction: 'up',
        score: 9,
        effect: 1,
        explanation: [],
        change_suspects: [],
        evidence: { sql: 'SELECT 1', sample_record_ids: [] },
      },
      ...{ data_quality: { completeness: 1, lag_s: 0 }, summary: 'Records are rejected.', state: 'firing' },
    } as Finding;
    const [opened] = await desk.take([finding]);
    let said = '';
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        said += String(text);
        return true;
      });
    const weir = (...args: string[]) => main(['incidents', 'verdict', ...args, '--config', config, '--data', directory]);
    const id = opened!.incident_id;
    try {
      expect(await weir(id.slice(0, 12), 'false', '--note', 'a test file'), said).toBe(0);
      expect(said).toContain('Rejected: false');
      expect(await weir(id, 'perhaps')).toBe(2);
      expect(await weir('inc_none', 'true')).toBe(1);
      for (let person = 0; person < 9; person++)
        await sayVerdict(
          { store: clickhouse.store, clock: { now: () => Date.now() }, tenant: 'cli' },
          { ...opened!, incident_id: 'inc_other' },
          { verdict: 'false', note: '', actor: `person ${person}`, origin: 'api' },
        );
      said = '';
      expect(await main(['controls', '--config', config, '--data', directory])).toBe(0);
      expect(said).toMatch(/^S12 learned from 10 verdicts: rate 0\.0\d+ instead of 0\.005$/m);
      said = '';
      expect(await main(['controls', '--json', '--config', config, '--data', directory])).toBe(0);
      const controls = JSON.parse(said) as { identity: string; learned: object[] }[];
      expect(controls.find(({ identity }) => identity === 'S12')?.learned).toMatchObject([{ name: 'rate', configured: 0.005 }]);
      expect(controls.find(({ identity }) => identity === 'S01')?.learned).toEqual([]);
    } finally {
      vi.restoreAllMocks();
    }
    expect(
      await clickhouse.store.select(
        "SELECT incident_id, verdict, note, origin, scope FROM verdicts WHERE tenant = 'cli' AND origin = 'cli'",
      ),
    ).toEqual([{ incident_id: id, verdict: 'false', note: 'a test file', origin: 'cli', scope: { source: 'a' } }]);
    expect(await clickhouse.store.select("SELECT action, target, detail['verdict'] AS verdict FROM audit WHERE tenant = 'cli'")).toEqual([
      { action: 'incident.verdict', target: id, verdict: 'false' },
    ]);
  });
});

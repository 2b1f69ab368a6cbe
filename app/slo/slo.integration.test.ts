/** Objectives on a real ClickHouse: from the files to budgets, burn rates, findings and incidents, through late data and a restart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { readInstant, writeInstant } from '../../core/row.ts';
import type { Objective } from '../../detectors/service/slo/index.ts';
import { countsOf } from '../../detectors/service/slo/judge.ts';
import { type Analyst, analyst } from '../../sql/analyst.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { bearer, testApi } from '../api/context.fixture.ts';
import { main } from '../cli/main.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { parseSettings } from '../settings/load.ts';
import { storedSlices, sumWindows } from './counting.ts';
import { kpiPort } from './kpi-catalogue.ts';
import { startObjectives } from './loop.ts';
import { readObjectives, sourceHash } from './read.ts';

const clickhouse = withClickHouse();
const directory = mkdtempSync(join(tmpdir(), 'weir-slo-'));
let asking: Analyst;
beforeAll(() => {
  asking = analyst({ url: clickhouse.server.url, password: clickhouse.server.credentials.analyst });
});
afterAll(async () => {
  await asking.close();
  rmSync(directory, { recursive: true });
});

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.UTC(2026, 10, 26, 12);
const silent = pino({ level: 'silent' });
const settings = parseSettings('timeZone: Europe/Berlin\nslo: { directory: examples/service/slo }', 'weir.yaml');

let position = 0;
/** Calls of a minute: so many, of which some failed in the network. */
function calls(at: number, total: number, failed: number, arrived = at + 2 * minute): object[] {
  return Array.from({ length: total }, (_, index) => ({
    tenant: 'main',
    source: 'switch',
    partition: 'p',
    position: ++position,
    record_id: `00000000-0000-0000-0000-${position.toString().padStart(12, '0')}`,
    ingest_time: writeInstant(arrived),
    leg: 'switch',
    service: 'voice',
    partner: 'alder',
    route: 'r1',
    answered: index >= failed,
    cause_class: index >= failed ? 'normal' : 'network',
    start_time: writeInstant(at + index),
  }));
}

async function loopAt(
  clock: { now(): number },
  said: Finding[],
  take?: (findings: readonly Finding[]) => Promise<unknown>,
  objectives?: readonly Objective[],
) {
  const { store } = clickhouse;
  const kpis = kpiPort(store, 'main');
  return startObjectives({
    ...{ store, clock, settings, kpis },
    log: silent,
    objectives: objectives ?? readObjectives('examples/service/slo', settings, kpis).objectives,
    ask: asking.ask,
    everyMs: 0,
    onFindings: async (findings) => {
      said.push(...findings);
      await take?.(findings);
    },
  });
}

const stateOf = async (slo: string) =>
  (await clickhouse.store.select<Record<string, unknown>>(`SELECT * FROM slo_state_latest WHERE slo = '${slo}'`))[0]!;

describe('objectives', () => {
  it('count, burn, become an incident, recover, survive a restart and take late data', async () => {
    const { store } = clickhouse;
    let now = noon + 2 * minute;
    const clock = { now: () => now };
    const said: Finding[] = [];
    const incidents: Incident[] = [];
    const desk = createIncidentDesk({ store, clock, tenant: 'main', settings: incidentSettings(settings), log: silent });
    // Six hours: 40 calls in every fifth minute, all well: 72 x 40 = 2,880 calls.
    const well = Array.from({ length: 72 }, (_, at) => calls(noon - 6 * hour + at * 5 * minute, 40, 0)).flat();
    await store.insert('usage', well, 'slo-1');
    const first = await loopAt(clock, said, async (findings) => incidents.push(...(await desk.take(findings))));
    await first.look();
    expect(said).toEqual([]);
    expect(await stateOf('voice-ner')).toMatchObject({
      state: 'ok',
      good: 2880,
      total: 2880,
      share: 1,
      budget_left: 1,
      firing: [],
      service: 'voice',
    });
    // By the month of Berlin: 2026-10-31 23:00 UTC to 2026-11-30 23:00 UTC, 8,640 slices of five minutes, 72 with data.
    expect(await stateOf('voice-minutes')).toMatchObject({
      state: 'ok',
      good: 72,
      total: 72,
      window_from: '2026-10-31 23:00:00.000',
      window_to: '2026-11-30 23:00:00.000',
    });
    const ahead = (Date.UTC(2026, 10, 30, 23) - noon) / (5 * minute);
    expect((await stateOf('voice-minutes'))['allowed']).toBeCloseTo(0.001 * (72 + ahead), 9);

    // Ten minutes in which a third of the calls fail: 12 x 40 calls in the hour, 4 slices bad.
    const outage = Array.from({ length: 10 }, (_, at) => calls(noon + at * minute, 60, 20)).flat();
    await store.insert('usage', outage, 'slo-2');
    now = noon + 12 * minute;
    await first.look();
    // In the hour before 12:10: 10 x 40 good ones (11:10 to 11:55) and 600 of which 200 failed; 200/1000/0.005 = 40.
    const page = said.find(({ detector, scope }) => detector === 'slo_page' && scope['slo'] === 'voice-ner');
    expect(page).toMatchObject({
      kind: 'service',
      state: 'firing',
      scope: { service: 'voice', slo: 'voice-ner' },
      observed: 40,
      owner: 'voice-desk@example.org',
      began_at: new Date(noon).toISOString(),
    });
    expect(page!.summary).toContain('200 of 1000 events bad in 1h, burn 40 over 1h and 66.67 over 5m');
    expect(await stateOf('voice-ner')).toMatchObject({
      state: 'exhausted',
      good: 3280,
      total: 3480,
      firing: ['page-1h', 'page-6h', 'ticket-3d'],
      burn: { '1h': 40 },
    });
    const evidence = await asking.ask(page!.evidence.sql);
    expect(evidence.columns.map(({ name }) => name)).toEqual(['at', 'good', 'total', 'bad', 'bad_share']);
    expect(evidence.rows.reduce((sum, row) => sum + Number(row[3]), 0)).toBe(200);
    expect(incidents.find(({ finding }) => finding.detector === 'slo_page')).toMatchObject({ category: 'service', severity: 2 });
    // The rule of the other objective must hold for five minutes first.
    expect(said.filter(({ scope }) => scope['slo'] === 'voice-minutes')).toEqual([]);
    await first.stop();

    // A restart says again what stands, and clears it when five minutes are good again.
    const again: Finding[] = [];
    await store.insert('usage', Array.from({ length: 45 }, (_, at) => calls(noon + (10 + at) * minute, 60, 0)).flat(), 'slo-3');
    now = noon + 57 * minute;
    const second = await loopAt(clock, again, (findings) => desk.take(findings));
    await second.look();
    expect(again.filter(({ scope }) => scope['slo'] === 'voice-ner').map(({ detector, state }) => [detector, state])).toEqual([
      ['slo_page', 'firing'],
      ['slo_page', 'cleared'],
      // Silent while somebody is called, said when nobody is any more.
      ['slo_ticket', 'firing'],
    ]);
    expect(await stateOf('voice-ner')).toMatchObject({ total: 3480 + 45 * 60 });

    // Late data of the outage: a hundred good calls in one of its minutes.
    await store.insert('usage', calls(noon + 3 * minute, 100, 0, noon + 57 * minute), 'slo-4');
    now = noon + 58 * minute;
    await second.look();
    expect(await stateOf('voice-ner')).toMatchObject({ total: 3480 + 45 * 60 + 100, good: 3280 + 45 * 60 + 100 });
    await second.stop();

    // Silence: its own state, and a finding where the policy asks for it.
    now = noon + 6 * hour;
    const third = await loopAt(clock, again, (findings) => desk.take(findings));
    await third.look();
    expect(await stateOf('voice-ner')).toMatchObject({ state: 'no_data' });
    expect(
      again.filter(({ detector, state }) => detector === 'slo_no_data' && state === 'firing').map(({ scope }) => scope['slo']),
    ).toEqual(['voice-minutes']);
    await third.stop();
    const history = await store.select<{ state: string }>("SELECT state FROM slo_burn WHERE slo = 'voice-ner' ORDER BY at, written_at");
    expect(history.map(({ state }) => state)).toEqual(['ok', 'exhausted', 'exhausted', 'no_data']);

    // An objective that is taken away leaves nothing that stands for ever.
    const gone: Finding[] = [];
    const fourth = await loopAt(clock, gone, undefined, []);
    await fourth.look();
    expect(gone.some(({ detector, state }) => detector === 'slo_no_data' && state === 'cleared')).toBe(true);
    await fourth.stop();
  });

  it('a query that fails is a finding, and the others go on', async () => {
    const now = noon + 2 * minute;
    const text = (name: string, query: string) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: s
  indicator:
    metadata: { name: x }
    spec: { ratioMetric: { rawType: success, raw: { metricSource: { type: sql, spec: { query: "${query}" } } } } }
  timeWindow: [{ duration: 1d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.9 }]
`;
    const queries = {
      secret: "SELECT toDateTime(0) AS at, count() AS value FROM rejects WHERE bytes != ''",
      lost: 'SELECT now() AS at, 1 AS v',
      'not-time': "SELECT 'x' AS at, 1 AS value",
      many: 'SELECT {from:DateTime64(3)} AS at, number AS value FROM numbers(100000)',
      works: 'SELECT {from:DateTime64(3)} + 60 AS at, 0.5 AS value',
    };
    writeFileSync(
      join(directory, 'a.yaml'),
      Object.entries(queries)
        .map(([name, query]) => text(name, query))
        .join('---\n'),
    );
    const kpis = kpiPort(clickhouse.store, 'main');
    const { objectives, problems } = readObjectives(directory, settings, kpis);
    expect(problems).toEqual([]);
    const said: Finding[] = [];
    const loop = await loopAt({ now: () => now }, said, undefined, objectives);
    await loop.look();
    await loop.stop();
    expect(
      said
        .filter(({ detector }) => detector === 'slo_failure')
        .map(({ scope, summary }) => [scope['slo'], /\(code \d+|gives no column|holds no time|more than/.exec(summary)?.[0].slice(0, 12)]),
    ).toEqual([
      ['secret', '(code 497'],
      ['lost', 'gives no col'],
      ['not-time', 'holds no tim'],
      ['many', 'more than'],
    ]);
    expect(await stateOf('works')).toMatchObject({ total: 1, share: 0.5 });
  });

  it('sums of windows are those of the slices', async () => {
    const { store } = clickhouse;
    const base: Objective = {
      ...readObjectives('examples/service/slo', settings, kpiPort(store, 'main')).objectives[0]!,
      identity: 'summed',
    };
    const rows = Array.from({ length: 3000 }, (_, at) => {
      const total = (at * 7919) % 13;
      return { at: noon - (3000 - at) * minute, good: Math.max(0, total - ((at * 31) % 5)), total };
    });
    const stored = (version: number, of: typeof rows) =>
      of.map((row) => ({ tenant: 'main', slo: 'summed', source: sourceHash(base), ...row, at: writeInstant(row.at), version }));
    // What was counted first is replaced.
    await store.insert(
      'slo_slices',
      stored(
        1,
        rows.map((row) => ({ ...row, good: 0, total: 99 })),
      ),
      'sums-1',
    );
    await store.insert('slo_slices', stored(2, rows), 'sums-2');
    for (const objective of [
      base,
      { ...base, method: 'Timeslices', sliceTarget: 0.7, sliceMinimum: 4 } as Objective,
      { ...base, window: { kind: 'rolling', ms: 7 * hour }, sliceMinimum: 3 } as Objective,
    ]) {
      const sums = await sumWindows(store, 'main', objective, noon);
      const since = (ms: number) =>
        countsOf(
          rows.filter(({ at }) => at >= noon - ms),
          objective,
        );
      expect(sums.window).toEqual(since(objective.window.kind === 'rolling' ? objective.window.ms : 0));
      expect(sums.rules).toEqual(objective.rules.map(({ longMs, shortMs }) => ({ long: since(longMs), short: since(shortMs) })));
      expect(sums.lastDataAt).toBeGreaterThan(noon - 5 * minute);
    }
    expect((await storedSlices(store, 'main', base, noon - hour, noon)).length).toBe(
      rows.slice(-60).filter(({ total }) => total > 0).length,
    );
  });

  it('are told by the API, readable in SQL, and checked by the command line', async () => {
    const { api } = await testApi({ store: clickhouse.store, settings: 'slo: { directory: examples/service/slo }' });
    const get = async (path: string) => api.inject({ url: `/api/v1${path}`, headers: bearer('reader') });
    const items = (await get('/slos')).json<{ items: { slo: string; state: string; budget_left: number | null; rules: unknown[] }[] }>()
      .items;
    expect(items.map(({ slo }) => slo).sort()).toEqual(['voice-minutes', 'voice-ner']);
    const one = (await get(`/slos/voice-ner?from=${new Date(noon - day).toISOString()}&to=${new Date(noon + day).toISOString()}`)).json();
    expect(one).toMatchObject({ slo: 'voice-ner', target: 0.995, window: { kind: 'rolling' } });
    expect(one.history.length).toBeGreaterThan(2);
    expect((await get('/slos/nothing')).statusCode).toBe(404);
    await api.close();
    const { rows } = await asking.ask("SELECT slo, state FROM slo_state_latest WHERE slo LIKE 'voice%' ORDER BY slo");
    expect(rows.length).toBe(2);
    expect((await asking.ask('SELECT count() FROM slo_slices_latest')).rows.length).toBe(1);
    expect((await asking.ask('SELECT count() FROM slo_burn')).rows.length).toBe(1);

    const written: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    try {
      writeFileSync(join(directory, 'bad.yaml'), 'apiVersion: openslo/v1\nkind: SLO\nmetadata: { name: x }\nspec: { service: s }\n');
      expect(await main(['slo', 'check', 'examples/service/slo', '--data', directory])).toBe(0);
      expect(await main(['slo', 'check', join(directory, 'bad.yaml'), '--data', directory])).toBe(1);
    } finally {
      write.mockRestore();
    }
    expect(written.join('')).toContain('1 file, 2 objectives: ok');
    expect(written.join('')).toContain(`${join(directory, 'bad.yaml')}:4: budgetingMethod is missing`);
  });

  it('restores its marks: nothing is counted twice', async () => {
    const rows = await clickhouse.store.select<{ judged_to: string }>("SELECT judged_to FROM slo_state_latest WHERE slo = 'voice-ner'");
    expect(readInstant(rows[0]!.judged_to)).toBeGreaterThan(noon);
    const [sums] = await clickhouse.store.select<{ total: number }>(
      "SELECT sum(total) AS total FROM slo_slices_latest WHERE slo = 'voice-ner'",
    );
    expect(sums!.total).toBe(3480 + 45 * 60 + 100);
  });
});

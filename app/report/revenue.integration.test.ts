/** The programme on a real ClickHouse: cases confirmed, refuted and recovered on the command line, and the report of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, expect, it, vi } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { findingOf } from '../../incidents/testing/finding.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { main } from '../cli/main.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { incidentSettings } from '../incidents/settings.ts';
import { parseSettings } from '../settings/load.ts';
import type { RevenueReport } from './revenue.ts';

const clickhouse = withClickHouse();
const directory = mkdtempSync(join(tmpdir(), 'weir-report-'));
afterAll(() => rmSync(directory, { recursive: true }));
const day = 86_400_000;

function usage(source: string, leg: string, count: number, charge: string, at: number, first: number): object[] {
  return Array.from({ length: count }, (_, each) => ({
    tenant: 'kpi',
    source,
    partition: source,
    position: first + each,
    record_id: `00000000-0000-0000-0000-${(first + each).toString().padStart(12, '0')}`,
    ingest_time: writeInstant(at),
    leg,
    service: 'voice',
    start_time: writeInstant(at),
    charge,
    currency: charge === '0' ? '' : 'EUR',
  }));
}

it('reports what was found, confirmed, refuted, recovered and covered, the same in CLI and views', async () => {
  const { store, server } = clickhouse;
  const now = Date.now();
  const config = join(directory, 'weir.yaml');
  writeFileSync(config, `tenant: kpi\nclickhouse: { url: '${server.url}', user: weir, password: '${server.credentials.weir}' }\n`);
  // By hand: 10 rated calls of 20.00 = 200.00 of revenue; of 10 calls of the switches, S01 looks at 6.
  await store.insert(
    'usage',
    [
      ...usage('msc-1', 'switch', 6, '0', now - day, 1),
      ...usage('msc-2', 'switch', 4, '0', now - day, 11),
      ...usage('rater', 'rating', 10, '20', now - day, 21),
    ],
    'kpi-usage',
  );
  const result = (control: string, cell: object, state: string) => ({
    tenant: 'kpi',
    control,
    window_from: writeInstant(now - day),
    window_to: writeInstant(now),
    cell,
    state,
    judged_at: writeInstant(now - 3_600_000),
    version: 1,
  });
  await store.insert(
    'control_results',
    [result('S01', { source: 'msc-1' }, 'ok'), result('S01', { source: 'msc-2' }, 'not_applicable'), result('S15', { check: 'a' }, 'ok')],
    'kpi-results',
  );
  const desk = createIncidentDesk({
    store,
    clock: { now: () => now - 2 * day },
    tenant: 'kpi',
    settings: incidentSettings(parseSettings('', 'test')),
    log: pino({ level: 'silent' }),
  });
  const until = new Date(now + 100 * day).toISOString().slice(0, 10);
  const money = (amount: string, kind: string, more: object = {}) => ({ amount, currency: 'EUR', class: kind, method: 'm', ...more });
  const finding = (finding_key: string, detector: string, of: ReturnType<typeof money>) =>
    findingOf({
      tenant: 'kpi',
      finding_key,
      detector,
      scope: { source: finding_key },
      explanation: [],
      title: finding_key,
      money: of,
      kind: 'revenue',
      detected_at: new Date(now - 2 * day).toISOString(),
    });
  const opened = await desk.take([
    finding('right', 'S01', money('10', 'leakage', { recoverable_until: until })),
    finding('wrong', 'S01', money('99', 'leakage', { recoverable_until: until })),
    finding('late', 'S11', money('4', 'leakage', { recoverable_until: '2020-01-01' })),
    finding('owed', 'S10', money('3', 'over_charge')),
  ]);
  const id = (title: string) => opened.find((each) => each.title === title)!.incident_id;
  let said = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  const weir = (...args: string[]) => {
    said = '';
    return main([...args, '--config', config, '--data', directory]);
  };
  try {
    expect(await weir('incidents', 'confirm', id('right')), said).toBe(0);
    expect(await weir('incidents', 'false', id('wrong'))).toBe(2);
    expect(await weir('incidents', 'false', id('wrong'), '--reason', 'a test file'), said).toBe(0);
    expect(await weir('incidents', 'recovered', id('right'), '7.5', '--note', 'invoice 4711'), said).toBe(0);
    expect(await weir('incidents', 'recovered', id('right'), '--config', config, '--data', directory, '--', '-1.5')).not.toBe(0);
    expect(await main(['incidents', 'recovered', '--config', config, '--data', directory, '--', id('right'), '-1.5'])).toBe(0);
    expect(said).toContain('right: 6 EUR recovered in all');
    expect(await main(['incidents', 'recovered', '--config', config, '--data', directory, '--', id('right'), '-7'])).toBe(2);
    expect(await weir('incidents', 'recovered', id('right'), 'much')).toBe(2);
    expect(await weir('report', 'revenue', '--json'), said).toBe(0);
    const report = JSON.parse(said) as RevenueReport;
    expect(report).toMatchObject({
      currency: 'EUR',
      revenue: '200',
      cases: 4,
      open: 4,
      confirmed: 1,
      refuted: 1,
      leakage: '14',
      over_charge: '3',
      risk: '0',
      recovered: '6',
      recoverable: '4',
      expired: '4',
      precision: 0.5,
      recovered_share: 0.03,
      recoverable_share: 0.02,
      recovered_and_recoverable_share: 0.05,
      coverage: 0.6,
    });
    expect(report.days_per_case).toBeCloseTo(2, 2);
    expect(report.controls.map(({ control, coverage }) => [control, coverage])).toEqual([
      ['S01', 0.6],
      ['S10', null],
      ['S11', null],
    ]);
    expect(await weir('report', 'revenue'), said).toBe(0);
    expect(said).toMatch(/recovered +6\.00 EUR +3 % of revenue/);
    expect(said).toMatch(/S01 +File sequence gap +60 % +2 +1 +1 +10\.00 +0\.00 +6\.00 +4\.00/);
  } finally {
    vi.restoreAllMocks();
  }
  expect(
    await store.select("SELECT title, verdict, reason, recovered FROM revenue_cases WHERE tenant = 'kpi' AND verdict != '' ORDER BY title"),
  ).toEqual([
    { title: 'right', verdict: 'confirmed', reason: '', recovered: '6' },
    { title: 'wrong', verdict: 'false', reason: 'a test file', recovered: '0' },
  ]);
  const months = await store.select<{ recovered: string; recoverable: string; confirmed: string }>(
    "SELECT recovered, recoverable, confirmed FROM revenue_months WHERE tenant = 'kpi' AND control = 'S01'",
  );
  expect(months).toEqual([{ recovered: '6', recoverable: '4', confirmed: '1' }]);
});

/** Reports on a real ClickHouse: an agreement for a month with its exclusions and credits, and the service report of a week. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import { slaCredits } from '../../detectors/controls/sla-credits.ts';
import type { Agreement } from '../../detectors/service/sla/index.ts';
import { type Analyst, analyst } from '../../sql/analyst.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { startDetection } from '../detect/start.ts';
import { pageCsv, pageHtml } from '../report/page.ts';
import { reportPeriod } from '../report/period.ts';
import { incidentRater } from '../report/raters.ts';
import { byRater, serviceReport } from '../report/service.ts';
import { raterPage, servicePage } from '../report/service-page.ts';
import { parseSettings } from '../settings/load.ts';
import { kpiPort } from '../slo/kpi-catalogue.ts';
import { monthsOf, startAgreements } from './loop.ts';
import { slaJson, slaPage } from './page.ts';
import { agreementsIn } from './read.ts';
import { slaReport } from './report.ts';

const clickhouse = withClickHouse();
let asking: Analyst;
beforeAll(async () => {
  asking = analyst({ url: clickhouse.server.url, password: clickhouse.server.credentials.analyst });
  const { store } = clickhouse;
  // Ten calls a minute through alder in two hours of each of three days; on the 12th all fail for 30 minutes within the exclusion (05:00 to 08:30 UTC)
  // and for 30 minutes after it.
  const minutes = [10, 11, 12].flatMap((day) => Array.from({ length: 120 }, (_, at) => Date.UTC(2026, 10, day, 8) + at * 60_000));
  const rows = minutes.flatMap((minute) => {
    const failed = minute >= Date.UTC(2026, 10, 12, 8) && minute < Date.UTC(2026, 10, 12, 9);
    const row = {
      tenant: 'main',
      leg: 'switch',
      service: 'voice',
      minute: writeInstant(minute).slice(0, 19),
      partner: 'alder-carrier',
      route: 'r1',
      ingest_time: writeInstant(Date.now()),
    };
    return [{ ...row, cause_class: failed ? 'network' : 'normal', records: 10, answered: failed ? 0 : 10 }];
  });
  await store.insert('usage_minute', rows, 'sla-minutes');
  await store.insert('maintenance', maintenance, 'sla-maintenance');
  await store.insert('incidents', incidents, 'sla-incidents');
  await store.insert(
    'incident_reviews',
    [{ tenant: 'main', incident_id: 'inc_1', version: 1, cause: 'partner', useful: 'useful', actor: 'ann', at: writeInstant(at(12, 14)) }],
    'sla-review',
  );
  await store.insert(
    'incident_actions',
    [
      {
        tenant: 'main',
        action_id: 'a1',
        incident_id: 'inc_1',
        version: 1,
        kind: 'corrective',
        text: 'x',
        owner: 'ann',
        due_on: '2026-11-14',
        state: 'open',
        actor: 'ann',
        at: writeInstant(at(12, 14)),
      },
    ],
    'sla-action',
  );
});
afterAll(async () => {
  await asking.close();
});

const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 10, day, hour, minute);
const window = (id: string, from: number, to: number, entered: number, more: object = {}) => ({
  ...{
    tenant: 'main',
    maintenance_id: id,
    kind: 'window',
    matchers: { partner: 'alder-carrier' },
    starts_at: writeInstant(from),
    ends_at: writeInstant(to),
  },
  ...{ reason: 'router', actor: 'bob', state: 'active', version: 1, at: writeInstant(entered) },
  ...more,
});
const maintenance = [
  window('m1', at(11, 8), at(11, 8, 10), at(1, 0)),
  // Announced too late, and for another partner: neither counts.
  window('m2', at(11, 9), at(11, 9, 30), at(11, 8)),
  window('m3', at(10, 8), at(10, 9), at(1, 0), { matchers: { partner: 'beacon' } }),
];
const transition = (id: string, sequence: number, state: string, when: number, more: object = {}) => ({
  ...{
    tenant: 'main',
    incident_key: id,
    incident_id: id,
    sequence,
    transition: state === 'open' ? 'opened' : state,
    state,
    severity: 3,
    category: 'service',
  },
  ...{ title: `${id} <script>`, began_at: writeInstant(at(12, 8)), detected_at: writeInstant(at(12, 8, 5)), at: writeInstant(when) },
  body: JSON.stringify({
    finding: { detector: 'usage_ratio', metric: 'answer_ratio', scope: { partner: 'alder-carrier' } },
    first_seen_by: 'weir',
  }),
  ...more,
});
const incidents = [
  transition('inc_1', 1, 'open', at(12, 8, 6)),
  transition('inc_1', 2, 'acknowledged', at(12, 8, 16)),
  transition('inc_1', 3, 'resolved', at(12, 13, 6)),
  transition('inc_2', 1, 'open', at(12, 10)),
  transition('inc_2', 2, 'resolved', at(12, 11)),
  // Reopened: what counts is when it was solved for good.
  transition('inc_2', 3, 'open', at(12, 11, 30)),
  transition('inc_2', 4, 'resolved', at(12, 12)),
  transition('inc_3', 1, 'open', at(12, 10), { severity: 5 }),
];
const settings = parseSettings('timeZone: Europe/Berlin', 'weir.yaml');
const place = () => ({
  store: clickhouse.store,
  tenant: 'main',
  kpis: kpiPort(clickhouse.store, 'main'),
  clock: { now: () => Date.UTC(2026, 11, 5) },
});

describe('the report on an agreement', () => {
  it('is as computed by hand: figures, exclusions, credits, evidence', async () => {
    const { agreements, problems } = agreementsIn('examples/service/sla', settings, place().kpis);
    expect(problems).toEqual([]);
    const report = await slaReport(place(), agreements[0]!, '2026-11');
    // November of Berlin: 30 days.
    expect((report.period.to - report.period.from) / 60_000).toBe(30 * 1440);
    const [ner, availability, repair] = report.targets;
    // 3,600 calls of which 600 failed; excluded: the 12th until 08:30 UTC (300 failed) and ten minutes of the 11th (100 good).
    expect(ner!.figure.raw).toEqual({ value: (3000 * 100) / 3600, good: 3000, total: 3600 });
    expect(ner!.figure.counted).toEqual({ value: (2900 * 100) / 3200, good: 2900, total: 3200 });
    expect(ner!.credit).toMatchObject({ state: 'missed', percent: '10', amount: '1200' });
    expect(ner!.exclusions.map(({ kind, minutes, approver }) => [kind, minutes, approver])).toEqual([
      ['force-majeure', 210, 'j.doe@example.org'],
      ['maintenance', 10, 'bob'],
    ]);
    // Six hours with data; 08:00 of the 11th and of the 12th touch an exclusion: four are left, all good.
    expect(availability!.figure.raw).toEqual({ value: (5 * 100) / 6, good: 5, total: 6 });
    expect(availability!.figure.counted).toEqual({ value: 100, good: 4, total: 4 });
    expect(availability!.credit).toMatchObject({ state: 'kept', amount: '0' });
    expect(availability!.figure.minutes).toMatchObject({ period: 43_200, measured: 240, excluded: 220, bad: 0 });
    // inc_1 took five hours, 24 minutes of it excluded: 4.6 h; inc_2 two; inc_3 is too small.
    expect(repair!.figure.counted).toEqual({ value: 50, good: 1, total: 2 });
    expect(repair!.credit).toMatchObject({ state: 'missed', amount: '240' });
    expect(report.credit).toEqual({ uncapped: '1440', cap: '3600', amount: '1440', isCapped: false });
    expect(report).toMatchObject({ final: true, claimUntil: '2026-12-30', claimOver: false });
    for (const { evidence, target } of report.targets) {
      expect(evidence, target.name).not.toMatch(/\{\w+:\w/);
      const { rows, columns } = await asking.ask(evidence);
      if (target.name === 'ner') {
        const bids = columns.findIndex(({ name }) => name === 'voice_bids');
        expect(rows.reduce((sum, row) => sum + Number(row[bids]), 0)).toBe(3600);
      }
    }
    const page = slaPage(report);
    const html = pageHtml(page);
    expect(html).toContain('@media print');
    expect(html).toContain('Sea cable cut by an anchor');
    expect(html).not.toMatch(/<script|src=|href=/);
    expect(pageCsv(page)).toContain('"Result","ner"');
    expect(slaJson(report)).toMatchObject({ credit: '1440', targets: [{ state: 'missed' }, { state: 'kept' }, { state: 'missed' }] });
    // A month without data is neither kept nor missed.
    const empty = await slaReport(place(), agreements[0]!, '2026-06');
    expect(empty.targets.map(({ credit }) => credit.state)).toEqual(['no_data', 'no_data', 'no_data']);
    expect(empty.credit.amount).toBe('0');
    expect((await slaReport(place(), agreements[0]!, '2025-06')).targets).toEqual([]);
  });
});

describe('the service report', () => {
  it('has KPIs, incidents with their times, causes, noise and actions, and the same by RATER tag', async () => {
    const report = await serviceReport(
      clickhouse.store,
      'main',
      [],
      reportPeriod({ week: '2026-W46' }, 'Europe/Berlin'),
      incidentRater(settings),
    );
    const asr = report.kpis.find(({ kpi }) => kpi.name === 'asr')!;
    expect(asr).toMatchObject({ now: { value: 3000 / 3600, volume: 3600 }, before: { state: 'no_data' }, failed: '' });
    const [all] = report.stats;
    // To detect five minutes; acknowledged after ten; solved after 5 h and 2 h.
    expect(all).toMatchObject({
      incidents: 3,
      detect: { median: 300 },
      acknowledge: { count: 1, median: 600 },
      resolve: { median: 7200, p90: 18_000 },
      first_line_share: 1,
    });
    expect(report.incidents.map(({ incident_id, rater }) => [incident_id, rater])).toEqual([
      ['inc_1', 'reliability'],
      ['inc_2', 'reliability'],
      ['inc_3', 'reliability'],
    ]);
    expect(report.noise).toEqual({ judged: 1, noise: 0, share: 0 });
    expect(report.causes).toEqual([
      { cause: '', incidents: 2, customers: 0 },
      { cause: 'partner', incidents: 1, customers: 0 },
    ]);
    expect(report.actions).toEqual({ open: 1, overdue: 1, done: 0 });
    expect(report.seen).toMatchObject({ incidents: 3, customer_share: 0 });
    expect(byRater(report).flatMap(({ kpis }) => kpis).length).toBe(report.kpis.length);
    const html = pageHtml(servicePage(report, 'main'));
    expect(html).toContain('Service report 2026-W46');
    const rater = pageHtml(raterPage(report, 'main'));
    expect(rater).toContain('inc_1 &lt;script&gt;');
    expect(pageCsv(servicePage(report, 'main'))).toMatch(/^"section","KPI"/);
  });
});

describe('what carriers owe', () => {
  const quiet = { info: () => undefined, warn: () => undefined, error: (fields: object) => expect.fail(JSON.stringify(fields)) };
  let now = Date.UTC(2026, 11, 5);
  const clock = { now: () => now };
  const reporting = (agreements: readonly Agreement[]) =>
    startAgreements({ store: clickhouse.store, clock, settings, log: quiet, agreements, kpis: place().kpis, everyMs: 0 });
  const detecting = async (said: Finding[]) =>
    startDetection({
      ...{ store: clickhouse.store, clock, settings, log: quiet, definitions: [slaCredits], detectors: [], everyMs: 0 },
      onFindings: (found) => void said.push(...found.filter(({ detector }) => detector === 'N17')),
    });
  /** So many more calls that went well, late, in an hour that does not touch an exclusion. */
  const late = (records: number) =>
    clickhouse.store.insert(
      'usage_minute',
      [
        {
          ...{ tenant: 'main', leg: 'switch', service: 'voice', partner: 'alder-carrier', route: 'r1', cause_class: 'normal' },
          ...{ minute: writeInstant(at(10, 8)).slice(0, 19), records, answered: records, ingest_time: writeInstant(Date.now()) },
        },
      ],
      `sla-late-${records}`,
    );

  it('is a finding once per agreement and month, follows the report, and is not forgotten when the claim is over', async () => {
    const { store } = clickhouse;
    const { agreements } = agreementsIn('examples/service/sla', settings, place().kpis);
    const book = reporting(agreements);
    // The running month and the one before: what October owed could be claimed until 1 December of Berlin.
    expect(await book.look()).toEqual(['alder-voice 2026-12', 'alder-voice 2026-11']);
    expect(await book.look()).toEqual([]);
    const rows = await store.select<Record<string, unknown>>(
      "SELECT target, state, toFloat64(credit) AS credit, final, attained, toString(claim_until) AS until FROM sla_periods_latest WHERE tenant = 'main' AND month = '2026-11' ORDER BY target",
    );
    expect(rows).toEqual([
      { target: '', state: 'missed', credit: 1440, final: true, attained: null, until: '2026-12-30' },
      { target: 'availability', state: 'kept', credit: 0, final: true, attained: 100, until: '2026-12-30' },
      { target: 'ner', state: 'missed', credit: 1200, final: true, attained: 90.625, until: '2026-12-30' },
      { target: 'repair', state: 'missed', credit: 240, final: true, attained: 50, until: '2026-12-30' },
    ]);
    const said: Finding[] = [];
    const detection = await detecting(said);
    await detection.tick();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({
      state: 'firing',
      kind: 'revenue',
      scope: { agreement: 'alder-voice', month: '2026-11', partner: 'alder-carrier' },
      // Not the day of the limit for back-billing.
      money: { amount: '1440', currency: 'EUR', class: 'leakage', recoverable_until: '2026-12-30' },
    });
    const evidence = await asking.ask(said[0]!.evidence.sql);
    expect(evidence.rows.map(([target]) => target)).toEqual(['', 'availability', 'ner', 'repair']);

    // 2,800 more of 6,000: 95 % exactly, the milder band of 5 %: 600 + 240.
    await late(2800);
    now += 3_600_000;
    expect(await book.look()).toEqual(['alder-voice 2026-11']);
    await detection.tick();
    expect(said.at(-1)).toMatchObject({ state: 'firing', finding_key: said[0]!.finding_key, money: { amount: '840' } });
    // 9,000 more: 14,700 of 15,000 are 98 % exactly, kept; what the repairs owe is left.
    await late(9000);
    now += 3_600_000;
    await book.look();
    await detection.tick();
    expect(said.at(-1)).toMatchObject({ state: 'firing', money: { amount: '240' } });
    expect(said).toHaveLength(3);
    await detection.stop();

    // A restart after the claim is over says what stands once more, and nothing else.
    now = Date.UTC(2026, 11, 30, 23);
    const again: Finding[] = [];
    const restarted = await detecting(again);
    await restarted.tick();
    expect(again.map(({ state, money }) => [state, money?.amount])).toEqual([['firing', '240']]);
    expect(restarted.firing()).toHaveLength(1);
    // Terms that owe nothing clear it.
    const kind = agreements.map((each) => ({ ...each, targets: each.targets.map((target) => ({ ...target, credits: [] })) }));
    expect(await reporting(kind).look()).toContain('alder-voice 2026-11');
    now += 3_600_000;
    await restarted.tick();
    expect(again.at(-1)).toMatchObject({ state: 'cleared' });
    await restarted.stop();
  });

  it('is nothing where we owe the partner, and preliminary while the month runs', async () => {
    const { agreements } = agreementsIn('examples/service/sla', settings, place().kpis);
    now = Date.UTC(2026, 10, 20);
    const running = agreements.map((each) => ({ ...each, identity: 'running' }));
    const owing = agreements.map((each) => ({ ...each, identity: 'owing', direction: 'we-owe-them' as const }));
    await reporting([...running, ...owing]).look();
    now = Date.UTC(2026, 11, 5);
    await reporting(owing).look();
    const said: Finding[] = [];
    const detection = await detecting(said);
    await detection.tick();
    expect(said.filter(({ scope }) => scope['agreement'] !== 'alder-voice')).toEqual([]);
    await detection.stop();
  });
});

it('months that are reported again: the running one, the one before, and while something can be claimed', () => {
  const of = { timeZone: 'Europe/Berlin', claimDays: 0 };
  expect(monthsOf(of, Date.UTC(2026, 10, 30, 22, 59))).toEqual(['2026-11', '2026-10']);
  expect(monthsOf(of, Date.UTC(2026, 10, 30, 23))).toEqual(['2026-12', '2026-11']);
  expect(monthsOf({ ...of, claimDays: 60 }, Date.UTC(2026, 10, 15))).toEqual(['2026-11', '2026-10', '2026-09']);
  expect(monthsOf({ ...of, claimDays: 3650 }, Date.UTC(2026, 10, 15))).toHaveLength(13);
});

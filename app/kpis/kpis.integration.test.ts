/** Every KPI on a real ClickHouse: records go in as they are, figures come out as computed by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { type KpiDefinition, kpis, kpiValue } from '../../detectors/service/kpis/index.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { bearer, type TestApi, testApi } from '../api/context.fixture.ts';
import { everyKpi } from './every.ts';
import { legsOf } from './legs.ts';
import { params, readRows } from './read.ts';

const clickhouse = withClickHouse();
const noon = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
let tested: TestApi;

let rows = 0;
const record = (more: object): object => ({
  tenant: 'main',
  source: 'test',
  partition: 'p',
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(noon + 10 * minute),
  ...more,
});

/** So many calls alike, all within the minute. */
const calls = (count: number, more: object): object[] =>
  Array.from({ length: count }, () =>
    record({ leg: 'switch', service: 'voice', partner: 'alder', route: 'r1', start_time: writeInstant(noon), ...more }),
  );

interface Value {
  readonly state: string;
  readonly value: number | null;
  readonly volume: number;
  readonly events: number | null;
  readonly standing: string;
}
interface Figures {
  readonly legs: readonly string[];
  readonly groups: readonly {
    readonly labels: Record<string, string>;
    readonly total: Value;
    readonly points: readonly (Value & { at: string })[];
  }[];
  readonly more: number;
}

const get = (path: string) => tested.api.inject({ url: `/api/v1${path}`, headers: bearer('reader') });
const ask = async (path: string): Promise<Figures> => {
  const answer = await get(path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const window = `from=${new Date(noon).toISOString()}&to=${new Date(noon + 3 * minute).toISOString()}`;
const total = async (name: string, more = ''): Promise<Value> => (await ask(`/kpis/${name}?${window}${more}`)).groups[0]!.total;

beforeAll(async () => {
  const { store } = clickhouse;
  // A merge keeps one arrival of two: what a KPI says of a minute could change between two questions.
  await store.command('SYSTEM STOP MERGES usage_minute');
  tested = await testApi({ store });
  const answered = { answered: true, billable_seconds: 90, duration_seconds: 100 };
  await store.insert(
    'usage',
    [
      // 60 answered, of which 3 dropped; 15 busy, 10 network failures, 5 far-end congestion, 10 without circuit, 4 without cause.
      ...calls(57, { ...answered, cause: 16, cause_class: 'normal' }),
      ...calls(3, { ...answered, billable_seconds: 30, cause: 41, cause_class: 'network' }),
      ...calls(15, { cause: 17, cause_class: 'user' }),
      ...calls(10, { cause: 38, cause_class: 'network' }),
      ...calls(5, { cause: 42, cause_class: 'congestion' }),
      ...calls(10, { cause: 34, cause_class: 'congestion', route: '' }),
      ...calls(4, {}),
      // Another partner, below the minimum volume, a minute later; the same calls on another leg; another tenant.
      ...calls(20, { ...answered, partner: 'beacon', route: 'r2', cause_class: 'normal', start_time: writeInstant(noon + minute) }),
      ...calls(200, { leg: 'rating', ...answered }),
      ...calls(300, { tenant: 'other', cause_class: 'network' }),
    ],
    'usage',
  );
  const reading = (metric: string, device: string, value: number, at: number, more: object = {}): object =>
    record({ metric, device, value, event_time: writeInstant(at), instrument: 'gauge', node: 'olt-1', model: 'm', firmware: 'f', ...more });
  const twenty = Array.from({ length: 20 }, (_, at) => at + 1);
  const counted = (name: string, attempts: string, all: number, successes: string, good: number, more: object = {}) => [
    reading(attempts, name, all, noon, more),
    reading(successes, name, good, noon, more),
  ];
  await store.insert(
    'measurements',
    [
      ...counted('amf', 'registration_attempts', 200, 'registration_successes', 190),
      ...counted('smf', 'pdu_session_attempts', 100, 'pdu_session_successes', 99),
      ...counted('enb', 'bearer_attempts', 400, 'bearer_successes', 200),
      ...counted('hlr', 'roaming_registration_attempts', 100, 'roaming_registration_successes', 90, {
        attributes: { partner: 'roam-north' },
      }),
      ...counted('ggsn', 'roaming_session_attempts', 100, 'roaming_session_successes', 80, {
        attributes: { partner: 'roam-north', dnn: 'internet' },
      }),
      ...counted('dns', 'dns_queries', 1000, 'dns_answers', 970),
      ...counted('if', 'packets', 1e6, 'packet_errors', 10),
      ...[
        'throughput_down_mbps',
        'ping_average_response_ms',
        'jitter_ms',
        'dns_query_query_time_ms',
        'utilisation_percent',
        'loss_percent',
      ].flatMap((metric) => twenty.map((value) => reading(metric, `d${value}`, value, noon))),
      ...twenty.map((value) => reading('snr_db', `d${value}`, value, noon)),
      // -29, -28, -27: at or beyond the limit.
      ...twenty.map((value) => reading('rx_power_dbm', `d${value}`, value - 30, noon)),
      // 20 devices, three minutes, one reading each; d1 is off in the first minute, goes on and off within the second and is off in the third.
      ...twenty.flatMap((device) =>
        [0, 1, 2].map((at) => reading('online', `d${device}`, device === 1 && at !== 1 ? 0 : 1, noon + at * minute)),
      ),
      reading('online', 'd1', 1, noon - 5 * minute),
      reading('online', 'd1', 0, noon + minute + 1000),
      ...twenty.flatMap((device) =>
        [0, 1, 2].map((at) =>
          reading('uptime_seconds', `d${device}`, device === 2 && at === 2 ? 5 : 1e6 + 60 * at, noon + at * minute, {
            instrument: 'counter',
          }),
        ),
      ),
      reading('onts_online', 'pon-1', 4, noon),
      reading('onts_online', 'pon-1', 1, noon + minute),
      reading('onts_online', 'pon-2', 16, noon),
      // Neither counters nor infinities are levels.
      reading('latency_ms', 'd1', 1e9, noon, { instrument: 'counter' }),
    ],
    'measurements',
  );
  const quality = { partner: 'quality', route: 'q1' };
  const measured = { mos: 4.25, loss_percent: 1, jitter_ms: 5, answered: true, sip_code: 200, cause_class: 'normal' };
  await store.insert(
    'usage',
    [
      ...calls(30, { ...quality, ...measured, post_dial_delay_ms: 1000 }),
      ...calls(10, { ...quality, ...measured, mos: 3.5, post_dial_delay_ms: 1000 }),
      ...calls(10, { ...quality, sip_code: 486, post_dial_delay_ms: 1000 }),
      ...calls(20, { ...quality, sip_code: 486, post_dial_delay_ms: 2000 }),
      ...calls(10, { ...quality, sip_code: 404, post_dial_delay_ms: 2000 }),
      ...calls(15, { ...quality, sip_code: 503, post_dial_delay_ms: 2000 }),
      ...calls(5, { ...quality, sip_code: 302, post_dial_delay_ms: 8000 }),
      ...calls(70, { service: 'sms', partner: 'smsc', answered: true, final_status: 'delivered', duration_seconds: 4 }),
      ...calls(10, { service: 'sms', partner: 'smsc', answered: true, final_status: 'delivered', duration_seconds: 60 }),
      ...calls(10, { service: 'sms', partner: 'smsc', final_status: 'UNDELIV' }),
      ...calls(10, { service: 'sms', partner: 'smsc', final_status: 'ENROUTE' }),
      // 100 sessions of an hour that state their release, 3 of them lost; 3.6 GB down and 360 MB up in each.
      ...calls(97, { service: 'data', node: 'bng', duration_seconds: 3600, cause_class: 'normal', octets_down: 3.6e9, octets_up: 3.6e8 }),
      ...calls(3, { service: 'data', node: 'bng', duration_seconds: 3600, cause_class: 'network', octets_down: 3.6e9, octets_up: 3.6e8 }),
      ...calls(25, { partner: 'roam-north', route: '', cause_class: 'user' }),
      ...calls(5, { partner: 'roam-north', route: '', cause_class: 'network' }),
      ...calls(85, { service: 'other', node: 'late' }),
      ...calls(5, { service: 'other', node: 'late', duplicate: 1 }),
      ...[1, 2, 3, 4].flatMap((week) =>
        [0, 1].flatMap((at) =>
          calls(100 * (week === 4 ? 3 : 1), {
            service: 'other',
            node: 'weekly',
            start_time: writeInstant(noon + at * minute - week * 7 * 24 * 60 * minute),
          }),
        ),
      ),
      ...calls(60, { service: 'other', node: 'weekly' }),
    ],
    'more',
  );
  await store.insert('usage', calls(10, { service: 'other', node: 'late', ingest_time: writeInstant(noon + 90 * minute) }), 'late');
  await store.insert('partners', [record({ partner: 'roam-north', partner_kind: 'roaming', valid_from: writeInstant(0) })], 'partners');
  await store.insert(
    'topology_edges',
    ['a', 'b', 'c', 'd'].map((child) =>
      record({ parent_type: 'pon', parent: 'pon-1', child_type: 'ont', child, valid_from: writeInstant(noon - 60 * minute) }),
    ),
    'edges',
  );
  const batch = (first: number, read: number, rejected: number) => ({
    tenant: 'main',
    source: 's',
    partition: 'p',
    kind: 'usage',
    first,
    last: first + read - 1,
    token: `t${first}`,
    state: 'stored',
    read,
    stored: read - rejected,
    rejected,
    planned_at: writeInstant(noon),
    stored_at: writeInstant(noon + 1000),
  });
  await store.insert('batches', [batch(0, 60, 2), batch(60, 40, 0)], 'batches');
  await store.insert('batches', [batch(0, 60, 2)], 'batches again');
  const step = (order: number, name: string, at: number, more: object = {}): object =>
    record({ subscription: order, order_id: `O${order}`, step: name, event_time: writeInstant(at), result: 'ok', plan: 'flex', ...more });
  await store.insert(
    'lifecycle',
    Array.from({ length: 12 }, (_, at) => at + 1).flatMap((order) => [
      // Ordered one to twelve hours before.
      step(order, 'ordered', noon - order * 60 * minute),
      ...(order <= 2 ? [step(order, 'activated', noon - 30 * minute, { result: 'failed', error: 'timeout' })] : []),
      step(order, 'activated', noon, order >= 10 ? { actor: 'agent' } : {}),
    ]),
    'orders',
  );
  const opened = (key: string, at: number, transition = 'opened') => ({
    tenant: 'main',
    incident_key: key,
    incident_id: `${key}${at}`,
    sequence: 1,
    transition,
    state: 'open',
    severity: 3,
    category: 'service',
    at: writeInstant(at),
  });
  const dayMs = 24 * 60 * minute;
  await store.insert(
    'incidents',
    [
      ...twenty.slice(0, 9).map((key) => opened(`k${key}`, noon + 1000)),
      opened('k1', noon + 2 * minute, 'reopened'),
      opened('k2', noon - 29 * dayMs),
      opened('k3', noon - 31 * dayMs),
    ],
    'incidents',
  );
});
afterAll(() => tested?.api.close());

describe('voice', () => {
  const only = '&partner=alder';
  it('ASR, ABR: 60 answered of 94 seizures and 104 bids; attempts without a circuit are bids only', async () => {
    // The ten without a circuit state no route, but the partner.
    expect(await total('asr', only)).toMatchObject({ state: 'ok', value: 60 / 94, volume: 94, events: 60, standing: 'good' });
    expect(await total('abr', only)).toMatchObject({ value: 60 / 104, volume: 104, events: 60 });
  });

  it('NER, CSSR: 60 answered and 15 busy of what states its cause', async () => {
    expect(await total('ner', only)).toMatchObject({ value: 75 / 90, volume: 90, events: 75, standing: 'poor' });
    expect(await total('cssr', only)).toMatchObject({ value: 75 / 100, volume: 100, events: 75, standing: 'poor' });
  });

  it('ACD and drop rate: (57 x 90 s + 3 x 30 s) / 60; 3 of 60', async () => {
    expect(await total('acd', only)).toMatchObject({ value: (57 * 90 + 3 * 30) / 60, volume: 60, events: null, standing: 'unrated' });
    expect(await total('drop_rate', only)).toMatchObject({ value: 3 / 60, volume: 60, events: 3, standing: 'poor' });
  });

  it('legs are never added up: the nearest to the network, or the one asked for, or each by itself', async () => {
    const best = await ask(`/kpis/asr?${window}&partner=alder,beacon`);
    expect(best.legs).toEqual(['switch']);
    expect(best.groups[0]!.total.volume).toBe(114);
    expect(await total('asr', '&leg=rating')).toMatchObject({ value: 1, volume: 200 });
    expect(
      (await ask(`/kpis/asr?${window}&by=leg&partner=alder,beacon`)).groups.map(({ labels, total: { volume } }) => [labels['leg'], volume]),
    ).toEqual([
      ['rating', 200],
      ['switch', 114],
    ]);
  });

  it('groups come with the largest first; too few have no value; steps without traffic have no data', async () => {
    const { groups } = await ask(`/kpis/ner?${window}&by=partner,route&step=60&partner=alder,beacon`);
    expect(groups.map(({ labels, total: { state, value, volume } }) => [labels, state, value, volume])).toEqual([
      [{ partner: 'alder', route: 'r1' }, 'ok', 75 / 90, 90],
      [{ partner: 'beacon', route: 'r2' }, 'too_few', null, 20],
    ]);
    expect(groups.map(({ points }) => points.map(({ state, value, events }) => [state, value, events]))).toEqual([
      [
        ['ok', 75 / 90, 75],
        ['no_data', null, 0],
        ['no_data', null, 0],
      ],
      [
        ['no_data', null, 0],
        ['too_few', null, 20],
        ['no_data', null, 0],
      ],
    ]);
    const one = await ask(`/kpis/ner?${window}&by=partner&limit=1&partner=alder,beacon`);
    expect([one.groups.length, one.more]).toEqual([1, 1]);
  });

  it('whole hours are read from the rollup by hour, with the same result', async () => {
    const hours = `from=${new Date(noon).toISOString()}&to=${new Date(noon + 120 * minute).toISOString()}`;
    const { groups } = await ask(`/kpis/ner?${hours}&partner=alder&step=3600`);
    expect(groups[0]!.points.map(({ value, volume }) => [value, volume])).toEqual([
      [75 / 90, 90],
      [null, 0],
    ]);
  });
});

describe('quality of calls', () => {
  const p = '&partner=quality';
  it('PDD: the middle and 95 % of the delays, within 9 %', async () => {
    // 50 calls of 1 s, 45 of 2 s, 5 of 8 s: the middle is 1 s, 95 % do not exceed 2 s.
    const [p50, p95] = [await total('pdd', p), await total('pdd_p95', p)];
    expect([p50.volume, p95.volume]).toEqual([100, 100]);
    expect(p50.value! / 1).toBeGreaterThan(0.91);
    expect(p50.value! / 1).toBeLessThan(1.09);
    expect(p95.value! / 2).toBeGreaterThan(0.91);
    expect(p95.value! / 2).toBeLessThan(1.09);
  });

  it('SER, SEER, ISA by final responses: 40 of 200, 30 of 486, 10 of 404, 15 of 503, 5 of 302', async () => {
    expect(await total('ser', p)).toMatchObject({ value: 40 / 95, volume: 95, events: 40 });
    expect(await total('seer', p)).toMatchObject({ value: 70 / 95, volume: 95, events: 70 });
    expect(await total('isa', p)).toMatchObject({ value: 15 / 100, volume: 100, events: 15 });
  });

  it('MOS, poor calls, loss, jitter and R of the 40 that state them', async () => {
    // 30 with 4.25, 10 with 3.5; loss 1 %, jitter 5 ms each.
    expect(await total('mos', p)).toMatchObject({ value: (30 * 4.25 + 10 * 3.5) / 40, volume: 40, standing: 'good' });
    expect(await total('mos_low', p)).toMatchObject({ value: 0.25, volume: 40, events: 10 });
    expect(await total('voice_loss', p)).toMatchObject({ value: 1, volume: 40 });
    expect(await total('voice_jitter', p)).toMatchObject({ value: 5, volume: 40 });
    // G.711 with concealment at 1 %: 93.2 - 95 / 26.1 = 89.6; 50 ms of delay cost nothing.
    expect((await total('r_factor', p)).value).toBeCloseTo(93.2 - 95 / 26.1, 1);
  });
});

describe('messages', () => {
  const p = '&partner=smsc';
  it('delivery 80 of 100, receipts 90 of 100, latency of those delivered', async () => {
    expect(await total('sms_delivery', p)).toMatchObject({ value: 0.8, volume: 100, events: 80 });
    expect(await total('sms_dlr', p)).toMatchObject({ value: 0.9, volume: 100, events: 90 });
    // 70 in 4 s, 10 in 60 s: 95 % of the 80 lie in the 60 s.
    expect((await total('sms_latency', p)).value! / 4).toBeCloseTo(1, 0);
    expect(await total('sms_latency', p)).toMatchObject({ volume: 80 });
    expect(await total('sms_latency_p95', `${p}`)).toMatchObject({ state: 'too_few', value: null });
  });
});

describe('data', () => {
  it('retainability: 3 sessions lost in 100 hours; mean throughput 8 and 0.8 Mbit/s', async () => {
    const p = '&node=bng';
    expect(await total('retainability', p)).toMatchObject({ value: 3 / 100, volume: 100, standing: 'good' });
    expect((await total('throughput_down', p)).value).toBeCloseTo(8, 9);
    expect((await total('throughput_up', p)).value).toBeCloseTo(0.8, 9);
  });

  it.each([
    ['registration_success', 190 / 200, 200],
    ['pdu_session_success', 99 / 100, 100],
    ['bearer_success', 0.5, 400],
    ['roaming_registration', 0.9, 100],
    ['roaming_session_success', 0.8, 100],
    ['dns_success', 0.97, 1000],
    ['packet_errors', 1e-5, 1e6],
  ])('%s: of counts of a period', async (name, value, volume) => {
    const figure = await total(name);
    expect(figure).toMatchObject({ state: 'ok', volume });
    expect(figure.value).toBeCloseTo(value, 12);
  });

  it('registrations of roamers are cut by partner', async () => {
    const { groups } = await ask(`/kpis/roaming_registration?${window}&by=partner`);
    expect(groups.map(({ labels, total: { value } }) => [labels['partner'], value])).toEqual([['roam-north', 0.9]]);
  });

  it.each([
    ['throughput_measured', 10.5, 20],
    ['latency', 19.05, 20],
    ['jitter', 19.05, 20],
    ['dns_latency', 19.05, 20],
    ['utilisation', 19.05, 20],
  ])('%s: a quantile over 20 devices with the values 1 to 20', async (name, value, volume) => {
    const figure = await total(name);
    expect(figure.volume).toBe(volume);
    expect(figure.value).toBeCloseTo(value, 9);
  });

  it('loss: the mean of 1 to 20', async () => expect(await total('loss')).toMatchObject({ value: 10.5, volume: 20 }));

  it('calls of roamers: 25 of 30 delivered, of partners that the reference data call roaming', async () => {
    expect(await total('roaming_call_success')).toMatchObject({ value: 25 / 30, volume: 30, events: 25 });
  });
});

describe('access', () => {
  it('online ratio, optical levels, SNR', async () => {
    expect(await total('cpe_online')).toMatchObject({ value: 58 / 61, volume: 61, events: 58 });
    expect((await total('optical_power')).value).toBeCloseTo(-28.05, 9);
    expect(await total('optical_weak')).toMatchObject({ value: 3 / 20, events: 3 });
    expect((await total('snr')).value).toBeCloseTo(1.95, 9);
  });

  it('PON trees: of 4 ONTs by topology 1 is online at worst; the other tree has all that it ever had', async () => {
    expect(await total('pon_outage')).toMatchObject({ value: 0.5, volume: 2, events: 1, standing: 'poor' });
    // The first tree: (4 + 1) / 2 of 4 on average; the second 16 of 16.
    expect(await total('ont_online')).toMatchObject({ value: 18.5 / 20, volume: 20 });
  });

  it('flapping: one device of 20 changes four times; reboots: one restart of 20 devices in three minutes', async () => {
    expect(await total('flapping')).toMatchObject({ value: 1 / 20, volume: 20, events: 1 });
    const reboots = await total('reboots');
    expect(reboots.volume).toBe(20);
    expect(reboots.value).toBeCloseTo(1 / ((20 * 180) / 86_400), 6);
  });
});

describe('records, orders, incidents', () => {
  it('timeliness, delay and repeats of records', async () => {
    const p = '&node=late';
    // 90 arrive 10 minutes after their minute, less half of it: in time. 10 of an hour and a half ago do not.
    expect(await total('record_timeliness', p)).toMatchObject({ value: 0.9, volume: 100, events: 90 });
    const delay = await total('record_delay', p);
    expect(delay.value! / (90 * 60)).toBeGreaterThan(0.98);
    expect(delay.value! / (90 * 60)).toBeLessThan(1.02);
    expect(await total('record_duplicates', p)).toMatchObject({ value: 0.05, volume: 100, events: 5 });
  });

  it('completeness: 60 and 100 of 100 expected by hour; a stretch without two weeks before is not judged', async () => {
    const p = '&node=weekly&step=60';
    const { groups } = await ask(`/kpis/record_completeness?${window}${p}`);
    expect(groups[0]!.points.map(({ state, value, volume }) => [state, value, volume])).toEqual([
      ['ok', 0.6, 100],
      ['ok', 0, 100],
      ['no_data', null, 0],
    ]);
  });

  it('rejects by time of storing, a range that was sent again once', async () => {
    expect(await total('record_rejects')).toMatchObject({ value: 2 / 100, volume: 100, events: 2 });
  });

  it('orders: 12 activated, the middle after 6.5 h, 9 of 10 within 10.9 h; 2 with a failed step, 3 by hand', async () => {
    expect(await total('order_to_activate')).toMatchObject({ value: 6.5, volume: 12 });
    expect(await total('order_to_activate_p90')).toMatchObject({ state: 'too_few', value: null, volume: 12 });
    expect(await total('first_time_right')).toMatchObject({ value: 10 / 12, events: 10 });
    expect(await total('order_fallout')).toMatchObject({ value: 3 / 12, events: 3 });
  });

  it('repeat incidents: 2 of 10 had been there within 30 days', async () => {
    expect(await total('repeat_incidents')).toMatchObject({ value: 0.2, volume: 10, events: 2 });
  });
});

/** One KPI of each query. */
const ofQueries = [...new Map(kpis.toReversed().map((kpi) => [kpi.query, kpi])).values()];

it('every query answers in steps, by two dimensions', async () => {
  for (const { name, dimensions } of ofQueries) {
    const { groups } = await ask(`/kpis/${name}?${window}&by=${dimensions.slice(0, 2).join(',')}&step=60&limit=5`);
    expect(groups.length, name).toBeGreaterThan(0);
    for (const { total: figure, points } of groups) {
      expect(points.length).toBe(3);
      for (const each of [figure, ...points])
        expect(each.state === 'ok' ? Number.isFinite(each.value) : each.value === null, name).toBe(true);
    }
  }
});

it('every query without any data says so', async () => {
  for (const { name } of ofQueries) {
    const { groups } = await ask(`/kpis/${name}?from=2025-01-01T00:00:00Z&to=2025-01-01T01:00:00Z`);
    expect(
      groups.map(({ total: { state, value } }) => [state, value]),
      name,
    ).toEqual([['no_data', null]]);
  }
});

it('all KPIs at once: each figure, as a whole and by every dimension, is what its own query says', async () => {
  const { store } = clickhouse;
  const stretch = { from: noon, to: noon + 3 * minute };
  const figures = new Map(
    (await everyKpi(store, 'main', stretch, 'all')).map(({ kpi, dimension, label, state, value, volume, events }) => [
      [kpi.name, dimension, label].join('\0'),
      { state, value, volume, events },
    ]),
  );
  // Each query once by each dimension, for all the KPIs that it answers.
  const scans = new Map<string, KpiDefinition[]>();
  for (const kpi of kpis) {
    const scan = JSON.stringify([kpi.query, kpi.services, kpi.legs]);
    scans.set(scan, [...(scans.get(scan) ?? []), kpi]);
  }
  let compared = 0;
  const compare = async (of: readonly KpiDefinition[], dimension: string): Promise<void> => {
    const kpi = { ...of[0]!, metrics: of.flatMap(({ metrics }) => metrics) };
    const question = { kpi, window: stretch, by: dimension === '' ? [] : [dimension], leg: '', only: {} };
    const given = params('main', question, await legsOf(store, 'main', question), stretch.to - stretch.from, []);
    for (const { a, facts } of await readRows(store, given, kpi.query))
      for (const one of of) {
        const own = kpiValue(one, facts);
        if (own.state === 'no_data') continue;
        const key = [one.name, dimension, dimension === '' ? '' : a].join('\0');
        const figure = figures.get(key);
        expect(figure, key).toMatchObject({ state: own.state });
        expect([figure?.value ?? 0, figure?.volume, figure?.events ?? 0], key).toEqual(
          [own.value ?? 0, own.volume, own.events ?? 0].map((number) => expect.closeTo(number, 9)),
        );
        figures.delete(key);
        compared++;
      }
  };
  for (const of of scans.values()) await Promise.all(['', ...of[0]!.dimensions].map((dimension) => compare(of, dimension)));
  // Nothing more was said; and what was compared is not nothing: each KPI as a whole and by each of its dimensions.
  expect([...figures.keys()]).toEqual([]);
  expect(compared).toBeGreaterThan(kpis.reduce((sum, { dimensions }) => sum + 1 + dimensions.length, 0));
});

it('all KPIs at once of whole hours, from one leg alone and without any data', async () => {
  const { store } = clickhouse;
  const hours = { from: noon, to: noon + 60 * minute };
  const whole = (found: Awaited<ReturnType<typeof everyKpi>>) =>
    found
      .filter(({ dimension }) => dimension === '')
      .map(({ kpi, state, volume }) => [kpi.name, state, volume])
      .sort();
  expect(whole(await everyKpi(store, 'main', hours, 'all'))).toEqual(whole(await everyKpi(store, 'main', hours, 'none')));
  const other = await everyKpi(store, 'other', { from: noon, to: noon + minute }, 'all');
  expect(other.find(({ kpi, dimension }) => kpi.name === 'ner' && dimension === 'leg')).toMatchObject({ label: 'switch', volume: 300 });
  expect(await everyKpi(store, 'nobody', hours, 'all')).toEqual([]);
});

describe('causes', () => {
  it('are what is shipped and what the reference data say, per partner', async () => {
    const said = { scheme: 'q850', value: 31, cause_class: 'network', name: 'Anything', valid_from: writeInstant(0) };
    await clickhouse.store.insert('causes', [record({ ...said, partner: 'beacon' })], 'causes');
    const of = async (partner: string): Promise<object> => {
      const answer = await get(`/causes?partner=${encodeURIComponent(partner)}`);
      expect(answer.statusCode).toBe(200);
      return answer.json().items.find((item: { scheme: string; value: number }) => item.scheme === 'q850' && item.value === 31);
    };
    expect(await of('beacon')).toMatchObject({ cause_class: 'network', source: 'reference data, beacon', name: 'Anything' });
    expect(await of('alder')).toMatchObject({ cause_class: 'normal', source: 'ITU-T Q.850' });
    expect(await of("'; DROP TABLE causes --")).toMatchObject({ cause_class: 'normal' });
  });
});

describe('what is asked', () => {
  it('no traffic at all is no data, not 0', async () => {
    const { groups, legs } = await ask(`/kpis/asr?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z`);
    expect(legs).toEqual([]);
    expect(groups).toMatchObject([{ labels: {}, total: { state: 'no_data', value: null, volume: 0, events: 0 } }]);
    expect((await ask(`/kpis/asr?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&by=partner`)).groups).toEqual([]);
  });

  it.each([
    [`/kpis/asr?${window}&by=subscriber`, 400],
    [`/kpis/asr?${window}&by=partner,partner`, 400],
    [`/kpis/asr?${window}&by=partner%3B+DROP+TABLE+usage`, 400],
    [`/kpis/asr?${window}&step=61`, 400],
    [`/kpis/asr?${window}&limit=1000000`, 400],
    [`/kpis/asr?${window}&subscriber=1`, 400],
    [`/kpis/asr?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z`, 400],
    [`/kpis/asr?from=1900-01-01T00:00:00Z&to=2026-01-01T00:00:00Z`, 400],
    [`/kpis/asr?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z&step=60`, 400],
    [`/kpis/nothing`, 404],
    [`/kpis/..%2F..%2Fetc`, 404],
    [`/kpis/${'a'.repeat(100)}`, 400],
  ])('%s is refused', async (path, status) => {
    const answer = await get(path);
    expect(answer.statusCode, answer.body).toBe(status);
    expect(answer.json()).toHaveProperty('hint');
  });

  it('hostile values are values', async () => {
    for (const evil of ["' OR 1=1 --", "a\\'b", '\0', '{x:String}', '😀'])
      expect((await ask(`/kpis/asr?${window}&by=partner&partner=${encodeURIComponent(evil)}`)).groups).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { experienceModel, experienceOf, hourIndexOf, type Reading } from '../../detectors/service/experience/index.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { customerText, segmentsText } from '../cli/experience-table.ts';
import { parseSettings } from '../settings/load.ts';
import { dueOf } from './due.ts';
import { judgeDay, rangesOf } from './judge.ts';
import { startExperience } from './loop.ts';
import { latestDay, readCustomer, readSegments, readWorst } from './read.ts';

const clickhouse = withClickHouse();
const hour = 3_600_000;
const dayMs = 24 * hour;
/** Yesterday: what is ingested expires by age. */
const day = (Math.floor(Date.now() / dayMs) - 1) * dayMs;
const dayText = new Date(day).toISOString().slice(0, 10);
let clock = Date.now();
let rows = 0;
let tenants = 0;

const settingsOf = (tenant: string, yaml = '') => ({ ...parseSettings(yaml, 'test'), tenant });
const record = (tenant: string, more: object): object => ({
  tenant,
  source: 's',
  partition: 'p',
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(Date.now()),
  ...more,
});
const usage = (tenant: string, subscriber: number | bigint, at: number, more: object): object =>
  record(tenant, {
    leg: 'switch',
    service: 'voice',
    direction: 'mo',
    subscriber: `${subscriber}`,
    start_time: writeInstant(day + at),
    ...more,
  });
const call = (more: object = {}) => ({ answered: true, cause: 16, cause_class: 'normal', duration_seconds: 60, ...more });
const failed = call({ answered: false, cause: 41, cause_class: 'network' });
const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

async function store(table: string, all: readonly object[]): Promise<void> {
  await clickhouse.store.insert(table, all, `test/${++rows}`);
}
const judge = (tenant: string, yaml = '', options: { perStatement?: number } = {}) =>
  judgeDay(clickhouse.store, { now: () => ++clock }, settingsOf(tenant, yaml), day, true, options);
const tenant = (): string => `t${++tenants}`;

interface Row {
  readonly customer: string;
  readonly state: string;
  readonly cei: number | null;
  readonly segment: string;
  readonly floor_kpi: string;
  readonly weakest_kpi: string;
  readonly worst_hour: string;
  readonly worst_hour_cei: number | null;
  readonly samples: string;
  readonly kpi: readonly string[];
  readonly value: readonly number[];
  readonly kpi_samples: readonly string[];
  readonly score: readonly (number | null)[];
  readonly share: readonly number[];
}
const stored = (of: string): Promise<Row[]> =>
  clickhouse.store.select<Row>('SELECT * FROM experience_daily WHERE tenant = {of:String} ORDER BY customer', { of });

describe('by hand', () => {
  it('judges each customer by what was measured, and says why', async () => {
    const of = tenant();
    await store('usage', [
      // 1: ten calls, two that the network lost, all in one hour: 80 %, 100 x 10 / 28 = 35.7. Nothing else: 35.7. The hour is as bad as the day.
      ...many(8, (at) => usage(of, 1, 10 * hour + at * 60_000, { ...call(), segment: 'business' })),
      ...many(2, (at) => usage(of, 1, 10 * hour + at * 60_000, failed)),
      // 2: four calls: too few. 3: busy and unanswered calls are the network's success. 4: nobody knows how its calls ended.
      ...many(4, (at) => usage(of, 2, at * hour, call())),
      ...many(5, (at) => usage(of, 3, at * hour, call({ answered: false, cause: 17, cause_class: 'user' }))),
      ...many(9, (at) => usage(of, 4, at * hour, { answered: false })),
      // 5: ten calls in two hours, four dropped in the second; set-up 100.
      ...many(5, (at) => usage(of, 5, 8 * hour + at * 60_000, call())),
      ...many(5, (at) => usage(of, 5, 9 * hour + at * 60_000, at === 0 ? call() : call({ cause: 41, cause_class: 'network' }))),
      // The same calls on another leg, a repeat and a call of the day before count for nobody.
      ...many(9, (at) => usage(of, 1, 10 * hour + at, { ...failed, leg: 'mediation' })),
      usage(of, 1, 10 * hour, { ...failed, duplicate: 2 }),
      usage(of, 1, -1, failed),
      usage(of, 1, dayMs, failed),
    ]);
    await store('subscriptions', [
      record(of, {
        system: 'crm',
        subscription: '3',
        segment: 'consumer',
        plan: 'flex',
        status: 'active',
        valid_from: writeInstant(day - 9 * dayMs),
      }),
    ]);
    const result = await judge(of);
    expect(result).toMatchObject({ day: dayText, state: 'complete', customers: 5, scored: 3, floored: 1 });
    const [one, two, three, four, five] = await stored(of);
    expect(one).toMatchObject({ state: 'scored', segment: 'business', floor_kpi: '', weakest_kpi: 'voice_setup', samples: '18' });
    // Set-up 35.71 (weight 2), drops 100 (weight 2).
    expect(one!.cei).toBeCloseTo((35.714_285_7 + 100) / 2, 3);
    expect(one!.worst_hour_cei).toBeCloseTo(one!.cei!, 3);
    expect(one!.kpi).toEqual(['voice_setup', 'voice_drop']);
    expect(one!.value).toEqual([80, 0]);
    expect(one!.kpi_samples).toEqual(['10', '8']);
    expect(two).toMatchObject({ state: 'too_few', cei: null, segment: '', weakest_kpi: '', score: [null, null], share: [0, 0] });
    expect(three).toMatchObject({ state: 'scored', cei: 100, segment: 'consumer', kpi: ['voice_setup'], value: [100] });
    expect(four).toMatchObject({ state: 'too_few', cei: null, kpi: [], samples: '0' });
    // Set-up 100, drops 40 % = 0: mean 50; hour 9: drops 80 % = 0, mean 50. Drops are terrible: at most 40.
    expect(five).toMatchObject({ cei: 40, floor_kpi: 'voice_drop', worst_hour_cei: 50, worst_hour: `${dayText} 09:00:00` });
    expect(await latestDay(clickhouse.store, of)).toBe(dayText);
    const [explained] = await readCustomer(clickhouse.store, of, '5', dayText, dayText);
    expect(explained).toMatchObject({ cei: 40, mean: 50, floorKpi: 'voice_drop', floorLost: 10, hourLost: 0 });
    expect(explained!.parts.map(({ kpi, points, lost }) => [kpi, points, lost])).toEqual([
      ['voice_setup', 50, 0],
      ['voice_drop', 0, 50],
    ]);
    const report = await readSegments(clickhouse.store, of, dayText, dayText);
    expect(report.segments.map(({ segment, customers, scored, too_few }) => [segment, customers, scored, too_few])).toEqual([
      ['', 5, 3, 2],
      ['business', 1, 1, 0],
      ['consumer', 1, 1, 0],
      ['unknown', 3, 1, 2],
    ]);
    expect(report.segments[0]!.cei).toBeCloseTo((67.857 + 100 + 40) / 3, 2);
    // Drops cost customer 5 fifty points, set-up costs customer 1 half of 64.3: over three customers.
    expect(report.kpis.map(({ kpi, lost }) => [kpi, Number(lost.toFixed(3))])).toEqual([
      ['voice_drop', 16.667],
      ['voice_setup', 10.714],
    ]);
    expect(report.rater.reliability).toBeCloseTo(27.381, 2);
    const page = readFileSync(new URL('../../docs/experience.md', import.meta.url), 'utf8');
    const asShown = (text: string) => text.replaceAll(dayText, '2026-11-26');
    expect(page).toContain(asShown(segmentsText(report, '')));
    expect(page).toContain(asShown(customerText('5', await readCustomer(clickhouse.store, of, '5', dayText, dayText))));
    const unknown = await readSegments(clickhouse.store, of, dayText, dayText, 'unknown');
    expect(unknown.kpis.map(({ kpi, lost }) => [kpi, lost])).toEqual([
      ['voice_drop', 50],
      ['voice_setup', 0],
    ]);
    const worst = await readWorst(clickhouse.store, of, dayText, { limit: 2 });
    expect(worst.map(({ customer }) => customer)).toEqual(['5', '1']);
    const after = worst[1]!;
    expect(await readWorst(clickhouse.store, of, dayText, { limit: 2, after: { cei: after.cei, customer: after.customer } })).toMatchObject(
      [{ customer: '3' }],
    );
    const views = await clickhouse.store.select<{ segment: string; scored: string }>(
      'SELECT segment, scored FROM experience_segments WHERE tenant = {of:String} ORDER BY segment',
      { of },
    );
    expect(views.map(({ segment, scored }) => [segment, scored])).toEqual([
      ['business', '1'],
      ['consumer', '1'],
      ['unknown', '1'],
    ]);
  });

  it('speech, waiting, messages, sessions, throughput and loss', async () => {
    const of = tenant();
    const data = (at: number, more: object) => usage(of, 7, at * hour, { service: 'data', direction: 'na', answered: false, ...more });
    await store('usage', [
      ...many(3, (at) => usage(of, 7, at * hour, call({ mos: 3.3, post_dial_delay_ms: 7000, answered: at > 0, cause_class: '' }))),
      ...many(4, (at) => usage(of, 7, at * hour, { service: 'sms', answered: true, final_status: 'delivered' })),
      usage(of, 7, hour, { service: 'sms', answered: false, final_status: 'failed' }),
      usage(of, 7, hour, { service: 'sms', answered: false, final_status: '' }),
      // Ten megabytes in 10 s (8 Mbit/s), in 100 s (0.8) and a quarter of them in 1,000 s; by volume (10 x 8 + 10 x 0.8 + 2.5 x 0.02) / 22.5 = 3.9133.
      data(1, { octets_down: 10_000_000, duration_seconds: 10, loss_percent: 1 }),
      data(2, { octets_down: 10_000_000, duration_seconds: 100, loss_percent: 1 }),
      data(3, { octets_down: 2_500_000, duration_seconds: 1000, loss_percent: 1.15 }),
      // The second partial record of a session is no session; one that carried nothing was refused.
      data(3, { octets_down: 100, duration_seconds: 10, partial_sequence: 1 }),
      data(4, { octets_down: 100, duration_seconds: 10, partial_sequence: 2 }),
      data(5, {}),
    ]);
    await judge(of);
    const [row] = await stored(of);
    const values = Object.fromEntries(row!.kpi.map((kpi, at) => [kpi, [row!.value[at], Number(row!.kpi_samples[at]), row!.score[at]]]));
    expect(values).toEqual({
      voice_setup: [100, 2, null],
      voice_mos: [expect.closeTo(3.3, 5), 3, expect.closeTo(50, 3)],
      voice_delay: [7, 3, 50],
      sms_delivery: [80, 5, expect.closeTo(1000 / 28, 3)],
      data_session: [80, 5, expect.closeTo(1000 / 29, 3)],
      data_throughput: [expect.closeTo(88.05 / 22.5, 6), 3, expect.closeTo((100 * (88.05 / 22.5 - 0.25)) / 4.75, 3)],
      data_loss: [expect.closeTo(1.05, 6), 3, expect.closeTo(50, 3)],
    });
    // Voice (50 x 1 + 50 x 0.5) / 1.5 = 50; messages 35.71 x 0.5; data (34.48 x 2 + 77.13 x 0.5 + 50) / 3.5 = 45.0.
    const throughput = (100 * (88.05 / 22.5 - 0.25)) / 4.75;
    expect(row!.cei).toBeCloseTo((50 + (1000 / 28) * 0.5 + ((1000 / 29) * 2 + throughput * 0.5 + 50) / 3.5) / 2.5, 3);
  });

  it('the line by its readings and the topology, complaints and repeated ones', async () => {
    const of = tenant();
    const edge = (ont: string, child: string, more: object = {}) =>
      record(of, { parent_type: 'ont', parent: ont, child_type: 'customer', child, valid_from: writeInstant(day - 9 * dayMs), ...more });
    const reading = (device: string, at: number, value: number) =>
      record(of, { metric: 'ont_up', device, event_time: writeInstant(day + at), value, instrument: 'gauge' });
    await store('topology_edges', [
      edge('ont-1', '11'),
      edge('ont-1', '11'),
      edge('ont-2', '12'),
      edge('ont-3', '13', { valid_to: writeInstant(day - 1) }),
      edge('ont-4', 'not a pseudonym'),
    ]);
    await store('measurements', [
      // 96 readings, 5 offline at 03:00 to 04:15: 94.79 %, 100 x 4.79 / 9.5 = 50.4.
      ...many(96, (at) => reading('ont-1', at * 900_000, at >= 12 && at < 17 ? 0 : 1)),
      ...many(11, (at) => reading('ont-2', at * 900_000, 1)),
      ...many(96, (at) => reading('ont-3', at * 900_000, 0)),
    ]);
    const complaint = (subscription: string, id: string, at: number, topic: string) =>
      record(of, { event_time: writeInstant(day + at), complaint_id: id, subscription, topic });
    await store('complaints', [
      complaint('11', 'C1', -29 * dayMs, 'no_service'),
      complaint('11', 'C2', 5 * hour, 'no_service'),
      complaint('11', 'C2', 5 * hour, 'no_service'),
      complaint('14', 'C3', -31 * dayMs, 'bill'),
      complaint('14', 'C4', 5 * hour, 'bill'),
      complaint('15', 'C5', -dayMs, 'bill'),
    ]);
    await judge(of);
    const found = await stored(of);
    expect(found.map(({ customer, state }) => [customer, state])).toEqual([
      ['11', 'scored'],
      ['12', 'too_few'],
      ['14', 'scored'],
    ]);
    const online = (100 * (100 * (91 / 96) - 90)) / 9.5;
    expect(found[0]).toMatchObject({
      kpi: ['access_online', 'complaints', 'complaints_repeated'],
      worst_hour: `${dayText} 03:00:00`,
      worst_hour_cei: 0,
      samples: '97',
    });
    expect(found[0]!.value).toEqual([expect.closeTo(100 * (91 / 96), 9), 1, 1]);
    // Line and care: one complaint 50, repeated 50. Mean, then a quarter of what the worst hour (0) is below it.
    const mean = (online + 0.5 * 50) / 1.5;
    expect(found[0]!.cei).toBeCloseTo(0.75 * mean, 3);
    // 31 days ago is another matter: 50 and 100.
    expect(found[2]).toMatchObject({ kpi: ['complaints', 'complaints_repeated'], value: [1, 0], cei: 75 });
  });

  it('the page shows queries that run', async () => {
    const page = readFileSync(new URL('../../docs/experience.md', import.meta.url), 'utf8');
    const queries = [...page.matchAll(/npx weir sql "([^"]+)"/g)].map(([, sql]) => sql!);
    expect(queries).toHaveLength(2);
    const [plans, cells] = await Promise.all(queries.map((sql) => clickhouse.store.select<object>(sql)));
    expect(plans).toMatchObject([{ customers: '1' }]);
    expect(cells).toMatchObject([{ customers: '1', index: 40 }]);
  });

  it('nothing at all judges nobody', async () => {
    const of = tenant();
    expect(await judge(of)).toMatchObject({ customers: 0, scored: 0 });
    expect(await stored(of)).toEqual([]);
    expect((await readSegments(clickhouse.store, of, dayText, dayText)).segments).toEqual([]);
  });
});

describe('again', () => {
  it('the same records give the same rows, in any number of statements, and only the latest run is kept', async () => {
    const of = tenant();
    const step = (1n << 64n) / 40n;
    await store(
      'usage',
      many(400, (at) => usage(of, BigInt(1 + (at % 40)) * step - 1n, (at % 24) * hour, at % 7 === 0 ? failed : call())),
    );
    const bare = async () => (await stored(of)).map(({ run: _, ...row }: Row & { run?: string }) => row);
    await judge(of);
    const first = await bare();
    expect(first).toHaveLength(40);
    await judge(of, '', { perStatement: 10 });
    expect(await bare()).toEqual(first);
    const runs = await clickhouse.store.select<{ n: string }>(
      'SELECT uniqExact(run) AS n FROM experience_scores WHERE tenant = {of:String}',
      { of },
    );
    expect(runs).toEqual([{ n: '1' }]);
    // A run that broke off is not seen, and goes with the next one.
    await store('experience_scores', [{ tenant: of, day: dayText, run: clock * 1000 + 1, customer: '1', state: 'scored', cei: 1 }]);
    expect(await bare()).toEqual(first);
    clock += 10;
    await judge(of);
    expect(await bare()).toEqual(first);
    expect(await clickhouse.store.select('SELECT uniqExact(run) AS n FROM experience_scores WHERE tenant = {of:String}', { of })).toEqual([
      { n: '1' },
    ]);
  });

  it('late records change the day, by itself an hour later, and no other tenant', async () => {
    const [of, other] = [tenant(), tenant()];
    await store('usage', [...many(6, (at) => usage(of, 1, at * hour, call())), ...many(6, (at) => usage(other, 1, at * hour, call()))]);
    await judge(other);
    let now = day + dayMs + 60_000;
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const loop = startExperience({ store: clickhouse.store, clock: { now: () => now }, settings: settingsOf(of), log, everyMs: 0 });
    const mark = async (hours: number) =>
      store('watermarks', [
        {
          tenant: of,
          leg: 'switch',
          node: '',
          source: 's',
          complete_to: writeInstant(day + hours * hour),
          updated_at: writeInstant(now + hours),
        },
      ]);
    await mark(23);
    expect(await loop.look()).toBe(0);
    await mark(24);
    // To this clock the records come after the run: only its hour keeps it from judging at once again.
    expect(await loop.look()).toBe(1);
    expect(await loop.look()).toBe(0);
    expect(await stored(of)).toMatchObject([{ cei: 100 }]);
    await store(
      'usage',
      many(6, (at) => usage(of, 1, at * hour, failed)),
    );
    now = Math.max(now + hour, Date.now() + 1000);
    expect(await loop.look()).toBe(1);
    expect((await stored(of))[0]!.value[0]).toBe(50);
    now += 2 * hour;
    expect(await loop.look()).toBe(0);
    expect(await stored(other)).toMatchObject([{ cei: 100 }]);
    await loop.stop();
  });

  it('a day whose records are missing is judged as partial after six hours, and again when they are complete', () => {
    const never = { day: 0, run: 0, complete: false, changed: 1 };
    const of = (more: object, complete: boolean, instant: number) => dueOf({ ...never, ...more }, complete, instant);
    expect([of({}, true, dayMs - 1), of({}, true, dayMs), of({}, false, dayMs + 6 * hour - 1), of({}, false, dayMs + 6 * hour)]).toEqual([
      undefined,
      'complete',
      undefined,
      'partial',
    ]);
    const ran = { run: (dayMs + 6 * hour) * 1000 };
    expect(of(ran, true, dayMs + 7 * hour)).toBe('complete');
    expect(of(ran, false, dayMs + 7 * hour)).toBeUndefined();
    expect(of({ ...ran, complete: true }, true, dayMs + 7 * hour)).toBeUndefined();
    expect(of({ ...ran, complete: true, changed: dayMs + 6 * hour + 1 }, true, dayMs + 7 * hour)).toBe('complete');
  });
});

describe('against the arithmetic in TypeScript', () => {
  it('any mix of calls, messages and sessions is judged alike', async () => {
    const of = tenant();
    const yaml =
      'experience: { worstHour: { minimum: 2 }, kpis: { voice_setup: { minimum: 3 }, data_session: { minimum: 2, weight: 3 } } }';
    const { model } = experienceModel(parseSettings(yaml, 'test').experience);
    const item = fc.record({
      who: fc.integer({ min: 1, max: 60 }),
      hour: fc.integer({ min: 0, max: 5 }),
      kind: fc.constantFrom('well', 'busy', 'lost', 'dropped', 'sent', 'unsent', 'open', 'refused'),
    });
    const items = fc.sample(fc.array(item, { minLength: 900, maxLength: 900 }), { numRuns: 1, seed: 42 })[0]!;
    const more = {
      well: call(),
      busy: call({ answered: false, cause: 17, cause_class: 'user' }),
      lost: failed,
      dropped: call({ cause: 41, cause_class: 'network' }),
      sent: { service: 'sms', answered: true },
      unsent: { service: 'sms', answered: false, final_status: 'failed' },
      open: { service: 'data', direction: 'na', duration_seconds: 5 },
      refused: { service: 'data', direction: 'na' },
    } as const;
    await store(
      'usage',
      items.map(({ who, hour: at, kind }) => usage(of, who, at * hour, more[kind])),
    );
    await judge(of, yaml);
    const readings = (mine: typeof items): Reading[] => {
      const count = (...kinds: string[]) => mine.filter(({ kind }) => kinds.includes(kind)).length;
      const ratio = (kpi: string, good: number, all: number) => ({ kpi, value: (100 * good) / all, samples: all });
      return [
        ratio('voice_setup', count('well', 'busy', 'dropped'), count('well', 'busy', 'dropped', 'lost')),
        ratio('voice_drop', count('dropped'), count('well', 'dropped')),
        ratio('sms_delivery', count('sent'), count('sent', 'unsent')),
        ratio('data_session', count('open'), count('open', 'refused')),
      ].filter(({ samples }) => samples > 0);
    };
    const found = new Map((await stored(of)).map((row) => [Number(row.customer), row]));
    const customers = [...new Set(items.map(({ who }) => who))];
    expect(found.size).toBe(customers.length);
    for (const who of customers) {
      const mine = items.filter((each) => each.who === who);
      const hours = [0, 1, 2, 3, 4, 5].flatMap((at) => hourIndexOf(model, readings(mine.filter((each) => each.hour === at))) ?? []);
      const worst = hours.length === 0 ? undefined : Math.min(...hours);
      const wanted = experienceOf(model, readings(mine), worst);
      const row = found.get(who)!;
      expect(row.state, `${who}`).toBe(wanted.state);
      if (worst === undefined) expect(row.worst_hour_cei).toBeNull();
      else expect(row.worst_hour_cei).toBeCloseTo(worst, 3);
      if (wanted.cei === undefined) expect(row.cei).toBeNull();
      else expect(row.cei, `${who}`).toBeCloseTo(wanted.cei, 3);
      expect(row.floor_kpi === '').toBe(wanted.floorKpi === '');
      expect(row.share.map((share) => Number(share.toFixed(4)))).toEqual(wanted.parts.map(({ share }) => Number(share.toFixed(4))));
    }
  });
});

it('ranges hold every pseudonym once', () => {
  for (const count of [1, 2, 3, 7, 50]) {
    const ranges = rangesOf(count);
    expect(ranges[0]!.low).toBe(0n);
    expect(ranges.at(-1)!.high).toBe((1n << 64n) - 1n);
    ranges.slice(1).forEach(({ low }, at) => {
      expect(low).toBe(ranges[at]!.high + 1n);
    });
  }
});

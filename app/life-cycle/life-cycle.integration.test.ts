import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { orderToCash } from '../../detectors/controls/order-to-cash.ts';
import { missedVisits } from '../../detectors/service/life-cycle/missed-visits.ts';
import { stepFailures } from '../../detectors/service/life-cycle/step-failures.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { failedText, stepsText, stuckText, visitsText } from '../cli/life-cycle-table.ts';
import { evidenceRows, judgeStored } from '../detect/judge.fixture.ts';
import { parseSettings } from '../settings/load.ts';
import { failedLines } from './failed-lines.ts';
import { allFailed, failedId, readAgeing, readFailed, readSteps, readStuck, readVisits } from './read.ts';
import { keepWords } from './words.ts';

const clickhouse = withClickHouse();
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** What is ingested expires by age, so the tests live today; the page shows them on 2026-11-27. */
const noon = Math.floor(Date.now() / day) * day - 12 * hour;
const week = { from: noon - 7 * day, to: noon };
let rows = 0;
let tenants = 0;

const record = (tenant: string, more: object): object => ({
  tenant,
  source: 'crm',
  partition: 'p',
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(Date.now()),
  ...more,
});
const step = (tenant: string, subscription: number, name: string, at: number, more: object = {}): object =>
  record(tenant, {
    subscription,
    step: name,
    event_time: writeInstant(at),
    order_id: `O${subscription}`,
    plan: 'flex',
    segment: 'consumer',
    result: 'ok',
    ...more,
  });
const chain = ['ordered', 'paid', 'activated', 'provisioned'];
/** Ordered, then a step each ten minutes. */
const order = (tenant: string, subscription: number, at: number, steps = chain): object[] =>
  steps.map((name, place) => step(tenant, subscription, name, at + place * 10 * minute, { duration_seconds: 600 }));
const store = (table: string, all: readonly object[]): Promise<void> => clickhouse.store.insert(table, all, `test/${++rows}`);
const failed = (error: string): object => ({ result: 'FAILED', error });

/** Forty orders that are complete; six of the last days that are not, and one that was cancelled. */
async function operator(): Promise<string> {
  const of = `t${++tenants}`;
  const well = Array.from({ length: 40 }, (_, at) => order(of, at + 1, noon - 3 * day - at * hour)).flat();
  await store('lifecycle', [
    ...well,
    // 101: failed twice, done the third time. 102: failed and still open. 103: failed, then cancelled. 104: no word since activation.
    ...order(of, 101, noon - 10 * hour, chain.slice(0, 3)),
    step(of, 101, 'provisioned', noon - 9 * hour, failed('HLR timeout')),
    step(of, 101, 'provisioned', noon - 8 * hour, failed('no such IMSI')),
    step(of, 101, 'provisioned', noon - 7 * hour),
    ...order(of, 102, noon - 2 * day, chain.slice(0, 3)),
    step(of, 102, 'provisioned', noon - 2 * day + hour, failed('HLR timeout')),
    ...order(of, 103, noon - 5 * hour, chain.slice(0, 3)),
    step(of, 103, 'provisioned', noon - 4 * hour, failed('HLR timeout')),
    step(of, 103, 'cancelled', noon - 3 * hour),
    ...order(of, 104, noon - 30 * hour, chain.slice(0, 3)),
    // 105: paid half an hour ago: in time. 106: the payment was refused once, and is pending now.
    ...order(of, 105, noon - 40 * minute, chain.slice(0, 2)),
    step(of, 106, 'ordered', noon - 6 * hour),
    step(of, 106, 'paid', noon - 6 * hour + minute, failed('card refused')),
    step(of, 106, 'paid', noon - 5 * hour, { result: 'pending' }),
  ]);
  return of;
}

it('steps: right the first time, later, not at all; orders on their way by age; those that are stuck', async () => {
  const of = await operator();
  const steps = await readSteps(clickhouse.store, of, week);
  expect(steps.map((each) => [each.step, each.orders, each.right_first, each.right_later, each.failed, each.failures])).toEqual([
    // 46 orders, of which 101, 102, 103 and 106 had a failure; 101 was mended.
    ['', 46, 42, 1, 3, 5],
    ['ordered', 46, 46, 0, 0, 0],
    ['paid', 46, 45, 0, 1, 1],
    ['activated', 44, 44, 0, 0, 0],
    ['provisioned', 43, 40, 1, 2, 4],
    ['cancelled', 1, 1, 0, 0, 0],
  ]);
  expect(steps[0]!.first_time_right).toBeCloseTo(42 / 46, 9);
  expect(steps[4]).toMatchObject({ median_seconds: 600, p95_seconds: 600 });
  expect(steps[4]!.errors[0]).toBe('HLR timeout');
  const ageing = await readAgeing(clickhouse.store, of, noon);
  // 106 waits for its payment since six hours, 105 for the activation since half an hour, 104 since 29 h 40 min and 102 since 47 h 40 min.
  expect(ageing.map((each) => [each.step, each.next, each.waiting, each.stuck, each.failed, each.buckets])).toEqual([
    ['ordered', 'paid', 1, 1, 1, [0, 0, 1, 0, 0, 0]],
    ['paid', 'activated', 1, 0, 0, [1, 0, 0, 0, 0, 0]],
    ['activated', 'provisioned', 2, 2, 1, [0, 0, 0, 2, 0, 0]],
  ]);
  // 40 took ten minutes, one took two hours and forty minutes: 95 of 100 take ten, and an hour is the least patience.
  expect(ageing[2]).toMatchObject({ usual_seconds: 600, patience_seconds: 3600, finished: 41, oldest_seconds: 47 * 3600 + 40 * 60 });
  const stuck = await readStuck(clickhouse.store, of, noon, { limit: 10 });
  expect(stuck.map((each) => [each.order_id, each.customer, each.step, each.failed_step, each.error])).toEqual([
    ['O102', '102', 'activated', 'provisioned', 'HLR timeout'],
    ['O104', '104', 'activated', '', ''],
    ['O106', '106', 'ordered', 'paid', 'card refused'],
  ]);
  const first = stuck[0]!;
  const next = await readStuck(clickhouse.store, of, noon, {
    limit: 1,
    after: { at: writeInstant(Date.parse(first.since)), customer: first.customer },
  });
  expect(next).toMatchObject([{ order_id: 'O104' }]);
  expect(await readStuck(clickhouse.store, of, noon, { limit: 10, step: 'ordered' })).toMatchObject([{ order_id: 'O106' }]);
  // The control on orders counts the same ones.
  const params = { tenant: of, currency: 'EUR', instant: writeInstant(noon) };
  const counted = await clickhouse.store.rows<{ reached: string; waiting: string }>(orderToCash.query, params);
  expect(counted.map(({ reached, waiting }) => [reached, Number(waiting)])).toEqual(ageing.map((each) => [each.step, each.stuck]));
  const page = readFileSync(new URL('../../docs/life-cycle.md', import.meta.url), 'utf8');
  expect(page).toContain(stepsText(steps, ageing));
  expect(page).toContain(asShown(stuckText(stuck)));
});

/** Texts with the day of the test as the page has it. */
const asShown = (text: string): string =>
  text.replaceAll(/\d{4}-\d{2}-\d{2}/g, (date) =>
    new Date(Date.parse(date) + Date.UTC(2026, 10, 27, 12) - noon).toISOString().slice(0, 10),
  );

it('what failed the first time: error, customer, and what became of it', async () => {
  const of = await operator();
  const all = await readFailed(clickhouse.store, of, week, { limit: 10 });
  expect(all.map((each) => [each.step, each.customer, each.error, each.attempts, each.failures, each.state])).toEqual([
    ['provisioned', '103', 'HLR timeout', 1, 1, 'ended'],
    ['paid', '106', 'card refused', 1, 1, 'open'],
    ['provisioned', '101', 'HLR timeout', 3, 2, 'succeeded'],
    ['provisioned', '102', 'HLR timeout', 1, 1, 'open'],
  ]);
  expect(all[2]).toMatchObject({
    last_error: 'no such IMSI',
    succeeded_at: new Date(noon - 7 * hour).toISOString(),
    order_id: 'O101',
    segment: 'consumer',
  });
  expect(all[1]!.succeeded_at).toBeNull();
  const page = readFileSync(new URL('../../docs/life-cycle.md', import.meta.url), 'utf8');
  expect(page).toContain(asShown(failedText(all)));
  // Page by page, one at a time, the same.
  const paged: string[] = [];
  for (let after: { at: string; id: string } | undefined; ; ) {
    const [one] = await readFailed(clickhouse.store, of, week, { limit: 1, ...(after ? { after } : {}) });
    if (!one) break;
    paged.push(one.customer);
    after = { at: writeInstant(Date.parse(one.at)), id: failedId(one) };
  }
  expect(paged).toEqual(['103', '106', '101', '102']);
  const open = [];
  for await (const each of allFailed(clickhouse.store, of, week, { state: 'open' })) open.push(each.customer);
  expect(open).toEqual(['106', '102']);
  const lines = [];
  for await (const line of failedLines(allFailed(clickhouse.store, of, week, { state: 'open', step: 'paid' }))) lines.push(line);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`"'106","O106","paid","paid","card refused","open",1,1,"","card refused"`);
  // Before the stretch, and in it a second time: it did not fail the first time in it.
  expect(await readFailed(clickhouse.store, of, { from: noon - 8.5 * hour, to: noon - 7.5 * hour }, { limit: 10 })).toEqual([]);
});

it('words of other systems, and their meaning when the settings change', async () => {
  const of = `t${++tenants}`;
  const settings = (yaml: string) => ({ ...parseSettings(yaml, 'test'), tenant: of });
  const clock = { now: () => ++rows };
  await store('lifecycle', [
    step(of, 1, 'Order Placed', noon - 5 * hour, { result: 'SUCCESS' }),
    step(of, 1, 'go-live', noon - 4 * hour, { result: 'kaput', error: 'E1' }),
    step(of, 1, 'Go Live', noon - 3 * hour, { result: 'Completed' }),
  ]);
  const steps = async () => (await readSteps(clickhouse.store, of, week)).map((each) => [each.step, each.orders, each.right_first]);
  expect(await keepWords(clickhouse.store, clock, settings(''))).toBe(true);
  expect(await keepWords(clickhouse.store, clock, settings(''))).toBe(false);
  expect(await steps()).toEqual([
    ['', 1, 1],
    ['go_live', 1, 1],
    ['ordered', 1, 1],
  ]);
  const own = 'lifeCycle: { steps: { activated: [Go Live] }, results: { failed: [kaput] } }';
  expect(await keepWords(clickhouse.store, clock, settings(own))).toBe(true);
  expect(await steps()).toEqual([
    ['', 1, 0],
    ['activated', 1, 0],
    ['ordered', 1, 1],
  ]);
  // The same view under order to cash: ordered and activated by their words.
  const read = await clickhouse.store.select('SELECT last_step, state, failures FROM lifecycle_to_cash WHERE tenant = {of:String}', { of });
  expect(read).toEqual([{ last_step: 'activated', state: 'in work', failures: '1' }]);
  // And back again, as it was before.
  expect(await keepWords(clickhouse.store, clock, settings(''))).toBe(true);
  expect(await steps()).toEqual([
    ['', 1, 1],
    ['go_live', 1, 1],
    ['ordered', 1, 1],
  ]);
});

it('step_failures: finds a step that fails more often than usual, with its customers and the orders as evidence', async () => {
  // The control looks at the tenant of the settings.
  const of = 'main';
  expect(await judgeStored(clickhouse.store, stepFailures, { instant: noon })).toMatchObject([{ state: 'not_applicable' }]);
  await store('lifecycle', [
    ...Array.from({ length: 60 }, (_, at) => order(of, at + 1, noon - 2 * day - at * hour)).flat(),
    ...Array.from({ length: 4 }, (_, at) => order(of, 200 + at, noon - 10 * hour - at * minute)).flat(),
    ...Array.from({ length: 5 }, (_, at) => [
      ...order(of, 300 + at, noon - 2 * hour, chain.slice(0, 3)),
      step(of, 300 + at, 'provisioned', noon - 30 * minute, failed('HLR timeout')),
      step(of, 300 + at, 'provisioned', noon - 20 * minute, failed('HLR timeout')),
    ]).flat(),
    step(of, 300, 'provisioned', noon - 10 * minute),
  ]);
  const judged = await judgeStored(clickhouse.store, stepFailures, { instant: noon });
  expect(judged.map(({ cell, state }) => [cell['step'], state])).toEqual([
    ['activated', 'ok'],
    ['ordered', 'ok'],
    ['paid', 'ok'],
    ['provisioned', 'violation'],
  ]);
  expect(judged[3]).toMatchObject({
    observed: 5,
    statistic: 1,
    customers: { count: 4, segments: { consumer: 4 } },
    beganAt: noon - 30 * minute,
  });
  const shown = await evidenceRows<{ customer: string; failures: string; succeeded: boolean | number }>(clickhouse.store, judged[3]!);
  expect(shown.map(({ customer, failures, succeeded }) => [customer, failures, Boolean(succeeded)]).sort()).toEqual([
    ['300', '2', true],
    ['301', '2', false],
    ['302', '2', false],
    ['303', '2', false],
    ['304', '2', false],
  ]);
  // All of them done: what failed first stays failed, but nobody waits any more.
  await store(
    'lifecycle',
    [301, 302, 303, 304].map((who) => step(of, who, 'provisioned', noon - minute)),
  );
  expect((await judgeStored(clickhouse.store, stepFailures, { instant: noon }))[3]!.customers!.count).toBe(0);
  expect((await judgeStored(clickhouse.store, stepFailures, { instant: noon + 2 * day })).map(({ state }) => state)).toEqual([
    'ok',
    'ok',
    'ok',
    'ok',
  ]);
});

it('field visits: booked, arrived, done, missed, on time by team and area', async () => {
  const of = `t${++tenants}`;
  const visit = (id: string, team: string, bookedHoursAgo: number, lateMinutes: number | undefined, outcome: string, more: object = {}) =>
    record(of, {
      visit_id: id,
      subscription: 7,
      team,
      area: 'north',
      booked_for: writeInstant(noon - bookedHoursAgo * hour),
      ...(lateMinutes === undefined ? {} : { arrived_at: writeInstant(noon - bookedHoursAgo * hour + lateMinutes * minute) }),
      outcome,
      ...more,
    });
  await store('field_visits', [
    // The same visit as it goes on: booked, arrived, done. On time, to the minute of the grace.
    visit('V1', 'red', 30, undefined, ''),
    visit('V1', 'red', 30, 15, '', { ingest_time: writeInstant(Date.now() + 1) }),
    visit('V1', 'red', 30, 15, 'done', { ingest_time: writeInstant(Date.now() + 2), done_at: writeInstant(noon - 29 * hour) }),
    visit('V2', 'red', 28, 16, 'done'),
    visit('V3', 'red', 26, -5, 'repeat'),
    visit('V4', 'red', 25, undefined, 'missed', { reason: 'no van' }),
    // Nobody came and nobody said so.
    visit('V5', 'red', 24, undefined, ''),
    visit('V6', 'red', 23, undefined, 'no_access'),
    visit('V7', 'blue', 20, 0, 'no_access'),
    visit('V8', 'blue', -3, undefined, ''),
    visit('V9', 'blue', 10, undefined, 'cancelled'),
    // Done without a time of arrival: the team came, late for all that is known.
    visit('V10', 'blue', 9, undefined, 'done'),
  ]);
  const settings = { ...parseSettings('', 'test'), tenant: of };
  const stretch = { from: noon - 7 * day, to: noon + day };
  const visits = await readVisits(clickhouse.store, settings, stretch, noon);
  expect(visits).toMatchObject([
    {
      team: 'red',
      booked: 6,
      arrived: 3,
      done: 2,
      missed: 2,
      no_access: 1,
      repeated: 1,
      judged: 5,
      on_time: 2,
      on_time_share: 0.4,
      open: 0,
      median_late_seconds: 960,
      reasons: ['no van'],
    },
    { team: 'blue', booked: 3, arrived: 2, done: 1, missed: 0, no_access: 1, judged: 2, on_time: 1, on_time_share: 0.5, open: 1 },
  ]);
  const generous = { ...settings, lifeCycle: { ...settings.lifeCycle, visitGraceMinutes: 16 } };
  expect((await readVisits(clickhouse.store, generous, stretch, noon))[0]!.on_time).toBe(3);
  const page = readFileSync(new URL('../../docs/life-cycle.md', import.meta.url), 'utf8');
  expect(page).toContain(visitsText(visits));
  expect(await readVisits(clickhouse.store, { ...settings, tenant: 'nobody' }, stretch, noon)).toEqual([]);
});

it('a team that does not come any more is told, with its customers; nobody at home is no miss', async () => {
  const visit = (id: number, bookedHoursAgo: number, outcome: string, came: boolean): object =>
    record('main', {
      visit_id: `M${id}`,
      subscription: 500 + id,
      team: 'green',
      area: 'south',
      booked_for: writeInstant(noon - bookedHoursAgo * hour),
      ...(came ? { arrived_at: writeInstant(noon - bookedHoursAgo * hour) } : {}),
      outcome,
    });
  await store('field_visits', [
    ...Array.from({ length: 60 }, (_, n) => visit(n, 30 + 8 * n, n % 30 === 0 ? 'missed' : 'done', n % 30 !== 0)),
    visit(60, 20, 'missed', false),
    visit(61, 19, 'missed', false),
    visit(62, 18, '', false),
    visit(63, 17, 'missed', false),
    visit(64, 16, 'done', true),
    visit(65, 15, 'no_access', false),
    visit(66, 14, 'cancelled', false),
    // Not due yet.
    visit(67, 0, '', false),
  ]);
  const [found, ...others] = await judgeStored(clickhouse.store, missedVisits, { instant: noon });
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    ...{ cell: { area: 'south', team: 'green' }, state: 'violation', observed: 4, statistic: 0.8 },
    ...{ customers: { count: 4 }, beganAt: noon - 20 * hour },
  });
  expect(found!.expected).toBeCloseTo(5 * (2 / 60), 9);
  expect((await evidenceRows<{ customer: string }>(clickhouse.store, found!)).map(({ customer }) => customer)).toEqual([
    '560',
    '561',
    '562',
    '563',
    // Booked, and nobody came so far.
    '567',
  ]);
  expect((await judgeStored(clickhouse.store, missedVisits, { instant: noon - 25 * hour }))[0]).toMatchObject({ state: 'ok' });
});

it('an operator without life-cycle events has empty lists', async () => {
  const nobody = 'nobody';
  expect(await readSteps(clickhouse.store, nobody, week)).toEqual([]);
  expect(await readAgeing(clickhouse.store, nobody, noon)).toEqual([]);
  expect(await readStuck(clickhouse.store, nobody, noon, { limit: 5 })).toEqual([]);
  expect(await readFailed(clickhouse.store, nobody, week, { limit: 5 })).toEqual([]);
});

it('the page shows queries that run', async () => {
  const page = readFileSync(new URL('../../docs/life-cycle.md', import.meta.url), 'utf8');
  const queries = [...page.matchAll(/npx weir sql "([^"]+)"/g)].map(([, sql]) => sql!);
  expect(queries.length).toBeGreaterThan(0);
  for (const sql of queries) expect((await clickhouse.store.select<object>(sql)).length).toBeGreaterThan(0);
});

import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { activeNotBilled } from '../../detectors/controls/active-not-billed.ts';
import { orphanUsage } from '../../detectors/controls/orphan-usage.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { evidenceRows, judgeStored } from './judge.fixture.ts';

const clickhouse = withClickHouse();
const noon = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;
const day = 24 * hour;

let rows = 0;
const subscription = (system: string, number: number, more: object = {}): object => ({
  tenant: 'main',
  source: system,
  partition: system,
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(noon),
  system,
  subscription: number,
  status: 'active',
  plan: 'flex',
  segment: 'consumer',
  recurring_charge: system === 'billing' ? '30' : '0',
  currency: 'EUR',
  valid_from: writeInstant(noon - 40 * day),
  ...more,
});

it('S15: needs both sides, then finds who is served and not billed for more than two days, and the other way round', async () => {
  const { store } = clickhouse;
  const occasion = { instant: noon };
  expect(await judgeStored(store, activeNotBilled, occasion)).toMatchObject([{ state: 'not_applicable' }]);
  const numbers = Array.from({ length: 500 }, (_, at) => at + 1);
  const hlr = numbers.map((number) => subscription('hlr', number));
  await store.insert('subscriptions', hlr, 'hlr');
  expect(await judgeStored(store, activeNotBilled, occasion)).toMatchObject([{ state: 'not_applicable' }]);
  const changed = { valid_from: writeInstant(noon - 20 * day) };
  await store.insert(
    'subscriptions',
    [
      ...numbers.slice(4).map((number) => subscription('billing', number)),
      // one activated yesterday, which billing may still take up; two that the network ended; one with another plan
      subscription('hlr', 900, { valid_from: writeInstant(noon - day) }),
      subscription('hlr', 500, { status: 'ceased', ...changed }),
      subscription('hlr', 499, { valid_to: writeInstant(noon - 20 * day) }),
      subscription('hlr', 498, { plan: 'prime', ...changed }),
      subscription('billing', 498, { ...changed }),
      subscription('hlr', 497, { plan: 'prime' }),
      subscription('billing', 497, { plan: 'prime', recurring_charge: '60' }),
      // had prime on both sides for forty days, and is billed for flex since twelve and a half
      subscription('hlr', 496, { plan: 'prime' }),
      subscription('billing', 496, { plan: 'prime', recurring_charge: '60' }),
      subscription('billing', 496, { valid_from: writeInstant(noon - 12.5 * day) }),
      subscription('billing', 777),
    ],
    'more',
  );
  const found = await judgeStored(store, activeNotBilled, occasion);
  const of = (system: string, check: string) => found.find(({ cell }) => cell['system'] === system && cell['check'] === check)!;
  // four at 30 a month for forty days; plan of the network: the mean of flex in billing
  expect(of('hlr', 'active_not_billed')).toMatchObject({ state: 'violation', observed: 4, money: { amount: '160', class: 'leakage' } });
  expect(of('hlr', 'billed_not_active')).toMatchObject({ state: 'violation', observed: 2, money: { amount: '40', class: 'over_charge' } });
  // 30 a month less: for twenty days since the network states it, and for 12.5 since billing does
  expect(of('hlr', 'plan_below')).toMatchObject({
    ...{ state: 'violation', observed: 2, money: { amount: '32.5' }, beganAt: noon - 20 * day },
  });
  expect(of('any', 'billed_not_active')).toMatchObject({ state: 'violation', observed: 1 });
  const shown = await evidenceRows<{ subscription: string }>(store, of('hlr', 'active_not_billed'));
  expect(shown.map(({ subscription: each }) => each)).toEqual(['1', '2', '3', '4', '900']);
  // billing takes them up late: nothing is left of it
  const late = numbers.slice(0, 4).map((number) => subscription('billing', number, { ingest_time: writeInstant(noon + day) }));
  await store.insert('subscriptions', late, 'late');
  const again = await judgeStored(store, activeNotBilled, { instant: noon + day });
  expect(again.find(({ cell }) => cell['system'] === 'hlr' && cell['check'] === 'active_not_billed')).toMatchObject({
    state: 'ok',
    observed: 0,
  });
});

it('S15: finds service flags that differ, of those that both sides use', async () => {
  const { store } = clickhouse;
  const later = noon + 100 * day;
  const at = { ingest_time: writeInstant(later), valid_from: writeInstant(later - 10 * day), tenant: 'main' };
  const numbers = Array.from({ length: 20 }, (_, n) => 8000 + n);
  await store.insert(
    'subscriptions',
    [
      // `volte` is a flag of the network alone; 8000 roams and is not billed for it, 8001 is prepaid in billing alone
      ...numbers.map((number) =>
        subscription('hlr', number, {
          ...at,
          service_flags: number === 8000 ? 'volte roaming' : number === 8001 ? 'volte' : 'prepaid volte',
        }),
      ),
      ...numbers.map((number) =>
        subscription('billing', number, { ...at, service_flags: number === 8002 ? 'roaming prepaid' : number === 8000 ? '' : 'prepaid' }),
      ),
    ],
    'flags',
  );
  const found = (await judgeStored(store, activeNotBilled, { instant: later })).find(
    ({ cell }) => cell['system'] === 'hlr' && cell['check'] === 'profile',
  )!;
  expect(found).toMatchObject({ state: 'violation', observed: 3 });
  const shown = await evidenceRows<{ subscription: string }>(store, found);
  expect(shown.map(({ subscription: each }) => each)).toEqual(expect.arrayContaining(['8000', '8001', '8002']));
});

const call = (subscriber: number, at: number, more: object = {}): object => ({
  tenant: 'main',
  source: 'rating',
  partition: 'rating',
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(noon),
  leg: 'rating',
  service: 'voice',
  direction: 'mo',
  subscriber,
  start_time: writeInstant(at),
  charge: '0.5',
  currency: 'EUR',
  ...more,
});

it('S16: finds usage after the end at once, and that of nobody a day later', async () => {
  const { store } = clickhouse;
  const start = noon - hour;
  const minutes = (count: number, subscriber: number, from: number) =>
    Array.from({ length: count }, (_, at) => call(subscriber, from + at * 60_000));
  const usual = Array.from({ length: 40 }, (_, at) => [call(10 + at, start + at * 1000), call(10 + at, start - day + at * 1000)]).flat();
  await store.insert(
    'usage',
    [
      ...usual,
      ...minutes(4, 498, start),
      ...minutes(5, 496, start),
      ...minutes(3, 5_000_001, start),
      ...minutes(3, 5_000_001, start - day),
      ...minutes(2, 497, start),
    ],
    'orphans',
  );
  // 498 and 497 ended in billing as well, 496 in the network alone: it is paid for
  const ended = { status: 'ceased', valid_from: writeInstant(noon - 10 * day) };
  const states = [subscription('billing', 498, ended), subscription('billing', 497, ended), subscription('hlr', 496, ended)];
  await store.insert('subscriptions', states, 'ended');
  const occasion = { instant: noon, window: { from: start, to: noon }, leg: 'rating' };
  const found = await judgeStored(store, orphanUsage, occasion);
  const of = (check: string) => found.find(({ cell }) => cell['check'] === check)!;
  expect(of('ceased')).toMatchObject({
    state: 'violation',
    observed: 6,
    money: { amount: '3', class: 'leakage' },
    customers: { count: 2 },
  });
  expect(of('unknown')).toMatchObject({ state: 'violation', observed: 3, customers: { count: 1 }, beganAt: start - day });
  expect(of('suspended').state).toBe('ok');
  const shown = await evidenceRows<{ subscriber: string }>(store, of('ceased'));
  expect(shown.map(({ subscriber }) => subscriber)).toContain('5000001');
  // the snapshot that came late names the unknown one
  await store.insert('subscriptions', [subscription('hlr', 5_000_001)], 'named');
  const again = await judgeStored(store, orphanUsage, occasion);
  expect(again.find(({ cell }) => cell['check'] === 'unknown')).toMatchObject({ state: 'ok', observed: 0 });
  // The switch has the usage of 498, which rating tells of, and that of 497 a day before, which never came to be rated.
  const seen = [...minutes(4, 498, start - day), ...minutes(4, 498, start), ...minutes(3, 497, start - day), ...usual.slice(0, 20)];
  await store.insert(
    'usage',
    [...seen.map((one) => ({ ...one, leg: 'switch', charge: '0' })), ...minutes(4, 498, start - day)],
    'orphans-switch',
  );
  const behind = await judgeStored(store, orphanUsage, { ...occasion, leg: 'switch' });
  expect(behind.filter(({ state }) => state === 'violation')).toMatchObject([
    { cell: { leg: 'switch', check: 'ceased' }, observed: 3, customers: { count: 1 }, window: { from: start - day, to: noon - day } },
  ]);
});

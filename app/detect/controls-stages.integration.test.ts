import { expect, it } from 'vitest';
import type { Judgement } from '../../core/definition.ts';
import { writeInstant } from '../../core/row.ts';
import { stageBalance } from '../../detectors/controls/stage-balance.ts';
import { stageVolume } from '../../detectors/controls/stage-volume.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { evidenceRows, judgeStored } from './judge.fixture.ts';

const clickhouse = withClickHouse();
const noon = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;

const counter = (position: number, at: number, more: object = {}): object => ({
  tenant: 'main',
  source: 'counters',
  partition: 'p',
  position,
  ingest_time: writeInstant(noon),
  event_time: writeInstant(at),
  stage: 'mediation',
  node: 'med-1',
  records_in: 100,
  records_out: 100,
  currency: 'EUR',
  charge_out: '10',
  ...more,
});

it('S06: says that it lacks counters, then judges what was stated lately, and a corrected statement clears', async () => {
  const { store } = clickhouse;
  const occasion = { instant: noon, sources: ['counters'], changedFrom: noon, changedTo: noon };
  expect(await judgeStored(store, stageBalance, occasion)).toMatchObject([{ state: 'not_applicable' }]);
  const file = { stage_file: 'a.ber' };
  await store.insert('stage_counters', [counter(1, noon, { ...file, records_out: 97, filtered: 1 }), counter(2, noon - hour)], 'c1');
  const found = await judgeStored(store, stageBalance, occasion);
  expect(found.filter(({ cell }) => cell['check'] === 'balance').map(({ state }) => state)).toEqual(['ok', 'violation']);
  const bad = found.find(({ state }) => state === 'violation')!;
  expect(bad).toMatchObject({ observed: 98, expected: 100, money: { amount: '0.21', class: 'leakage' } });
  expect(await evidenceRows<{ imbalance: string }>(store, bad)).toMatchObject([{ imbalance: '2' }, { imbalance: '0' }]);
  await store.insert(
    'stage_counters',
    [counter(3, noon, { ...file, ingest_time: writeInstant(noon + hour), records_out: 99, filtered: 1 })],
    'c2',
  );
  const later = await judgeStored(store, stageBalance, {
    ...occasion,
    instant: noon + hour,
    changedFrom: noon + hour,
    changedTo: noon + hour,
  });
  expect(later.filter(({ cell }) => cell['check'] === 'balance')).toMatchObject([{ state: 'ok', cell: bad.cell }]);
});

let records = 0;
const call = (leg: string, at: number, more: object = {}): object => ({
  tenant: 'main',
  source: leg,
  partition: leg,
  position: ++records,
  record_id: `00000000-0000-0000-0000-${records.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(noon),
  leg,
  service: 'voice',
  direction: 'mo',
  answered: true,
  subscriber: 1 + (records % 7),
  segment: 'consumer',
  start_time: writeInstant(at),
  duration_seconds: 60,
  billable_seconds: 60,
  zone: records % 2 === 0 ? 'national' : 'world',
  charge: leg === 'rating' ? '0.1' : '0',
  currency: 'EUR',
  business_key: records,
  ...more,
});

const complete = (leg: string, to: number): object => ({
  tenant: 'main',
  leg,
  source: leg,
  complete_to: writeInstant(to),
  updated_at: writeInstant(noon),
});

it('S07: waits for the other leg, then finds the hours in which rating lacks a fifth of the calls', async () => {
  const { store } = clickhouse;
  const rows: object[] = [];
  for (let at = 0; at < 16; at++) {
    const start = noon - (16 - at) * hour;
    for (let n = 0; n < 50; n++) {
      rows.push(
        call('switch', start + n * 1000),
        call('switch', start + n * 1000, { direction: 'mt' }),
        call('switch', start, { answered: false }),
      );
      if (at < 13 || n % 5 > 0) rows.push(call('rating', start + n * 1000));
    }
  }
  await store.insert('usage', rows, 'usage');
  await store.insert('watermarks', [complete('switch', noon + hour), complete('rating', noon - 1)], 'w1');
  const occasion = { instant: noon + hour, window: { from: noon - hour, to: noon }, leg: 'switch' };
  const whole = (all: readonly Judgement[]) => all.filter(({ cell }) => cell['dimension'] === '' && cell['measure'] === 'records');
  expect(whole(await judgeStored(store, stageVolume, occasion))).toMatchObject([{ state: 'waiting', note: 'waiting for the other leg' }]);
  await store.insert('watermarks', [{ ...complete('rating', noon), updated_at: writeInstant(noon + 1) }], 'w2');
  const [found] = whole(await judgeStored(store, stageVolume, { ...occasion, leg: 'rating' }));
  expect(found).toMatchObject({
    state: 'violation',
    observed: 120,
    expected: 150,
    money: { amount: '3', class: 'leakage' },
    beganAt: noon - 3 * hour,
  });
  expect(found!.customers!.count).toBeGreaterThan(0);
  const shown = await evidenceRows<{ records_a: string; records_b: string }>(store, found!);
  expect(shown.at(-1)).toMatchObject({ answered_a: '50', records_b: '40' });
  const usual = await judgeStored(store, stageVolume, { ...occasion, window: { from: noon - 4 * hour, to: noon - 3 * hour } });
  expect(usual.filter(({ state }) => state === 'violation')).toEqual([]);
  // Late: the calls that rating lacked come, ten for each of the three hours. Judged again, nothing is missing.
  const late = [13, 14, 15].flatMap((at) => Array.from({ length: 10 }, (_, n) => call('rating', noon - (16 - at) * hour + n * 1000)));
  await store.insert('usage', late, 'late');
  expect(whole(await judgeStored(store, stageVolume, { ...occasion, leg: 'rating' }))).toMatchObject([{ state: 'ok', observed: 150 }]);
});

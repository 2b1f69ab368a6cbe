import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { stageBalance } from '../../detectors/controls/stage-balance.ts';
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

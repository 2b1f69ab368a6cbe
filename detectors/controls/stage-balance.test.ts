import { expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { stageBalance } from './stage-balance.ts';

const known = {
  stage: '',
  node: '',
  service: '',
  event_time: '1970-01-01 00:00:00.000',
  stage_file: '',
  records_in: 0,
  records_out: 0,
  filtered: 0,
  suspended: 0,
  duplicates: 0,
  merged: 0,
  charge: 0,
  usual_in: '0',
  usual_filtered: '0',
  known: 1,
};
const row = (more: object = {}): object => ({
  ...known,
  stage: 'mediation',
  node: 'med-1',
  service: 'voice',
  event_time: '2026-11-21 10:00:00.000',
  stage_file: 'm_7.ber',
  records_in: 1000,
  records_out: 970,
  filtered: 10,
  suspended: 5,
  duplicates: 5,
  merged: 10,
  charge: '97',
  usual_in: '100000',
  usual_filtered: '1000',
  ...more,
});
const judge = (...rows: object[]) => judgeRows(stageBalance, [...rows, known]);

it('is ok where everything is named: 970 + 10 + 5 + 5 + 10 = 1000, and 1 % is filtered as usual', () => {
  expect(judge(row()).map(({ state, cell }) => [cell['check'], state])).toEqual([
    ['balance', 'ok'],
    ['filtered', 'ok'],
  ]);
});

it('finds one record of a file that vanished, at the mean charge 0.10 of what was handed on', () => {
  expect(judge(row({ records_in: 1001 }))[0]).toMatchObject({
    state: 'violation',
    direction: 'down',
    observed: 1000,
    expected: 1001,
    money: { amount: '0.1', class: 'leakage' },
    title: 'mediation med-1: 1 record vanished without a reason',
  });
});

it('finds records from nowhere, as over-charge', () => {
  expect(judge(row({ records_out: 980 }))[0]).toMatchObject({ state: 'violation', direction: 'up', money: { class: 'over_charge' } });
});

it('allows a window one record in a thousand, and not two', () => {
  const window = { stage_file: '' };
  expect(judge(row({ ...window, records_in: 1001 }))[0]!.state).toBe('ok');
  expect(judge(row({ ...window, records_in: 1002 }))[0]!.state).toBe('violation');
});

it('asks what a record is worth where the stage states no charge', () => {
  expect(judge(row({ records_in: 1010, charge: 0 }))[0]).toMatchObject({
    valued: { records: 10, class: 'leakage', params: { leg: 'mediation', service: 'voice' } },
  });
});

it('finds a filter that takes 8 % where 1 % is usual, and waits at twice the usual', () => {
  const wide = judge(row({ filtered: 80, records_out: 900, charge: '90' }));
  expect(wide[1]).toMatchObject({ state: 'violation', observed: 80, money: { class: 'risk', amount: '7' }, cell: { check: 'filtered' } });
  expect(judge(row({ filtered: 20, records_out: 960 }))[1]!.state).toBe('waiting');
});

it('values a filter over all services that it takes from: 140 beyond the usual at 180 for 1,800 records handed on', () => {
  const wide = { filtered: 80, records_out: 900, charge: '90' };
  const found = judge(row(wide), row({ ...wide, service: 'data' })).find(({ cell }) => cell['check'] === 'filtered');
  expect(found).toMatchObject({
    state: 'violation',
    money: { amount: '14' },
    valued: { records: 140, known: 'lacking', params: { service: '' } },
  });
});

it('says what it lacks: history for the filter, counters at all', () => {
  expect(judge(row({ usual_in: '999' }))[1]).toMatchObject({ state: 'not_applicable' });
  expect(judgeRows(stageBalance, [{ ...known, known: 0 }])).toMatchObject([
    { state: 'not_applicable', note: 'not applicable, needs counters of the stages' },
  ]);
  expect(judge()).toEqual([]);
});

it('speaks for several statements at once', () => {
  const both = judge(row({ records_in: 1001 }), row({ records_in: 1004, stage_file: 'm_8.ber' })).filter(
    ({ state }) => state === 'violation',
  );
  expect(stageBalance.entitle!(both)).toBe('mediation med-1: 5 records out of balance in 2 statements');
  expect(stageBalance.summarise!(both)).toContain('5 records unexplained in 2 statements');
});

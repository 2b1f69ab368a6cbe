import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { clocks } from '../../detectors/controls/clocks.ts';
import { lateUsage } from '../../detectors/controls/late-usage.ts';
import { overlaps } from '../../detectors/controls/overlaps.ts';
import { partialChains } from '../../detectors/controls/partial-chains.ts';
import { recordSequenceGap } from '../../detectors/controls/record-sequence-gap.ts';
import { rounding } from '../../detectors/controls/rounding.ts';
import { simBox } from '../../detectors/controls/sim-box.ts';
import { zeroRated } from '../../detectors/controls/zero-rated.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { evidenceRows, judgeStored } from './judge.fixture.ts';

const clickhouse = withClickHouse();
const noon = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let rows = 0;
const usage = (source: string, file: string, at: number, more: object = {}): object => ({
  tenant: 'main',
  source,
  partition: `sha256:${file}`,
  position: ++rows,
  file,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(noon),
  leg: source,
  service: 'voice',
  direction: 'mo',
  answered: true,
  subscriber: 1 + (rows % 50),
  start_time: writeInstant(at),
  end_time: writeInstant(at + minute),
  duration_seconds: 60,
  billable_seconds: 60,
  currency: 'EUR',
  business_key: rows,
  ...more,
});

const receipt = (source: string, name: string, handed: number, more: object = {}): object => ({
  tenant: 'main',
  source,
  sha256: `${source}-${name}`,
  name,
  state: 'stored',
  modified_at: writeInstant(handed),
  received_at: writeInstant(noon),
  stored: 100,
  event_from: writeInstant(handed - 15 * minute),
  event_to: writeInstant(handed),
  version: handed,
  ...more,
});

const batch = (source: string, file: string, from: number, to: number, more: object = {}): object => ({
  tenant: 'main',
  source,
  partition: `sha256:${file}`,
  kind: 'usage',
  first: 1,
  last: 100,
  token: file,
  state: 'stored',
  file,
  event_from: writeInstant(from),
  event_to: writeInstant(to),
  planned_at: writeInstant(noon),
  stored_at: writeInstant(noon),
  ...more,
});

it('S13: finds the destination that became free, and says nothing of the one that always was', async () => {
  const { store } = clickhouse;
  const window = { from: noon - hour, to: noon };
  expect(await judgeStored(store, zeroRated, { window, leg: 'rating' })).toMatchObject([{ state: 'not_applicable' }]);
  const priced = (at: number, zone: string, free: boolean) =>
    usage('rating', 'r', at, { zone, plan: 'flex', charge: free ? '0' : '0.3', status: 'rated', zero_reason: free ? 'free' : '' });
  const stored: object[] = [];
  for (let n = 0; n < 60; n++) {
    stored.push(priced(noon - day + n * minute, 'world', false), priced(noon - hour + n * 1000, 'world', n % 2 === 0));
    stored.push(priced(noon - day + n * minute, 'home', true), priced(noon - hour + n * 1000, 'home', true));
  }
  await store.insert('usage', stored, 'zero');
  const found = (await judgeStored(store, zeroRated, { window, leg: 'rating' })).filter(({ state }) => state === 'violation');
  expect(found).toMatchObject([
    {
      cell: { zone: 'world', check: 'zero_rated' },
      observed: 30,
      expected: 0,
      money: { amount: '9', class: 'leakage' },
      beganAt: noon - hour,
    },
  ]);
  expect(await evidenceRows(store, found[0]!)).toHaveLength(30);
  const before = await judgeStored(store, zeroRated, { window: { from: noon - 2 * hour, to: noon - hour }, leg: 'rating' });
  expect(before.filter(({ state }) => state === 'violation')).toEqual([]);
  // Late: the charged calls of the hour come, so many that 30 free ones of 6,560 are below half of 1 %, where so much is accepted.
  const coarse = { ...zeroRated, limits: zeroRated.limits.map((each) => (each.name === 'rise' ? { ...each, default: 0.01 } : each)) };
  const late = Array.from({ length: 6500 }, (_, n) => priced(noon - hour + n * 500, 'world', false));
  await store.insert('usage', late, 'zero-late');
  const again = await judgeStored(store, coarse, { window, leg: 'rating' });
  expect(again.find(({ cell }) => cell['zone'] === 'world' && cell['check'] === 'zero_rated')).toMatchObject({ state: 'ok', observed: 30 });
});

it('S04: finds numbers that no file has, until the late file brings them', async () => {
  const { store } = clickhouse;
  const window = { from: noon - hour, to: noon };
  expect(await judgeStored(store, recordSequenceGap, { window, leg: 'switch' })).toMatchObject([{ state: 'not_applicable' }]);
  const start = (at: number) => noon - hour + at * 15 * minute;
  const calls = (at: number, lowest: number, skip: readonly number[] = []) =>
    Array.from({ length: 20 }, (_, n) => lowest + n)
      .filter((number) => !skip.includes(number))
      .map((number) => usage('switch', `m${at}`, start(at) + (number - lowest) * 1000, { node: 'msc-1', local_sequence: number }));
  const parts = [calls(0, 1001), calls(1, 1021, [1030]), calls(3, 1061)];
  await store.insert('usage', parts.flat(), 'sequence');
  const batches = [0, 1, 3].map((at) => batch('switch', `m${at}`, start(at), start(at) + 30_000));
  await store.insert('batches', batches, 'sequence');
  await store.insert(
    'files',
    [0, 1, 3].map((at) => receipt('switch', `m${at}`, start(at), { sequence: null, event_to: writeInstant(start(at) + 30_000) })),
    'sequence',
  );
  const found = (await judgeStored(store, recordSequenceGap, { window, leg: 'switch' })).at(-1)!;
  expect(found).toMatchObject({ state: 'violation', observed: 59, expected: 80, cell: { node: 'msc-1' } });
  expect(await evidenceRows<{ missing: string }>(store, found)).toMatchObject([{ missing: '1' }, { missing: '20' }]);
  const missing = usage('switch', 'm1', start(1) + 9000, { node: 'msc-1', local_sequence: 1030 });
  await store.insert('usage', [...calls(2, 1041), missing], 'sequence-late');
  await store.insert('batches', [batch('switch', 'm2', start(2), start(2) + 30_000)], 'sequence-late');
  expect((await judgeStored(store, recordSequenceGap, { window, leg: 'switch' })).at(-1)).toMatchObject({ state: 'ok', observed: 80 });
});

it('S11: does not call a first load late; then finds the records of a file that are weeks old', async () => {
  const { store } = clickhouse;
  const later = noon + 2 * hour;
  const occasion = { instant: later, sources: ['tap'], changedFrom: later, changedTo: later };
  const fresh = { ingest_time: writeInstant(later), leg: 'tap_in', charge: '2' };
  const old = Array.from({ length: 8 }, (_, n) => usage('tap', 't', later - 70 * day + n * minute, fresh));
  const timely = Array.from({ length: 90 }, (_, n) => usage('tap', 't', later - 90 * minute + n * 1000, fresh));
  await store.insert('usage', [...old, ...timely], 'late');
  await store.insert('files', [receipt('tap', 't', later - hour, { received_at: writeInstant(later) })], 'late');
  expect(await judgeStored(store, lateUsage, occasion)).toMatchObject([{ state: 'not_applicable' }]);
  const before = Array.from({ length: 20 }, (_, n) => receipt('tap', `before-${n}`, noon - n * hour));
  await store.insert('files', before, 'before');
  const [found] = await judgeStored(store, lateUsage, occasion);
  expect(found).toMatchObject({
    state: 'violation',
    observed: 8,
    money: { amount: '16', class: 'leakage' },
    title: 'tap: 8 records came late, 8 past the limit for billing',
    beganAt: later - 70 * day,
  });
  expect(await evidenceRows(store, found!)).toHaveLength(8);
});

it('S05: finds the hole in a chain and the sessions that were never closed, each once', async () => {
  const { store } = clickhouse;
  const evening = noon + 12 * hour;
  const window = { from: evening - hour, to: evening };
  expect(await judgeStored(store, partialChains, { window, leg: 'aaa' })).toMatchObject([{ state: 'not_applicable' }]);
  const partial = (chain: string, number: number, end: number, cause: string) =>
    usage('aaa', 'p', end - 10 * minute, {
      service: 'data',
      node: 'bng-1',
      session_id: chain,
      partial_sequence: number,
      closing_cause: cause,
      end_time: writeInstant(end),
    });
  const last = evening - 90 * minute;
  const chains = Array.from({ length: 20 }, (_, n) => {
    const cause = n < 6 ? 'Interim-Update' : 'Stop';
    const end = n < 6 ? evening - 70 * minute : last;
    return [1, 2, 3]
      .filter((number) => n !== 10 || number !== 2)
      .map((number) => partial(`s${n}`, number, end - (3 - number) * 10 * minute, number < 3 ? 'Interim-Update' : cause));
  });
  // Rating charges the session with the hole 0.60 for the two parts of ten minutes that are there, one that fell silent 0.90 for three.
  const charged = (chain: string, charge: string) =>
    usage('rating', 'r', last - 30 * minute, { service: 'data', session_id: chain, charge });
  await store.insert('usage', [...chains.flat(), charged('s10', '0.6'), charged('s3', '0.9')], 'chains');
  const found = await judgeStored(store, partialChains, { window, leg: 'aaa' });
  expect(found).toMatchObject([
    { state: 'violation', observed: 1, cell: { check: 'hole', node: 'bng-1' }, money: { amount: '0.3', class: 'leakage' } },
    // half of a part of ten minutes, for each of the six
    { state: 'violation', observed: 6, statistic: 6 / 20, cell: { check: 'unclosed' }, money: { amount: '0.9', class: 'risk' } },
  ]);
  expect(await evidenceRows<{ numbers: number[] }>(store, found[0]!)).toMatchObject([{ numbers: [1, 3] }]);
  const next = await judgeStored(store, partialChains, { window: { from: evening, to: evening + hour }, leg: 'aaa' });
  expect(next.map(({ state }) => state)).toEqual(['ok', 'ok']);
  // Late: the partial that was missing, and the stops of five of the six.
  const stops = [0, 1, 2, 3, 4].map((n) => partial(`s${n}`, 4, evening - 65 * minute, 'Stop'));
  await store.insert('usage', [partial('s10', 2, last - 10 * minute, 'Interim-Update'), ...stops], 'chains-late');
  const again = await judgeStored(store, partialChains, { window, leg: 'aaa' });
  expect(again.map(({ state, observed }) => [state, observed])).toEqual([
    ['ok', 0],
    ['ok', 1],
  ]);
});

it('S20: finds the node whose times are an hour off, and durations that cannot be', async () => {
  const { store } = clickhouse;
  const evening = noon + 20 * hour;
  const window = { from: evening - hour, to: evening };
  const stored = Array.from({ length: 40 }, (_, n) => {
    const start = evening - hour + n * minute;
    const node = n % 2 === 0 ? 'msc-1' : 'msc-2';
    const own = { node, charging_id: `c${n}`, leg: 'mediation' };
    return [
      usage(
        'mediation',
        'c',
        start,
        n < 8 && n % 2 === 1 ? { ...own, duration_seconds: 71_582_788, charge: '5' } : { ...own, charge: '0.6' },
      ),
      usage('billing', 'b', n % 2 === 0 ? start - hour : start, { node: 'bill', charging_id: `c${n}`, leg: 'billing', charge: '1' }),
    ];
  });
  await store.insert('usage', stored.flat(), 'clocks');
  const found = await judgeStored(store, clocks, { window, leg: 'mediation', instant: evening });
  const few = found.filter(({ state }) => state === 'waiting');
  expect(few).toHaveLength(2);
  const settings = await judgeStored(
    store,
    { ...clocks, limits: clocks.limits.map((each) => (each.name === 'pairs' ? { ...each, default: 20 } : each)) },
    { window, leg: 'mediation' },
  );
  const bad = settings.filter(({ state }) => state === 'violation');
  expect(bad).toMatchObject([
    {
      cell: { node: 'msc-1', other: 'billing', check: 'offset' },
      observed: 3600,
      note: 'no amount: no usage of this hour falls into another day',
    },
    // four calls of a minute, charged 5 each where the others cost 0.60 a minute
    { cell: { node: 'msc-2', check: 'duration' }, observed: 4, money: { amount: '17.6', class: 'over_charge' } },
  ]);
  expect(await evidenceRows<{ duration_seconds: number }>(store, bad[1]!)).toHaveLength(20);
  // Late: the other calls of the hour; four of 4,020 are one in a thousand, which is accepted.
  const late = Array.from({ length: 4000 }, (_, n) =>
    usage('mediation', 'c', evening - hour + n * 100, { node: 'msc-2', leg: 'mediation' }),
  );
  await store.insert('usage', late, 'clocks-late');
  const again = await judgeStored(store, clocks, { window, leg: 'mediation', instant: evening });
  expect(again.find(({ cell }) => cell['node'] === 'msc-2' && cell['check'] === 'duration')).toMatchObject({ state: 'ok', observed: 4 });
});

it('S20: finds counters of a session that fell: one that ran over 32 bits, and stops without octets', async () => {
  const { store } = clickhouse;
  const from = noon + 30 * hour;
  const session = (n: number, octets: readonly number[]) =>
    octets.map((octets_down, at) =>
      usage('aaa', 'radius', from + n * minute, {
        node: 'nas-1',
        leg: 'aaa',
        service: 'data',
        direction: 'na',
        session_id: `s${n}`,
        closing_cause: at === octets.length - 1 ? 'stop' : 'interim',
        duration_seconds: (at + 1) * 600,
        octets_down,
      }),
    );
  const gib = 2 ** 30;
  const stored = [
    session(1, [2 * gib, 4 * gib - 1, gib]),
    session(2, [gib, 2 * gib, 0]),
    session(3, [gib, 0]),
    session(4, [gib, gib, 2 * gib]),
  ];
  await store.insert('usage', stored.flat(), 'counters');
  const found = await judgeStored(store, clocks, { window: { from, to: from + hour }, leg: 'aaa', instant: from + 2 * hour });
  const fall = found.find(({ cell }) => cell['node'] === 'nas-1' && cell['check'] === 'fall')!;
  expect(fall).toMatchObject({ state: 'violation', observed: 3, beganAt: from + minute });
  // 3 + 2 + 1 GiB, less an octet.
  expect(fall.summary).toContain('1 of 3 ran over a counter of 32 bits; 6,144 MiB less.');
});

it('N06: finds the partner that charges minutes where seconds were agreed', async () => {
  const { store } = clickhouse;
  const window = { from: noon - day, to: noon };
  expect(await judgeStored(store, rounding, { window, leg: 'mno_wholesale' })).toMatchObject([{ state: 'not_applicable' }]);
  const calls = (partner: string, seconds: (n: number) => number) =>
    Array.from({ length: 60 }, (_, n) =>
      usage('mno_wholesale', 'w', noon - hour - n * minute, { partner, billable_seconds: seconds(n), wholesale_charge: '0.12' }),
    );
  await store.insert('usage', [...calls('south', (n) => 60 * (1 + (n % 3))), ...calls('north', (n) => 7 + 13 * n)], 'rounding');
  const agreed = (partner: string, position: number) => ({
    tenant: 'main',
    source: 'partners',
    partition: 'p',
    position,
    record_id: `00000000-0000-0000-0001-${position.toString().padStart(12, '0')}`,
    ingest_time: writeInstant(noon),
    partner,
    rounding: '1/1',
    valid_from: writeInstant(noon - 90 * day),
  });
  await store.insert('partners', [agreed('south', 1), agreed('north', 2)], 'partners');
  const found = await judgeStored(store, rounding, { window, leg: 'mno_wholesale' });
  expect(found).toMatchObject([
    { state: 'ok', cell: { partner: 'north' } },
    // 29.5 s of each of 60 calls of two minutes in the mean, at 0.001 a second
    { state: 'violation', cell: { partner: 'south' }, money: { amount: '1.77', class: 'leakage' } },
  ]);
  expect(await evidenceRows(store, found[1]!)).toHaveLength(3);
  // The same calls without a pattern earlier in the day: the minutes began in between.
  const earlier = Array.from({ length: 60 }, (_, n) =>
    usage('mno_wholesale', 'w', noon - 4 * hour - n * minute, { partner: 'south', billable_seconds: 7 + 13 * n, wholesale_charge: '0.12' }),
  );
  await store.insert('usage', earlier, 'rounding-earlier');
  expect((await judgeStored(store, rounding, { window, leg: 'mno_wholesale' }))[1]).toMatchObject({
    state: 'violation',
    money: { amount: '1.77' },
  });
  // Late: calls of the same hours that are no whole minutes; the pattern is gone.
  await store.insert(
    'usage',
    calls('south', (n) => 7 + 13 * n),
    'rounding-late',
  );
  const again = await judgeStored(store, rounding, { window, leg: 'mno_wholesale' });
  expect(again.find(({ cell }) => cell['partner'] === 'south')).toMatchObject({ state: 'ok' });
});

it('N12: finds the SIM that calls ever new numbers from one place, not the one who talks to friends', async () => {
  const { store } = clickhouse;
  const start = noon + 3 * day;
  const window = { from: start, to: start + day };
  expect(await judgeStored(store, simBox, { window, leg: 'switch' })).toMatchObject([{ state: 'not_applicable' }]);
  const calls = (subscriber: number, direction: string, count: number, more: (n: number) => object) =>
    Array.from({ length: count }, (_, n) =>
      usage('switch', 's', start + n * 5 * minute, { subscriber, direction, cell: 'c1', equipment: 5, imsi: subscriber, ...more(n) }),
    );
  await store.insert(
    'usage',
    [
      ...calls(1001, 'mo', 80, (n) => ({ other_party: 9000 + n })),
      ...calls(1002, 'mo', 80, (n) => ({ other_party: 8000 + (n % 5) })),
      ...calls(1002, 'mt', 20, () => ({ other_party: 8001 })),
      ...calls(1003, 'mt', 2, () => ({ service: 'sms' })),
    ],
    'sims',
  );
  const [found] = await judgeStored(store, simBox, { window, leg: 'switch' });
  expect(found).toMatchObject({
    state: 'violation',
    observed: 1,
    money: { amount: '4', class: 'risk' },
    evidence: { params: { subscribers: ['1001'] } },
  });
  expect((await evidenceRows<{ calls: string }>(store, found!)).length).toBeGreaterThan(0);
  // Late: messages to the suspect come; a machine receives none.
  await store.insert(
    'usage',
    calls(1001, 'mt', 1, () => ({ service: 'sms' })),
    'sims-late',
  );
  expect(await judgeStored(store, simBox, { window, leg: 'switch' })).toMatchObject([{ state: 'ok', observed: 0 }]);
});

it('S10: finds calls that overlap another of the same subscriber, where a day before none did', async () => {
  const { store } = clickhouse;
  const start = noon + 5 * day;
  const window = { from: start, to: start + hour };
  expect(await judgeStored(store, overlaps, { window, leg: 'mediation' })).toMatchObject([{ state: 'not_applicable' }]);
  const calls = (at: number, seconds: number) =>
    Array.from({ length: 60 }, (_, n) =>
      usage('mediation', 'o', at + n * 30_000, {
        leg: 'mediation',
        subscriber: 1 + Math.floor(n / 2),
        billable_seconds: n % 2 === 0 ? seconds : 10,
        charge: '0.1',
      }),
    );
  // the second call of each begins 30 s after the first: inside a minute, not inside 30 s
  await store.insert('usage', [...calls(start, 60), ...calls(start - day, 31)], 'overlaps');
  expect(await judgeStored(store, overlaps, { window, leg: 'mediation' })).toMatchObject([
    { state: 'violation', observed: 30, expected: 0, money: { amount: '3', class: 'over_charge' }, customers: { count: 30 } },
  ]);
  const [found] = await judgeStored(store, overlaps, { window, leg: 'mediation' });
  expect((await evidenceRows<{ overlaps: number }>(store, found!)).filter(({ overlaps: each }) => each === 1)).toHaveLength(30);
  // Late: the other calls of the hour; 30 of 7,060 are 0.4 %, below half of what is accepted.
  const late = Array.from({ length: 7000 }, (_, n) =>
    usage('mediation', 'o', start + n * 500, { leg: 'mediation', subscriber: 10_000 + n, billable_seconds: 1 }),
  );
  await store.insert('usage', late, 'overlaps-late');
  expect(await judgeStored(store, overlaps, { window, leg: 'mediation' })).toMatchObject([{ state: 'ok', observed: 30 }]);
});

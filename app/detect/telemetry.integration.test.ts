/** Device telemetry from measurements to findings, over a real ClickHouse: found, cleared, late, and after a restart. */
import { expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import { telemetryDetectors } from '../../detectors/service/telemetry/index.ts';
import { draws, integer, keyOf, uniform } from '../../simulator/random.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { parseSettings } from '../settings/load.ts';
import { startDetection } from './start.ts';

const clickhouse = withClickHouse();
const tenant = 'main';
/** A noon of last week: recent readings have a life time by the clock. */
const noon = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 6.5 * 86_400_000;
const minute = 60_000;
const silent = { info: () => undefined, warn: () => undefined, error: (fields: object) => failures.push(JSON.stringify(fields)) };
const failures: string[] = [];
let position = 0;
let inserts = 0;

const reading = (metric: string, device: string, at: number, value: number, more: object = {}): object => ({
  tenant,
  source: 'olt',
  partition: 'p',
  position: ++position,
  record_id: `00000000-0000-0000-0000-${String(position).padStart(12, '0')}`,
  ingest_time: writeInstant(at),
  metric,
  device,
  event_time: writeInstant(at),
  value,
  instrument: 'gauge',
  node: device.split('/')[0],
  site: 's1',
  model: 'ONT-G1',
  firmware: '1.8.2',
  ...more,
});

const insert = (rows: readonly object[]): Promise<void> => clickhouse.store.insert('measurements', rows, `m${++inserts}`);

async function detectionAt(instant: number) {
  const said: Finding[] = [];
  let now = instant;
  const detection = await startDetection({
    store: clickhouse.store,
    clock: { now: () => now },
    settings: parseSettings('', 'test'),
    definitions: telemetryDetectors,
    detectors: [],
    onFindings: (findings) => {
      said.push(...findings);
    },
    log: silent,
    everyMs: 0,
  });
  return {
    detection,
    said,
    put: (next: number) => (now = next),
    words: () => said.map(({ detector, scope, state }) => `${detector} ${Object.values(scope).join(' ')} ${state}`),
  };
}

/** ONTs of two PONs that say every five minutes that they are up, how long, and how much light they get. */
function quietHours(): object[] {
  const rows: object[] = [];
  for (let at = noon - 26 * 60 * minute; at < noon; at += 15 * minute)
    for (const pon of ['o1/1', 'o1/2', 'o2/1'])
      for (let ont = 1; ont <= 8; ont++) {
        const device = `${pon}/${ont}`;
        const firmware = { firmware: ont % 2 === 0 ? '1.9.0' : '1.8.2' };
        rows.push(
          reading('ont_up', device, at, 1, firmware),
          reading('uptime_seconds', device, at, (at - noon) / 1000 + 1e6, firmware),
          reading('rx_power_dbm', device, at, -20 - ont / 10, firmware),
        );
      }
  return rows;
}

it('finds a PON that is out within the minute, with its customers, clears it, and finds light that fades', async () => {
  await insert(quietHours());
  await clickhouse.store.insert(
    'topology_edges',
    [1, 2, 3, 4, 5, 6, 7, 8].flatMap((ont) =>
      [
        ['pon', 'o1/1', 'ont', `o1/1/${ont}`],
        ['ont', `o1/1/${ont}`, 'customer', `${1000 + ont}`],
      ].map(([parent_type, parent, child_type, child], at) => ({
        tenant,
        source: 'inventory',
        record_id: `00000000-0000-0000-0009-00000000${ont}${at}00`,
        ingest_time: writeInstant(noon - 1000 * minute),
        parent_type,
        parent,
        child_type,
        child,
      })),
    ),
    'edges',
  );
  const { detection, said, put, words } = await detectionAt(noon);
  await detection.tick();
  expect(words()).toEqual([]);
  expect(failures).toEqual([]);

  // Six of eight are lost within twenty seconds; their OLT says so at once.
  const lost = [1, 2, 3, 4, 5, 6].map((ont) => `o1/1/${ont}`);
  await insert(lost.map((device, at) => reading('ont_up', device, noon + 5_000 + at * 3_000, 0, { attributes: { reason: 'los' } })));
  put(noon + minute);
  await detection.tick();
  expect(words()).toEqual(['pon_outage o1/1 firing']);
  expect(said[0]).toMatchObject({ customers: { count: 6 }, began_at: new Date(noon + 5_000).toISOString(), observed: 2, expected: 8 });

  // A restart says nothing new but what stands, and one that comes back late does not end it.
  await detection.stop();
  const again = await detectionAt(noon + 2 * minute);
  await again.detection.tick();
  expect(again.detection.firing().map(({ detector }) => detector)).toEqual(['pon_outage']);
  await insert(lost.slice(0, 2).map((device) => reading('ont_up', device, noon + 2 * minute, 1)));
  again.put(noon + 3 * minute);
  await again.detection.tick();
  expect(again.detection.firing()).toHaveLength(1);
  // Late: they came back a minute ago, which is only now heard of.
  await insert(
    lost.slice(2).map((device) => reading('ont_up', device, noon + 2 * minute, 1, { ingest_time: writeInstant(noon + 4 * minute) })),
  );
  again.put(noon + 5 * minute);
  await again.detection.tick();
  expect(again.words().at(-1)).toBe('pon_outage o1/1 cleared');

  // One ONT fades by three decibels.
  await insert([0, 15, 30].map((after) => reading('rx_power_dbm', 'o2/1/4', noon + after * minute, -23.5)));
  again.put(noon + 31 * minute);
  await again.detection.tick();
  expect(again.words().at(-1)).toBe('optical_degradation o2/1/4 rx_power_dbm firing');

  // Four behind one PON fade by less than any of them could be told by itself.
  const faded = [1, 2, 3, 4];
  await insert(faded.map((ont) => reading('rx_power_dbm', `o1/1/${ont}`, noon + 32 * minute, -20.9 - ont / 10)));
  again.put(noon + 36 * minute);
  await again.detection.tick();
  expect(again.words().at(-1)).toBe('pon_degradation o1/1 rx_power_dbm firing');
  expect(again.said.at(-1)).toMatchObject({ customers: { count: 4 }, observed: 4, began_at: new Date(noon + 32 * minute).toISOString() });
  await insert(faded.map((ont) => reading('rx_power_dbm', `o1/1/${ont}`, noon + 37 * minute, -20 - ont / 10)));
  again.put(noon + 41 * minute);
  await again.detection.tick();
  expect(again.words().at(-1)).toBe('pon_degradation o1/1 rx_power_dbm cleared');
  await again.detection.stop();
  expect(failures).toEqual([]);
});

it('finds a firmware that reboots, a device that flaps, and errors of an interface across a wrap', async () => {
  const at = noon + 60 * minute;
  const { detection, put, words } = await detectionAt(at);
  await insert(
    ['o1/1', 'o1/2', 'o2/1'].flatMap((pon) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((ont) =>
        reading('uptime_seconds', `${pon}/${ont}`, at, ont % 2 === 0 ? 30 : 1e6 + 3600, { firmware: ont % 2 === 0 ? '1.9.0' : '1.8.2' }),
      ),
    ),
  );
  await insert([0, 1, 2, 3, 4, 5, 6, 7].map((n) => reading('ont_up', 'o1/2/3', at - (8 - n) * minute, n % 2)));
  const counter = { instrument: 'counter', model: 'OLT-8', firmware: '5' };
  await insert(
    [0, 1, 2, 3, 4].flatMap((n) => [
      // 32 bits: wraps between the readings, and must not look like four billion.
      reading('if_in_packets', 'o1/uplink', at - (20 - n * 5) * minute, (4_294_000_000 + n * 500_000) % 4_294_967_296, counter),
      reading('if_in_errors', 'o1/uplink', at - (20 - n * 5) * minute, n < 2 ? 10 : 10 + n * 1000, counter),
    ]),
  );
  put(at + minute);
  await detection.tick();
  await detection.stop();
  expect(failures).toEqual([]);
  const found = words();
  expect(found).toEqual(
    expect.arrayContaining(['firmware_reboots ONT-G1 1.9.0 firing', 'device_flapping o1/2/3 firing', 'interface_errors o1/uplink firing']),
  );
  expect(found.filter((word) => word.startsWith('firmware_reboots'))).toHaveLength(1);
});

it('finds a firmware that restarts by what its OLT says, before any uptime is asked', async () => {
  const at = noon + 24 * 60 * minute;
  const all = ['o1/1', 'o1/2', 'o2/1'].flatMap((pon) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((ont) => ({ device: `${pon}/${ont}`, new: ont % 2 === 0 })),
  );
  const of = (isNew: boolean): object => ({ firmware: isNew ? '1.9.0' : '1.8.2' });
  await insert(
    all.flatMap((each) => [
      reading('uptime_seconds', each.device, at - 20 * minute, 2e6, of(each.new)),
      reading('ont_up', each.device, at - 20 * minute, 1, of(each.new)),
    ]),
  );
  const { detection, put, words } = await detectionAt(at - minute);
  await detection.tick();
  const before = words().length;
  const news = (): readonly string[] =>
    words()
      .slice(before)
      .filter((word) => word.startsWith('firmware_reboots'));
  const restarted = all.filter((each) => each.new);
  await insert(restarted.map(({ device }, n) => reading('ont_up', device, at + n * 20_000, 0, of(true))));
  put(at + 5 * minute);
  await detection.tick();
  // Four of each PON went together: that looks like a cut until they are back.
  expect(news()).toEqual([]);
  await insert(restarted.map(({ device }, n) => reading('ont_up', device, at + 90_000 + n * 20_000, 1, of(true))));
  put(at + 6 * minute);
  await detection.tick();
  await detection.stop();
  expect(failures).toEqual([]);
  expect(
    words()
      .filter((word) => word.startsWith('firmware_reboots'))
      .at(-1),
  ).toBe('firmware_reboots ONT-G1 1.9.0 firing');
});

it('finds a firmware that restarts while its devices are still away, where they went one by one', async () => {
  const at = noon + 30 * 60 * minute;
  const all = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((ont) =>
    ['o1/1', 'o1/2', 'o2/1'].map((pon) => ({ device: `${pon}/${ont}`, isNew: ont % 2 === 0 })),
  );
  const of = (isNew: boolean): object => ({ firmware: isNew ? '1.9.0' : '1.8.2' });
  await insert(
    all.flatMap(({ device, isNew }) => [
      reading('uptime_seconds', device, at - 20 * minute, 3e6, of(isNew)),
      reading('ont_up', device, at - 20 * minute, 1, of(isNew)),
    ]),
  );
  const { detection, put, said } = await detectionAt(at - minute);
  await detection.tick();
  const before = said.length;
  const gone = all.filter(({ isNew }) => isNew);
  await insert(gone.map(({ device }, n) => reading('ont_up', device, at + n * 30_000, 0, of(true))));
  put(at + 6 * minute);
  await detection.tick();
  const own = () => said.slice(before).filter(({ detector }) => detector === 'firmware_reboots');
  expect(own()).toMatchObject([{ scope: { model: 'ONT-G1', firmware: '1.9.0' }, state: 'firing', observed: 12 }]);
  // Who is away for longer than ten minutes has not restarted.
  put(at + 17 * minute);
  await detection.tick();
  await detection.stop();
  expect(failures).toEqual([]);
  expect(own().at(-1)?.state).toBe('cleared');
});

it('takes nothing for silence that its source has not brought yet', async () => {
  const at = noon + 3 * 24 * 60 * minute;
  const heard = (pon: string, from: number, to: number): object[] =>
    Array.from({ length: (to - from) / 15 + 1 }, (_, n) => n).flatMap((n) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((ont) => reading('uptime_seconds', `${pon}/${ont}`, at + (from + n * 15) * minute, 9e6 + n)),
    );
  // Two hours of both; then only those behind o1 are heard of for another one.
  await insert([...heard('o1/1', -120, 60), ...heard('o1/2', -120, 60), ...heard('o2/1', -120, 0)]);
  const reached = (upto: number): Promise<void> =>
    clickhouse.store.insert(
      'watermarks',
      [{ tenant, leg: 'measurement', node: '', source: 'olt', complete_to: writeInstant(upto), updated_at: writeInstant(upto) }],
      `reach${upto}`,
    );
  await reached(at + 30 * minute);
  const { detection, put, words } = await detectionAt(at + 61 * minute);
  await detection.tick();
  expect(words().filter((word) => word.startsWith('silent'))).toEqual([]);
  await reached(at + 60 * minute);
  put(at + 62 * minute);
  await detection.tick();
  await detection.stop();
  expect(failures).toEqual([]);
  expect(words().filter((word) => word.startsWith('silent'))).toEqual(['silent_devices_node o2 firing']);
});

it('tells growth, wrap and restart of counters apart as a straightforward model does', async () => {
  const from = draws(keyOf(Date.now() % 1_000_000, 1));
  const [two32, two64] = [2 ** 32, 2 ** 64];
  const model = (before: number, value: number): number => {
    if (value >= before) return value - before;
    for (const size of [two32, two64]) if (before < size && before >= 0.75 * size && value < 0.25 * size) return value + size - before;
    return 0;
  };
  const expected = new Map<string, number[]>();
  const rows: object[] = [];
  for (let device = 0; device < 40; device++) {
    const size = device % 2 === 0 ? two32 : two64;
    let value = Math.floor(size * uniform(from));
    const deltas = [0];
    for (let n = 0; n < 50; n++) {
      rows.push(reading('if_in_octets', `d${device}`, noon + n * minute, value, { instrument: 'counter' }));
      const next =
        integer(from, 12) === 0
          ? integer(from, 1000)
          : integer(from, 10) === 0
            ? value
            : (value + Math.floor((uniform(from) * size) / 5)) % size;
      if (n < 49) deltas.push(model(value, next));
      value = next;
    }
    expected.set(`d${device}`, deltas);
  }
  await insert(rows);
  const found = new Map<string, number[]>();
  for (const { device, delta } of await clickhouse.store.rows<{ device: string; delta: number }>('counter-deltas', {
    tenant,
    metrics: ['if_in_octets'],
    since: writeInstant(noon - minute),
    instant: writeInstant(noon + 60 * minute),
  }))
    found.set(device, [...(found.get(device) ?? []), Number(delta)]);
  for (const [device, deltas] of expected) {
    const own = found.get(device) ?? [];
    expect(own).toHaveLength(deltas.length);
    for (const [at, delta] of deltas.entries()) expect(Math.abs(own[at]! - delta), `${device} ${at}`).toBeLessThanOrEqual(1e-9 * two64);
  }
});

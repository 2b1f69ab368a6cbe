import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { parseSettings } from '../settings/load.ts';
import { type Detection, startDetection } from './start.ts';

const clickhouse = withClickHouse();
const noon = Date.UTC(2026, 10, 21, 12);
const quarter = 900_000;
const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

function receipt(source: string, sequence: number, at: number, more: object = {}): object {
  return {
    tenant: 'main',
    source,
    sha256: `${source}-${sequence}`,
    name: `${source}_${sequence}.csv`,
    bytes: 1000,
    state: 'stored',
    sequence,
    modified_at: writeInstant(at),
    received_at: writeInstant(at),
    completed_at: writeInstant(at),
    read: 100,
    stored: 100,
    charge: '12.5',
    event_from: writeInstant(at - quarter),
    event_to: writeInstant(at),
    version: at,
    ...more,
  };
}

function batch(source: string, partition: string, at: number, more: object = {}): object {
  return {
    tenant: 'main',
    source,
    partition,
    kind: 'usage',
    first: 1,
    last: 100,
    token: `${source}/${partition}`,
    state: 'stored',
    read: 3,
    event_from: writeInstant(at - quarter),
    event_to: writeInstant(at),
    planned_at: writeInstant(at),
    stored_at: writeInstant(at),
    ...more,
  };
}

function usageRow(source: string, file: string, position: number, key: number, at: number): object {
  return {
    tenant: 'main',
    source,
    partition: `sha256:${file}`,
    position,
    file,
    record_id: `00000000-0000-0000-0000-${position.toString().padStart(12, '0')}`,
    ingest_time: writeInstant(at),
    leg: 'switch',
    service: 'voice',
    subscriber: key * 7,
    start_time: writeInstant(noon + key * 1000),
    business_key: key,
    charge: '0.25',
    currency: 'EUR',
  };
}

/** Detection that looks only when told to, with a clock that is put. */
async function detectionAt(instant: number): Promise<{ detection: Detection; said: Finding[]; put(instant: number): void }> {
  const said: Finding[] = [];
  let now = instant;
  const detection = await startDetection({
    store: clickhouse.store,
    clock: { now: () => now },
    settings: parseSettings('', 'test'),
    onFindings: (findings) => {
      said.push(...findings);
    },
    log: silentLog,
    everyMs: 0,
    // However slow the machine is, a look learns all of the past.
    seriesMs: 120_000,
  });
  return { detection, said, put: (next) => (now = next) };
}

describe('detection on a real ClickHouse', () => {
  it('S01: a file that is missing is found at the next look, told once, survives a restart, and clears when it comes', async () => {
    const { store } = clickhouse;
    const rows = [101, 102, 103, 105].map((sequence, at) => receipt('msc', sequence, noon + at * quarter));
    await store.insert('files', rows, 'files-1');
    const last = noon + 3 * quarter;
    const first = await detectionAt(last + 3000);
    const report = await first.detection.tick();
    expect(report.sources).toEqual(['msc']);
    const found = first.said.filter(({ detector }) => detector === 'S01');
    expect(found).toMatchObject([
      {
        state: 'firing',
        observed: 1,
        scope: { source: 'msc' },
        title: 'msc: file 104 missing',
        began_at: new Date(noon + 2 * quarter).toISOString(),
      },
    ]);
    const shown = await store.select<{ sequence: string }>(found[0]!.evidence.sql);
    expect(shown.map(({ sequence }) => sequence)).toEqual(['101', '102', '103', '105']);
    await first.detection.tick();
    expect(first.said.filter(({ detector }) => detector === 'S01')).toHaveLength(1);
    const results = await store.select<{ state: string }>("SELECT state FROM control_results_latest WHERE control = 'S01'");
    expect(results).toEqual([{ state: 'violation' }]);
    await first.detection.stop();

    const second = await detectionAt(last + 60_000);
    await second.detection.tick();
    expect(second.said.filter(({ detector }) => detector === 'S01')).toMatchObject([
      { state: 'firing', finding_key: found[0]!.finding_key },
    ]);
    await store.insert('files', [receipt('msc', 104, last + 70_000)], 'files-2');
    second.put(last + 71_000);
    await second.detection.tick();
    expect(second.said.filter(({ detector }) => detector === 'S01').at(-1)).toMatchObject({ state: 'cleared' });
    const stored = await store.select<{ state: string }>("SELECT state FROM findings_latest WHERE detector = 'S01'");
    expect(stored).toEqual([{ state: 'cleared' }]);
    expect(second.detection.firing()).toEqual([]);
    await second.detection.stop();
  });

  it('judges with every control that ships and none fails', async () => {
    const { detection, said } = await detectionAt(noon + 5 * 3_600_000);
    const report = await detection.tick();
    expect(report.judged['failed']).toBeUndefined();
    expect(said.filter(({ metric }) => metric === 'control_error')).toEqual([]);
    await detection.stop();
  });

  it('S03: a file that declares more than was read is told with the charge that is missing', async () => {
    const { store } = clickhouse;
    const at = noon + 86_400_000;
    await store.insert(
      'files',
      [
        receipt('tap', 7, at, { declared_records: 100, declared_charge: '12.5' }),
        receipt('tap', 8, at + 1000, { declared_records: 130, declared_charge: '15.75', read: 102, dropped: 2 }),
      ],
      'files-tap',
    );
    await store.insert(
      'batches',
      [
        batch('tap', 'sha256:tap-8', at + 1000, {
          read: 102,
          stored: 100,
          dropped: 2,
          dropped_by: { header: 1, filtered: 1 },
          file: 'tap_8.csv',
        }),
      ],
      'batches-tap',
    );
    const { detection, said } = await detectionAt(at + 2000);
    await detection.tick();
    const found = said.filter(({ detector }) => detector === 'S03');
    expect(found).toMatchObject([{ state: 'firing', observed: 1, money: { amount: '3.25', class: 'leakage' } }]);
    expect(found[0]!.summary).toContain('tap_8.csv: records 130 declared, 101 read, charge 15.75 declared, 12.5 read');
    await expect(store.select(found[0]!.evidence.sql)).resolves.toHaveLength(1);
    await detection.stop();
  });

  it('S10: repeats of an earlier batch are counted once, with their charge and customers, also after a restart; a replayed file is told', async () => {
    const { store } = clickhouse;
    const at = noon + 2 * 86_400_000;
    await store.insert(
      'usage',
      [1, 2, 3].map((key) => usageRow('sbc', 'a.csv', key, key, at)),
      'usage-a',
    );
    await store.insert(
      'usage',
      [2, 3, 4].map((key) => usageRow('sbc', 'b.csv', key + 10, key, at + 60_000)),
      'usage-b',
    );
    await store.insert(
      'batches',
      [batch('sbc', 'sha256:a', at, { stored: 3, file: 'a.csv' }), batch('sbc', 'sha256:b', at + 60_000, { stored: 3, file: 'b.csv' })],
      'batches-sbc',
    );
    await store.insert('files', [receipt('sbc', 1, at), receipt('sbc', 1, at + 90_000, { state: 'replay', sequence: null })], 'files-sbc');
    const first = await detectionAt(at + 91_000);
    await first.detection.tick();
    const found = first.said.filter(({ detector }) => detector === 'S10').sort((a, b) => (a.unit < b.unit ? 1 : -1));
    expect(found).toMatchObject([
      { scope: { what: 'records' }, observed: 2, unit: 'records', money: { amount: '0.5', class: 'over_charge' }, customers: { count: 2 } },
      { scope: { what: 'file' }, observed: 1 },
    ]);
    await expect(store.select(found[0]!.evidence.sql)).resolves.toHaveLength(4);
    await expect(store.select(found[1]!.evidence.sql)).resolves.toHaveLength(2);
    await first.detection.stop();

    const second = await detectionAt(at + 95_000);
    await second.detection.tick();
    expect(second.said.filter(({ detector }) => detector === 'S10').every(({ observed }) => observed <= 2)).toBe(true);
    second.put(at + 95_000 + 86_400_000);
    await second.detection.tick();
    const cleared = second.said.filter(({ detector, state }) => detector === 'S10' && state === 'cleared');
    expect(cleared).toHaveLength(2);
    await second.detection.stop();
  });

  it('S12: one reason that explodes is told at once', async () => {
    const { store } = clickhouse;
    const at = noon + 4 * 86_400_000;
    await store.insert('files', [receipt('aaa', 1, at - 86_400_000)], 'files-aaa');
    await store.insert(
      'batches',
      [
        batch('aaa', 'sha256:old', at - 86_400_000, { read: 10_000, stored: 9_990, rejected: 10, rejected_by: { bad_time: 10 } }),
        batch('aaa', 'sha256:new', at, { read: 1_000, stored: 900, rejected: 100, rejected_by: { bad_time: 100 } }),
      ],
      'batches-aaa',
    );
    const { detection, said } = await detectionAt(at + 1000);
    await detection.tick();
    const found = said.filter(({ detector }) => detector === 'S12');
    expect(found).toMatchObject([
      { scope: { source: 'aaa', reason: 'bad_time' }, observed: 100, expected: 1, title: 'aaa: 10 % of records rejected (bad_time)' },
    ]);
    await detection.stop();
  });

  it('S02: a feed that came every quarter of an hour for weeks and stops is told as silent', async () => {
    const { store } = clickhouse;
    const end = noon + 30 * 86_400_000;
    const rows = Array.from({ length: 21 * 96 }, (_, at) => receipt('crm', 10_000 + at, end - (21 * 96 - 1 - at) * quarter));
    await store.insert('files', rows, 'files-crm');
    const { detection, said, put } = await detectionAt(end + 60_000);
    await detection.tick();
    const silent = () => said.filter(({ detector, scope }) => detector === 'S02' && scope['source'] === 'crm');
    expect(silent()).toEqual([]);
    put(end + 3 * 3_600_000);
    await detection.tick();
    expect(silent()).toMatchObject([
      { state: 'firing', scope: { check: 'silence' }, began_at: new Date(end).toISOString(), title: 'crm: silent for 3 h 0 min' },
    ]);
    expect(silent()[0]!.expected).toBeCloseTo(12, 0);
    await store.insert('files', [receipt('crm', 20_000, end + 3 * 3_600_000 + 30_000)], 'files-crm-2');
    put(end + 3 * 3_600_000 + 90_000);
    await detection.tick();
    expect(silent().at(-1)).toMatchObject({ state: 'cleared' });
    await detection.stop();
  });

  it('usage_volume: a drop against five weeks is told once the watermark closes its buckets, and clears when the level is back', async () => {
    const { store } = clickhouse;
    const from = noon + 60 * 86_400_000;
    /** Records each six seconds of `minutes`, delivered by quarter of an hour; every `keep`th is kept. */
    const fill = (start: number, minutes: number, keep: number) =>
      store.command(`
        INSERT INTO usage (tenant, source, partition, position, file, record_id, ingest_time, leg, service, partner, subscriber, segment, start_time, business_key, charge, currency)
        SELECT 'main', 'gw', 'p', number, 'f', generateUUIDv4(), toStartOfFifteenMinutes(at) + INTERVAL 15 MINUTE, 'partner', 'sms', 'acme',
            1 + number % 50, 'consumer', at, cityHash64('gw', at, number), 0.1, 'EUR'
        FROM (SELECT number, toDateTime64(${start / 1000}, 3, 'UTC') + number * 6 AS at FROM numbers(${minutes * 10}) WHERE number % ${keep} = 0)`);
    for (let week = 1; week <= 5; week++) await fill(from - week * 7 * 86_400_000, 240, 1);
    await fill(from, 90, 1);
    await fill(from + 90 * 60_000, 45, 3);
    const { detection, said, put } = await detectionAt(from + 91 * 60_000);
    await detection.tick();
    const drops = () => said.filter(({ detector }) => detector === 'usage_volume');
    put(from + 106 * 60_000);
    await detection.tick();
    expect(drops()).toEqual([]);
    put(from + 136 * 60_000);
    await detection.tick();
    expect(drops()).toMatchObject([
      {
        state: 'firing',
        scope: { leg: 'partner', service: 'sms', partner: 'acme' },
        direction: 'down',
        began_at: new Date(from + 90 * 60_000).toISOString(),
        money: { amount: '20', class: 'risk' },
        customers: { count: 33, segments: { consumer: 33 } },
      },
    ]);
    await expect(store.select(drops()[0]!.evidence.sql)).resolves.not.toHaveLength(0);
    await fill(from + 135 * 60_000, 60, 1);
    put(from + 196 * 60_000);
    await detection.tick();
    expect(drops().at(-1)).toMatchObject({ state: 'cleared' });
    await detection.stop();
  });

  it('S01: files without numbers are no sequence, however many there are', async () => {
    const { store } = clickhouse;
    const rows = [1, 2, 3].map((sequence, at) => receipt('unnumbered', sequence, noon + 8000 * quarter + at, { sequence: null }));
    await store.insert('files', rows, 'files-unnumbered');
    const params = { tenant: 'main', sources: ['unnumbered'], since: writeInstant(0) };
    expect(await store.rows('control-file-sequence', params)).toEqual([]);
  });
});

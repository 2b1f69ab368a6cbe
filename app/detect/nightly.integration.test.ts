/** The queries of the nightly detectors over a real ClickHouse: eight weeks of hours and gauges, judged as the loop judges them. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Definition, Judgement } from '../../core/definition.ts';
import { writeInstant } from '../../core/row.ts';
import { nightlyDetectors } from '../../detectors/nightly/index.ts';
import { dailyRecords, firstDay, night, normals } from '../../detectors/nightly/rows.fixture.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { parseSettings } from '../settings/load.ts';
import { evidenceSql } from './evidence.ts';
import { run } from './run.ts';

const clickhouse = withClickHouse();
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const settings = parseSettings('tenant: acme', 'test');

const judge = async (identity: string, instant = night): Promise<readonly Judgement[]> => {
  const definition = nightlyDetectors.find((each) => each.identity === identity) as Definition;
  const window = { from: instant - hourMs, to: instant };
  const result = await run(definition, clickhouse.store, settings, {
    ...{ instant, window, sources: [], changedFrom: instant, changedTo: instant, watchingSince: 0, leg: '' },
  });
  if (!result.ok) throw new Error(result.error);
  return result.judgements;
};

/** Hours of a series of days; what is loaded late has an ingest time of the last night. */
function hours(partner: string, days: readonly { day: number; records: number }[], more: object = {}): object[] {
  return days.flatMap(({ day, records }) =>
    Array.from({ length: 24 }, (_, hour) => ({
      tenant: 'acme',
      leg: 'switch',
      service: 'voice',
      hour: writeInstant(firstDay + day * dayMs + hour * hourMs).slice(0, 19),
      partner,
      currency: 'EUR',
      records: Math.round((records / 24) * (hour < 6 ? 0.25 : 1.25)),
      charge: ((records / 24) * 0.1).toFixed(6),
      ingest_time: writeInstant(firstDay + day * dayMs + (hour + 1) * hourMs),
      ...more,
    })),
  );
}

describe('usage by day', () => {
  beforeAll(async () => {
    const series = [
      ...hours('even', dailyRecords(11)),
      ...hours('fading', dailyRecords(12, { of: (day) => 0.75 ** (day / 30) })),
      ...hours('moved', dailyRecords(13, { of: (day) => (day >= 46 ? 0.5 : 1) })),
      ...hours('young', dailyRecords(14, { days: 20, of: (day) => (day >= 48 ? 0.3 : 1) })),
      ...hours('even', dailyRecords(15), { tenant: 'other', records: 9_000_000 }),
      // A clock that runs ahead.
      ...hours('even', [{ day: 90, records: 500 }]),
    ];
    await clickhouse.store.insert('usage_hour', series, 'nightly/usage');
    const bulk = dailyRecords(16).map(({ day, records }) => ({ day, records: day >= 40 ? records * 0.3 : records }));
    const late = { leg: 'loaded', ingest_time: writeInstant(night - hourMs) };
    await clickhouse.store.insert('usage_hour', hours('even', bulk, late), 'nightly/loaded');
  });

  it('finds what drifts and nothing else', async () => {
    const judgements = await judge('usage_drift');
    expect(Object.fromEntries(judgements.map(({ cell, state }) => [`${cell['leg']} ${cell['partner']}`, state]))).toEqual({
      'switch even': 'ok',
      'switch fading': 'violation',
      'switch moved': 'ok',
      'switch young': 'not_applicable',
      'loaded even': 'waiting',
    });
    const found = judgements.find(({ state }) => state === 'violation')!;
    expect(found.title).toMatch(/^fading: voice traffic falls by 2[456](\.\d)? % a month$/);
    expect(found.money).toMatchObject({ currency: 'EUR', class: 'risk' });
    const evidence = await clickhouse.store.select<{ day: string; records_of_series: string }>(evidenceSql(found.evidence));
    expect(evidence.length).toBeGreaterThanOrEqual(56);
    expect(Number(evidence[0]?.records_of_series)).toBeGreaterThan(Number(evidence.at(-2)?.records_of_series));
  });

  it('finds what shifted, with its date, and whom it touches', async () => {
    const since = firstDay + 46 * dayMs;
    const row = (subscriber: number) => ({
      ...{ tenant: 'acme', leg: 'switch', service: 'voice', partner: 'moved', subscriber, segment: 'home', source: 's', partition: 'p' },
      ...{ position: subscriber, record_id: `00000000-0000-0000-0000-00000000000${subscriber}` },
      ...{ start_time: writeInstant(since - 5 * hourMs), ingest_time: writeInstant(since) },
    });
    await clickhouse.store.insert('usage', [1, 2, 3, 4].map(row), 'nightly/customers');
    const judgements = await judge('usage_level_shift');
    const found = judgements.filter(({ state }) => state === 'violation');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ cell: { partner: 'moved' }, beganAt: since, customers: { count: 2, segments: { home: 2 } } });
    expect(found[0]?.title).toMatch(/^moved: voice traffic (49|5[01])(\.\d)? % lower since 2026-11-10$/);
  });

  it('waits while history is loaded, and is silent of a leg that is read no more', async () => {
    const later = await judge('usage_level_shift', night + 12 * dayMs);
    expect(new Set(later.map(({ state }) => state))).not.toContain('violation');
  });
});

describe('gauges by day', () => {
  beforeAll(async () => {
    const values = (device: string, of: (day: number, noise: number) => number, more: object = {}): object[] => {
      const normal = normals(device.length + device.charCodeAt(device.length - 1));
      return Array.from({ length: 57 * 4 }, (_, at) => ({
        ...{ tenant: 'acme', source: 'telemetry', partition: 'p', position: at, record_id: '00000000-0000-0000-0000-000000000000' },
        ...{ metric: 'rx_power_dbm', device, node: 'olt-1', unit: 'dBm', instrument: 'gauge' },
        event_time: writeInstant(firstDay + at * 6 * hourMs),
        ingest_time: writeInstant(firstDay + at * 6 * hourMs),
        value: of(Math.floor(at / 4), normal()),
        ...more,
      }));
    };
    const rows = [
      ...values('ont-fading', (day, noise) => -21 - 0.06 * day + 0.2 * noise),
      ...Array.from({ length: 9 }, (_, each) => values(`ont-${each}`, (_day, noise) => -20 - each / 10 + 0.2 * noise)).flat(),
      ...values('ont-1', (day) => day * 1e6, { metric: 'octets', instrument: 'counter', unit: 'octets' }),
      ...values('ont-1', (day) => day, { metric: 'other', tenant: 'other' }),
      ...Array.from({ length: 9 }, (_, each) =>
        values(`cpe-${each}`, (day, noise) => 40 - 0.3 * day + noise, { metric: 'celsius', unit: 'celsius' }),
      ).flat(),
    ];
    await clickhouse.store.insert('measurements', rows, 'nightly/measurements');
  });

  it('find the device that fades, not what all of them do', async () => {
    const judgements = await judge('measurement_drift');
    expect(judgements).toHaveLength(19);
    const found = judgements.filter(({ state }) => state === 'violation');
    expect(found.map(({ cell }) => cell)).toEqual([{ metric: 'rx_power_dbm', node: 'olt-1', device: 'ont-fading' }]);
    expect(judgements[0]?.cell['device'], 'the largest change first').toBe('ont-fading');
    const evidence = await clickhouse.store.select<{ middle: number }>(evidenceSql(found[0]!.evidence));
    expect(evidence.length).toBeGreaterThanOrEqual(55);
    expect(Number(evidence[0]?.middle)).toBeGreaterThan(-22);
  });

  it('of many devices take turns', async () => {
    const buckets = [
      {
        tenant: 'acme',
        table: 'measurements',
        bucket: writeInstant(firstDay + 30 * dayMs).slice(0, 19),
        records: 50_000_000,
        ingest_time: writeInstant(night),
      },
    ];
    await clickhouse.store.insert('changed_buckets', buckets, 'nightly/buckets');
    const turns = await Promise.all([0, 1, 2].map((later) => judge('measurement_drift', night + later * dayMs)));
    const seen = turns.map((judgements) => judgements.map(({ cell }) => `${cell['metric']} ${cell['device']}`));
    expect(seen.flat().length).toBe(19);
    expect(new Set(seen.flat()).size).toBe(19);
    expect(Math.max(...seen.map(({ length }) => length))).toBeLessThan(19);
  });
});

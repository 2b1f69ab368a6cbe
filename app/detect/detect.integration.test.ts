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
      { state: 'firing', observed: 1, scope: { source: 'msc' }, money: { amount: '12.5', currency: 'EUR', class: 'leakage' } },
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
});

/** `weir kpis` on a data directory of its own, as a person types it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writeInstant } from '../../../core/row.ts';
import { kpis } from '../../../detectors/service/kpis/index.ts';
import { startClickHouse } from '../../../test/clickhouse.ts';
import { main } from '../main.ts';

const clickhouse = vi.hoisted(() => ({ store: undefined as unknown }));
vi.mock('../options.ts', async (original) => ({
  ...(await original<typeof import('../options.ts')>()),
  // The server of the test in place of one that each command would start.
  withStore: async (place: object, work: (open: object) => Promise<number>) => work({ ...place, store: clickhouse.store }),
}));

const directory = mkdtempSync(join(tmpdir(), 'weir-kpis-'));
const noon = Date.UTC(2026, 10, 21, 12);
let stop: () => Promise<void>;

beforeAll(async () => {
  const running = await startClickHouse();
  clickhouse.store = running.store;
  stop = running.stop;
  const calls = Array.from({ length: 80 }, (_, at) => ({
    tenant: 'main',
    source: 'test',
    partition: 'p',
    position: at,
    record_id: `00000000-0000-0000-0000-${String(at).padStart(12, '0')}`,
    ingest_time: writeInstant(noon),
    leg: 'switch',
    service: 'voice',
    partner: at < 60 ? 'alder' : 'beacon\u0007',
    route: 'r',
    answered: at < 40,
    cause_class: at < 50 ? 'normal' : 'network',
    start_time: writeInstant(noon),
  }));
  await running.store.insert('usage', calls, 'calls');
});
afterAll(async () => {
  await stop?.();
  rmSync(directory, { recursive: true, force: true });
});

async function typed(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const [out, error] = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')].map((spy) => spy.mockReturnValue(true));
  try {
    const code = await main(['kpis', ...args, '--data', directory]);
    return {
      code,
      out: out!.mock.calls.map(([text]) => String(text)).join(''),
      error: error!.mock.calls.map(([text]) => String(text)).join(''),
    };
  } finally {
    out!.mockRestore();
    error!.mockRestore();
  }
}

it('lists every KPI as it stands and ends with 1 when one is poor', async () => {
  const { code, out } = await typed();
  expect(code).toBe(1);
  expect(out).toMatch(/^2026-11-20 13:00 to 2026-11-21 13:00 UTC/);
  expect(out).toMatch(/^asr +.+ 50 % +good +80 +seizures$/m);
  expect(out).toMatch(/^ner +.+ 62\.5 % +poor/m);
  expect(out).toMatch(/^sms_delivery +.+ no data/m);
  expect(JSON.parse((await typed('--json')).out).items.length).toBe(kpis.length);
});

it('shows one by dimension and step; too few have no value; what data says does not drive the terminal', async () => {
  const { code, out } = await typed('ner', '--by', 'partner', '--from', '2026-11-21T12:00:00Z', '--to', '2026-11-21T12:02:00Z');
  expect(code).toBe(1);
  expect(out).toMatch(/^alder +83\.3 % +poor +60$/m);
  expect(out).toMatch(/^beacon.+ too few +20$/m);
  expect(out).not.toContain('\u0007');
  const steps = await typed(
    'asr',
    '--step',
    '60',
    '--where',
    'partner=alder',
    '--from',
    '2026-11-21T12:00:00Z',
    '--to',
    '2026-11-21T12:02:00Z',
    '--json',
  );
  expect(JSON.parse(steps.out).groups[0].points.map(({ state, value }: { state: string; value: number }) => [state, value])).toEqual([
    ['ok', 40 / 60],
    ['no_data', null],
  ]);
});

it('says what causes mean', async () => {
  const { code, out } = await typed('causes');
  expect(code).toBe(0);
  expect(out).toMatch(/^q850 +17 +User busy +user +ITU-T Q\.850$/m);
});

it.each([
  [['nothing'], 'There is no KPI nothing'],
  [['ner', '--by', 'subscriber'], 'no dimension subscriber'],
  [['ner', '--step', 'x'], '--step x is not a whole number'],
  [['ner', '--where', 'partner'], 'is not dimension=values'],
  [['--by', 'partner'], 'need the name of a KPI'],
])('%j is not understood', async (args, message) => {
  const { code, error } = await typed(...args);
  expect(code).toBe(2);
  expect(error).toContain(message);
});

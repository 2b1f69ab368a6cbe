/** Calls that fail, from usage to a finding at the right place with its customers, over a real ClickHouse. */
import { expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import { degradationDetectors } from '../../detectors/service/degradation/index.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { parseSettings } from '../settings/load.ts';
import { startDetection } from './start.ts';

const clickhouse = withClickHouse();
const noon = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
let position = 0;

function call(at: number, route: string, failed: boolean): object {
  position++;
  return {
    tenant: 'main',
    source: 'switch',
    partition: 'p',
    position,
    record_id: `00000000-0000-0000-0000-${String(position).padStart(12, '0')}`,
    ingest_time: writeInstant(at + 5_000),
    leg: 'switch',
    service: 'voice',
    node: 'msc-1',
    partner: 'acme',
    route,
    site: `s${position % 4}`,
    subscriber: 1 + (position % 500),
    segment: position % 500 < 100 ? 'vip' : 'consumer',
    start_time: writeInstant(at),
    end_time: writeInstant(at + (failed ? 1_000 : 30_000)),
    answered: !failed,
    cause: failed ? 41 : 16,
    cause_class: failed ? 'network' : 'normal',
    business_key: position,
  };
}

it('finds a route whose calls fail in its first minute, counts whom it hit, and ends after it', async () => {
  const { store } = clickhouse;
  const usual: object[] = [];
  for (let at = noon - 26 * 60 * minute; at < noon; at += minute)
    for (let n = 0; n < 2; n++) usual.push(call(at + n * 1000, n === 0 ? 'R1' : 'R2', position % 40 === 0));
  await store.insert('usage', usual, 'usual');
  const said: Finding[] = [];
  let now = noon;
  const failures: string[] = [];
  const detection = await startDetection({
    store,
    clock: { now: () => now },
    settings: parseSettings('', 'test'),
    definitions: degradationDetectors,
    detectors: [],
    onFindings: (findings) => void said.push(...findings),
    log: { info: () => undefined, warn: () => undefined, error: (fields) => failures.push(JSON.stringify(fields)) },
    everyMs: 0,
  });
  await detection.tick();
  expect(said).toEqual([]);

  const fault = Array.from({ length: 20 }, (_, n) => call(noon + n * 2_000, 'R1', n % 5 > 0));
  await store.insert('usage', [...fault, ...Array.from({ length: 20 }, (_, n) => call(noon + n * 2_000, 'R2', false))], 'fault');
  now = noon + 61_000;
  await detection.tick();
  expect(failures).toEqual([]);
  expect(said).toMatchObject([
    { detector: 'call_failures', scope: { leg: 'switch', service: 'voice', partner: 'acme', route: 'R1' }, state: 'firing' },
  ]);
  expect(said[0]?.customers?.count).toBe(16);
  expect(Object.keys(said[0]?.scope ?? {})).not.toContain('site');

  const after: object[] = [];
  for (let at = noon + minute; at < noon + 10 * minute; at += 2_000) after.push(call(at, at % 4_000 === 0 ? 'R1' : 'R2', false));
  await store.insert('usage', after, 'after');
  now = noon + 11 * minute;
  await detection.tick();
  await detection.stop();
  expect(said.at(-1)?.state).toBe('cleared');
  expect(failures).toEqual([]);
});

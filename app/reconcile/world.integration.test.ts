/** An honest operator has nothing to find: each leg of the simulated world with the next, as files through the real pipeline. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, feedSettings, referenceFiles, type SimulatedFile, startRun } from '../../simulator/index.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { writeSimulatedFile } from '../demo/writer.ts';
import { completeFile, takeFile } from '../pipeline/file-job.ts';
import { formatOf } from '../pipeline/format-of.ts';
import { openPipeline } from '../pipeline/pipeline.ts';
import { parseSettings } from '../settings/load.ts';
import { comparisonsOf } from './comparison.ts';
import { dayOfTests } from './legs.fixture.ts';
import { reconcile } from './run.ts';

const day = 86_400_000;
const clickhouse = withClickHouse();
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-world-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it.each([false, true])(
  'finds nothing between switch, mediation, rating and host (back office: %s)',
  async (backOffice) => {
    const { store } = clickhouse;
    const tenant = backOffice ? 'office' : 'demo';
    const sources = feedSettings(join(directory, tenant), { backOffice });
    const settings = { ...parseSettings(`tenant: ${tenant}\ncountry: US\ncurrency: USD\n`, 'test'), sources };
    const clock = { now: () => Date.now() };
    const pipeline = await openPipeline({
      store,
      clock,
      settings,
      pseudonymKey: new Uint8Array(32).fill(7),
      owner: 'test',
      log: pino({ level: 'silent' }),
    });
    const opened = new Map(
      Object.entries(sources).map(([name, source]) => [name, pipeline.source(name, formatOf(name, source), source.country)]),
    );
    const take = async (file: SimulatedFile): Promise<void> => {
      writeSimulatedFile(join(directory, tenant), file);
      const result = await takeFile(pipeline, {
        source: opened.get(file.feed)!,
        file: await completeFile(join(directory, tenant, file.feed, file.name)),
        receipts: [],
      });
      expect(result.error).toBe('');
    };
    const world = createWorld({ subscribers: 400, eventsPerDay: 4_000, pons: 1, ontsPerPon: 1, backOffice });
    for (const file of referenceFiles(world, dayOfTests - 35 * day)) await take(file);
    await pipeline.reference.refresh();
    const run = startRun(world, { from: dayOfTests - day, scenarios: [] });
    for (const file of run.until(dayOfTests + 2 * day, day, true))
      if (file.kind !== 'measurement' && file.kind !== 'lifecycle') await take(file);
    const own = backOffice ? ['switch-mediation', 'switch-rating'] : ['switch-rating'];
    const names = [...own.map((name) => comparisonsOf(settings, 'S08', name)), comparisonsOf(settings, 'S09')].flat();
    for (const comparison of names) {
      const request = { tenant, currency: 'USD', comparison, window: { from: dayOfTests, to: dayOfTests + day } };
      const { counts, state, causes } = await reconcile(store, clock, request);
      expect(state).toBe('done');
      expect(counts.exact + counts.within_tolerance).toBeGreaterThan(1_000);
      // Sessions that one side cuts agree by the sums of the day; those that go over midnight are compared on no day.
      const apart = backOffice ? {} : { settled: 0 };
      expect({ ...counts, causes }, comparison.name).toMatchObject({ ...apart, mismatch: 0, a_only: 0, b_only: 0, causes: [] });
    }
  },
  300_000,
);

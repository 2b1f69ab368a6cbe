import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { type Analyst, analyst } from '../../sql/analyst.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { loadExample } from '../../test/support/example.ts';
import { startDetection } from '../detect/start.ts';
import { reconcile } from '../reconcile/run.ts';
import { type Dispute, disputedComparison, disputedPairs, disputeOf } from './dispute.ts';

const clickhouse = withClickHouse();
const day = 86_400_000;
const monday = Date.UTC(2026, 10, 2);
const period = { from: monday, to: monday + 7 * day };
let now = Date.UTC(2026, 11, 1, 12);
const clock = { now: () => now };
let settings: Settings;
let asking: Analyst;
let dispute: Dispute;

beforeAll(async () => {
  const { store, server } = clickhouse;
  const loaded = await loadExample(store, 'examples/mvno/weir.yaml', clock.now);
  settings = loaded.settings;
  expect(loaded.stored).toMatchObject({ host: 811, rating: 740, network: 42, billing: 40, invoices: 1, 'invoice-lines': 3 });
  const comparison = disputedComparison(settings, 'northnet', undefined);
  // Sunday is left out: a day that nobody reconciled must be said.
  for (let at = 0; at < 6; at++) {
    const window = { from: monday + at * day, to: monday + (at + 1) * day };
    await reconcile(store, clock, { tenant: settings.tenant, currency: settings.currency, comparison, window });
  }
  asking = analyst({ url: server.url, password: server.credentials.analyst });
  dispute = await disputeOf(asking, settings, comparison, period);
});
afterAll(() => asking?.close());

/** A batch of the ledger that says that something came. */
const batchStored = (at: number): object => ({
  tenant: settings.tenant,
  source: 'invoices',
  partition: 'late',
  kind: 'invoice',
  first: 1,
  last: 1,
  token: 'late',
  state: 'stored',
  read: 1,
  dropped: 1,
  planned_at: writeInstant(at),
  stored_at: writeInstant(at),
});

const of = (rows: Dispute['totals'], name: string): number => rows.reduce((sum, row) => sum + Number(row[name]), 0);

async function pairs(): Promise<readonly string[]> {
  let text = '';
  for await (const chunk of disputedPairs(asking, settings.tenant, dispute)) text += Buffer.from(chunk).toString();
  return text.trimEnd().split('\n');
}

describe('the dispute of the example of an MVNO', () => {
  it('counts what was planted, and says which day is not in it', () => {
    expect(dispute.days.map(({ state }) => state)).toEqual([...Array(6).fill('done'), 'missing']);
    // Six days of the SIM that is not ours, five records each, and Friday's 31 roaming records that we never rated.
    expect(of(dispute.totals, 'theirs_only')).toBe(6 * 5 + 31);
    expect(of(dispute.totals, 'ours_only')).toBe(0);
    expect(of(dispute.totals, 'differing')).toBeGreaterThan(60);
    expect(dispute.totals.filter(({ differing }) => Number(differing) > 0).map(({ service }) => service)).toEqual([
      'voice',
      'voice',
      'voice',
    ]);
  });

  it('names the causes', () => {
    const friday = dispute.causes.filter(({ day: of }) => of === '2026-11-06').map(({ cause }) => cause);
    expect(friday).toContainEqual(expect.stringMatching(/rounds durations up 60\/60/));
    expect(friday).toContainEqual(expect.stringMatching(/have no partner in A on zone eu-roaming/));
    expect(dispute.causes.filter(({ day: of }) => of === '2026-11-03')).toHaveLength(1);
  });

  it('lists the pairs once under one header, their amounts adding up to the totals, no number of a subscriber in them', async () => {
    const [header, ...lines] = await pairs();
    expect(header).toMatch(/^"which","service",.*"disputed_amount","currency"$/);
    expect(lines).toHaveLength(of(dispute.totals, 'theirs_only') + of(dispute.totals, 'differing'));
    const amount = lines.reduce((sum, line) => sum + Math.round(Number(line.split(',').at(-2)) * 1e6), 0);
    expect(amount / 1e6).toBeCloseTo(dispute.disputed, 6);
    expect(lines.filter((line) => line.includes('NORTHNET_0003')).length).toBe(lines.length);
    expect(lines.filter((line) => line.startsWith('"differs"') && line.includes('RATED_202611')).length).toBe(
      of(dispute.totals, 'differing'),
    );
    expect(lines.join()).not.toMatch(/491713920|01713920/);
  });

  it('makes incidents of days long past, when they are reconciled now', async () => {
    const said: Finding[] = [];
    const detection = await startDetection({
      store: clickhouse.store,
      clock,
      settings,
      onFindings: (findings) => {
        said.push(...findings);
      },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      everyMs: 0,
    });
    await detection.tick();
    // What was loaded since: the nightly comparison with the invoice does not wait for the night.
    await clickhouse.store.insert('batches', [batchStored(now + 60_000)], 'late');
    now += 2 * 60_000;
    await detection.tick();
    await detection.stop();
    const told = said.filter(({ detector }) => detector === 'S09').map(({ title }) => title);
    expect(told).toContainEqual(expect.stringMatching(/rounds durations up 60\/60/));
    expect(told).toContainEqual(expect.stringMatching(/zone eu-roaming/));
    expect(told).toContainEqual(expect.stringMatching(/NN-2026-45/));
  });

  it('refuses a partner that no comparison names', () => {
    expect(() => disputedComparison(settings, 'southnet', undefined)).toThrow(/partner southnet/);
  });
});

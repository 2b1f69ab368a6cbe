import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../../core/clock.ts';
import type { Finding } from '../../core/finding.ts';
import { writeInstant } from '../../core/row.ts';
import { judgeRows } from '../../detectors/controls/evaluation.fixture.ts';
import { recordMatch } from '../../detectors/controls/record-match.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { startDetection } from '../detect/start.ts';
import { parseSettings } from '../settings/load.ts';
import { comparisonsOf } from './comparison.ts';
import { comparisonOfTests, dayOfTests, type LegRecord, storeRecords } from './legs.fixture.ts';
import { startReconciling } from './loop.ts';
import { type Reconciled, type ReconcileRequest, reconcile } from './run.ts';

const clickhouse = withClickHouse();
const window = { from: dayOfTests, to: dayOfTests + 86_400_000 };
const noon = 43_200_000;
let clock = Date.now();
let tenants = 0;

async function runOn(tenant: string, more: Partial<ReconcileRequest> = {}): Promise<Reconciled> {
  const request = { tenant, currency: 'EUR', comparison: comparisonOfTests, window, ...more };
  return reconcile(clickhouse.store, fixedClock(++clock), request);
}

/** A tenant of its own for every case. */
async function reconciled(records: readonly LegRecord[], more: Partial<ReconcileRequest> = {}) {
  const tenant = `t${++tenants}`;
  const ids = await storeRecords(clickhouse.store, tenant, records);
  const result = await runOn(tenant, more);
  const pairs = await clickhouse.store.select<{ a: string; b: string; class: string; how: string; money: string }>(
    'SELECT record_a AS a, record_b AS b, class, how, money FROM reconciliation_pairs WHERE tenant = {tenant:String} AND run = {run:UInt64} ORDER BY class, a, b',
    { tenant, run: result.run },
  );
  const number = (id: string) => ids.indexOf(id);
  return { ...result, tenant, pairs: pairs.map((pair) => ({ ...pair, a: number(pair.a), b: number(pair.b) })) };
}

const counts = (more: object = {}) => ({ exact: 0, within_tolerance: 0, settled: 0, mismatch: 0, a_only: 0, b_only: 0, ...more });
const a = (more: object = {}): LegRecord => ({ leg: 'switch', ...more });
const b = (more: object = {}): LegRecord => ({ leg: 'rating', ...more });

/** Keeps both legs and the direction known where a case has records of one side only. */
const ballast = [a({ id: 'ballast', subscriber: 1 }), b({ id: 'ballast', subscriber: 1 })];

describe('by hand', () => {
  it('pairs by identifier, and says exact, within tolerance, mismatch, A only and B only', async () => {
    const found = await reconciled([
      a({ id: '1' }),
      b({ id: '1' }),
      a({ id: '2', seconds: 60, at: noon + 1000 }),
      b({ id: '2', seconds: 62, at: noon + 61_000 }),
      a({ id: '3', at: noon + 2000 }),
      b({ id: '3', at: noon + 2000, seconds: 62.001 }),
      a({ id: '4', other: 4 }),
      b({ id: '5', other: 5 }),
    ]);
    expect(found.counts).toEqual(counts({ exact: 1, within_tolerance: 1, mismatch: 1, a_only: 1, b_only: 1 }));
    expect(found.pairs).toMatchObject([
      { class: 'a_only', a: 6, b: -1, how: '' },
      { class: 'b_only', a: -1, b: 7, how: '' },
      { class: 'exact', a: 0, b: 1, how: 'key' },
      { class: 'mismatch', a: 4, b: 5, how: 'key' },
      { class: 'within_tolerance', a: 2, b: 3, how: 'key' },
    ]);
  });

  it('border: by time, a minute is within the tolerance and a millisecond more is not', async () => {
    const found = await reconciled([
      a({ subscriber: 1 }),
      b({ subscriber: 1, at: noon + 60_000 }),
      a({ subscriber: 2, seconds: 100 }),
      b({ subscriber: 2, seconds: 200, at: noon + 60_001 }),
    ]);
    expect(found.pairs).toMatchObject([
      { class: 'a_only', a: 2 },
      { class: 'b_only', b: 3 },
      { class: 'within_tolerance', a: 0, b: 1, how: 'time' },
    ]);
  });

  it('border of the window: what starts outside counts for nobody, but is a partner', async () => {
    const found = await reconciled([
      ...ballast,
      a({ at: 10_000 }),
      b({ at: -10_000 }),
      a({ subscriber: 8, at: -10_000 }),
      b({ subscriber: 8, at: 10_000 }),
      a({ subscriber: 9, at: -20_000 }),
      b({ subscriber: 10, at: 86_400_000 }),
    ]);
    expect(found.counts).toEqual(counts({ exact: 1, within_tolerance: 1 }));
  });

  it('border of the window: a call over midnight counts where it began; a session that a leg cuts there is compared on no day', async () => {
    const late = { at: 86_300_000, seconds: 300 };
    const found = await reconciled([
      ...ballast,
      a({ ...late, subscriber: 7 }),
      b({ ...late, subscriber: 8 }),
      a({ ...late, subscriber: 9, id: 'longer' }),
      b({ ...late, subscriber: 9, id: 'longer', seconds: 600 }),
    ]);
    expect(found.counts).toEqual(counts({ exact: 1, mismatch: 1, a_only: 1, b_only: 1 }));
    const data = { service: 'data', direction: 'na', other: 0 };
    const cut = [
      { ...data, at: 85_800_000, seconds: 600, octets: 4_000_000 },
      { ...data, at: 86_400_000, seconds: 600, octets: 6_000_000 },
    ];
    const whole = { ...data, at: 85_800_000, seconds: 1200, octets: 10_000_000 };
    const known = [a({ ...data, id: 'data', subscriber: 1 }), b({ ...data, id: 'data', subscriber: 1 })];
    expect((await reconciled([...known, a(whole), ...cut.map(b)])).counts).toEqual(counts({ exact: 1 }));
    expect((await reconciled([...known, ...cut.map(a), b(whole)])).counts).toEqual(counts({ exact: 1 }));
    // Lost, and not merely cut otherwise.
    expect((await reconciled([...known, a(whole)])).counts).toEqual(counts({ exact: 1, a_only: 1 }));
  });

  it('one to one by smallest cost: of two calls within the tolerance each gets its nearest', async () => {
    const found = await reconciled([a({ at: noon }), a({ at: noon + 40_000 }), b({ at: noon + 30_000 }), b({ at: noon + 50_000 })]);
    // 40 and 30 are nearest to each other, 40 and 50 as near: the earlier start of B goes first, and 0 and 50 remain as the only pair.
    expect(found.pairs).toMatchObject([
      { class: 'within_tolerance', a: 0, b: 3 },
      { class: 'within_tolerance', a: 1, b: 2 },
    ]);
  });

  it('ties: identical records pair one to one, what is one too many is left', async () => {
    const found = await reconciled([a(), a(), a(), b(), b()]);
    expect(found.counts).toEqual(counts({ exact: 2, settled: 0, a_only: 1 }));
    expect(new Set(found.pairs.map((pair) => pair.a)).size).toBe(3);
  });

  it('a duplicate of an identified record is A only, whichever of the two', async () => {
    const found = await reconciled([a({ id: 'x' }), a({ id: 'x', at: noon + 1 }), b({ id: 'x' })]);
    expect(found.counts).toEqual(counts({ exact: 1, a_only: 1 }));
    expect(found.pairs).toContainEqual(expect.objectContaining({ class: 'exact', a: 0, b: 2 }));
  });

  it('a pair within all tolerances is cheaper than a nearer one beyond any', async () => {
    const found = await reconciled([a({ seconds: 100 }), b({ seconds: 10, at: noon + 1000 }), b({ seconds: 100, at: noon + 30_000 })]);
    expect(found.pairs).toContainEqual(expect.objectContaining({ class: 'within_tolerance', a: 0, b: 2 }));
    expect(found.pairs).toContainEqual(expect.objectContaining({ class: 'b_only', b: 1 }));
  });

  it('the same identifier on both sides of a slice border is one usage', async () => {
    const filler = Array.from({ length: 50 }, (_, i) => [a({ id: `f${i}`, at: i * 1000 }), b({ id: `f${i}`, at: i * 1000 })]).flat();
    const found = await reconciled([...filler, a({ id: 'z', at: 3_599_999 }), b({ id: 'z', at: 3_600_001 })]);
    expect(found.counts).toEqual(counts({ exact: 51 }));
  });

  it('sessions split differently are settled by the day, not missing', async () => {
    const data = { service: 'data', direction: 'na', seconds: 0, other: 0 };
    const found = await reconciled([
      a({ ...data, octets: 10_000_000, at: noon }),
      b({ ...data, octets: 4_000_000, at: noon + 600_000 }),
      b({ ...data, octets: 6_000_500, at: noon + 1_200_000 }),
      a({ ...data, subscriber: 8, octets: 10_000_000 }),
      b({ ...data, subscriber: 8, octets: 4_000_000, at: noon + 600_000 }),
    ]);
    expect(found.counts).toEqual(counts({ settled: 3, a_only: 1, b_only: 1 }));
  });

  it('the small rest of a data session that one leg cuts belongs to the pair of its first part, one record to a pair', async () => {
    const data = { service: 'data', direction: 'na', seconds: 0, other: 0 };
    const [first, rest, whole] = [
      { ...data, octets: 10_000_000 },
      { ...data, octets: 50_000, at: noon + 3_600_000 },
      { ...data, octets: 10_050_000 },
    ];
    const other = { subscriber: 8 };
    const within = counts({ within_tolerance: 1, settled: 1 });
    expect((await reconciled([a(first), a(rest), b(whole)])).counts).toEqual(within);
    expect((await reconciled([b(first), b(rest), a(whole)])).counts).toEqual(within);
    // A hundredth of the rest off, and a little more.
    expect((await reconciled([a(first), a({ ...rest, octets: 50_500 }), b(whole)])).counts).toEqual(within);
    const broken = counts({ within_tolerance: 1, a_only: 1 });
    expect((await reconciled([a(first), a({ ...rest, octets: 50_600 }), b(whole)])).counts).toEqual(broken);
    expect((await reconciled([a(first), a({ ...rest, ...other }), b(whole)])).counts).toEqual(broken);
    expect((await reconciled([a(first), a({ ...rest, at: noon - 1000 }), b(whole)])).counts).toEqual(broken);
    const twice = await reconciled([a(first), a(rest), a({ ...rest, at: noon + 7_200_000 }), b(whole)]);
    expect(twice.counts).toEqual(counts({ within_tolerance: 1, settled: 1, a_only: 1 }));
    expect(twice.pairs).toContainEqual(expect.objectContaining({ class: 'a_only', a: 2 }));
  });

  it('messages of equal size do not settle each other: they are counted', async () => {
    const sms = { service: 'sms', seconds: 0, events: 1 };
    const found = await reconciled([a(sms), b(sms), a({ ...sms, at: noon + 3_600_000 })]);
    expect(found.counts).toEqual(counts({ exact: 1, a_only: 1 }));
  });

  it('incoming calls that one leg never carries are not compared, a stopped service is', async () => {
    const found = await reconciled([
      a({ id: '1' }),
      b({ id: '1' }),
      a({ direction: 'mt', subscriber: 3 }),
      a({ subscriber: 4, answered: false, seconds: 0 }),
      a({ service: 'sms', seconds: 0, subscriber: 5 }),
      b({ service: 'sms', seconds: 0, subscriber: 5, at: noon - 5 * 86_400_000 }),
    ]);
    expect(found.counts).toEqual(counts({ exact: 1, a_only: 1 }));
    expect(found.pairs).toContainEqual(expect.objectContaining({ class: 'a_only', a: 4 }));
  });

  it('values what is missing at the rate of the leg that charges', async () => {
    const found = await reconciled([
      a({ id: '1', seconds: 100 }),
      b({ id: '1', seconds: 100, charge: 1 }),
      a({ id: '2', seconds: 50, other: 2 }),
      b({ id: '3', seconds: 10, charge: 0.1, other: 3 }),
    ]);
    // B charges 1.10 for 110 s: 0.01 a second.
    expect(found.pairs).toMatchObject([
      { class: 'a_only', money: '500000' },
      { class: 'b_only', money: '-100000' },
      { class: 'exact', money: '0' },
    ]);
  });

  it('values what is missing between two legs that charge nothing at the rate of the leg that does', async () => {
    const mediated = (more: object): LegRecord => ({ leg: 'mediation', ...more });
    const comparison = { ...comparisonOfTests, name: 'switch-mediation', b: 'mediation' };
    const found = await reconciled(
      [
        ...[b({ id: '9', seconds: 100, other: 9, charge: 2 }), a({ id: '1', seconds: 100 }), mediated({ id: '1', seconds: 100 })],
        ...[a({ id: '2', seconds: 50, other: 2 }), mediated({ id: '3', seconds: 10, other: 3 })],
      ],
      { comparison },
    );
    // Rating charges 2.00 for 100 s: 0.02 a second.
    expect(found.pairs).toMatchObject([
      { class: 'a_only', money: '1000000' },
      { class: 'b_only', money: '-200000' },
      { class: 'exact', money: '0' },
    ]);
  });

  it('charges must agree where both legs charge, and need not for wholesale', async () => {
    const rated = [
      a({ id: '1', charge: 1 }),
      b({ id: '1', charge: 1.5 }),
      a({ id: '2', charge: 1, other: 2 }),
      b({ id: '2', charge: 1.01, other: 2 }),
    ];
    expect((await reconciled(rated)).counts).toEqual(counts({ mismatch: 1, within_tolerance: 1 }));
    const comparison = { ...comparisonOfTests, control: 'S09', b: 'mno_wholesale' } as const;
    const wholesale = [a({ id: '1', charge: 1 }), { leg: 'mno_wholesale', id: '1', wholesale: 0.2 } as const];
    expect((await reconciled(wholesale, { comparison })).counts).toEqual(counts({ exact: 1 }));
  });

  it('missing data: a leg without records is not applicable, and says which', async () => {
    const found = await reconciled([a()]);
    expect(found).toMatchObject({ state: 'not_applicable', note: 'records of the legs switch and rating that both legs carry' });
    expect(found.pairs).toEqual([]);
  });

  it('late data: the next run counts it, and the run before is gone', async () => {
    const found = await reconciled([...ballast, a({ id: 'late' })]);
    expect(found.counts).toEqual(counts({ exact: 1, a_only: 1 }));
    await storeRecords(clickhouse.store, found.tenant, [b({ id: 'late' })]);
    expect((await runOn(found.tenant)).counts).toEqual(counts({ exact: 2 }));
    const rows = await clickhouse.store.select<{ runs: string; open: string; breaks: string; stated: string }>(
      `SELECT (SELECT uniqExact(run) FROM reconciliation_pairs WHERE tenant = {tenant:String}) AS runs,
        (SELECT count() FROM reconciliation_open WHERE tenant = {tenant:String}) AS open,
        (SELECT count() FROM reconciliation_breaks WHERE tenant = {tenant:String}) AS breaks,
        (SELECT count() FROM reconciliations_latest WHERE tenant = {tenant:String}) AS stated`,
      { tenant: found.tenant },
    );
    expect(rows).toEqual([{ runs: '1', open: '0', breaks: '0', stated: '1' }]);
  });

  it('a subscriber that nobody knows is matched by identifier only', async () => {
    const found = await reconciled([
      ...ballast,
      a({ subscriber: 0 }),
      b({ subscriber: 0 }),
      a({ subscriber: 0, id: 'k' }),
      b({ subscriber: 0, id: 'k' }),
    ]);
    expect(found.counts).toEqual(counts({ exact: 2, a_only: 1, b_only: 1 }));
  });

  it('an identifier that all records share is none', async () => {
    const many = Array.from({ length: 600 }, (_, i) => [
      a({ id: 'same', subscriber: i + 1, at: i * 100_000 }),
      b({ id: 'same', subscriber: i + 1, at: i * 100_000 }),
    ]).flat();
    expect((await reconciled(many)).counts).toEqual(counts({ exact: 600 }));
  });
});

describe('causes', () => {
  it('a clock an hour ahead is one cause, not two thousand records missing', async () => {
    const records = Array.from({ length: 200 }, (_, i) => [
      a({ subscriber: i + 1, seconds: 20 + i, at: i * 100_000 }),
      b({ subscriber: i + 1, seconds: 20 + i, at: i * 100_000 + 3_600_000 }),
    ]).flat();
    const found = await reconciled(records);
    expect(found.counts).toEqual(counts({ mismatch: 200 }));
    expect(found.causes).toMatchObject([
      {
        pattern: 'start_offset',
        value: 3_600_000,
        text: 'the clock of B is 3600 s ahead: a time zone or daylight saving',
        moreA: 0,
        moreB: 0,
      },
    ]);
  });

  it('rounding on one plan is one cause with the plan named', async () => {
    const records = Array.from({ length: 400 }, (_, i) => {
      const plan = i % 4 === 0 ? 'flat' : 'basic';
      const seconds = 10 + i * 0.5;
      return [
        a({ id: `${i}`, subscriber: i + 1, seconds, plan, at: i * 100_000 }),
        b({ id: `${i}`, subscriber: i + 1, plan, seconds: plan === 'flat' ? Math.ceil(seconds / 60) * 60 : seconds, at: i * 100_000 }),
      ];
    }).flat();
    const found = await reconciled(records);
    expect(found.causes).toHaveLength(1);
    expect(found.causes[0]).toMatchObject({
      pattern: 'rounding',
      text: 'B rounds durations up 60/60, on plan flat',
      records: found.counts.mismatch,
      share: 1,
    });
  });

  it('one node that loses records is one cause', async () => {
    const records = Array.from({ length: 600 }, (_, i) => {
      const node = `msc-${i % 3}`;
      const more = { id: `${i}`, subscriber: i + 1, node, at: i * 100_000 };
      return node === 'msc-2' && i % 2 === 0 ? [a(more)] : [a(more), b({ ...more, node: '' })];
    }).flat();
    const found = await reconciled(records);
    expect(found.causes).toMatchObject([{ class: 'a_only', pattern: 'where', dimensions: { node: 'msc-2' }, records: 100, share: 1 }]);
    // The control says so, its evidence holds the records, and a run after the records came clears it.
    const judged = async () => {
      const params = { tenant: found.tenant, since: writeInstant(dayOfTests) };
      return judgeRows(recordMatch, await clickhouse.store.rows<object>(recordMatch.query, params)).find(
        ({ cell }) => cell['cause'] !== '',
      )!;
    };
    const violation = await judged();
    expect(violation).toMatchObject({ state: 'violation', observed: 100, explanation: [{ dimensions: { node: 'msc-2' } }] });
    const evidence = await clickhouse.store.rows<{ node: string }>(violation.evidence.query, {
      ...violation.evidence.params,
      tenant: found.tenant,
    });
    expect(evidence.map(({ node }) => node)).toEqual(Array(100).fill('msc-2'));
    const late = records.filter((each) => each.leg === 'switch' && each.node === 'msc-2').filter((_, i) => i % 2 === 0);
    await storeRecords(
      clickhouse.store,
      found.tenant,
      late.map((each) => ({ ...each, leg: 'rating' as const })),
    );
    await runOn(found.tenant);
    expect((await judged()).state).toBe('ok');
  });
});

describe('by itself', () => {
  it('reconciles a day once both legs are complete, again after late records, and no third time', async () => {
    const tenant = `t${++tenants}`;
    const settings = { ...parseSettings('', 'test'), tenant };
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    let now = dayOfTests + 86_400_000 + 3_600_000;
    const looking = startReconciling({ store: clickhouse.store, clock: { now: () => now }, settings, log, everyMs: 0 });
    const complete = (leg: string, hours: number) => ({
      tenant,
      leg,
      node: '',
      source: leg,
      complete_to: writeInstant(dayOfTests + hours * 3_600_000),
      updated_at: writeInstant(now + hours),
    });
    await storeRecords(clickhouse.store, tenant, [...ballast, a({ id: 'late' })]);
    await clickhouse.store.insert('watermarks', [complete('switch', 25), complete('rating', 23)], `${tenant}/1`);
    expect(await looking.look()).toBe(0);
    await clickhouse.store.insert('watermarks', [complete('rating', 24)], `${tenant}/2`);
    expect(await looking.look()).toBe(1);
    expect(await looking.look()).toBe(0);
    // To this clock the records came after the run: an hour later the day is due again.
    now += 3_600_000;
    expect(await looking.look()).toBe(1);
    now = Date.now() + 1000;
    expect(await looking.look()).toBe(1);
    now += 2 * 3_600_000;
    expect(await looking.look()).toBe(0);
    await looking.stop();
  });
});

describe('late data', () => {
  it('closes the finding of its day, and corrects it where only a part came', async () => {
    const tenant = `t${++tenants}`;
    const settings = { ...parseSettings('currency: EUR\n', 'test'), tenant };
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    let now = Date.now() - 7 * 3_600_000;
    const clockOfTest = { now: () => now };
    const said: Finding[] = [];
    const looking = startReconciling({ store: clickhouse.store, clock: clockOfTest, settings, log, everyMs: 0 });
    const detection = await startDetection({
      store: clickhouse.store,
      clock: clockOfTest,
      settings,
      log,
      everyMs: 0,
      definitions: [recordMatch],
      detectors: [],
      onFindings: (findings) => {
        said.push(...findings);
      },
    });
    const usage = (i: number) => ({ id: `u${i}`, subscriber: i + 2, at: i * 100_000, charge: 1 });
    await storeRecords(clickhouse.store, tenant, [...ballast, ...Array.from({ length: 40 }, (_, i) => a(usage(i)))]);
    const complete = ['switch', 'rating'].map((leg) => ({
      tenant,
      leg,
      node: '',
      source: leg,
      complete_to: writeInstant(now),
      updated_at: writeInstant(now),
    }));
    await clickhouse.store.insert('watermarks', complete, `${tenant}/late`);
    /** A look of both loops. Records come at the true time, so each run of the test lies some hours before it. */
    const looked = async (hoursAgo: number) => {
      now = Date.now() - hoursAgo * 3_600_000;
      said.length = 0;
      await looking.look();
      await detection.tick();
      return said.filter(({ detector }) => detector === 'S08').map(({ state, observed }) => ({ state, observed }));
    };
    expect(await looked(6)).toEqual([{ state: 'firing', observed: 40 }]);
    const come = (from: number, to: number) =>
      storeRecords(
        clickhouse.store,
        tenant,
        Array.from({ length: to - from }, (_, i) => b(usage(from + i))),
      );
    await come(0, 25);
    expect(await looked(4)).toEqual([{ state: 'firing', observed: 15 }]);
    await come(25, 40);
    expect(await looked(2)).toMatchObject([{ state: 'cleared' }]);
    await detection.stop();
    await looking.stop();
  });
});

describe('tolerances', () => {
  it('of a partner hold for its comparison alone', async () => {
    const { reconciliation } = parseSettings(
      `
reconciliation:
  comparisons:
    - { name: strict, control: S09, a: rating, b: mno_wholesale }
    - { name: host, control: S09, a: rating, b: mno_wholesale, partner: host }
  partners:
    host: { durationSeconds: 60 }
`,
      'test',
    );
    const [strict, host] = comparisonsOf({ ...parseSettings('', 'test'), reconciliation }, 'S09');
    const records: LegRecord[] = [b({ id: '1', seconds: 61 }), { leg: 'mno_wholesale', id: '1', seconds: 120, partner: 'host' }];
    const first = await reconciled(records, { comparison: strict! });
    expect(first.counts).toEqual(counts({ mismatch: 1 }));
    expect((await runOn(first.tenant, { comparison: host! })).counts).toEqual(counts({ within_tolerance: 1 }));
    const stated = await clickhouse.store.select<{ comparison: string; seconds: number }>(
      "SELECT comparison, tolerances['durationSeconds'] AS seconds FROM reconciliations_latest WHERE tenant = {tenant:String} ORDER BY comparison",
      { tenant: first.tenant },
    );
    expect(stated).toEqual([
      { comparison: 'host', seconds: 60 },
      { comparison: 'strict', seconds: 2 },
    ]);
  });
});

const small = fc.record({
  at: fc.integer({ min: 0, max: 200 }).map((tens) => noon + tens * 10_000),
  subscriber: fc.integer({ min: 1, max: 3 }),
  other: fc.integer({ min: 1, max: 2 }),
  seconds: fc.constantFrom(10, 11, 60),
  id: fc.constantFrom('', '', 'p', 'q'),
});

describe('properties', () => {
  it('a leg with itself finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(small, { minLength: 1, maxLength: 60 }), async (records) => {
        const found = await reconciled([...records.map((each) => a(each)), ...records.map((each) => b(each))]);
        expect(found.counts).toEqual(counts({ exact: records.length }));
      }),
      { numRuns: 12 },
    );
  });

  it('planted breaks are found, all and only', async () => {
    const planted = fc.record({
      fate: fc.constantFrom('same', 'same', 'near', 'long', 'a_only', 'b_only'),
      identified: fc.boolean(),
      jitter: fc.integer({ min: -60_000, max: 60_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(planted, { minLength: 1, maxLength: 120 }), async (fates) => {
        const records = fates.flatMap(({ fate, identified, jitter }, i) => {
          // One call per subscriber, each of its own length, so that nothing else could be its partner.
          const usage = {
            subscriber: i + 10,
            other: i + 10,
            seconds: 30 + 10 * i,
            at: 3_600_000 + i * 500_000,
            ...(identified ? { id: `i${i}` } : {}),
          };
          if (fate === 'a_only') return [a(usage)];
          if (fate === 'b_only') return [b(usage)];
          const other = { ...usage, at: usage.at + (fate === 'near' ? jitter : 0), seconds: usage.seconds + (fate === 'long' ? 3 : 0) };
          return [a(usage), b(other)];
        });
        const found = await reconciled([...ballast, ...records]);
        const of = (...names: string[]) => fates.filter(({ fate }) => names.includes(fate)).length;
        expect(found.counts.exact + found.counts.within_tolerance).toBe(of('same', 'near') + 1);
        expect(found.counts).toMatchObject({ settled: 0, mismatch: of('long'), a_only: of('a_only'), b_only: of('b_only') });
        const explained = found.causes.reduce((sum, cause) => sum + cause.records, 0);
        expect(explained).toBe(of('long', 'a_only', 'b_only'));
      }),
      { numRuns: 12 },
    );
  });

  it('pairs by time are those of the greedy search by smallest cost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(small, { minLength: 1, maxLength: 25 }),
        fc.array(small, { minLength: 1, maxLength: 25 }),
        async (left, right) => {
          // Starts a millisecond apart on the two sides, so that nothing pairs by its natural key.
          const as = left.map((each, i) => ({ ...each, id: '', seconds: each.seconds + i / 100 }));
          const bs = right.map((each, i) => ({ ...each, id: '', seconds: each.seconds + 0.5 + i / 100 }));
          const found = await reconciled([...as.map((each) => a(each)), ...bs.map((each) => b(each))]);
          const byTime = found.pairs
            .filter(({ a: one, b: other }) => one >= 0 && other >= 0)
            .map(({ a: one, b: other }) => `${one}-${other - as.length}`);
          expect(byTime.sort()).toEqual(greedy(as, bs).sort());
        },
      ),
      { numRuns: 15 },
    );
  });
});

type Timed = { at: number; subscriber: number; other: number; seconds: number };

/** What the query does, word for word, without its cuts. */
function greedy(as: readonly Timed[], bs: readonly Timed[]): string[] {
  const candidates = as.flatMap((x, i) =>
    bs.flatMap((y, j) => {
      const apart = Math.abs(x.at - y.at);
      if (x.subscriber !== y.subscriber || x.other !== y.other || apart > 60_000) return [];
      const longer = Math.abs(Math.round(x.seconds * 1000) - Math.round(y.seconds * 1000));
      return [{ i, j, beyond: longer > 2000 ? 1 : 0, cost: apart / 60_001 + longer / 2001, x, y }];
    }),
  );
  candidates.sort((p, q) => p.beyond - q.beyond || p.cost - q.cost || p.x.at - q.x.at || p.i - q.i || p.y.at - q.y.at || p.j - q.j);
  const takenA = new Set<number>();
  const takenB = new Set<number>();
  return candidates.flatMap(({ i, j }) => {
    if (takenA.has(i) || takenB.has(j)) return [];
    takenA.add(i);
    takenB.add(j);
    return [`${i}-${j}`];
  });
}

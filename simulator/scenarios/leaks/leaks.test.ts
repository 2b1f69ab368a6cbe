import { describe, expect, it } from 'vitest';
import type { SimulatedFile } from '../../file.ts';
import { hour } from '../../instant.ts';
import { startRun } from '../../run.ts';
import { leakTypes } from './index.ts';
import { amounts, clean, from, less, of, type Planted, planted, rowsOf, world } from './leaks.fixture.ts';

const switches = ['msc-1', 'msc-2', 'smsc', 'pgw'];
const bills = ['invoices', 'invoice-lines'];
const behindSwitch = ['mediation', 'rating', 'stage-counters', ...bills];
const behindMediation = ['rating', 'stage-counters', ...bills];
const rated = ['rating', ...bills];
const host = ['host-wholesale'];

/** Feeds that a leak may change, by control or by name. */
const reach: Readonly<Record<string, readonly string[]>> = {
  S01: [...switches, 'rating'],
  S02: [...switches, 'rating', ...host],
  S03: [...switches, 'rating'],
  S10: [...switches, 'rating', ...bills],
  S11: [...switches, 'rating', ...bills],
  S04: [...switches, ...behindSwitch],
  S05: ['pgw', 'mediation', ...rated],
  S06: behindSwitch,
  S07: behindMediation,
  S08: behindSwitch,
  S09: [...host, ...bills],
  N06: [...host, ...bills],
  S12: [...switches, 'mediation', 'rating'],
  S13: ['mediation', ...rated],
  S14: rated,
  S19: [...rated, 'credits'],
  S15: ['hlr-changes', 'billing-changes'],
  'served-no-more': [...switches, ...behindSwitch, ...host, 'hlr-changes'],
  S16: ['hlr-changes', 'billing-changes', ...bills],
  'unknown-subscribers': [...switches, 'mediation', 'rating', ...host, ...bills],
  S20: [...switches, ...rated],
  N02: bills,
  N05: [...rated, 'tariff-changes'],
  'cell-not-loaded': [...switches, 'mediation'],
  'host-invoice-higher': bills,
  N12: [...switches, ...behindSwitch, ...host],
};

/** Each type with one of its shapes, all shapes in turn; those of files have every shape in their own test. */
const cases = leakTypes.map(({ leak, control, onsets }, at) => [leak, onsets[at % onsets.length]!, control] as const);

/** What the rows of a leak say of it by themselves: records and micro-units. */
interface Recount {
  readonly records?: number;
  readonly money?: number;
}

const lost =
  (feed: string) =>
  ({ files }: Planted): Recount =>
    less(files, feed);
const chargedLess = ({ files }: Planted): Recount => ({ money: amounts(clean, 'rating', 'charge') - amounts(files, 'rating', 'charge') });
const chargedMore = (one: Planted): Recount => ({ money: -chargedLess(one).money! });
const hostMore = ({ files }: Planted): Recount => ({
  money: amounts(files, 'host-wholesale', 'wholesale_charge') - amounts(clean, 'host-wholesale', 'wholesale_charge'),
});
const billedLess = ({ files }: Planted): Recount => ({
  money: amounts(clean, 'invoices', 'amount') - amounts(files, 'invoices', 'amount'),
});
const unreadable =
  (text: RegExp) =>
  ({ files, truth }: Planted): Recount => ({
    records: of(files, truth.scope['source']!).reduce((sum, { lines }) => sum + lines.filter((line) => text.test(line)).length, 0),
  });
const creditedMore = ({ files }: Planted): Recount => ({
  records: rowsOf(files, 'credits').length - rowsOf(clean, 'credits').length,
  money: amounts(files, 'credits', 'amount') - amounts(clean, 'credits', 'amount'),
});

const recounts: Readonly<Record<string, (one: Planted) => Recount>> = {
  'charging-messages-lost': (one) => less(one.files, one.truth.scope['source']!),
  'buffer-overflow': (one) => less(one.files, one.truth.scope['source']!),
  'cells-filtered': (one) => less(one.files, one.truth.scope['source']!),
  'first-parts-lost': (one) => ({ records: less(one.files, 'pgw').records, ...chargedLess(one) }),
  'ends-lost': (one) => ({ records: less(one.files, 'pgw').records, ...chargedLess(one) }),
  'parts-lost-by-restart': (one) => ({ records: less(one.files, 'pgw').records, ...chargedLess(one) }),
  'mediation-loses': lost('mediation'),
  'rating-loses': lost('rating'),
  'filter-too-wide': lost('mediation'),
  'service-unseen': lost('rating'),
  'zone-unseen': lost('rating'),
  'calls-shortened': chargedLess,
  'volume-cut': chargedLess,
  'lost-on-route': lost('mediation'),
  'lost-by-plan': lost('rating'),
  'lost-by-node': lost('mediation'),
  'lost-by-prefix': lost('rating'),
  'volume-in-other-unit': chargedLess,
  'calls-rounded-up': chargedMore,
  'records-doubled': (one) => {
    const { records, money } = less(one.files, one.truth.scope['source']!);
    return { records: -records, money: -money };
  },
  'times-unreadable': unreadable(/2026-13-45/),
  'volumes-unreadable': unreadable(/blk,/),
  'durations-unreadable': unreadable(/,n\/a,/),
  'zone-became-free': chargedLess,
  'passed-on-unrated': chargedLess,
  'calls-without-duration': chargedLess,
  'wrong-increment': chargedLess,
  'old-price': chargedLess,
  'dear-minutes': chargedMore,
  'long-calls-cut': chargedLess,
  'allowance-covers-abroad': chargedLess,
  'allowance-never-ends': chargedLess,
  'host-bills-strangers': hostMore,
  'sims-hang': hostMore,
  'host-charges-twice': hostMore,
  'host-old-rate': hostMore,
  'host-invoice-higher': (one) => ({ money: -billedLess(one).money! }),
  'host-counts-more': hostMore,
  'host-forgets': (one) => ({ money: -hostMore(one).money!, records: less(one.files, 'host-wholesale').records }),
  'host-rounds-to-minutes': hostMore,
  'host-rounds-half-minutes': hostMore,
  'host-rounds-six-seconds': hostMore,
  'counter-ran-over': chargedMore,
  'stops-late': chargedMore,
  'bill-run-stops': (one) => ({
    ...billedLess(one),
    records: rowsOf(clean, 'invoices').length - rowsOf(one.files, 'invoices').length,
  }),
  'charge-code-lost': billedLess,
  'agent-generous': creditedMore,
  'below-approval-limit': creditedMore,
  'price-to-zero': chargedLess,
  'two-prices-at-once': chargedLess,
};

describe('leaks', () => {
  it.each(cases)('%s (%s), %s: changes its scope alone, and its truth is what the files say', (leak, onset, control) => {
    const one = planted(leak, onset, 0.15);
    const { truth, touched, site, files } = one;
    expect(truth).toMatchObject({ scenario: leak, control, nature: 'leak', onset, from: site.from, currency: 'USD' });
    expect(truth.records, 'records').toBeGreaterThan(0);
    expect(truth.money, 'money').toBeGreaterThanOrEqual(control === 'S20' || control === 'N05' ? 0 : 1);
    expect(touched.length).toBeGreaterThan(0);
    for (const feed of touched) expect(reach[leak] ?? reach[control], `${leak} touches ${feed}`).toContain(feed);
    const recount = recounts[leak]?.(one);
    if (recount?.records !== undefined) expect(truth.records).toBe(recount.records);
    // Invoices are stated to the micro-unit, and so are prices.
    if (recount?.money !== undefined) expect(truth.money).toBe(recount.money);
    // Before it begins nothing is changed.
    const earlier = (list: readonly SimulatedFile[]) => list.filter((file) => file.to <= site.from - 4 * hour).map(({ lines }) => lines);
    expect(earlier(files)).toEqual(earlier(clean));
  });

  it('have three types and more for each control', () => {
    const controls = [...Array.from({ length: 16 }, (_, n) => `S${`${n + 1}`.padStart(2, '0')}`), 'S19', 'S20', 'N02', 'N05', 'N06', 'N12'];
    for (const control of controls) {
      const types = leakTypes.filter((type) => type.control === control);
      expect(types.length, control).toBeGreaterThanOrEqual(3);
    }
    expect(new Set(leakTypes.map(({ control }) => control))).toEqual(new Set(controls));
  });

  it('of billing keep from the invoices what their truth says', () => {
    const usage = (list: readonly SimulatedFile[]): number =>
      rowsOf(list, 'invoice-lines').reduce(
        (sum, row) => sum + (row['line_kind'] === 'usage' ? Math.round(Number(row['amount']) * 1e6) : 0),
        0,
      );
    // Within the day whose invoices are issued before the end.
    const { files, truth } = planted('rated-left-lying', 'step', 0.15, 10 * hour);
    expect(truth.records).toBeGreaterThan(0);
    expect(usage(clean) - usage(files)).toBe(truth.money);
  });

  it('count what has been done so far, and no more', () => {
    const type = leakTypes.find(({ leak }) => leak === 'old-price')!;
    const site = { world, key: 5, from: from + 10 * hour, to: from + 30 * hour, onset: 'step', share: 0.15 } as const;
    const scenario = type.plant(site);
    const run = startRun(world, { from, scenarios: [scenario] });
    const counts: number[] = [];
    for (const until of [10, 15, 20, 35, 44]) {
      for (const _ of run.until(from + until * hour, hour));
      counts.push(scenario.truth().records);
    }
    expect(counts[0]).toBe(0);
    expect(counts[1]).toBeGreaterThan(0);
    expect(counts[2]).toBeGreaterThan(counts[1]!);
    expect(counts[4]).toBe(counts[3]);
  });
});

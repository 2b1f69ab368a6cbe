import { beforeAll, describe, expect, it } from 'vitest';
import { newAccount, newRater, tariffOfRows } from '../../rating/index.ts';
import type { SimulatedFile } from '../file.ts';
import { day, hour } from '../instant.ts';
import { referenceFiles } from '../reference.ts';
import { startRun } from '../run.ts';
import { createWorld } from '../world.ts';
import { approvalLimit } from './credits.ts';
import { billRunAfter, periodOf, periodStart } from './periods.ts';

const world = createWorld({ seed: 5, subscribers: 250, eventsPerDay: 3_000, pons: 1, ontsPerPon: 1, backOffice: true, billingDays: 1 });
const from = Date.UTC(2026, 10, 23, 5);
const to = from + 4 * day;

type Row = Readonly<Record<string, string>>;
const byFeed = new Map<string, Row[]>();
const rows = (feed: string): Row[] => byFeed.get(feed) ?? [];

/** Fields of a line whose texts may be quoted. */
const fieldsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

function take(file: SimulatedFile): void {
  const columns = (file.head.at(-1) ?? '').split(',');
  const list = byFeed.get(file.feed) ?? [];
  for (const line of file.lines) {
    const fields = fieldsOf(line);
    list.push(Object.fromEntries(columns.map((column, at) => [column, fields[at] ?? ''])));
  }
  byFeed.set(file.feed, list);
}

const micro = (text: string | undefined): number => Math.round(Number(text) * 1e6);
const sum = (list: readonly Row[], column: string): number => list.reduce((total, row) => total + Number(row[column]), 0);
const sumMicro = (list: readonly Row[], column: string): number => list.reduce((total, row) => total + micro(row[column]), 0);

beforeAll(() => {
  for (const file of referenceFiles(world, from - 30 * day)) take(file);
  for (const file of startRun(world, { from }).until(to, hour, true))
    if (file.kind !== 'measurement' && file.kind !== 'lifecycle') take(file);
}, 120_000);

describe('the back office of a healthy operator', () => {
  it('accounts for every record in its stages', () => {
    const counters = rows('stage-counters');
    for (const row of counters) {
      const named = ['records_out', 'filtered', 'suspended', 'duplicates', 'merged'].reduce(
        (total, column) => total + Number(row[column]),
        0,
      );
      expect(named, JSON.stringify(row)).toBe(Number(row['records_in']));
    }
    const of = (stage: string) => counters.filter((row) => row['stage'] === stage);
    expect(sum(of('mediation'), 'records_out')).toBe(rows('mediation').length);
    expect(sum(of('rating'), 'records_out')).toBe(rows('rating').length);
    expect(sumMicro(of('rating'), 'charge_out')).toBe(sumMicro(rows('rating'), 'charge'));
    // A tenth and more in the filter could not be told from a filter that is too wide.
    expect(sum(of('mediation'), 'filtered') / sum(of('mediation'), 'records_in')).toBeLessThan(0.02);
  });

  it('puts onto invoices what was rated in their period, by service, to the micro-unit', () => {
    const lines = rows('invoice-lines').filter((row) => row['account_number'] !== '');
    const retail = rows('invoices').filter((row) => row['invoice_kind'] === 'retail');
    const periods = [...new Set(lines.map((row) => row['period_start']!))].sort();
    expect(periods.length).toBe(2);
    for (const start of periods) {
      const own = lines.filter((row) => row['period_start'] === start);
      expect(Date.parse(own[0]!['period_end']!) - Date.parse(start)).toBe(world.billingDays * day);
      for (const service of ['voice', 'sms', 'data']) {
        const rated = rows('rating').filter((row) => {
          const at = Date.parse(row['start_time']!);
          return row['service'] === service && at >= Date.parse(start) + 150 && at < Date.parse(own[0]!['period_end']!) + 150;
        });
        const billed = own.filter((row) => row['line_kind'] === 'usage' && row['service'] === service);
        expect(sumMicro(billed, 'amount'), `${service} ${start}`).toBe(sumMicro(rated, 'charge'));
      }
    }
    for (const invoice of retail) {
      const own = lines.filter((row) => row['invoice_id'] === invoice['invoice_id']);
      expect(micro(invoice['amount'])).toBe(sumMicro(own, 'amount'));
      expect(own.map((row) => Number(row['line']))).toEqual(own.map((_, at) => at + 1));
      expect(Date.parse(invoice['issued_at']!) - Date.parse(invoice['period_end']!)).toBe(billRunAfter);
      const given = own.filter((row) => ['discount', 'credit'].includes(row['line_kind']!));
      expect(-sumMicro(given, 'amount')).toBeLessThanOrEqual(micro(invoice['amount']) - sumMicro(given, 'amount'));
    }
    const first = retail.filter((row) => row['period_start'] === periods[0]);
    expect(new Set(first.map((row) => row['account_number'])).size).toBe(first.length);
    expect(first.length).toBeGreaterThanOrEqual(world.subscribers);
  });

  it('is invoiced by its host what the host has charged record by record', () => {
    const invoices = rows('invoices').filter((row) => row['invoice_kind'] === 'wholesale');
    expect(invoices.length).toBe(2);
    for (const invoice of invoices) {
      const charged = rows('host-wholesale').filter((row) => {
        const at = Date.parse(row['start_time']!) + 700;
        return at >= Date.parse(invoice['period_start']!) - 999 && at < Date.parse(invoice['period_end']!) - 999;
      });
      // Starts are cut to the second and a session is cut in two, so the border moves by a record or two.
      expect(Math.abs(micro(invoice['amount']) - sumMicro(charged, 'wholesale_charge')) / micro(invoice['amount'])).toBeLessThan(0.02);
      const lines = rows('invoice-lines').filter((row) => row['invoice_id'] === invoice['invoice_id']);
      expect(sumMicro(lines, 'amount')).toBe(micro(invoice['amount']));
    }
  });

  it('begins to bill with the first period that it saw whole', () => {
    expect(periodStart(world, periodOf(world, from))).toBe(from);
    const later = [...startRun(world, { from: from + hour }).until(from + 3.5 * day, 6 * hour, true)].filter(
      ({ feed }) => feed === 'invoices',
    );
    const starts = new Set(later.flatMap(({ lines }) => lines.map((line) => line.split(',')[4])));
    expect([...starts].map((text) => Date.parse(text!))).toEqual([from + day]);
  });

  it('says the same of subscriptions in the network and in billing', () => {
    const said = (feed: string): string[] =>
      rows(feed)
        .map(({ subscription_number, status, plan, valid_from }) => [subscription_number, status, plan, valid_from].join(' '))
        .sort();
    expect(said('hlr-changes').length).toBeGreaterThan(3);
    // Billing hears of it five minutes later, so the last may be missing.
    expect(said('billing-changes').filter((each) => !said('hlr-changes').includes(each))).toEqual([]);
    const known = new Set(rows('ref-subscriptions').map((row) => row['subscription_number']));
    for (const feed of ['rating', 'pgw', 'host-wholesale'])
      for (const row of rows(feed)) expect(known.has(row['subscriber_number'])).toBe(true);
  });

  it('charges by its own price list: the shadow rater agrees with every record', () => {
    const list = rows('ref-tariffs').filter((row) => row['wholesale'] === 'false');
    const raters = new Map(
      [...new Set(list.map((row) => row['tariff']!))].map((name) => [
        name,
        newRater(
          tariffOfRows(
            list
              .filter((row) => row['tariff'] === name)
              .map((row) => ({
                tariff: name,
                version: row['version']!,
                service: row['service']!,
                prefix: '',
                zone: row['zone']!,
                time_band: '',
                setup: row['setup']!,
                per_unit: row['per_unit']!,
                unit: row['unit']!,
                minimum_seconds: Number(row['minimum_seconds']),
                increment_seconds: Number(row['increment_seconds']),
                currency: 'USD',
                valid_from: Date.parse(row['valid_from']!),
                valid_to: 0,
              })),
            { decimals: 6, rounding: 'half_up', timeZone: 'UTC' },
          ),
        ),
      ]),
    );
    let wrong = 0;
    for (const row of rows('rating').filter((each) => each['zero_reason'] !== 'allowance')) {
      const rated = raters.get(row['tariff']!.split('-')[0]!)!.rate(
        {
          service: row['service']!,
          at: Date.parse(row['start_time']!),
          number: '',
          zone: row['zone']!,
          ms: Math.round(Number(row['billable_seconds']) * 1000),
          octets: Number(row['octets_up']) + Number(row['octets_down']),
          events: Number(row['events']),
        },
        newAccount(),
      );
      // The increment of a KiB is part of the price of this operator, not of the list: less than a hundredth of a cent.
      if (!rated.ok || Math.abs(Number(rated.gross) - micro(row['charge'])) > 100) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it('writes the parts of a session whole and in order, and its volume agrees along the chain', () => {
    const chains = new Map<string, Row[]>();
    for (const row of rows('pgw')) chains.set(row['charging_id']!, [...(chains.get(row['charging_id']!) ?? []), row]);
    let several = 0;
    const mediated = new Map(rows('mediation').map((row) => [row['charging_id']!, row]));
    for (const [id, parts] of chains) {
      const merged = mediated.get(id);
      if (!merged) continue;
      const numbers = parts.map((row) => Number(row['partial_sequence'])).sort((a, b) => a - b);
      // A session that began before the run has had its first parts written by an earlier one.
      if (numbers[0] !== 1) continue;
      if (numbers.length > 1) several++;
      expect(numbers).toEqual(numbers.map((_, at) => at + 1));
      expect(parts.find((row) => Number(row['partial_sequence']) === numbers.length)!['closing_cause']).toBe('normalRelease');
      expect(sum(parts, 'octets_down'), id).toBe(Number(merged['octets_down']));
    }
    expect(several).toBeGreaterThan(3);
    const cut =
      rows('host-wholesale').filter((row) => row['service'] === 'data').length -
      rows('rating').filter((row) => row['service'] === 'data').length;
    expect(Math.abs(cut)).toBeLessThan(200);
  });

  it('has agents who grant alike, and large credits approved', () => {
    const credits = rows('credits');
    const counts = new Map<string, number>();
    for (const row of credits) counts.set(row['agent']!, (counts.get(row['agent']!) ?? 0) + 1);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(3);
    for (const row of credits) expect(row['approval'] !== '').toBe(micro(row['amount']) >= approvalLimit);
  });

  it('keeps holidays and says so', () => {
    expect(rows('ref-calendar').some((row) => row['name'] === 'Thanksgiving Day' && row['day'] === '2026-11-26T05:00:00.000Z')).toBe(true);
    const onDay = (number: number) =>
      rows('rating').filter((row) => {
        const at = Date.parse(row['start_time']!);
        return row['service'] === 'voice' && at >= from + number * day && at < from + (number + 1) * day;
      }).length;
    // Thanksgiving is the fourth day of the run.
    expect(onDay(3)).toBeLessThan(0.8 * onDay(1));
  });
});

/** Leaks of the bill run: accounts, lines and records without an invoice, discounts beyond it (N02, S19). */
import { chargeable } from '../../feeds.ts';
import { keyOf, mix } from '../../random.ts';
import { services } from '../../rhythm.ts';
import type { Scenario } from '../../scenario.ts';
import type { TableRow } from '../../tables.ts';
import { tally } from '../tally.ts';
import { takenAtStage } from './chance.ts';
import { type LeakType, oneOf, planOf, type Site, typeOf } from './leak.ts';

const micro = (row: TableRow): number => Math.round(Number(row['amount']) * 1e6);
const amount = (value: number): string => (value / 1e6).toFixed(6);
const within = ({ from, to }: Site, since: number, until: number): boolean => until > from && since < to;

/** The bill run stops: the accounts behind get no invoice. */
function billRunStops(site: Site): Scenario {
  const count = tally(planOf(site, 'N02', 'bill-run-stops', { check: 'account' }));
  const { subscribers } = site.world;
  const reached = Math.max(1, Math.floor(subscribers * (1 - site.share)));
  const last = `A${100_000 + reached}`;
  const behind = (row: TableRow): boolean => `${row['account_number']}` >= last && `${row['account_number']}` < `A${100_000 + subscribers}`;
  return {
    name: 'bill-run-stops',
    summary: 'The bill run stops before its end: the last accounts get no invoice.',
    inject: {
      rows(rows, feed, from, to) {
        if ((feed !== 'invoices' && feed !== 'invoice-lines') || !within(site, from, to)) return rows;
        if (feed === 'invoices') for (const row of rows) if (behind(row)) count.record(micro(row));
        return rows.filter((row) => !behind(row));
      },
    },
    truth: count.truth,
  };
}

/** A charge code that no invoice shows: the usage of a service is not on the invoices of some accounts. */
function chargeCodeLost(site: Site): Scenario {
  const service = oneOf(site, services, 3);
  const count = tally(planOf(site, 'N02', 'charge-code-lost', { check: 'service', service }, { share: site.share }));
  const gone = (row: TableRow): boolean =>
    row['line_kind'] === 'usage' &&
    row['account_number'] !== undefined &&
    row['service'] === service &&
    mix(keyOf(site.key, Number(`${row['account_number']}`.slice(1)))) < site.share * 4294967296;
  const less = new Map<string, number>();
  return {
    name: 'charge-code-lost',
    summary: `The charge code of ${service} is lost for some accounts: their invoices lack it.`,
    inject: {
      rows(rows, feed, from, to) {
        if (!within(site, from, to)) return rows;
        if (feed === 'invoice-lines') {
          for (const row of rows.filter(gone)) {
            count.record(micro(row));
            less.set(`${row['invoice_id']}`, micro(row));
          }
          return rows.filter((row) => !gone(row));
        }
        if (feed !== 'invoices') return rows;
        return rows.map((row) => {
          const missing = less.get(`${row['invoice_id']}`);
          return missing === undefined ? row : { ...row, amount: amount(micro(row) - missing) };
        });
      },
    },
    truth: count.truth,
  };
}

/** Rated records that billing leaves lying. */
const leftLying = (site: Site): Scenario => {
  const service = oneOf(site, services, 3);
  return takenAtStage(
    site,
    {
      control: 'N02',
      leak: 'rated-left-lying',
      scope: { check: 'service', service },
      summary: `Billing leaves rated records of ${service} lying.`,
      about: (event) => chargeable(event) && event.service === service,
    },
    'billing',
    'vanished',
  );
};

/** Discounts stack up until an invoice gives more than it takes; what is beyond nothing is lost. */
function discountsStack(site: Site): Scenario {
  const count = tally(planOf(site, 'S19', 'discounts-stack', { check: 'discount', agent: '' }));
  const stacked = (account: string): boolean => mix(keyOf(site.key, Number(account.slice(1)))) < (site.share / 2) * 4294967296;
  const taken = new Map<string, number>();
  return {
    name: 'discounts-stack',
    summary: 'Discounts stack up: invoices give back more than they charge.',
    inject: {
      rows(rows, feed, from, to) {
        if (!within(site, from, to)) return rows;
        if (feed === 'invoice-lines') {
          const sums = new Map<string, { first: TableRow; sum: number; lines: number }>();
          for (const row of rows) {
            if (row['account_number'] === undefined || !stacked(`${row['account_number']}`)) continue;
            const of = sums.get(`${row['invoice_id']}`) ?? { first: row, sum: 0, lines: 0 };
            of.sum += micro(row);
            of.lines++;
            sums.set(`${row['invoice_id']}`, of);
          }
          const added: TableRow[] = [];
          for (const [invoice, { first, sum, lines }] of sums) {
            if (sum <= 0) continue;
            taken.set(invoice, 2 * sum);
            count.record(sum);
            added.push({
              ...first,
              line: lines + 1,
              line_kind: 'discount',
              service: '',
              quantity: 1,
              unit: 'event',
              amount: amount(-2 * sum),
              reason: 'promotion',
              agent: '',
            });
          }
          return [...rows, ...added];
        }
        if (feed !== 'invoices') return rows;
        return rows.map((row) => {
          const given = taken.get(`${row['invoice_id']}`);
          return given === undefined ? row : { ...row, amount: amount(micro(row) - given) };
        });
      },
    },
    truth: count.truth,
  };
}

const accounts = () => ['invoices/accounts'];
const ofService: LeakType['lanes'] = (site) => [`invoices/${oneOf(site, services, 3)}`];
/** A bill run happens once in a period: a leak of it stands for one, whatever its length. */
const wholePeriod = 6;

export const billingLeaks: readonly LeakType[] = [
  typeOf('N02', 'bill-run-stops', wholePeriod, ['once'], billRunStops, accounts),
  typeOf('N02', 'charge-code-lost', wholePeriod, ['once'], chargeCodeLost, ofService),
  typeOf('N02', 'rated-left-lying', wholePeriod, ['step', 'intermittent'], leftLying, ofService),
  typeOf('S19', 'discounts-stack', wholePeriod, ['once'], discountsStack, () => ['invoices/discounts']),
];

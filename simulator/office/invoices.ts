/** The bill run: what was rated in a period, on an invoice for each account, with recurring charges, discounts and credits. */
import type { UsageEvent } from '../event.ts';
import { amountText } from '../feed.ts';
import { day, hour, isoText } from '../instant.ts';
import { currency } from '../plans.ts';
import { keyOf } from '../random.ts';
import { services } from '../rhythm.ts';
import type { Injection } from '../scenario.ts';
import { deciding, fateAt } from '../stages.ts';
import type { TableRow } from '../tables.ts';
import type { World } from '../world.ts';
import { type Credit, creditsOf } from './credits.ts';
import type { HostInvoices } from './host-invoices.ts';
import { billRunAfter, periodOf, periodStart } from './periods.ts';
import { accountOf, joiners } from './subscriptions.ts';
import type { TableFeed, TableShape } from './table-feed.ts';

export const invoiceShape: TableShape = {
  feed: 'invoices',
  kind: 'invoice',
  columns: [
    'invoice_id',
    'invoice_kind',
    'account_number',
    'partner',
    'period_start',
    'period_end',
    'issued_at',
    'amount',
    'tax',
    'currency',
  ],
  period: hour,
};

export const lineShape: TableShape = {
  feed: 'invoice-lines',
  kind: 'invoice_line',
  columns: [
    'invoice_id',
    'line',
    'line_kind',
    'account_number',
    'subscription_number',
    'service',
    'plan',
    'zone',
    'period_start',
    'period_end',
    'quantity',
    'unit',
    'amount',
    'currency',
    'reason',
    'agent',
  ],
  period: hour,
};

const taxShare = 0.1;
const units = ['second', 'event', 'octet'] as const;

interface Book {
  /** By subscriber and service. */
  readonly amounts: Float64Array;
  readonly quantities: Float64Array;
}

export interface Books {
  /** Puts a rated record onto the next invoice of its period, unless a scenario keeps it from there. @param charge micro-units. */
  rated(event: UsageEvent, charge: number): void;
  readonly feeds: readonly TableFeed[];
}

/** Decimal text of micro-units with their sign. */
const text = (micro: number): string => (micro < 0 ? `-${amountText(-micro)}` : amountText(micro));

/** @param start first instant of the run: periods that began before it are not billed, since their usage is not known. */
export function billRun(world: World, injections: readonly Injection[], start: number, wholesale: HostInvoices): Books {
  const decide = deciding(injections);
  const books = new Map<number, Book>();
  const first = periodOf(world, start - 1) + 1;
  const runs = new Map<number, { readonly invoices: TableRow[]; readonly lines: TableRow[] }>();

  const bookOf = (period: number): Book => {
    let book = books.get(period);
    if (!book) {
      const size = world.subscriberList.length * services.length;
      book = { amounts: new Float64Array(size), quantities: new Float64Array(size) };
      books.set(period, book);
    }
    return book;
  };

  /** Periods whose bill run lies in [from, to). */
  const due = (from: number, to: number): number[] => {
    const found: number[] = [];
    for (let period = first; periodStart(world, period + 1) + billRunAfter < to; period++)
      if (periodStart(world, period + 1) + billRunAfter >= from) found.push(period);
    return found;
  };

  function run(period: number): { invoices: TableRow[]; lines: TableRow[] } {
    const [from, to] = [periodStart(world, period), periodStart(world, period + 1)];
    const granted = new Map<number, Credit[]>();
    for (const credit of creditsOf(world, from, to)) {
      const { index } = credit.subscriber;
      granted.set(index, [...(granted.get(index) ?? []), credit]);
    }
    const joined = joiners(world, start, to).filter(({ joinedAt, leftAt }) => joinedAt < to && leftAt > from);
    const holders = [
      ...world.subscriberList.map((each) => ({ ...each, since: from, until: to })),
      ...joined.map((each) => ({ ...each, since: Math.max(from, each.joinedAt), until: Math.min(to, each.leftAt) })),
    ];
    const period_start = isoText(from, 0, 'Z');
    const period_end = isoText(to, 0, 'Z');
    const book = bookOf(period);
    const found = { invoices: [] as TableRow[], lines: [] as TableRow[] };
    for (const { index, number, plan, since, until } of holders) {
      const invoice_id = `R${period}-${100_000 + index}`;
      const account_number = accountOf(index);
      let [amount, line] = [0, 0];
      const add = (line_kind: string, micro: number, more: TableRow = {}): void => {
        amount += micro;
        found.lines.push({
          invoice_id,
          line: ++line,
          line_kind,
          account_number,
          subscription_number: `+${number}`,
          plan: plan.name,
          period_start,
          period_end,
          quantity: 1,
          unit: 'event',
          amount: text(micro),
          currency,
          ...more,
        });
      };
      const recurring = Math.round((plan.recurring * (until - since)) / (30 * day));
      if (recurring > 0) add('recurring', recurring);
      for (let place = 0; index < world.subscriberList.length && place < services.length; place++) {
        const [micro, quantity] = [book.amounts[index * 3 + place]!, book.quantities[index * 3 + place]!];
        if (quantity > 0) add('usage', micro, { service: services[place]!, quantity, unit: units[place]! });
      }
      if (recurring > 0 && keyOf(world.seed, 0x44495343, index) % 12 === 0)
        add('discount', -Math.round(recurring / 10), { reason: 'loyalty' });
      for (const credit of granted.get(index) ?? []) {
        // What is more than the invoice is carried over to the next and not shown here.
        const given = Math.min(credit.amount, Math.max(0, Math.floor(amount / 2)));
        if (given > 0) add('credit', -given, { reason: credit.reason, agent: credit.agent });
      }
      const tax = Math.round(amount * taxShare);
      found.invoices.push({
        invoice_id,
        invoice_kind: 'retail',
        account_number,
        period_start,
        period_end,
        issued_at: isoText(to + billRunAfter, 0, 'Z'),
        amount: text(amount),
        tax: text(tax),
        currency,
      });
    }
    books.delete(period);
    return found;
  }

  const made = (period: number) => {
    let done = runs.get(period);
    if (!done) {
      done = run(period);
      const host = wholesale.take(period);
      done.lines.push(...host.lines);
      done.invoices.push(...host.invoices);
    }
    runs.set(period, done);
    return done;
  };

  return {
    rated(event, charge) {
      const period = periodOf(world, event.start);
      if (period < first || event.subscriber.index >= world.subscriberList.length) return;
      if (decide.length > 0) {
        const taken = fateAt(event, 'billing', decide);
        if (taken) {
          taken.by.staged?.(event, 'billing', taken.fate);
          return;
        }
      }
      const book = bookOf(period);
      const at = event.subscriber.index * services.length + services.indexOf(event.service);
      book.amounts[at] = book.amounts[at]! + charge;
      book.quantities[at] = book.quantities[at]! + quantityOf(event);
    },
    feeds: [
      // Lines first: a scenario that changes them knows what the invoices then say.
      { ...lineShape, rows: (from, to) => due(from, to).flatMap((period) => made(period).lines) },
      {
        ...invoiceShape,
        rows(from, to) {
          const invoices = due(from, to).flatMap((period) => made(period).invoices);
          for (const period of due(from, to)) runs.delete(period);
          return invoices;
        },
      },
    ],
  };
}

function quantityOf({ service, answer, end, octetsUp, octetsDown }: UsageEvent): number {
  return service === 'voice' ? Math.ceil((end - answer) / 1000) : service === 'data' ? octetsUp + octetsDown : 1;
}

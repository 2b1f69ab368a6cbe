/** What the host invoices: the wholesale charges of its usage files, by service and zone, for the same periods. */
import { amountText } from '../feed.ts';
import { isoText } from '../instant.ts';
import { host } from '../network.ts';
import { currency } from '../plans.ts';
import type { Service } from '../rhythm.ts';
import type { TableRow } from '../tables.ts';
import type { Written } from '../usage-writer.ts';
import type { World } from '../world.ts';
import { billRunAfter, periodOf, periodStart } from './periods.ts';

export interface HostInvoices {
  /** Told of each record that the host has written. */
  readonly charged: Written;
  /** The invoice of a period with its lines; forgotten then. */
  readonly take: (period: number) => { readonly invoices: readonly TableRow[]; readonly lines: readonly TableRow[] };
}

const units: Readonly<Record<Service, string>> = { voice: 'second', sms: 'event', data: 'octet' };

/** @param start first instant of the run: periods that began before it are not invoiced. */
export function hostInvoices(world: World, start: number): HostInvoices {
  const sums = new Map<number, Map<string, { amount: number; quantity: number }>>();
  const first = periodOf(world, start - 1) + 1;
  return {
    charged({ start: at, service, zone }, charge, quantity) {
      const period = periodOf(world, at);
      if (period < first) return;
      const cells = sums.get(period) ?? new Map<string, { amount: number; quantity: number }>();
      sums.set(period, cells);
      const cell = cells.get(`${service} ${zone}`);
      if (cell) {
        cell.amount += charge;
        cell.quantity += quantity;
      } else cells.set(`${service} ${zone}`, { amount: charge, quantity });
    },
    take(period) {
      const cells = [...(sums.get(period) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      sums.delete(period);
      if (cells.length === 0) return { invoices: [], lines: [] };
      const [from, to] = [periodStart(world, period), periodStart(world, period + 1)];
      const common = { invoice_id: `W${period}`, period_start: isoText(from, 0, 'Z'), period_end: isoText(to, 0, 'Z'), currency };
      const lines = cells.map(([key, { amount, quantity }], at) => {
        const [service, zone] = key.split(' ') as [Service, string];
        return { ...common, line: at + 1, line_kind: 'usage', service, zone, quantity, unit: units[service], amount: amountText(amount) };
      });
      const amount = amountText(cells.reduce((sum, [, cell]) => sum + cell.amount, 0));
      const issued_at = isoText(to + billRunAfter, 0, 'Z');
      return { lines, invoices: [{ ...common, invoice_kind: 'wholesale', partner: host.partner, issued_at, amount, tax: '0' }] };
    },
  };
}

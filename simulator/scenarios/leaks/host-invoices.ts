/** Leaks of the invoice that the host sends (S09). */
import type { Scenario } from '../../scenario.ts';
import type { TableRow } from '../../tables.ts';
import { tally } from '../tally.ts';
import { type LeakType, planOf, type Site, typeOf } from './leak.ts';

const micro = (row: TableRow): number => Math.round(Number(row['amount']) * 1e6);
const raised = (row: TableRow, share: number): TableRow => ({ ...row, amount: (Math.round(micro(row) * (1 + share)) / 1e6).toFixed(6) });

/** The invoice charges more than the usage files state, on every line. */
function invoiceHigher(site: Site): Scenario {
  const count = tally(planOf(site, 'S09', 'host-invoice-higher', { partner: 'host-mno' }));
  return {
    name: 'host-invoice-higher',
    summary: 'The host invoices more than its own usage files state.',
    inject: {
      rows(rows, feed, from, to) {
        if ((feed !== 'invoices' && feed !== 'invoice-lines') || to <= site.from || from >= site.to) return rows;
        return rows.map((row) => {
          if (!`${row['invoice_id']}`.startsWith('W')) return row;
          const more = raised(row, site.share);
          if (feed === 'invoices') count.record(micro(more) - micro(row));
          return more;
        });
      },
    },
    truth: count.truth,
  };
}

export const hostInvoiceLeaks: readonly LeakType[] = [
  typeOf('S09', 'host-invoice-higher', 6, ['once'], invoiceHigher, () => ['host-invoice']),
];

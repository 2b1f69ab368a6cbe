/** `weir accounting`: for each source read = stored + rejected + dropped, and as many rows in the tables as the ledger says. */

import type { AddCommand } from '../command.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, table } from '../print.ts';

interface AccountingRow {
  source: string;
  read: string;
  stored: string;
  rejected: string;
  dropped: string;
  in_flight: string;
  in_tables: string;
  balanced: boolean | number;
  proved: boolean | number;
}

export const addAccounting: AddCommand = (program, exit) => {
  program
    .command('accounting')
    .description('prove that nothing was lost or counted twice; exit code 1 when it does not balance')
    .action(async (options: CommonOptions) => exit(await accounting(options)));
};

async function accounting(options: CommonOptions): Promise<number> {
  const place = await workplace(options);
  return withStore(place, async ({ store, settings }) => {
    const rows = await store.rows<AccountingRow>('accounting', { tenant: settings.tenant });
    const good = rows.every(({ balanced, proved }) => Boolean(balanced) && Boolean(proved));
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ balanced: good, sources: rows })}\n`);
      return good ? 0 : 1;
    }
    if (rows.length === 0) {
      process.stdout.write('Nothing was taken in yet.\n');
      return 0;
    }
    const right = true;
    process.stdout.write(
      `${table(
        [
          { title: 'SOURCE' },
          { title: 'READ', right },
          { title: 'STORED', right },
          { title: 'REJECTED', right },
          { title: 'DROPPED', right },
          { title: 'IN FLIGHT', right },
          { title: 'IN TABLES', right },
          { title: '' },
        ],
        rows.map((row) => [
          row.source,
          Number(row.read),
          Number(row.stored),
          Number(row.rejected),
          Number(row.dropped),
          Number(row.in_flight),
          Number(row.in_tables),
          verdict(row),
        ]),
      )}\n`,
    );
    if (rows.some(({ in_flight }) => Number(in_flight) > 0))
      process.stdout.write('In flight: planned, not yet answered; a restart sends it again.\n');
    return good ? 0 : 1;
  });
}

function verdict({ balanced, proved }: AccountingRow): string {
  if (!balanced) return colour('DOES NOT BALANCE', 'red');
  return proved ? colour('balanced', 'green') : colour('TABLES DIFFER', 'red');
}

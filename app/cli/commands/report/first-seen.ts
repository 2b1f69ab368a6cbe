/** `weir report first-seen`: who saw incidents first. */
import type { Command } from 'commander';
import { WeirError } from '../../../../core/errors.ts';
import { firstSeen } from '../../../report/first-seen.ts';
import { instantOf } from '../../instant.ts';
import { type CommonOptions, withStore, workplace } from '../../options.ts';
import { table } from '../../print.ts';

const usualDays = 30;

export function addFirstSeen(report: Command, exit: (code: number) => void): void {
  report
    .command('first-seen')
    .description('who saw incidents first: Weir, customers, partners, staff')
    .option('--from <time>', `first instant (default: ${usualDays} days before --to)`)
    .option('--to <time>', 'first instant after it (default: now)')
    .action(async (options: CommonOptions & { from?: string; to?: string }) => {
      const to = options.to === undefined ? Date.now() : instantOf(options.to, '--to');
      const from = options.from === undefined ? to - usualDays * 86_400_000 : instantOf(options.from, '--from');
      if (to <= from) throw new WeirError('usage', '--to must be after --from');
      await withStore(await workplace(options), async ({ store, settings }) => {
        const seen = await firstSeen(store, settings.tenant, from, to);
        process.stdout.write(options.json ? `${JSON.stringify(seen)}\n` : `${textOf(seen)}\n`);
      });
      exit(0);
    });
}

function textOf({ incidents, by, customer_share }: Awaited<ReturnType<typeof firstSeen>>): string {
  if (incidents === 0) return 'No incident was detected in that time.';
  const rows = by.map((one) => [
    one.seen_by,
    one.incidents,
    one.lead_seconds === null ? '–' : `${Math.round(one.lead_seconds / 60)} min`,
    one.complaints,
  ]);
  const columns = [
    { title: 'FIRST SEEN BY' },
    { title: 'INCIDENTS', right: true },
    { title: 'MEDIAN LEAD', right: true },
    { title: 'COMPLAINTS', right: true },
  ];
  return `${table(columns, rows)}\n\nA customer saw ${Math.round((customer_share ?? 0) * 100)} % of ${incidents} incidents first.`;
}

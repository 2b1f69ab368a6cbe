/** `weir report revenue`: the KPIs of the programme. */
import type { Command } from 'commander';
import { WeirError } from '../../../../core/errors.ts';
import { type RevenueReport, revenueReport } from '../../../report/revenue.ts';
import { instantOf } from '../../instant.ts';
import { type CommonOptions, withStore, workplace } from '../../options.ts';
import { colour, grouped, table } from '../../print.ts';

interface ReportOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
}

const dayMs = 86_400_000;
const usualDays = 30;

export function addRevenue(report: Command, exit: (code: number) => void): void {
  report
    .command('revenue')
    .description('KPIs of the revenue-assurance programme: found, recovered, recoverable, coverage, days per case, precision')
    .option('--from <time>', `first instant, e.g. 2026-11-01 (default: ${usualDays} days before --to)`)
    .option('--to <time>', 'first instant after it (default: now)')
    .addHelpText(
      'after',
      '\nCases are incidents of category revenue detected in the time. In SQL: the views revenue_cases and revenue_months.',
    )
    .action(async (options: ReportOptions) => {
      await revenue(options);
      exit(0);
    });
}

async function revenue(options: ReportOptions): Promise<void> {
  const now = Date.now();
  const to = options.to === undefined ? now : instantOf(options.to, '--to');
  const from = options.from === undefined ? to - usualDays * dayMs : instantOf(options.from, '--from');
  if (to <= from) throw new WeirError('usage', '--to must be after --from');
  await withStore(await workplace(options), async ({ store, settings }) => {
    const report = await revenueReport(store, settings, from, to, now);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${textOf(report)}\n`);
  });
}

const percent = (share: number | null): string => (share === null ? '–' : `${Number((share * 100).toPrecision(3))} %`);

function textOf(report: RevenueReport): string {
  const money = (amount: string): string => `${grouped(Number(amount).toFixed(2))} ${report.currency}`;
  const rows: readonly (readonly [string, string, string])[] = [
    ['revenue', money(report.revenue), 'charges of usage, each service by the leg that charges it most'],
    ['coverage', percent(report.coverage), 'of revenue under at least one control that could judge'],
    ['leakage', money(report.leakage), 'lost, as found; false alarms left out'],
    ['over-charged', money(report.over_charge), 'owed back'],
    ['at risk', money(report.risk), ''],
    ['recovered', money(report.recovered), `${percent(report.recovered_share)} of revenue`],
    ['recoverable', money(report.recoverable), `${percent(report.recoverable_share)} of revenue, may still be billed`],
    ['expired', money(report.expired), 'may be billed no more'],
    ['cases', grouped(report.cases), `${report.open} open, ${report.confirmed} confirmed, ${report.refuted} false`],
    ['precision', percent(report.precision), 'confirmed of those that a person judged'],
    ['days per case', report.days_per_case === null ? '–' : report.days_per_case.toFixed(1), 'from detection to the last recovery'],
  ];
  const width = Math.max(...rows.map(([, value]) => value.length));
  const head = `${colour('Revenue assurance', 'bold')}  ${report.from.slice(0, 16).replace('T', ' ')} to ${report.to.slice(0, 16).replace('T', ' ')} UTC`;
  const lines = rows.map(([name, value, text]) => `  ${name.padEnd(14)}${value.padStart(width)}  ${colour(text, 'dim')}`.trimEnd());
  if (report.controls.length === 0) return [head, ...lines].join('\n');
  return `${[head, ...lines].join('\n')}\n\n${table(
    [
      { title: 'ID' },
      { title: 'CONTROL', width: 36 },
      ...['COVERAGE', 'CASES', 'CONFIRMED', 'FALSE', 'LEAKAGE', 'OWED BACK', 'RECOVERED', 'RECOVERABLE'].map((title) => ({
        title,
        right: true,
      })),
    ],
    report.controls.map((each) => [
      each.control,
      each.title,
      percent(each.coverage),
      each.cases,
      each.confirmed,
      each.refuted,
      Number(each.leakage).toFixed(2),
      Number(each.over_charge).toFixed(2),
      Number(each.recovered).toFixed(2),
      Number(each.recoverable).toFixed(2),
    ]),
  )}`;
}

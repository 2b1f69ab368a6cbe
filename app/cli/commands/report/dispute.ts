/** `weir report dispute`: what one sends to a host network that charges too much. */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { analyst } from '../../../../sql/analyst.ts';
import { openClickHouse } from '../../../clickhouse.ts';
import { type Dispute, disputedComparison, disputedPairs, disputeOf } from '../../../report/dispute.ts';
import { csvLine } from '../../csv-line.ts';
import { periodOf } from '../../days.ts';
import { type CommonOptions, workplace } from '../../options.ts';
import { grouped, table } from '../../print.ts';

interface DisputeOptions extends CommonOptions {
  readonly partner?: string;
  readonly comparison?: string;
  readonly month?: string;
  readonly from?: string;
  readonly to?: string;
  readonly out?: string;
}

export function addDispute(report: Command, exit: (code: number) => void): void {
  report
    .command('dispute')
    .description('what a host network charges and we do not have, per period: totals, causes, and the pairs of records as CSV to send')
    .option('--partner <name>', 'partner of a comparison of S09 in reconciliation.comparisons')
    .option('--comparison <name>', 'the comparison by its name')
    .option('--month <month>', 'YYYY-MM, UTC')
    .option('--from <day>', 'first day, YYYY-MM-DD, UTC')
    .option('--to <day>', 'last day, included; default: the first')
    .option('--out <dir>', 'directory for totals.csv, causes.csv and pairs.csv')
    .action(async (options: DisputeOptions) => exit(await run(options)));
}

async function run(options: DisputeOptions): Promise<number> {
  const period = periodOf(options);
  const { settings, directory } = await workplace(options);
  const comparison = disputedComparison(settings, options.partner, options.comparison);
  const clickhouse = await openClickHouse(settings, directory);
  const asking = analyst(clickhouse.analyst);
  try {
    const dispute = await disputeOf(asking, settings, comparison, period);
    const files = options.out === undefined ? [] : await write(options.out, dispute, disputedPairs(asking, settings.tenant, dispute));
    process.stdout.write(options.json ? `${JSON.stringify({ ...dispute, files })}\n` : textOf(dispute, files));
    return dispute.disputed > 0 || dispute.days.some(({ state }) => state !== 'done') ? 1 : 0;
  } finally {
    await asking.close();
    await clickhouse.stop();
  }
}

function csvOf(rows: Dispute['totals']): string {
  const names = Object.keys(rows[0] ?? {});
  return [csvLine(names), ...rows.map((row) => csvLine(names.map((name) => row[name] ?? '')))].join('');
}

async function write(out: string, dispute: Dispute, pairs: AsyncGenerator<Uint8Array>): Promise<readonly string[]> {
  mkdirSync(out, { recursive: true });
  const files = ['totals.csv', 'causes.csv', 'pairs.csv'].map((name) => join(out, name));
  writeFileSync(files[0]!, csvOf(dispute.totals));
  writeFileSync(files[1]!, csvOf(dispute.causes));
  await pipeline(pairs, createWriteStream(files[2]!));
  return files;
}

const numbers = [
  'our_records',
  'their_records',
  'differing',
  'theirs_only',
  'ours_only',
  'their_charge',
  'disputed_amount',
  'unbilled_amount',
];
const titles = ['OUR RECORDS', 'THEIRS', 'DIFFER', 'THEIRS ONLY', 'OURS ONLY', 'THEY CHARGE', 'DISPUTED', 'NOT CHARGED YET'];

function textOf(dispute: Dispute, files: readonly string[]): string {
  const { comparison, days, totals, causes, currency } = dispute;
  const open = days.filter(({ state }) => state !== 'done');
  const amount = (value: number): string => `${grouped(value.toFixed(2))} ${currency}`;
  const services = [...new Set(totals.map(({ service }) => `${service}`))];
  const bySum = services.map((service) => {
    const own = totals.filter((row) => row['service'] === service);
    return [
      service,
      ...numbers.map((name) =>
        sumText(
          own.reduce((sum, row) => sum + Number(row[name]), 0),
          name,
        ),
      ),
    ];
  });
  const byCause = new Map<string, { records: number; disputed: number; unbilled: number; days: number }>();
  for (const row of causes) {
    const known = byCause.get(`${row['cause']}`) ?? { records: 0, disputed: 0, unbilled: 0, days: 0 };
    byCause.set(`${row['cause']}`, {
      records: known.records + Number(row['records']),
      disputed: known.disputed + Number(row['disputed_amount']),
      unbilled: known.unbilled + Number(row['unbilled_amount']),
      days: known.days + 1,
    });
  }
  const parts = [
    `${comparison.partner === '' ? comparison.name : comparison.partner}, ${days[0]!.day} to ${days.at(-1)!.day}: ${amount(dispute.disputed)} disputed`,
    table([{ title: 'SERVICE' }, ...titles.map((title) => ({ title, right: true }))], bySum),
    ...(byCause.size === 0
      ? []
      : [
          table(
            [...['DISPUTED', 'NOT CHARGED YET', 'RECORDS', 'DAYS'].map((title) => ({ title, right: true })), { title: 'CAUSE', width: 90 }],
            [...byCause]
              .sort(([, a], [, b]) => b.disputed + b.unbilled - a.disputed - a.unbilled)
              .map(([cause, { records, disputed, unbilled, days: of }]) => [disputed.toFixed(2), unbilled.toFixed(2), records, of, cause]),
          ),
        ]),
    ...(open.length === 0
      ? []
      : [
          `Not in it: ${open.map(({ day, note }) => `${day} (${note})`).join(', ')}\nnpx weir reconcile --control S09 --comparison ${comparison.name} --from ${open[0]!.day} --to ${open.at(-1)!.day}`,
        ]),
    ...(files.length === 0 ? ['The files to send: --out DIR'] : [`Written:\n${files.map((file) => `  ${file}`).join('\n')}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

const sumText = (sum: number, name: string): string => (/amount|charge/.test(name) ? grouped(sum.toFixed(2)) : grouped(sum));

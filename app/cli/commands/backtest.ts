/** `weir backtest`: any stretch of stored data again, with any settings, beside what was said then. */
import { pino } from 'pino';
import { WeirError } from '../../../core/errors.ts';
import { analyst } from '../../../sql/analyst.ts';
import type { BacktestReport } from '../../backtest/backtest.ts';
import { backtest } from '../../backtest/backtest.ts';
import type { Episode } from '../../backtest/compare.ts';
import { loadSettings } from '../../settings/load.ts';
import type { AddCommand } from '../command.ts';
import { instantOf } from '../instant.ts';
import { type CommonOptions, withStore, workplace } from '../options.ts';
import { colour, progressLine, table } from '../print.ts';

interface BacktestCommand extends CommonOptions {
  readonly from: string;
  readonly to: string;
  readonly settings?: string;
  readonly only?: readonly string[];
}

export const addBacktest: AddCommand = (program, exit) => {
  program
    .command('backtest')
    .description('replay a stretch of stored data with any settings: precision, recall, alarms a day, and what would have been different')
    .requiredOption('--from <time>', 'first instant of event time, e.g. 2026-11-01 or 2026-11-01T06:00:00Z')
    .requiredOption('--to <time>', 'first instant after it')
    .option('--settings <file>', 'a settings file whose detectors and controls are used; default: the settings in force')
    .option('--only <id...>', 'only these detectors and controls')
    .addHelpText(
      'after',
      '\nDetectors over series and controls of closed windows are replayed by event time; nothing is written. Controls that judge files and\nrecords as they arrive cannot be replayed.\nExit 0 when the replay finds nothing, 1 when it finds something.',
    )
    .action(async (options: BacktestCommand) => exit(await command(options)));
};

async function command(options: BacktestCommand): Promise<number> {
  const from = instantOf(options.from, '--from');
  const to = instantOf(options.to, '--to');
  if (to <= from) throw new WeirError('usage', '--to must be after --from');
  const place = await workplace(options);
  const other = options.settings === undefined ? place.settings : loadSettings(options.settings, process.env);
  const settings = { ...place.settings, detectors: other.detectors, controls: other.controls, calendars: other.calendars };
  const progress = progressLine(options.json === true);
  return withStore(place, async ({ store, clickhouse }) => {
    const asked = analyst(clickhouse.analyst);
    const report = await backtest({
      ask: asked.ask,
      store,
      settings,
      from,
      to,
      only: options.only ?? [],
      log: pino({ level: 'silent' }),
      onProgress: (text) => progress.show(text),
    });
    progress.end();
    await asked.close();
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${textOf(report)}\n`);
    return report.episodes.length > 0 ? 1 : 0;
  });
}

const share = (value: number | null): string => (value === null ? '-' : `${Math.round(value * 100)} %`);
const time = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');

function episodes(title: string, all: readonly Episode[]): string {
  if (all.length === 0) return '';
  return `\n\n${colour(title, 'bold')}\n${table(
    [{ title: 'FROM (UTC)' }, { title: 'TO (UTC)' }, { title: 'DETECTOR' }, { title: 'VERDICT' }, { title: 'FINDING', width: 80 }],
    all.map((each) => [time(each.from), time(each.to), each.detector, each.verdict || '-', each.title]),
  )}`;
}

function textOf(report: BacktestReport): string {
  const failed = Object.entries(report.failed);
  return [
    `${report.episodes.length} findings from ${report.from.slice(0, 16)} to ${report.to.slice(0, 16)} UTC; ${report.same} were said then too, ${report.added.length} are new, ${report.gone.length} would be gone.\n\n`,
    table(
      [
        { title: 'DETECTOR' },
        { title: 'FOUND', right: true },
        { title: 'A DAY', right: true },
        { title: 'CONFIRMED', right: true },
        { title: 'REFUTED', right: true },
        { title: 'PRECISION', right: true },
        { title: 'RECALL', right: true },
      ],
      report.detectors.map((each) => [
        each.detector,
        each.found,
        each.perDay.toFixed(2),
        each.confirmed,
        each.refuted,
        share(each.precision),
        share(each.recall),
      ]),
    ),
    episodes('New: found now, not said then', report.added),
    episodes('Gone: said then, not found now', report.gone),
    failed.length === 0 ? '' : `\n\n${colour('Could not judge', 'red')}\n${failed.map(([name, error]) => `${name}: ${error}`).join('\n')}`,
    report.left_out.length === 0 ? '' : `\n\nNot replayed, as they judge arrivals: ${[...new Set(report.left_out)].join(', ')}.`,
  ].join('');
}

/** `weir score`: the shipped detector over series that someone brings, strictly causal. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WeirError } from '../../../core/errors.ts';
import { SCORE_HEADER, type ScoredColumns, type SeriesColumns, scoreFiles, scoreLine } from '../../../detectors/score/csv.ts';
import { type ScoreSettings, scoreSettings } from '../../../detectors/score/settings.ts';
import type { AddCommand } from '../command.ts';
import { readTwoColumns } from '../csv-columns.ts';
import { grouped, progressLine, table } from '../print.ts';

interface ScoreOptions {
  readonly time: string;
  readonly value: string;
  readonly out?: string;
  readonly settings?: string;
  readonly horizonFree?: boolean;
  readonly json?: boolean;
}

export const addScore: AddCommand = (program, exit) => {
  program
    .command('score')
    .description(`score series of your own with the shipped detector: writes ${SCORE_HEADER} row by row, each row by what came before it`)
    .argument('<file-or-directory>', 'a CSV file with a header, or a directory of them; gzip is unpacked')
    .option('--time <column>', 'column of the time: name or number from 1', 'timestamp')
    .option('--value <column>', 'column of the value: name or number from 1', 'value')
    .option('--out <dir>', 'write one file per series here; without it a single file goes to standard output')
    .option('--settings <file>', 'JSON with score settings that differ from the shipped ones')
    .option('--horizon-free', 'each file by itself: nothing is taken from what other files do at the same time')
    .action(async (path: string, options: ScoreOptions) => exit(await score(path, options)));
};

async function score(path: string, options: ScoreOptions): Promise<number> {
  const files = filesOf(path);
  if (files.length > 1 && options.out === undefined)
    throw new WeirError('usage', `${path} holds ${files.length} files`, { hint: 'Say where to write them: --out DIR' });
  const settings = settingsOf(options.settings);
  const progress = progressLine(options.json === true || options.out === undefined);
  const series: SeriesColumns[] = [];
  for (const file of files) {
    progress.show(`reading ${basename(file)}`);
    const { first, second } = await readTwoColumns(file, options.time, options.value);
    series.push({ name: basename(file), timestamps: first, values: second });
  }
  progress.show(`scoring ${grouped(series.reduce((sum, { values }) => sum + values.length, 0))} rows`);
  const scored = options.horizonFree ? series.flatMap((one) => scoreFiles([one], settings)) : scoreFiles(series, settings);
  progress.end();
  if (options.out === undefined) {
    for (const one of scored) process.stdout.write(textOf(one));
    return scored.some(hasAlarm) ? 1 : 0;
  }
  mkdirSync(options.out, { recursive: true });
  for (const one of scored) writeFileSync(join(options.out, one.name.replace(/\.gz$/, '')), textOf(one));
  report(scored, options);
  return scored.some(hasAlarm) ? 1 : 0;
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) throw new WeirError('file_unreadable', `${path}: no such file or directory`, { place: path });
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path)
    .filter((name) => /\.csv(\.gz)?$/i.test(name))
    .sort();
  if (names.length === 0) throw new WeirError('file_unreadable', `${path}: holds no .csv file`, { place: path });
  return names.map((name) => join(path, name));
}

function settingsOf(file: string | undefined): ScoreSettings {
  if (file === undefined) return scoreSettings();
  try {
    return scoreSettings(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
  } catch (error) {
    throw new WeirError('config_invalid', `${file}: ${(error as Error).message}`, { place: file, cause: error });
  }
}

const hasAlarm = ({ alarm }: ScoredColumns): boolean => alarm.some((flag) => flag !== 0);

function textOf(scored: ScoredColumns): string {
  const lines = [SCORE_HEADER];
  for (let row = 0; row < scored.timestamps.length; row++) lines.push(scoreLine(scored, row));
  return `${lines.join('\n')}\n`;
}

/** Rows at which an alarm begins. */
const alarmsOf = ({ alarm }: ScoredColumns): number =>
  alarm.reduce<number>((sum, flag, row) => sum + (flag !== 0 && (row === 0 || alarm[row - 1] === 0) ? 1 : 0), 0);

function report(scored: readonly ScoredColumns[], options: ScoreOptions): void {
  const rows = scored.map((one) => ({
    file: one.name,
    rows: one.timestamps.length,
    alarms: alarmsOf(one),
    highest: one.score.reduce((most, value) => Math.max(most, value), 0),
  }));
  if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else {
    const right = true;
    process.stdout.write(
      `${table(
        [{ title: 'FILE' }, { title: 'ROWS', right }, { title: 'ALARMS', right }, { title: 'HIGHEST SCORE', right }],
        rows.map((row) => [row.file, row.rows, row.alarms, row.highest.toFixed(1)]),
      )}\n`,
    );
  }
}

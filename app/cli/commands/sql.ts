/** `weir sql "…"`: SQL as the analyst, who may only read, within limits. */
import { WeirError } from '../../../core/errors.ts';
import { analyst } from '../../../sql/analyst.ts';
import { openClickHouse } from '../../clickhouse.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, workplace } from '../options.ts';
import { type Cell, table } from '../print.ts';

interface SqlOptions extends CommonOptions {
  readonly csv?: boolean;
}

export const addSql: AddCommand = (program, exit) => {
  program
    .command('sql')
    .description('run SQL as the analyst (read-only); "DESCRIBE usage" explains every column')
    .argument('<query>', 'the query; - reads it from standard input')
    .option('--csv', 'print CSV with a header')
    .action(async (query: string, options: SqlOptions) => {
      await runSql(query === '-' ? await standardInput() : query, options);
      exit(0);
    });
};

async function runSql(query: string, options: SqlOptions): Promise<void> {
  if (query.trim() === '') throw new WeirError('usage', 'the query is empty', { hint: 'npx weir sql "SELECT * FROM accounting"' });
  const place = await workplace(options);
  const clickhouse = await openClickHouse(place.settings, place.directory);
  const { url, user, password } = clickhouse.analyst;
  const asking = analyst({ url, user, password });
  try {
    if (options.csv || options.json) {
      for await (const chunk of await asking.stream(query, options.csv ? 'CSVWithNames' : 'JSONEachRow')) process.stdout.write(chunk);
      return;
    }
    const { columns, rows } = await asking.ask(query);
    const numeric = /^(Nullable\()?(U?Int|Float|Decimal)/;
    process.stdout.write(
      `${table(
        columns.map(({ name, type }) => ({ title: name, right: numeric.test(type), width: 80 })),
        rows.map((row) =>
          row.map((value): Cell => (value !== null && typeof value === 'object' ? JSON.stringify(value) : (value as Cell))),
        ),
      )}\n`,
    );
    process.stderr.write(`${rows.length} row${rows.length === 1 ? '' : 's'}\n`);
  } finally {
    await asking.close();
    await clickhouse.stop();
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

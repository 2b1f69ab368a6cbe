/** Failed steps as CSV, line by line: for support to act on. */
import { csvLine } from '../cli/csv-line.ts';
import type { FailedStep } from './read.ts';

const columns = [
  'at',
  'customer',
  'order_id',
  'step',
  'stated',
  'error',
  'state',
  'attempts',
  'failures',
  'succeeded_at',
  'last_error',
  'last_at',
  'plan',
  'segment',
  'system',
  'actor',
] as const satisfies readonly (keyof FailedStep)[];

/** The head, then a line for each. Pseudonyms are quoted: a spreadsheet would round them. */
export async function* failedLines(rows: AsyncIterable<FailedStep>): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const row of rows) yield csvLine(columns.map((name) => (name === 'customer' ? `'${row[name]}` : (row[name] ?? ''))));
}

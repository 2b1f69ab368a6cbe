/** Rows of the feeds that are no usage: subscriptions, counters, credits, invoices, rates. */

/** One row by column name. Numbers are written as they are; texts with a comma are quoted. */
export type TableRow = Readonly<Record<string, string | number>>;

/**
 * A row as a line of CSV.
 * @example rowLine({ a: 1, b: 'x,y' }, ['b', 'a', 'c']) // '"x,y",1,'
 */
export function rowLine(row: TableRow, columns: readonly string[]): string {
  return columns
    .map((column) => {
      const value = row[column] ?? '';
      return typeof value === 'string' && value.includes(',') ? `"${value}"` : value;
    })
    .join(',');
}

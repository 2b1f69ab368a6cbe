/** Saves what a table shows as CSV. */
import { announce } from '../core/announce.ts';
import { type Column, saveCsv } from '../core/csv.ts';

interface CsvButtonProps<Row> {
  /** Of the file, without `.csv`. */
  readonly name: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
}

export function CsvButton<Row>({ name, rows, columns }: CsvButtonProps<Row>) {
  const click = (): void => {
    saveCsv(`weir-${name}`, rows, columns);
    announce(`${rows.length} rows saved as CSV.`);
  };
  return (
    <button type="button" class="quiet" disabled={rows.length === 0} onClick={click} title={`Save ${rows.length} rows as CSV`}>
      CSV<span class="hidden-visually"> of {name}</span>
    </button>
  );
}

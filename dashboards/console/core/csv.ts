/** Tables as CSV, made where they are shown: what is seen is what is saved. */

export interface Column<Row> {
  readonly name: string;
  readonly of: (row: Row) => unknown;
}

/**
 * One value. A text that a spreadsheet would take for a formula is kept a text.
 * @example csvValue('a "b"') // '"a ""b"""'
 * @example csvValue('=1+1') // "'=1+1"
 */
export function csvValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value === 'string' && /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @example csvOf([{ a: 1 }], [{ name: 'a', of: (row) => row.a }]) // 'a\r\n1\r\n' */
export function csvOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const lines = [columns.map(({ name }) => csvValue(name)), ...rows.map((row) => columns.map(({ of }) => csvValue(of(row))))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/** Hands a file to the browser's downloads. */
export function save(name: string, body: Blob): void {
  const url = URL.createObjectURL(body);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveCsv<Row>(name: string, rows: readonly Row[], columns: readonly Column<Row>[]): void {
  save(`${name}.csv`, new Blob([csvOf(rows, columns)], { type: 'text/csv;charset=utf-8' }));
}

/** CSV for people who open it in a spreadsheet. */

/** A line of CSV; texts that a spreadsheet would take for a formula are quoted. @example csvLine(['=1', 2, 'a"b']) // '"\'=1",2,"a""b"\n' */
export function csvLine(cells: readonly (string | number)[]): string {
  const shown = cells.map((cell) => {
    if (typeof cell === 'number' || /^-?\d+(\.\d+)?$/.test(cell)) return `${cell}`;
    const text = /^[=+@\t\r-]/.test(cell) ? `'${cell}` : cell;
    return `"${text.replaceAll('"', '""')}"`;
  });
  return `${shown.join(',')}\n`;
}

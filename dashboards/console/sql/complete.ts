/** Completes the name that stands before the cursor: tables, and columns of the tables that the statement names. */
import type { Table } from './use-tables.ts';

export interface Completed {
  readonly sql: string;
  /** Where the cursor goes. */
  readonly at: number;
  /** Other names that begin so, at most five. */
  readonly others: readonly string[];
}

/**
 * @returns undefined where nothing begins so
 * @example complete('SELECT * FROM usag', 18, [{ table: 'usage', comment: '', columns: [] }])?.sql // 'SELECT * FROM usage'
 */
export function complete(sql: string, at: number, tables: readonly Table[]): Completed | undefined {
  const begun = /[A-Za-z_]\w*$/.exec(sql.slice(0, at))?.[0] ?? '';
  if (begun === '') return undefined;
  const words = new Set(sql.match(/[A-Za-z_]\w*/g) ?? []);
  const named = tables.filter(({ table }) => words.has(table));
  const columns = named.flatMap((table) => table.columns.map(({ name }) => name));
  const afterFrom = /\b(from|join)\s+(weir\.)?\w*$/i.test(sql.slice(0, at));
  const names = tables.map(({ table }) => table);
  const all = [...new Set(afterFrom ? [...names, ...columns] : [...columns, ...names])];
  const found = all.filter((name) => name.startsWith(begun) && name !== begun);
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  return { sql: sql.slice(0, at - begun.length) + first + sql.slice(at), at: at - begun.length + first.length, others: others.slice(0, 5) };
}

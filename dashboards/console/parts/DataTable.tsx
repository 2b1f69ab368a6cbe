/** A table of rows: its columns say what is shown, and what is saved as CSV. */
import type { ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Column } from '../core/csv.ts';
import { useKeys } from '../core/keys.ts';

export interface ShownColumn<Row> extends Column<Row> {
  readonly title: string;
  /** What stands in the cell; default: the value. */
  readonly show?: (row: Row) => ComponentChildren;
  readonly number?: boolean;
  readonly nowrap?: boolean;
  /** Takes the whole width of a phone. */
  readonly wide?: boolean;
  /** Only in the CSV. */
  readonly hidden?: boolean;
  /** The cell that names its row. */
  readonly head?: boolean;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly ShownColumn<Row>[];
  readonly keyOf: (row: Row) => string;
  /** The chosen row, by its key. */
  readonly chosen?: string;
  /** j and k move between the links and buttons of the first column. */
  readonly keys?: boolean;
}

/** Moves the focus among what can be pressed in the head cells of a table. */
function focusIn(table: HTMLElement | null, by: number | 'first' | 'last'): void {
  const stops = [...(table?.querySelectorAll<HTMLElement>('tbody th :is(a, button)') ?? [])];
  if (stops.length === 0) return;
  const now = stops.indexOf(document.activeElement as HTMLElement);
  const at = by === 'first' ? 0 : by === 'last' ? stops.length - 1 : Math.max(0, Math.min(stops.length - 1, now + by));
  stops[now < 0 && typeof by === 'number' ? 0 : at]?.focus();
}

const noKeys = {};

export function DataTable<Row>({ label, rows, columns: all, keyOf, chosen, keys = false }: DataTableProps<Row>) {
  const columns = all.filter(({ hidden }) => !hidden);
  const table = useRef<HTMLTableElement>(null);
  const moves = useMemo(
    () => ({
      j: () => focusIn(table.current, 1),
      k: () => focusIn(table.current, -1),
      Home: () => focusIn(table.current, 'first'),
      End: () => focusIn(table.current, 'last'),
    }),
    [],
  );
  useKeys(keys ? moves : noKeys);
  const classOf = ({ number, nowrap, wide, head }: ShownColumn<Row>): string | undefined =>
    [number && 'number', nowrap && 'nowrap', wide && 'wide', head && 'subject'].filter(Boolean).join(' ') || undefined;
  return (
    <table class="stacking" ref={table} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col" class={column.number ? 'number' : undefined}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const key = keyOf(row);
          return (
            <tr key={key} class={chosen === key ? 'chosen' : undefined}>
              {columns.map((column) => {
                const content = column.show ? column.show(row) : String(column.of(row) ?? '');
                const name = classOf(column);
                return column.head ? (
                  <th key={column.name} scope="row" class={name}>
                    {content}
                  </th>
                ) : (
                  <td key={column.name} class={name} data-name={column.title}>
                    {content}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Rows of a named query as a table, with what each column is. */
import { type Column, type FieldType, type Frame, type FrameMeta, frameOf } from './frame.ts';

/** Name in the row, type, unit of Grafana, name on the panel. */
export type Shape = readonly [name: string, type: FieldType, unit?: string | undefined, display?: string | undefined];

/** A value as its type wants it; times are ms and 0 is none. */
function read(type: FieldType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'string') return String(value);
  if (type === 'boolean') return Boolean(Number(value));
  const number = Number(value);
  if (!Number.isFinite(number) || (type === 'time' && number === 0)) return null;
  return number;
}

/** Columns of the rows in the order of the shapes. */
export function shaped(rows: readonly object[], shapes: readonly Shape[]): Column[] {
  return shapes.map(([name, type, unit, display]) => {
    const config = { ...(unit ? { unit } : {}), ...(display ? { displayNameFromDS: display } : {}) };
    return {
      name,
      type,
      ...(Object.keys(config).length > 0 ? { config } : {}),
      values: rows.map((row) => read(type, (row as Record<string, unknown>)[name])),
    };
  });
}

/** @see shaped */
export function tableFrame(rows: readonly object[], shapes: readonly Shape[], meta: FrameMeta = {}): Frame {
  return frameOf(shaped(rows, shapes), { type: 'table', ...meta });
}

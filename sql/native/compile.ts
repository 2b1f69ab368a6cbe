/**
 * The inner loop: one function per kind that moves a record into columns, compiled from the column table (names of our own, never from
 * outside). A loop over column descriptions would cost V8 its fast property access at every value.
 *
 * Numbers come first because only they can be refused; texts follow when nothing can go wrong any more, so a refused record leaves
 * nothing behind but numbers, which are set back.
 */
import type { Columns, ColumnType, RecordOf } from '../../core/column.ts';
import { CodeColumn } from './code-column.ts';
import { LabelsColumn } from './labels-column.ts';
import { type EncodedColumn, type FixedArray, MeasureColumn, NumberColumn } from './number-column.ts';
import { TextColumn } from './text-column.ts';

/** Latest instant that is stored, in ms: the end of what DateTime, and so the rollups by minute and hour, can hold (2106-02-07). */
export const latestInstant = 4_294_967_295_999;

const largest = Number.MAX_SAFE_INTEGER;
const largestFloat32 = 3.4028234663852886e38;

/** Writes a row's values; returns the number of the refused column, or -1. */
export type Append<C extends Columns> = (record: RecordOf<C>, row: number) => number;

interface Shape {
  readonly make: (capacity: number) => EncodedColumn;
  /** The statements for one value: `v` is the value, `c` its column, `i` the row, `refuse` what to do when it cannot be stored. */
  readonly code: string;
  /** Can be refused. */
  readonly checked: boolean;
}

const number = (make: (length: number) => FixedArray, perRow = 1): ((capacity: number) => EncodedColumn) => {
  return (capacity) => new NumberColumn(make, capacity, perRow);
};

const fixed = (make: (capacity: number) => EncodedColumn, isWrong: string, store = 'c.data[i] = v;'): Shape => ({
  make,
  checked: true,
  code: `if (v !== 0) { if (${isWrong}) refuse; if (!c.used) c.use(); ${store} }`,
});

const halves = (length: number): FixedArray => new Uint32Array(length);
const storeHalves = 'c.data[i + i] = v >>> 0; c.data[i + i + 1] = Math.floor(v / 4294967296);';

const shapes: { readonly [T in Exclude<ColumnType, 'transient'>]: Shape } = {
  uint8: fixed(
    number((length) => new Uint8Array(length)),
    '(v & 255) !== v',
  ),
  uint16: fixed(
    number((length) => new Uint16Array(length)),
    '(v & 65535) !== v',
  ),
  uint32: fixed(
    number((length) => new Uint32Array(length)),
    '(v >>> 0) !== v',
  ),
  int16: fixed(
    number((length) => new Int16Array(length)),
    '((v << 16) >> 16) !== v',
  ),
  int32: fixed(
    number((length) => new Int32Array(length)),
    '(v | 0) !== v',
  ),
  uint64: fixed(number(halves, 2), `!(v > 0 && v <= ${largest} && Math.floor(v) === v)`, storeHalves),
  money: fixed(number(halves, 2), `!(v >= ${-largest} && v <= ${largest} && Math.floor(v) === v)`, storeHalves),
  instant: fixed(number(halves, 2), `!(v > 0 && v <= ${latestInstant} && Math.floor(v) === v)`, storeHalves),
  float: fixed(
    number((length) => new Float64Array(length)),
    'v - v !== 0',
  ),
  hash: {
    make: number((length) => new BigUint64Array(length)),
    checked: true,
    code: 'if (v !== 0n) { if (BigInt.asUintN(64, v) !== v) refuse; if (!c.used) c.use(); c.data[i] = v; }',
  },
  measure: {
    make: (capacity) => new MeasureColumn(capacity),
    checked: true,
    code: `if (v !== null) { if (!(v >= ${-largestFloat32} && v <= ${largestFloat32})) refuse; if (!c.used) c.use(); c.absent[i] = 0; c.data[i] = v; }`,
  },
  flag: {
    make: number((length) => new Uint8Array(length)),
    checked: false,
    code: 'if (v === true) { if (!c.used) c.use(); c.data[i] = 1; }',
  },
  code: {
    make: (capacity) => new CodeColumn(capacity),
    checked: false,
    code: "if (v !== '') { if (!c.used) c.use(); c.data[i] = v === c.last ? c.lastNumber : c.numberOf(v); }",
  },
  text: { make: () => new TextColumn(), checked: false, code: 'c.put(v, i);' },
  bytes: { make: () => new TextColumn(), checked: false, code: 'c.putBytes(v, i);' },
  labels: { make: (capacity) => new LabelsColumn(capacity), checked: false, code: 'c.put(v, i);' },
};

export interface CompiledColumns<C extends Columns> {
  /** The stored columns of the kind, in table order. */
  readonly columns: readonly { readonly name: string; readonly type: Exclude<ColumnType, 'transient'>; readonly column: EncodedColumn }[];
  readonly append: Append<C>;
  /** Takes back what a refused record wrote into the row. */
  readonly undo: (row: number) => void;
}

/** Columns for `capacity` rows and the function that fills them. */
export function compileColumns<C extends Columns>(table: C, capacity: number): CompiledColumns<C> {
  const stored = Object.entries(table).flatMap(([name, { type }]) => (type === 'transient' ? [] : [{ name, type }]));
  const columns = stored.map(({ name, type }) => ({ name, type, column: shapes[type].make(capacity) }));
  const statements = columns.map(({ name, type }, index) => {
    const body = shapes[type].code.replaceAll('c.', `c${index}.`).replaceAll('refuse', `return ${index}`);
    return { checked: shapes[type].checked, source: `{ const v = r.${name}; ${body} }` };
  });
  const ordered = [...statements.filter(({ checked }) => checked), ...statements.filter(({ checked }) => !checked)].map(
    ({ source }) => source,
  );
  const names = columns.map((_, index) => `c${index}`);
  const make = new Function(...names, `return (r, i) => {\n${ordered.join('\n')}\nreturn -1;\n};`) as (
    ...columns: EncodedColumn[]
  ) => Append<C>;
  const append = make(...columns.map(({ column }) => column));
  const undo = (row: number): void => {
    for (const { column } of columns) {
      if (column.used && (column instanceof NumberColumn || column instanceof MeasureColumn)) column.zero(row, row + 1);
    }
  };
  return { columns, append, undo };
}

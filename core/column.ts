/**
 * One description per column of a record kind. From it come the record in memory, the Native block, the
 * check against the migrations, the data model page and the fields that a mapping may fill.
 *
 * | type | in a record | in ClickHouse |
 * |---|---|---|
 * | code | string, few distinct values | LowCardinality(String) |
 * | text | string | String |
 * | hash | bigint, 64 bits unsigned, 0n = unknown | UInt64 |
 * | instant | number, ms since 1970 UTC, 0 = unknown | DateTime64(3, 'UTC') |
 * | uint8 … uint32, int16, int32 | number | UInt8 … |
 * | uint64 | number, at most 2^53 - 1 | UInt64 |
 * | float | number | Float64 |
 * | measure | number or null (not measured) | Nullable(Float32) |
 * | money | number of micro-units, a safe integer | Decimal(18, 6) |
 * | flag | boolean | Bool |
 * | labels | [name, value][] or null | Map(LowCardinality(String), String) |
 * | bytes | Uint8Array, kept as it is | String |
 * | transient | string, never stored | none: a step turns it into other columns and empties it |
 */
export type ColumnType =
  | 'code'
  | 'text'
  | 'hash'
  | 'instant'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'int16'
  | 'int32'
  | 'float'
  | 'measure'
  | 'money'
  | 'flag'
  | 'labels'
  | 'bytes'
  | 'transient';

export interface ColumnOf<T extends ColumnType = ColumnType> {
  readonly type: T;
  /** The comment that `DESCRIBE` shows: what it is and its unit. */
  readonly comment: string;
}

/** Columns by their SQL name, in table order. */
export type Columns = Readonly<Record<string, ColumnOf>>;

export interface ValueOf {
  code: string;
  text: string;
  hash: bigint;
  instant: number;
  uint8: number;
  uint16: number;
  uint32: number;
  uint64: number;
  int16: number;
  int32: number;
  float: number;
  measure: number | null;
  money: number;
  flag: boolean;
  labels: readonly (readonly [string, string])[] | null;
  bytes: Uint8Array;
  transient: string;
}

/** The record of a kind: one property per column under its SQL name, mutable because it is reused. */
export type RecordOf<C extends Columns> = { -readonly [K in keyof C]: ValueOf[C[K]['type']] };

/** A record kind: the table it is stored in, and its columns. */
export interface Kind<C extends Columns = Columns> {
  /** The word used in settings: `kind: usage`. */
  readonly name: string;
  /** The table in the database `weir`. */
  readonly table: string;
  /** One sentence for the documentation. */
  readonly comment: string;
  readonly columns: C;
  /** Columns without which a record is rejected. */
  readonly required: readonly string[];
}

const storage: { readonly [T in ColumnType]: string } = {
  code: 'LowCardinality(String)',
  text: 'String',
  hash: 'UInt64',
  instant: "DateTime64(3, 'UTC')",
  uint8: 'UInt8',
  uint16: 'UInt16',
  uint32: 'UInt32',
  uint64: 'UInt64',
  int16: 'Int16',
  int32: 'Int32',
  float: 'Float64',
  measure: 'Nullable(Float32)',
  money: 'Decimal(18, 6)',
  flag: 'Bool',
  labels: 'Map(LowCardinality(String), String)',
  bytes: 'String',
  transient: '',
};

/**
 * The ClickHouse type of a column; empty for a transient one.
 * @example storageType('money') // 'Decimal(18, 6)'
 */
export function storageType(type: ColumnType): string {
  return storage[type];
}

const column =
  <T extends ColumnType>(type: T): ((comment: string) => ColumnOf<T>) =>
  (comment) => ({ type, comment });

export const code: (comment: string) => ColumnOf<'code'> = column('code');
export const text: (comment: string) => ColumnOf<'text'> = column('text');
export const hash: (comment: string) => ColumnOf<'hash'> = column('hash');
export const instant: (comment: string) => ColumnOf<'instant'> = column('instant');
export const uint8: (comment: string) => ColumnOf<'uint8'> = column('uint8');
export const uint16: (comment: string) => ColumnOf<'uint16'> = column('uint16');
export const uint32: (comment: string) => ColumnOf<'uint32'> = column('uint32');
export const uint64: (comment: string) => ColumnOf<'uint64'> = column('uint64');
export const int16: (comment: string) => ColumnOf<'int16'> = column('int16');
export const int32: (comment: string) => ColumnOf<'int32'> = column('int32');
export const float: (comment: string) => ColumnOf<'float'> = column('float');
export const measure: (comment: string) => ColumnOf<'measure'> = column('measure');
export const money: (comment: string) => ColumnOf<'money'> = column('money');
export const flag: (comment: string) => ColumnOf<'flag'> = column('flag');
export const labels: (comment: string) => ColumnOf<'labels'> = column('labels');
export const bytes: (comment: string) => ColumnOf<'bytes'> = column('bytes');
export const transient: (comment: string) => ColumnOf<'transient'> = column('transient');

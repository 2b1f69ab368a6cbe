/** Builds the blocks that are stored: records in, one block in ClickHouse's Native format out. The hottest code of the product. */
import { type Columns, type Kind, type RecordOf, storageType } from '../../core/column.ts';
import { batchColumns } from '../batch-columns.ts';
import { type Output, putArray, putString, putVarint, stringSize, varintSize } from './bytes.ts';
import { ConstantCodeColumn } from './code-column.ts';
import { compileColumns } from './compile.ts';
import type { EncodedColumn } from './number-column.ts';
import { recordIdPrefix } from './record-id.ts';

/** What is the same for all rows of a batch. */
export interface BatchConstants {
  readonly tenant: string;
  readonly source: string;
  readonly partition: string;
  /** File name without directories; empty = not from a file. */
  readonly file: string;
  /** When the batch is built, ms since 1970 UTC. */
  readonly ingestTime: number;
}

export interface BlockBuilder<C extends Columns = Columns> {
  readonly kind: Kind<C>;
  /** Rows that a block may have. */
  readonly capacity: number;
  /** Rows in the block so far. */
  readonly rows: number;
  /** The column for which the last refused record was refused. */
  readonly fault: string;
  /**
   * Adds a record. Its values are copied, so it may be reused. Returns false, and adds nothing, when a number cannot be stored as
   * the column's type: not finite, not whole, out of range, an instant before 1970 or after 2106-02-07. Nothing is clamped. The
   * pipeline rejects such a record as `impossible_value` with `fault` as its field. Lone surrogates become U+FFFD.
   * Throws RangeError when the block is full or was never given its constants.
   * @param position position within the partition, a whole number from 0
   */
  append(record: RecordOf<C>, position: number): boolean;
  /** The block as bytes of its own, which the builder does not touch again. Columns whose every value is the default are left out. */
  encode(): Uint8Array;
  /** Empties the builder for the next batch. Memory is kept. */
  reset(constants: BatchConstants): void;
}

/**
 * A builder for blocks of one kind. Takes memory as columns come into use: about 15 MB for 50,000 usage records.
 * @param capacity largest number of rows, at least 1
 */
export function newBlockBuilder<C extends Columns>(kind: Kind<C>, capacity: number): BlockBuilder<C> {
  if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`capacity ${capacity}`);
  const { columns, append, undo } = compileColumns(kind.columns, capacity);
  const batch = new BatchPart(capacity);
  const all: readonly NamedColumn[] = [
    ...batch.columns,
    ...columns.map(({ name, type, column }) => ({ column, header: headerOf(name, storageType(type)) })),
  ];
  let rows = 0;
  let fault = '';
  return {
    kind,
    capacity,
    get rows() {
      return rows;
    },
    get fault() {
      return fault;
    },
    append(record, position) {
      if (rows >= batch.room) throw new RangeError(batch.room === 0 ? 'reset() gives a block its constants first' : 'the block is full');
      const refused = position >= 0 && Number.isSafeInteger(position) ? append(record, rows) : columns.length;
      if (refused >= 0) {
        fault = columns[refused]?.name ?? 'position';
        undo(rows);
        return false;
      }
      batch.positions[rows * 2] = position >>> 0;
      batch.positions[rows * 2 + 1] = Math.floor(position / 4294967296);
      rows++;
      return true;
    },
    encode: () => encodeBlock(all, rows),
    reset(constants) {
      for (const { column } of columns) column.clear(rows);
      batch.set(constants);
      rows = 0;
      fault = '';
    },
  };
}

interface NamedColumn {
  readonly column: EncodedColumn;
  /** Name and type as they stand before the column's data. */
  readonly header: Buffer;
}

function headerOf(name: string, type: string): Buffer {
  const output: Output = { bytes: Buffer.alloc(stringSize(name) + stringSize(type)), at: 0 };
  putString(output, name);
  putString(output, type);
  return output.bytes;
}

function encodeBlock(columns: readonly NamedColumn[], rows: number): Uint8Array {
  const present = rows === 0 ? [] : columns.filter(({ column }) => column.used);
  let size = varintSize(present.length) + varintSize(rows);
  for (const { column, header } of present) size += header.length + column.size(rows);
  const output: Output = { bytes: Buffer.allocUnsafeSlow(size), at: 0 };
  output.at = putVarint(output.bytes, 0, present.length);
  output.at = putVarint(output.bytes, output.at, rows);
  for (const { column, header } of present) {
    output.bytes.set(header, output.at);
    output.at += header.length;
    column.write(output, rows);
  }
  if (output.at !== size) throw new RangeError(`block of ${size} bytes has ${output.at}`);
  return output.bytes;
}

/** The batch columns: constants, and what follows from the position. */
class BatchPart {
  readonly columns: readonly NamedColumn[];
  /** Positions as halves of UInt64, the lower first. */
  readonly positions: Uint32Array;
  /** Rows that may be added: none until the constants are known. */
  room = 0;
  readonly #capacity: number;
  readonly #codes: Readonly<Record<'tenant' | 'source' | 'partition' | 'file', ConstantCodeColumn>> = {
    tenant: new ConstantCodeColumn(),
    source: new ConstantCodeColumn(),
    partition: new ConstantCodeColumn(),
    file: new ConstantCodeColumn(),
  };
  #prefix = 0n;
  #ingestTime = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.positions = new Uint32Array(capacity * 2);
    const byName: Readonly<Record<string, EncodedColumn>> = {
      ...this.#codes,
      position: derived(8, (output, rows) => putArray(output, this.positions, rows * 2)),
      record_id: derived(16, (output, rows) => this.#putIds(output, rows)),
      ingest_time: derived(8, (output, rows) => putArray(output, new BigInt64Array(rows).fill(BigInt(this.#ingestTime)), rows)),
    };
    this.columns = Object.entries(batchColumns).map(([name, { type }]) => {
      const column = byName[name];
      if (column === undefined) throw new TypeError(`batch column ${name} has no value`);
      return { column, header: headerOf(name, type) };
    });
  }

  set(constants: BatchConstants): void {
    this.#codes.tenant.set(constants.tenant);
    this.#codes.source.set(constants.source);
    this.#codes.partition.set(constants.partition);
    this.#codes.file.set(constants.file);
    this.#prefix = recordIdPrefix(constants.tenant, constants.source, constants.partition);
    this.#ingestTime = constants.ingestTime;
    this.room = this.#capacity;
  }

  /** A UUID is two UInt64, the first half of its text first. */
  #putIds(output: Output, rows: number): void {
    const ids = new BigUint64Array(rows * 2);
    const halves = new Uint32Array(ids.buffer);
    for (let row = 0; row < rows; row++) {
      ids[row * 2] = this.#prefix;
      halves[row * 4 + 2] = this.positions[row * 2]!;
      halves[row * 4 + 3] = this.positions[row * 2 + 1]!;
    }
    putArray(output, ids, rows * 2);
  }
}

function derived(width: number, write: (output: Output, rows: number) => void): EncodedColumn {
  return { used: true, size: (rows) => rows * width, write, clear: () => undefined };
}

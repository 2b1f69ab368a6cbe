/** Random records through the builder and a real server come back equal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Columns, ColumnType, Kind, RecordOf } from '../../core/column.ts';
import { kinds, reject } from '../../core/kinds/index.ts';
import { newRecord } from '../../core/record.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { newBlockBuilder } from './builder.ts';
import { latestInstant } from './compile.ts';
import { recordId, recordIdPrefix } from './record-id.ts';

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  fc.constantFrom('voice', "it's", '\\', '\0', '\n\n', '😀', 'ü'.repeat(200), 'x'.repeat(127), 'x'.repeat(128), 'y'.repeat(20_000)),
);
const whole = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constant(0), fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, Number.MAX_SAFE_INTEGER) }));

const values: Readonly<Record<Exclude<ColumnType, 'transient'>, fc.Arbitrary<unknown>>> = {
  code: text,
  text,
  bytes: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 300 })),
  hash: fc.oneof(fc.constant(0n), fc.constant(2n ** 64n - 1n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  instant: whole(0, latestInstant),
  uint8: whole(0, 255),
  uint16: whole(0, 65_535),
  uint32: whole(0, 4_294_967_295),
  uint64: whole(0, Number.MAX_SAFE_INTEGER),
  int16: whole(-32_768, 32_767),
  int32: whole(-2_147_483_648, 2_147_483_647),
  float: fc.oneof(fc.constant(0), fc.double({ noNaN: true, noDefaultInfinity: true })),
  measure: fc.oneof(fc.constant(null), fc.constant(0), fc.float({ noNaN: true, noDefaultInfinity: true })),
  money: whole(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  flag: fc.boolean(),
  labels: fc.oneof(fc.constant(null), fc.uniqueArray(fc.tuple(text, text), { maxLength: 5, selector: ([name]) => name })),
};

/** What a query reads of a column, as text that is exact. */
const readers: Readonly<Record<Exclude<ColumnType, 'transient'>, (column: string) => string>> = {
  code: (c) => `hex(toString(${c}))`,
  text: (c) => `hex(${c})`,
  bytes: (c) => `hex(${c})`,
  hash: (c) => `toString(${c})`,
  instant: (c) => `toString(toUnixTimestamp64Milli(${c}))`,
  uint8: (c) => `toString(${c})`,
  uint16: (c) => `toString(${c})`,
  uint32: (c) => `toString(${c})`,
  uint64: (c) => `toString(${c})`,
  int16: (c) => `toString(${c})`,
  int32: (c) => `toString(${c})`,
  float: (c) => `toString(reinterpretAsUInt64(${c}))`,
  measure: (c) => `if(isNull(${c}), 'none', toString(reinterpretAsUInt32(assumeNotNull(${c}))))`,
  money: (c) => `toString(toInt128(toDecimal128(${c}, 6) * 1000000))`,
  flag: (c) => `toString(toUInt8(${c}))`,
  labels: (c) => `arrayStringConcat(arrayMap((k, v) -> hex(toString(k)) || '=' || hex(v), mapKeys(${c}), mapValues(${c})), ',')`,
};

const hex = (value: string): string => Buffer.from(value).toString('hex').toUpperCase();

function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  return view.getBigUint64(0).toString();
}

function bits32(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0).toString();
}

function expected(type: Exclude<ColumnType, 'transient'>, value: unknown): string {
  switch (type) {
    case 'code':
    case 'text':
      return hex(value as string);
    case 'bytes':
      return Buffer.from(value as Uint8Array)
        .toString('hex')
        .toUpperCase();
    case 'float':
      return bits(value as number);
    case 'measure':
      return value === null ? 'none' : bits32(value as number);
    case 'flag':
      return value === true ? '1' : '0';
    case 'labels':
      return ((value ?? []) as [string, string][]).map(([k, v]) => `${hex(k)}=${hex(v)}`).join(',');
    default:
      return String(value === 0 ? 0 : value);
  }
}

describe('records through a block', () => {
  const clickhouse = withClickHouse();
  let run = 0;

  it.each([...kinds, reject].map((kind) => [kind.name, kind] as const))('%s comes back equal', async (_, kind: Kind) => {
    const columns = Object.entries(kind.columns).flatMap(([name, { type }]) => (type === 'transient' ? [] : [{ name, type }]));
    const record = fc.record(Object.fromEntries(columns.map(({ name, type }) => [name, values[type]])));
    const builder = newBlockBuilder(kind, 300);
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 40 }), fc.boolean(), async (records, many) => {
        const partition = `run ${run++}`;
        const file = many ? '' : 'a.csv';
        builder.reset({ tenant: 'test', source: 'ü source', partition, file, ingestTime: 1_790_000_000_123 });
        const row = newRecord(kind);
        // More than 256 rows, so that dictionaries of two bytes are met.
        const all = many ? Array.from({ length: 300 }, (_, index) => records[index % records.length] ?? {}) : records;
        all.forEach((values, index) => {
          Object.assign(row, values);
          if (many) distinguish(row, kind, index);
          expect(builder.append(row as RecordOf<Columns>, index * 20_000_000_000)).toBe(true);
        });
        await clickhouse.store.insertBlock(kind.table, builder.encode(), partition);
        const fields = columns.map(({ name, type }) => `${readers[type](`\`${name}\``)} AS \`_${name}\``);
        const stored = await clickhouse.store.select<Record<string, string>>(
          `SELECT toString(position) AS _position, toString(record_id) AS _id, tenant || '/' || source || '/' || file AS _origin, toString(toUnixTimestamp64Milli(ingest_time)) AS _ingest, ${fields.join(', ')} FROM ${kind.table} WHERE partition = {partition:String} ORDER BY position`,
          { partition },
        );
        const prefix = recordIdPrefix('test', 'ü source', partition);
        const wanted = all.map((values, index) => {
          Object.assign(row, values);
          if (many) distinguish(row, kind, index);
          const own: Record<string, string> = {
            _position: String(index * 20_000_000_000),
            _id: recordId(prefix, index * 20_000_000_000),
            _origin: `test/ü source/${file}`,
            _ingest: '1790000000123',
          };
          for (const { name, type } of columns) own[`_${name}`] = expected(type, (row as Record<string, unknown>)[name]);
          return own;
        });
        expect(stored).toEqual(wanted);
      }),
      { numRuns: 6 },
    );
  });
});

/** Gives the first code column of the row a value of its own. */
function distinguish(row: RecordOf<Columns>, kind: Kind, index: number): void {
  const name = Object.entries(kind.columns).find(([, { type }]) => type === 'code')?.[0];
  if (name !== undefined) (row as Record<string, unknown>)[name] = `value ${index}`;
}

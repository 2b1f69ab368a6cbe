import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  code,
  flag,
  float,
  hash,
  instant,
  int16,
  int32,
  type Kind,
  labels,
  measure,
  money,
  type RecordOf,
  text,
  transient,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../../core/column.ts';
import { usage } from '../../core/kinds/index.ts';
import { newRecord } from '../../core/record.ts';
import { type BlockBuilder, newBlockBuilder } from './builder.ts';
import { latestInstant } from './compile.ts';
import { recordId, recordIdPrefix } from './record-id.ts';

const kindOf = <C extends Kind['columns']>(columns: C): Kind<C> => ({ name: 'k', table: 'k', comment: '', columns, required: [] });
const constants = { tenant: 't', source: 's', partition: 'p', file: '', ingestTime: 1 };

const string = (value: string): number[] => [Buffer.byteLength(value), ...Buffer.from(value)];
const u64 = (value: bigint): number[] => [...Buffer.from(new BigUint64Array([value]).buffer)];
const lowCardinality = (keys: string[], numbers: number[]): number[] => [
  ...u64(1n),
  ...u64(0x600n),
  ...u64(BigInt(keys.length)),
  ...keys.flatMap(string),
  ...u64(BigInt(numbers.length)),
  ...numbers,
];

/** The batch columns of a block whose positions are small. */
function batchPart(positions: number[]): number[] {
  const constant = (name: string, value: string): number[] => [
    ...string(name),
    ...string('LowCardinality(String)'),
    ...lowCardinality(
      [value],
      positions.map(() => 0),
    ),
  ];
  const prefix = recordIdPrefix('t', 's', 'p');
  return [
    ...constant('tenant', 't'),
    ...constant('source', 's'),
    ...constant('partition', 'p'),
    ...string('position'),
    ...string('UInt64'),
    ...positions.flatMap((position) => u64(BigInt(position))),
    ...string('record_id'),
    ...string('UUID'),
    ...positions.flatMap((position) => [...u64(prefix), ...u64(BigInt(position))]),
    ...string('ingest_time'),
    ...string("DateTime64(3, 'UTC')"),
    ...positions.flatMap(() => u64(1n)),
  ];
}

function built<C extends Kind['columns']>(columns: C, rows: Partial<Record<keyof C, unknown>>[]): number[] {
  const kind = kindOf(columns);
  const builder = newBlockBuilder(kind, 10);
  builder.reset(constants);
  rows.forEach((values, index) => {
    const record = Object.assign(newRecord(kind), values);
    expect(builder.append(record, index)).toBe(true);
  });
  return [...builder.encode()];
}

describe('a block', () => {
  it('without rows is two zeros', () => {
    expect(built({ a: uint8('') }, [])).toEqual([0, 0]);
  });

  it('leaves out columns whose every value is the default', () => {
    const columns = { a: uint8(''), b: text(''), c: code(''), d: measure(''), e: labels(''), f: hash(''), g: transient('') };
    expect(built(columns, [{}, { g: 'never stored' }])).toEqual([6, 2, ...batchPart([0, 1])]);
  });

  it.each([
    ['uint8', uint8(''), 'UInt8', 255, [255]],
    ['uint16', uint16(''), 'UInt16', 258, [2, 1]],
    ['uint32', uint32(''), 'UInt32', 4294967295, [255, 255, 255, 255]],
    ['int16', int16(''), 'Int16', -2, [254, 255]],
    ['int32', int32(''), 'Int32', -2, [254, 255, 255, 255]],
    ['uint64', uint64(''), 'UInt64', 2 ** 33 + 1, [1, 0, 0, 0, 2, 0, 0, 0]],
    ['float', float(''), 'Float64', 1.5, [0, 0, 0, 0, 0, 0, 248, 63]],
    ['hash', hash(''), 'UInt64', 2n ** 64n - 2n, [254, 255, 255, 255, 255, 255, 255, 255]],
    ['money', money(''), 'Decimal(18, 6)', -1, [255, 255, 255, 255, 255, 255, 255, 255]],
    ['money', money(''), 'Decimal(18, 6)', -4294967297, [255, 255, 255, 255, 254, 255, 255, 255]],
    ['instant', instant(''), "DateTime64(3, 'UTC')", 4294967296, [0, 0, 0, 0, 1, 0, 0, 0]],
    ['flag', flag(''), 'Bool', true, [1]],
  ])('writes %s', (_, column, type, value, bytes) => {
    expect(built({ a: column }, [{}, { a: value }])).toEqual([
      7,
      2,
      ...batchPart([0, 1]),
      ...string('a'),
      ...string(type),
      ...bytes.map(() => 0),
      ...bytes,
    ]);
  });

  it('writes text with its length in bytes', () => {
    const long = 'é'.repeat(100);
    expect(built({ a: text('') }, [{}, { a: 'aé' }, {}, { a: long }])).toEqual([
      7,
      4,
      ...batchPart([0, 1, 2, 3]),
      ...string('a'),
      ...string('String'),
      0,
      3,
      97,
      0xc3,
      0xa9,
      0,
      200,
      1,
      ...Buffer.from(long),
    ]);
  });

  it('writes codes as a dictionary and numbers', () => {
    expect(built({ a: code('') }, [{}, { a: 'x' }, { a: 'yy' }, { a: 'x' }])).toEqual([
      7,
      4,
      ...batchPart([0, 1, 2, 3]),
      ...string('a'),
      ...string('LowCardinality(String)'),
      ...lowCardinality(['', 'x', 'yy'], [0, 1, 2, 1]),
    ]);
  });

  it('writes what was not measured as null', () => {
    expect(built({ a: measure('') }, [{}, { a: 1.5 }, { a: 0 }])).toEqual([
      7,
      3,
      ...batchPart([0, 1, 2]),
      ...string('a'),
      ...string('Nullable(Float32)'),
      1,
      0,
      0,
      ...[0, 0, 0, 0],
      ...[0, 0, 192, 63],
      ...[0, 0, 0, 0],
    ]);
  });

  it('writes labels as ends, names and values', () => {
    const rows = [
      {},
      { a: [['n', 'v']] },
      { a: [] },
      {
        a: [
          ['m', ''],
          ['n', 'w'],
        ],
      },
    ];
    expect(built({ a: labels('') }, rows)).toEqual([
      7,
      4,
      ...batchPart([0, 1, 2, 3]),
      ...string('a'),
      ...string('Map(LowCardinality(String), String)'),
      ...u64(1n),
      ...[0n, 1n, 1n, 3n].flatMap(u64),
      ...lowCardinality(['', 'n', 'm'], [1, 2, 1]).slice(8),
      ...string('v'),
      ...string(''),
      ...string('w'),
    ]);
  });
});

describe('a value that cannot be stored', () => {
  it.each([
    ['uint8', [-1, 256, 0.5, Number.NaN, Number.POSITIVE_INFINITY]],
    ['uint16', [-1, 65536, 1.5, Number.NaN]],
    ['uint32', [-1, 2 ** 32, 1.5, Number.NaN]],
    ['int16', [-32769, 32768, 0.5, Number.NaN]],
    ['int32', [-(2 ** 31) - 1, 2 ** 31, 0.5, Number.NaN]],
    ['uint64', [-1, 2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY]],
    ['money', [0.5, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY]],
    ['instant', [-1, 0.5, latestInstant + 1, Number.NaN]],
    ['float', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['measure', [Number.NaN, Number.POSITIVE_INFINITY, 3.5e38]],
    ['hash', [-1n, 2n ** 64n]],
  ] as const)('%s is refused and leaves nothing behind', (type, values) => {
    const columns = { first: uint32(''), name: code(''), note: text(''), bad: { type, comment: '' }, more: measure('') };
    const kind = kindOf(columns);
    const good = (builder: ReturnType<typeof newBlockBuilder<typeof columns>>, position: number): boolean =>
      builder.append({ first: 7, name: 'n', note: 'x', bad: (type === 'hash' ? 3n : 3) as never, more: 2 }, position);
    for (const value of values) {
      const builder = newBlockBuilder(kind, 3);
      builder.reset(constants);
      good(builder, 0);
      expect(builder.append({ first: 9, name: 'other', note: 'y', bad: value as never, more: 1 }, 1)).toBe(false);
      expect(builder.fault).toBe('bad');
      expect(builder.rows).toBe(1);
      const zero = (type === 'hash' ? 0n : type === 'measure' ? null : 0) as never;
      builder.append({ first: 0, name: '', note: '', bad: zero, more: null }, 2);
      const clean = newBlockBuilder(kind, 3);
      clean.reset(constants);
      good(clean, 0);
      clean.append({ first: 0, name: '', note: '', bad: zero, more: null }, 2);
      expect(Buffer.from(builder.encode()).equals(clean.encode())).toBe(true);
    }
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('the position %s is refused', (position) => {
    const builder = newBlockBuilder(kindOf({ a: uint8('') }), 2);
    builder.reset(constants);
    expect(builder.append({ a: 1 }, position)).toBe(false);
    expect(builder.fault).toBe('position');
    expect(builder.encode()).toEqual(Buffer.from([0, 0]));
  });
});

describe('a builder', () => {
  it('says when it is full or was not given its constants', () => {
    const builder = newBlockBuilder(kindOf({ a: uint8('') }), 1);
    expect(() => builder.append({ a: 1 }, 0)).toThrow(RangeError);
    builder.reset(constants);
    builder.append({ a: 1 }, 0);
    expect(() => builder.append({ a: 1 }, 1)).toThrow(RangeError);
  });

  it('gives bytes that the next batch does not change, and forgets the batch before', () => {
    const columns = { a: uint32(''), b: text(''), c: code(''), d: hash(''), e: measure(''), f: labels(''), g: flag('') };
    const kind = kindOf(columns);
    const row = fc.record({
      a: fc.nat(),
      b: fc.string(),
      c: fc.constantFrom('', 'x', 'y'),
      d: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      e: fc.option(fc.float({ noNaN: true, noDefaultInfinity: true })),
      f: fc.option(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 })),
      g: fc.boolean(),
    });
    const rows = fc.array(row, { maxLength: 8 });
    const fill = (builder: BlockBuilder<typeof columns>, values: readonly RecordOf<typeof columns>[]): Uint8Array => {
      builder.reset(constants);
      for (const [index, value] of values.entries()) expect(builder.append(value, index)).toBe(true);
      return builder.encode();
    };
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const builder = newBlockBuilder(kind, 8);
        const before = fill(builder, first);
        const kept = Buffer.from(before);
        const after = fill(builder, second);
        expect(kept.equals(before)).toBe(true);
        expect(Buffer.from(after).equals(fill(newBlockBuilder(kind, 8), second))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes dictionaries beyond one and two bytes', () => {
    const kind = kindOf({ a: code('') });
    const builder = newBlockBuilder(kind, 70_000);
    for (const [count, width] of [
      [255, 1],
      [256, 2],
      [65_535, 2],
      [65_536, 4],
    ] as const) {
      builder.reset(constants);
      for (let index = 0; index < count; index++) builder.append({ a: `v${index}` }, index);
      const bytes = Buffer.from(builder.encode());
      const last = bytes.readUIntLE(bytes.length - width, width);
      expect(last).toBe(count);
    }
  });

  it('takes less than 30 MB for 50,000 usage records', () => {
    const record = newRecord(usage);
    for (const [name, { type }] of Object.entries(usage.columns)) {
      const values = record as Record<string, unknown>;
      if (type === 'code' || type === 'text') values[name] = 'a value';
      else if (type === 'hash') values[name] = 5n;
      else if (type === 'flag') values[name] = true;
      else if (type !== 'transient') values[name] = 5;
    }
    const before = process.memoryUsage().arrayBuffers;
    const own = newBlockBuilder(usage, 50_000);
    own.reset(constants);
    for (let position = 0; position < 50_000; position++) own.append(record, position);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30e6);
    expect(own.rows).toBe(50_000);
  });
});

describe('record ids', () => {
  it('are the prefix and the position', () => {
    expect(recordId(1n, 255)).toBe('00000000-0000-0001-0000-0000000000ff');
    expect(recordIdPrefix('ab', 'c', 'd')).not.toBe(recordIdPrefix('a', 'bc', 'd'));
  });
});

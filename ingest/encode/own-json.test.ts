import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnType } from '../../core/column.ts';
import type { RecordSink } from '../../core/decoder.ts';
import { kinds } from '../../core/kinds/index.ts';
import { newRecord } from '../../core/record.ts';
import { presetNamed } from '../decode/index.ts';
import { formatOfOwnJson, ownJson } from './own-json.ts';

const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((one) => one.trim() === one && Buffer.from(one).toString() === one);

/** Values that a record may hold once it has been read. */
const valuesOf: { readonly [Type in ColumnType]: fc.Arbitrary<unknown> } = {
  code: word,
  text: word,
  transient: word,
  hash: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  instant: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4_294_967_295_000 })),
  uint8: fc.nat(255),
  uint16: fc.nat(65_535),
  uint32: fc.integer({ min: 0, max: 4_294_967_295 }),
  uint64: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  int32: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  float: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((value) => value / 1000),
  measure: fc.option(fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 100)),
  money: fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }),
  flag: fc.boolean(),
  labels: fc
    .dictionary(
      word.filter((one) => one !== '' && one !== '__proto__'),
      word.filter((one) => one !== ''),
      { maxKeys: 3 },
    )
    .map((labels) => (Object.keys(labels).length === 0 ? null : Object.entries(labels))),
  bytes: fc.constant(new Uint8Array()),
};

function readAgain(format: string, line: string): object | string {
  const opened = presetNamed(format)?.format();
  if (!opened) throw new Error(format);
  const record = newRecord(opened.kind);
  let found: object | string = 'nothing';
  const sink: RecordSink = {
    record,
    accept: () => {
      found = { ...record };
      return true;
    },
    reject: (_, __, ___, ____, { reason, field, detail }) => {
      found = `${reason} ${field} ${detail}`;
      return true;
    },
    drop: () => true,
  };
  const decoder = opened.open(sink);
  decoder.read(Buffer.from(`${line}\n`), 0);
  decoder.end();
  return found;
}

describe('a record as JSON', () => {
  it.each(kinds.map((kind) => [kind.name, kind] as const))('%s: is read again as it was', (_, kind) => {
    const write = ownJson(kind);
    const arbitrary = fc.record(
      Object.fromEntries(Object.entries(kind.columns).map(([name, { type }]) => [name, valuesOf[type]])) as Record<
        string,
        fc.Arbitrary<unknown>
      >,
    );
    fc.assert(
      fc.property(arbitrary, (values) => {
        const record = { ...newRecord(kind), ...values };
        for (const name of kind.required) {
          const value = (record as Record<string, unknown>)[name];
          if (value === '' || value === 0) Object.assign(record, { [name]: value === '' ? 'x' : 1 });
        }
        expect(readAgain(formatOfOwnJson(kind), write(record))).toEqual(record);
      }),
      { numRuns: 60 },
    );
  });
});

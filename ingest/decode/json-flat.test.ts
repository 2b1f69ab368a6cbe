import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlatScanner } from './json-flat.ts';
import { pathOf, readObject, textOf, valueAt } from './json-value.ts';

const paths = ['a', 'b', 'long_name', 'a.b', '', '__proto__', 'c\\.d'];

/** What the parser says of the bytes: the texts by path, or undefined when they are no object. */
function parsed(bytes: Buffer): string[] | undefined {
  const read = readObject(bytes, 0, bytes.length, 64);
  return 'object' in read ? paths.map((path) => textOf(valueAt(read.object, pathOf(path)))) : undefined;
}

function scanned(bytes: Buffer, scanner = scannerOf()): string[] | undefined {
  const [scan, starts, ends] = scanner;
  if (!scan.scan(bytes, 0, bytes.length)) return undefined;
  return paths.map((_, slot) => bytes.toString('latin1', starts[slot], ends[slot]));
}

function scannerOf(): [FlatScanner, Int32Array, Int32Array] {
  const [starts, ends] = [new Int32Array(16), new Int32Array(16)];
  const names = paths.map((path) => (pathOf(path).length === 1 ? pathOf(path)[0] : undefined));
  return [new FlatScanner(names, starts, ends), starts, ends];
}

describe('the short way through JSON', () => {
  it.each([
    '{}',
    ' { } ',
    '{"a":"x","b":1,"long_name":true}',
    '{"b":false , "a" : null,\n"c.d":"y"}\n',
    '{"a":"x","a":"y"}',
    '{"a":1.50,"b":3.00,"long_name":-7.25}',
    '{"a":12345678901234567890,"b":0}',
    '{"unknown":"z","a":"~"}',
    '{"__proto__":"p"}',
  ])('reads %s as the parser does', (text) => {
    const bytes = Buffer.from(text);
    expect(scanned(bytes)).toEqual(parsed(bytes));
    expect(scanned(bytes)).toBeDefined();
  });

  it.each([
    '',
    '[]',
    '{"a":1',
    '{"a":"x}',
    '{"a":"\\n"}',
    '{"a":"é"}',
    '{"a":{"b":1}}',
    '{"a":[1]}',
    '{"a":01}',
    '{"a":-0}',
    '{"a":-0.0}',
    '{"a":-0.5}',
    '{"a":1e3}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":0.1234567}',
    '{"a":tru}',
    '{"a":1}x',
    '{"a":1,}',
    '{,"a":1}',
    '{"a" 1}',
    '{"a":"\u0001"}',
  ])('leaves %s to the parser', (text) => {
    expect(scanned(Buffer.from(text))).toBeUndefined();
  });

  it('never says other than the parser, whatever the bytes', () => {
    const scanner = scannerOf();
    const token = fc.constantFrom(
      ...[
        '{',
        '}',
        '"',
        ':',
        ',',
        ' ',
        '\n',
        '\\',
        '"a"',
        '"b"',
        '"long_name"',
        '"c.d"',
        '""',
        'true',
        'false',
        'null',
        '0',
        '-',
        '.',
        '5',
        '10',
        'e',
        'é',
        '[',
      ],
    );
    const garbage = fc.array(token, { maxLength: 20 }).map((parts) => parts.join(''));
    const scalar = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -100_000, max: 100_000 }).map((n) => n / 1000),
      fc.boolean(),
      fc.constant(null),
    );
    const object = fc
      .dictionary(fc.constantFrom('a', 'b', 'long_name', 'c.d', 'other', ''), scalar)
      .chain((value) => fc.constantFrom(JSON.stringify(value), JSON.stringify(value, null, 1)));
    fc.assert(
      fc.property(fc.oneof(garbage, object), (text) => {
        const bytes = Buffer.from(text);
        const short = scanned(bytes, scanner);
        if (short !== undefined) expect(short).toEqual(parsed(bytes));
      }),
      { numRuns: 20_000 },
    );
  });
});

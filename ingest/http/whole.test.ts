import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayFault } from './whole.ts';

const fault = (text: string): string => arrayFault(Buffer.from(text));

describe('a posted array', () => {
  it('is whole, or says what is wrong with it', () => {
    expect(fault('[{"a":1},{"a"')).toBe('the JSON array ends before its closing bracket');
    expect(fault('\uFEFF \n[{"a":"]}\\""}]\n')).toBe('');
    expect(fault('[] []')).toBe('text follows the closing bracket of the JSON array');
    expect(fault('[{"a":"\\')).toBe('the JSON array ends before its closing bracket');
  });

  it('is all that is judged: lines of JSON, CSV and nothing at all pass', () => {
    for (const text of ['', ' ', '{"a":1}\n{"a"', 'a,b\n1,[', 'x[']) expect(fault(text)).toBe('');
  });

  it('is whole as JSON writes it, and at no place before its end', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(), (values, seed) => {
        const text = Buffer.from(JSON.stringify(values));
        expect(arrayFault(text)).toBe('');
        expect(arrayFault(text.subarray(0, 1 + (seed % (text.length - 1))))).not.toBe('');
      }),
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof arrayFault(bytes) === 'string'));
  });
});

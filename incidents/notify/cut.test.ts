import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, strangeTexts } from '../testing/texts.ts';
import { cleaned, cut, cutEscaped, cutMark, htmlText, lines, oneLine } from './cut.ts';

const graphemes = (text: string): string[] =>
  [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)].map((one) => one.segment);
const wellFormed = (text: string): boolean => !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);

describe('cut', () => {
  it('is what the examples say', () => {
    expect([cut('abcdef', 4), cut('abc', 4)]).toEqual(['abc…', 'abc']);
  });

  it('keeps the limit, says that it cut, and cuts the beginning only', () => {
    fc.assert(
      fc.property(anyText, fc.nat(400), (text, most) => {
        const short = cut(text, most);
        expect(short.length).toBeLessThanOrEqual(most);
        if (text.length <= most) expect(short).toBe(text);
        else if (most > 0) {
          expect(short.endsWith(cutMark)).toBe(true);
          expect(text.startsWith(short.slice(0, -1))).toBe(true);
        }
        expect(cut(short, most)).toBe(short);
      }),
    );
  });

  it('parts no character that a person sees as one', () => {
    const pieces = fc.array(fc.constantFrom('a', ' ', 'é', 'ن', '🇩🇪', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', 'n\u0303', '\n', '한'), {
      minLength: 1,
      maxLength: 600,
    });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 3_000 }), (parts, most) => {
        const text = parts.join('');
        const kept = graphemes(cut(text, most).replace(/…$/, ''));
        expect(kept).toEqual(graphemes(text).slice(0, kept.length));
      }),
    );
  });

  it('parts a character of a hundred thousand units where it must, and no pair', () => {
    expect(cut(strangeTexts['marks upon marks']!, 50_000)).toHaveLength(50_000);
    expect(wellFormed(cut('👍🏽'.repeat(5_000), 3_002))).toBe(true);
  });
});

describe('cleaned', () => {
  it('is what the example says', () => {
    expect(cleaned('a\r\nb\u0000c\u202ed')).toBe('a\nb cd');
  });

  it('leaves nothing that drives a terminal or turns the direction, and keeps letters', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = cleaned(text);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
        expect(clean).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/);
        expect(wellFormed(clean)).toBe(true);
        expect(cleaned(clean)).toBe(clean);
      }),
    );
    for (const name of ['from the right', 'flags in a row']) expect(cleaned(strangeTexts[name]!)).toBe(strangeTexts[name]);
  });
});

describe('lines and escapes', () => {
  it('are what the examples say', () => {
    expect(oneLine(' a\n\n b ', 10)).toBe('a b');
    expect(lines('a\n\n\n\nb', 10)).toBe('a\n\nb');
    expect(htmlText('<a href="x">')).toBe('&lt;a href=&quot;x&quot;&gt;');
    expect(cutEscaped('<<<', 8, htmlText)).toBe('&lt;…');
  });

  it('never part an escape, and keep the limit', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 500 }), (text, most) => {
        const html = cutEscaped(cleaned(text), most, htmlText);
        expect(html.length).toBeLessThanOrEqual(most);
        expect(html).not.toMatch(/[<>"']/);
        expect(html).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
      }),
      { numRuns: 60 },
    );
  });
});

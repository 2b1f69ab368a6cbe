/** Texts that break those who show them: for tests of everything that writes what it was told. */
import fc from 'fast-check';

/** Each with what it tries. */
export const strangeTexts: Readonly<Record<string, string>> = {
  empty: '',
  long: 'x'.repeat(100_000),
  'long, of wide characters': '👩‍👩‍👧‍👦'.repeat(9_000),
  'flags in a row': '🇩🇪🇫🇷🇳🇱'.repeat(3_000),
  'from the right': 'שירות הטלפון נפל · انقطاع الخدمة',
  'a turn of direction': 'invoice \u202egnp.exe\u2066 and on',
  'marks upon marks': `Z${'\u0310\u0329'.repeat(30_000)}`,
  'control characters': '\u0000\u0001\u0007\u001b[31mred\u001b[0m\u007f\u0085\u009b',
  'line ends of all kinds': 'a\r\nb\rc\nd\u2028e\u2029f\n\n\n\n\ng',
  'halves of pairs': '\ud83d x \udc00 \ud83d',
  'headers of mail': 'x\r\nBcc: everyone@example.org\r\n\r\nbody',
  html: '<script>alert(1)</script><img src=x onerror=alert(1)>&amp;"\'',
  'markup of Slack': '<!channel> <@U123> <https://evil.example|click> *bold* ~gone~ `code` &lt;',
  'markup of Jira': '{noformat}{code}[~admin] [x|javascript:alert(1)] !http://e/x.png! {NOFORMAT}',
  templates: '{title} {{ }} #{process.env.HOME} <%= 7*7 %> {{constructor}} {__proto__}',
  json: '"}],"x":{"\\u0000":1',
  sql: "'; DROP TABLE incidents --",
};

/** Any text at all, often with what is strange. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3_000 }),
  fc.string({ unit: 'grapheme', maxLength: 3_000 }),
  fc.constantFrom(...Object.values(strangeTexts)),
  fc.tuple(fc.constantFrom(...Object.values(strangeTexts)), fc.string({ unit: 'binary', maxLength: 50 })).map(([a, b]) => b + a),
);

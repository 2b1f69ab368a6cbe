import { expect, it } from 'vitest';
import { bar, bytesText, grouped, table, visible } from './print.ts';

it('aligns tables, groups numbers and cuts long text', () => {
  expect(table([{ title: 'source' }, { title: 'read', right: true }], [['msc', 12]])).toBe('source  read\nmsc       12');
  expect(
    table(
      [
        { title: 'n', right: true },
        { title: 'text', width: 5 },
      ],
      [[1234567, 'abcdefgh']],
    ),
  ).toBe('        n  text\n1,234,567  abcd…');
  expect(grouped('1234.5')).toBe('1,234.5');
  expect(bytesText(1536)).toBe('1.5 KiB');
  expect(bar(0.5, 4)).toBe('██░░');
});

it('never lets data drive the terminal', () => {
  expect(visible('a\u001b]0;title\u0007b')).toBe('a·]0;title·b');
  expect(visible('line\nbreak\ttab')).toBe('line·break·tab');
});

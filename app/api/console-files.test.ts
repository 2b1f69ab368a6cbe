import { expect, it } from 'vitest';
import { encodingFor, readConsole } from './console-files.ts';

const bodies = new Map([
  ['identity', Buffer.from('a')],
  ['gzip', Buffer.from('b')],
  ['br', Buffer.from('c')],
]);

it.each([
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['BR', 'br'],
  ['br;q=0.000', 'identity'],
  ['zstd', 'identity'],
  ['', 'identity'],
  [undefined, 'identity'],
])('a client that takes %j gets %s', (accepted, encoding) => {
  expect(encodingFor(accepted, bodies)).toBe(encoding);
});

it('a file that was not compressed is sent as it is', () => {
  expect(encodingFor('br', new Map([['identity', Buffer.from('a')]]))).toBe('identity');
});

it('pages are there even where nothing was built', () => {
  for (const name of ['index.html', 'login.html']) expect(readConsole().get(name)?.type).toBe('text/html; charset=utf-8');
});

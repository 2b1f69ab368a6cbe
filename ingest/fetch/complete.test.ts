import fc from 'fast-check';
import { expect, it } from 'vitest';
import { completeness, markersOf } from './complete.ts';
import type { RemoteFile } from './remote.ts';

const file = (name: string, bytes = 1, modifiedAt = 0): RemoteFile => ({
  url: `sftp://a:22/out/${name}`,
  path: `/out/${name}`,
  name,
  bytes,
  modifiedAt,
  version: '',
});
const rules = { pattern: '*.csv', complete: 'rename' as const, quietSeconds: 30, markerSuffix: '.done', taken: () => false };
const names = (files: readonly RemoteFile[]): string[] => files.map(({ name }) => name);

it('rename: what matches, in order of name, without what is being written', () => {
  const look = completeness(rules)([file('b.csv'), file('a.csv'), file('.c.csv'), file('d.csv.part'), file('e.txt')], 0);
  expect(names(look.files)).toEqual(['a.csv', 'b.csv']);
});

it('quiet: border at the seconds, begun anew by any change, by our clock alone', () => {
  const judge = completeness({ ...rules, complete: 'quiet' });
  expect(judge([file('a.csv', 1, -1e9)], 0)).toMatchObject({ files: [], waiting: 1 });
  expect(judge([file('a.csv', 1, -1e9)], 29_999).waiting).toBe(1);
  expect(judge([file('a.csv', 2, -1e9)], 30_000).waiting).toBe(1);
  expect(judge([file('a.csv', 2, -1e9)], 59_999).waiting).toBe(1);
  expect(names(judge([file('a.csv', 2, -1e9)], 60_000).files)).toEqual(['a.csv']);
});

it('marker: with or in place of the ending; a marker is no file', () => {
  expect(markersOf('/out/.hidden', '.done')).toEqual(['/out/.hidden.done']);
  const judge = completeness({ ...rules, pattern: '*', complete: 'marker' });
  const look = judge([file('a.csv'), file('b.csv'), file('c.csv'), file('a.csv.done'), file('b.done')], 0);
  expect(names(look.files)).toEqual(['a.csv', 'b.csv']);
  expect(look.waiting).toBe(1);
});

it('whatever a server lists, a quiet file was the same in all looks over the quiet time', () => {
  const listing = fc.array(fc.record({ name: fc.constantFrom('a.csv', 'b.csv'), bytes: fc.integer({ min: 0, max: 3 }) }), { maxLength: 2 });
  fc.assert(
    fc.property(fc.array(listing, { minLength: 1, maxLength: 20 }), (listings) => {
      const judge = completeness({ ...rules, complete: 'quiet', quietSeconds: 3 });
      listings.forEach((files, at) => {
        for (const { name, bytes } of judge(
          files.map((one) => file(one.name, one.bytes)),
          at * 1000,
        ).files)
          for (let back = 0; back <= 3; back++)
            expect(listings[at - back]?.some((one) => one.name === name && one.bytes === bytes)).toBe(true);
      });
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readError, readList } from './list-xml.ts';
import { prefixesOf } from './prefixes.ts';

const contents = (key: string): string =>
  `<Contents><Key>${key}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>3</Size></Contents>`;

it('reads objects, pages, versions and encoded keys', () => {
  const list = readList(
    `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>t&amp;1</NextContinuationToken>${contents('a+b%26c')}</ListBucketResult>`,
  );
  expect(list).toEqual({
    objects: [{ key: 'a b&c', bytes: 3, modifiedAt: Date.UTC(2026, 10, 1), etag: '"e"', versionId: '' }],
    next: { 'continuation-token': 't&1' },
  });
  const versions = readList(
    `<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker>${contents('k').replaceAll('Contents', 'Version').replace('<Size>', '<VersionId>v1</VersionId><Size>')}<DeleteMarker><Key>gone</Key></DeleteMarker></ListVersionsResult>`,
  );
  expect(versions.objects.map(({ key, versionId }) => `${key} ${versionId}`)).toEqual(['k v1']);
  expect(versions.next).toEqual({ 'key-marker': 'k', 'version-id-marker': 'v' });
  expect(readError('<Error><Code>NoSuchBucket</Code><Message>m</Message></Error>')).toEqual({ code: 'NoSuchBucket', message: 'm' });
});

it('any key comes back as it was written, and any text is read without failure', () => {
  const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (key) => {
      expect(readList(contents(escaped(key))).objects[0]?.key).toBe(key);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readList(`<Contents>${text}`).objects).toEqual([]);
      expect(readList(text).next).toBeUndefined();
    }),
  );
});

it('lists the prefixes of the last hours, and one prefix without a time once', () => {
  const now = Date.UTC(2026, 0, 1, 0, 30);
  expect(prefixesOf('{YYYY}/{MM}/{DD}/{hh}/', now, 2)).toEqual(['2025/12/31/22/', '2025/12/31/23/', '2026/01/01/00/', '2026/01/01/01/']);
  expect(prefixesOf('cdr/', now, 48)).toEqual(['cdr/']);
});

/** Reads the lists of objects that S3 answers, as far as they are needed. */

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** ms since 1970. */
  readonly modifiedAt: number;
  readonly etag: string;
  /** Empty in lists without versions. */
  readonly versionId: string;
}

export interface ObjectList {
  readonly objects: readonly ListedObject[];
  /** What the next request begins after; undefined when nothing follows. */
  readonly next: Readonly<Record<string, string>> | undefined;
}

/**
 * The answer of ListObjectsV2 or ListObjectVersions. What is no such list has no objects.
 * @example readList('<ListBucketResult><Contents><Key>a&amp;b</Key><Size>3</Size><ETag>"x"</ETag><LastModified>2026-11-01T00:00:00.000Z</LastModified></Contents></ListBucketResult>').objects[0].key // 'a&b'
 */
export function readList(xml: string): ObjectList {
  const urlEncoded = textOf(xml, 'EncodingType') === 'url';
  const decoded = (text: string): string => (urlEncoded ? decodeURIComponent(text.replaceAll('+', '%20')) : text);
  const objects: ListedObject[] = [];
  for (const item of [...elements(xml, 'Contents'), ...elements(xml, 'Version')])
    objects.push({
      key: decoded(textOf(item, 'Key')),
      bytes: Number(textOf(item, 'Size')),
      modifiedAt: Date.parse(textOf(item, 'LastModified')),
      etag: textOf(item, 'ETag'),
      versionId: textOf(item, 'VersionId'),
    });
  return { objects, next: textOf(xml, 'IsTruncated') === 'true' ? nextOf(xml, decoded) : undefined };
}

function nextOf(xml: string, decoded: (text: string) => string): Readonly<Record<string, string>> {
  const token = textOf(xml, 'NextContinuationToken');
  if (token) return { 'continuation-token': token };
  const version = textOf(xml, 'NextVersionIdMarker');
  return { 'key-marker': decoded(textOf(xml, 'NextKeyMarker')), ...(version ? { 'version-id-marker': version } : {}) };
}

/** Code and message of an error that S3 answers; empty where there is none. */
export function readError(xml: string): { code: string; message: string } {
  return { code: textOf(xml, 'Code'), message: textOf(xml, 'Message') };
}

function* elements(xml: string, name: string): Generator<string> {
  const [open, close] = [`<${name}>`, `</${name}>`];
  for (let at = xml.indexOf(open); at >= 0; ) {
    const end = xml.indexOf(close, at);
    if (end < 0) return;
    yield xml.slice(at + open.length, end);
    at = xml.indexOf(open, end);
  }
}

function textOf(xml: string, name: string): string {
  const [open, close] = [`<${name}>`, `</${name}>`];
  const at = xml.indexOf(open);
  const end = at < 0 ? -1 : xml.indexOf(close, at);
  return end < 0 ? '' : unescaped(xml.slice(at + open.length, end));
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return named[name] ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

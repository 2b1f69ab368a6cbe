/** The files of the built console: read once, served compressed as they were built. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ConsoleFile {
  readonly type: string;
  readonly etag: string;
  /** Its name holds the hash of its content: it never changes. */
  readonly immutable: boolean;
  /** By content encoding; `identity` is always there. */
  readonly bodies: ReadonlyMap<string, Buffer>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const encodings = { br: '.br', gzip: '.gz' } as const;

/** Beside the built program; from the sources where `npm run build` puts it. */
const places = ['../../dashboards/console/', '../../dist/dashboards/console/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

const notBuilt = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Weir</title></head>
<body><p>The console is not built: run <code>npm run build</code>. The API is at <a href="/docs">/docs</a>.</p></body></html>`;

function fileOf(body: Buffer, name: string, more: readonly (readonly [string, Buffer])[] = []): ConsoleFile {
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"`,
    immutable: /-[A-Z0-9]{8}\.(js|css)$/.test(name),
    bodies: new Map([['identity', body], ...more]),
  };
}

/** The files by name. A program that runs from its sources and was never built has pages that say so. */
export function readConsole(): ReadonlyMap<string, ConsoleFile> {
  const place = places.find((each) => existsSync(join(each, 'built.json')));
  if (place === undefined) return new Map(['index.html', 'login.html'].map((name) => [name, fileOf(Buffer.from(notBuilt), name)]));
  const names = readdirSync(place).filter((name) => extname(name) in types);
  return new Map(
    names.map((name) => {
      const packed = Object.entries(encodings)
        .filter(([, end]) => existsSync(join(place, name + end)))
        .map(([encoding, end]) => [encoding, readFileSync(join(place, name + end))] as const);
      return [name, fileOf(readFileSync(join(place, name)), name, packed)];
    }),
  );
}

/**
 * The best encoding that a client takes, by its header Accept-Encoding.
 * @example encodingFor('gzip, deflate, br', new Map([['identity', Buffer.alloc(0)], ['br', Buffer.alloc(0)]])) // 'br'
 * @example encodingFor('br;q=0', new Map([['identity', Buffer.alloc(0)], ['br', Buffer.alloc(0)]])) // 'identity'
 */
export function encodingFor(accepted: string | undefined, bodies: ReadonlyMap<string, Buffer>): string {
  const taken = new Set(
    (accepted ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => part.trim().split(/\s*;\s*/))
      .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''))
      .map(([name]) => name ?? ''),
  );
  return Object.keys(encodings).find((name) => taken.has(name) && bodies.has(name)) ?? 'identity';
}

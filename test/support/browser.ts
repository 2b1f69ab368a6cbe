/** A real Chromium with the page of the plugin in it: module.js as it is shipped, the real @grafana/ui, and the API of Weir behind a stand-in for Grafana's proxy. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pluginRoot } from './plugin.ts';

/** Where a Chromium is looked for, in this order. */
const places = [process.env['WEIR_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The program of a Chromium; undefined where there is none. */
export const chromium: string | undefined = places.find((path) => path !== '' && existsSync(path));

interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T>(work: string): Promise<T>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  screenshot(options: object): Promise<Uint8Array>;
  waitForTimeout(ms: number): Promise<void>;
  on(event: string, listener: (about: { message?: string; type?(): string; text?(): string }) => void): void;
}

export interface BrowserPage {
  readonly page: Page;
  /** Errors that the page threw or wrote. */
  readonly errors: string[];
  stop(): Promise<void>;
}

const html =
  '<!doctype html><html><head><meta charset="utf-8"><link rel="stylesheet" href="/page.css"><style>body{margin:0;background:#111217}*{box-sizing:border-box}button{color:inherit;font:inherit;background:none;border:0;padding:0}fieldset{border:0;margin:0;padding:0}</style></head><body><div id="root"></div><script src="/page.js"></script></body></html>';

/** @param dist build of the plugin. @param url of Weir's API. @param token that the proxy adds */
export async function openPage(dist: string, url: string, token: string): Promise<BrowserPage> {
  const require = createRequire(join(pluginRoot, 'package.json'));
  const { build } = require('esbuild') as { build(options: object): Promise<unknown> };
  const { chromium: browsers } = require('playwright-core') as {
    chromium: { launch(options: object): Promise<{ newPage(options: object): Promise<Page>; close(): Promise<void> }> };
  };
  const scratch = mkdtempSync(join(tmpdir(), 'weir-page-'));
  await build({
    entryPoints: [join(pluginRoot, 'test/page.tsx')],
    ...{
      bundle: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      jsx: 'automatic',
      minify: true,
      outfile: join(scratch, 'page.js'),
      logLevel: 'error',
    },
    // @grafana/ui is bundled by a tool that unwraps the default of this CommonJS package, esbuild takes the whole.
    plugins: [
      {
        name: 'default of react-custom-scrollbars-2',
        setup: (hooks: { onResolve(filter: object, find: () => object): void; onLoad(filter: object, load: () => object): void }) => {
          hooks.onResolve({ filter: /^react-custom-scrollbars-2$/ }, () => ({ path: 'scrollbars', namespace: 'shim' }));
          hooks.onLoad({ filter: /^scrollbars$/, namespace: 'shim' }, () => ({
            contents: `import { Scrollbars } from ${JSON.stringify(require.resolve('react-custom-scrollbars-2'))}; export default Scrollbars; export { Scrollbars };`,
            resolveDir: pluginRoot,
          }));
        },
      },
    ],
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
  });
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/page.js': [join(scratch, 'page.js'), 'text/javascript'],
    '/page.css': [join(scratch, 'page.css'), 'text/css'],
    '/module.js': [join(dist, 'module.js'), 'text/javascript'],
  };
  const proxied = '/api/datasources/proxy/uid/weir/weir';
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const file = files[path];
    if (file) response.writeHead(200, { 'content-type': file[1] }).end(existsSync(file[0]) ? readFileSync(file[0]) : '');
    else if (path.startsWith(proxied)) {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const asked = await fetch(url + path.slice(proxied.length), {
        method: request.method ?? 'GET',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      });
      response.writeHead(asked.status, { 'content-type': 'application/json' }).end(Buffer.from(await asked.arrayBuffer()));
    } else if (path === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    // Icons that a Grafana serves from the same package.
    else {
      const icon = /\/(img\/icons\/[\w/-]+\.svg)$/.exec(path)?.[1];
      const file = join(pluginRoot, 'node_modules/@grafana/ui/dist/public', icon ?? 'none');
      response
        .writeHead(200, { 'content-type': 'image/svg+xml' })
        .end(existsSync(file) ? readFileSync(file) : '<svg xmlns="http://www.w3.org/2000/svg"/>');
    }
  };
  const server = createServer((request, response) => void answer(request, response).catch(() => response.writeHead(502).end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await browsers.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
  });
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message ?? ''));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    page,
    errors,
    async stop() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

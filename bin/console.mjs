// Bundles the console of the browser into one folder: scripts and styles under names that hold their hash, each also compressed.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dashboards', 'console');

/** Chunks that a script needs before it runs, itself first. */
function neededBy(outputs, name) {
  const found = [name];
  for (const one of found)
    for (const { path, kind } of outputs[one]?.imports ?? []) if (kind === 'import-statement' && !found.includes(path)) found.push(path);
  return found;
}

function write(target, name, body) {
  writeFileSync(join(target, name), body);
  writeFileSync(join(target, `${name}.gz`), gzipSync(body, { level: 9 }));
  writeFileSync(join(target, `${name}.br`), brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

/**
 * Builds into `target`, which it makes. Throws with the bundler's words when it fails.
 * Answers the names of the scripts that the first view loads, and of all files.
 */
export function buildConsole(target) {
  // Loaded when something is built: a command that only starts does without.
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  mkdirSync(target, { recursive: true });
  const { metafile, outputFiles } = buildSync({
    absWorkingDir: folder,
    entryPoints: ['main.tsx', 'login.ts', 'style.css'],
    outdir: target,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: ['es2022'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
  });
  for (const { path, contents } of outputFiles) write(target, basename(path), contents);
  const outputs = Object.fromEntries(
    Object.entries(metafile.outputs).map(([path, output]) => [
      basename(path),
      { ...output, imports: output.imports.map((one) => ({ ...one, path: basename(one.path) })) },
    ]),
  );
  const made = (entry) => Object.keys(outputs).find((name) => outputs[name].entryPoint === entry);
  const first = neededBy(outputs, made('main.tsx'));
  const names = { main: first[0], login: made('login.ts'), style: made('style.css') };
  const preload = first.slice(1).map((name) => `<link rel="modulepreload" href="/console/${name}">`);
  for (const page of ['index.html', 'login.html']) {
    const text = readFileSync(join(folder, page), 'utf8')
      .replace('<!-- preload -->', preload.join(''))
      .replace(/\/console\/(main|login|style)\.(js|css)/g, (_, name) => `/console/${names[name]}`);
    write(target, page, Buffer.from(text));
  }
  copyFileSync(join(folder, 'icon.svg'), join(target, 'icon.svg'));
  const built = { first, files: [...Object.keys(outputs), 'index.html', 'login.html', 'icon.svg'].sort() };
  writeFileSync(join(target, 'built.json'), JSON.stringify(built));
  return built;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = process.argv[2] ?? join(dirname(folder), '..', 'dist', 'dashboards', 'console');
  buildConsole(target);
  console.log(`console: ${relative(process.cwd(), target)}`);
}

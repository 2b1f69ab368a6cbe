// Compiles the sources to dist/ when they are newer than the last build, and copies what is not TypeScript (SQL, launchers, pages).
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './console.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = ['core', 'ingest', 'processors', 'rating', 'sql', 'detectors', 'incidents', 'app', 'simulator'];
const consoleFolder = join(root, 'dashboards', 'console');
const stamp = join(root, 'dist', '.built');

function* files(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'fixtures') yield* files(path);
    } else yield path;
  }
}

const isSource = (path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts');
const isAsset = (path) => /\.(sql|mjs|html|css|js|svg|json|yaml)$/.test(path);

/** Builds when needed; returns true when it did. Throws with the compiler's own words when it fails. */
export function build() {
  const sources = folders.flatMap((folder) => [...files(join(root, folder))]).filter((path) => isSource(path) || isAsset(path));
  const pages = [...files(consoleFolder)].filter((path) => isSource(path) || isAsset(path));
  const newest = Math.max(
    ...[...sources, ...pages, join(root, 'bin', 'console.mjs'), join(root, 'tsconfig.build.json'), join(root, 'package.json')].map(
      (path) => statSync(path).mtimeMs,
    ),
  );
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return false;
  // Built aside and put in place as a whole: a second command that starts meanwhile never sees half a build.
  const aside = join(root, `dist.${process.pid}`);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', aside, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    rmSync(aside, { recursive: true, force: true });
    throw new Error(`the build failed:\n${result.stdout}${result.stderr}`);
  }
  for (const path of sources.filter(isAsset)) {
    const target = join(aside, relative(root, path));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
  try {
    buildConsole(join(aside, 'dashboards', 'console'));
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw new Error(`the build of the console failed:\n${error.message}`);
  }
  copyFileSync(join(root, 'package.json'), join(aside, 'package.json'));
  writeFileSync(join(aside, '.built'), '');
  utimesSync(join(aside, '.built'), newest / 1000, newest / 1000);
  const old = join(root, `dist.${process.pid}.old`);
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
  renameSync(aside, join(root, 'dist'));
  rmSync(old, { recursive: true, force: true });
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();

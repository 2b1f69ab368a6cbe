// Builds the plugin into dist/: module.js as an AMD module, as Grafana's loader takes it, with what Grafana shares left outside.
//
// esbuild writes no AMD, so its CommonJS is wrapped in `define`: the dependencies that are left outside become its arguments. esbuild
// because it is one package of 10 MB where the usual webpack set is forty, and builds in a tenth of a second.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
/** What Grafana 12.3 and newer share with plugins. */
export const shared = [
  '@emotion/css',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/ui',
  'lodash',
  'react',
  'react-dom',
  'react/jsx-runtime',
  'rxjs',
];

/** Builds into `dist`. @param {string} [today] the day that plugin.json states */
export async function buildPlugin(dist = join(root, 'dist'), today = new Date().toISOString().slice(0, 10)) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, 'img'), { recursive: true });
  const options = {
    entryPoints: [join(root, 'src/module.ts')],
    ...{
      bundle: true,
      format: 'cjs',
      platform: 'browser',
      target: 'es2022',
      jsx: 'automatic',
      minify: true,
      sourcemap: true,
      write: false,
    },
    ...{ absWorkingDir: root, outfile: 'dist/module.js', external: shared, legalComments: 'none' },
  };
  // Once to see which of them it imports, once to write.
  const { metafile } = await build({ ...options, metafile: true });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  const imported = [...new Set(outside)].sort();
  const names = imported.map((_, index) => `d${index}`);
  const banner =
    `define(${JSON.stringify(imported)},function(${names.join(',')}){var module={exports:{}},exports=module.exports,` +
    `deps={${imported.map((path, index) => `${JSON.stringify(path)}:d${index}`).join(',')}},require=function(name){return deps[name]};`;
  const result = await build({ ...options, banner: { js: banner }, footer: { js: 'return module.exports});' } });
  for (const { path, contents } of result.outputFiles)
    writeFileSync(join(dist, path.endsWith('.map') ? 'module.js.map' : 'module.js'), contents);
  const plugin = readFileSync(join(root, 'src/plugin.json'), 'utf8').replace('%VERSION%', version).replace('%TODAY%', today);
  writeFileSync(join(dist, 'plugin.json'), plugin);
  for (const name of readdirSync(join(root, 'src/img'))) copyFileSync(join(root, 'src/img', name), join(dist, 'img', name));
  copyFileSync(join(root, 'src/README.md'), join(dist, 'README.md'));
  copyFileSync(join(root, 'CHANGELOG.md'), join(dist, 'CHANGELOG.md'));
  copyFileSync(join(root, '..', '..', 'LICENSE'), join(dist, 'LICENSE'));
  return dist;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPlugin();
  console.log(`built ${join(root, 'dist')}`);
}

// `npm run check`: types, style with the import rules, and the unit tests, at the same time; what fails says so at the end.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const steps = {
  'unit tests': [join('vitest', 'vitest.mjs'), 'run', '--project', 'unit', '--reporter=dot'],
  types: [
    join('typescript', 'bin', 'tsc'),
    ...['--noEmit', '--pretty', 'false', '--incremental', '--tsBuildInfoFile', join(root, 'node_modules', '.cache', 'types.tsbuildinfo')],
    ...['-p', root],
  ],
  'types of the console': [join('typescript', 'bin', 'tsc'), '--pretty', 'false', '-p', join(root, 'dashboards', 'console')],
  'types of its tests': [join('typescript', 'bin', 'tsc'), '--pretty', 'false', '-p', join(root, 'test', 'console')],
  'style and import rules': [join('@biomejs', 'biome', 'bin', 'biome'), 'check', root],
};

const started = Date.now();
const results = await Promise.all(
  Object.entries(steps).map(
    ([name, [command, ...args]]) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [join(root, 'node_modules', command), ...args], {
          cwd: root,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let output = '';
        const keep = (chunk) => {
          output += chunk;
        };
        child.stdout.on('data', keep);
        child.stderr.on('data', keep);
        child.once('close', (code) => resolve({ name, code, output }));
      }),
  ),
);
for (const { name, code, output } of results) {
  if (code !== 0) process.stdout.write(output);
  console.log(`${name}: ${code === 0 ? 'ok' : 'FAILED'}`);
}
console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
process.exit(results.every(({ code }) => code === 0) ? 0 : 1);

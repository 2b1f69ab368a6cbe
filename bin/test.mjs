// `npm test`: installs and builds what is missing, checks types and style, then runs all tests against real parts and prints the counts.
// Arguments go to the test runner, e.g. `npm test -- sql`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await install();
const { build } = await import('./build.mjs');
const filters = process.argv.slice(2);
let failed = false;

// The Grafana plugin has packages of its own: they come while types and style are checked.
const plugin = join(root, 'dashboards', 'datasource');
const wantsPlugin = filters.length === 0 || filters.some((filter) => 'dashboards/boards/boards.integration.test.ts'.includes(filter));
const pluginPackages =
  wantsPlugin && !existsSync(join(plugin, 'node_modules', '.package-lock.json'))
    ? new Promise((resolve) => {
        const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
        const child = spawn(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
          cwd: plugin,
          stdio: 'inherit',
        });
        child.once('error', resolve).once('close', resolve);
      })
    : undefined;

function step(name, command, args) {
  const started = Date.now();
  const result = spawnSync(process.execPath, [join(root, 'node_modules', ...command), ...args], { cwd: root, stdio: 'inherit' });
  console.log(`${name}: ${result.status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (result.status !== 0) failed = true;
}

if (filters.length === 0) {
  step('types', ['typescript', 'bin', 'tsc'], ['--noEmit', '-p', root]);
  step('types of the console', ['typescript', 'bin', 'tsc'], ['-p', join(root, 'dashboards', 'console')]);
  step('types of its tests', ['typescript', 'bin', 'tsc'], ['-p', join(root, 'test', 'console')]);
  step('style and import rules', ['@biomejs', 'biome', 'bin', 'biome'], ['check', '.']);
}
build();
await pluginPackages;
const scratch = mkdtempSync(join(tmpdir(), 'weir-test-'));
const report = join(scratch, 'report.json');
// What a test wants said at the end, where it is seen: one line each.
const notes = join(scratch, 'notes');
process.env['WEIR_TEST_NOTES'] = notes;
step('tests', ['vitest', 'vitest.mjs'], ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters]);

let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTotalTests: 0 };
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  failed = true;
}
const said = existsSync(notes) ? [...new Set(readFileSync(notes, 'utf8').trim().split('\n'))] : [];
rmSync(scratch, { recursive: true, force: true });
if (counts.numPassedTests === 0) failed = true;
const bad = counts.numFailedTests || (failed ? 1 : 0);
for (const line of said) console.log(line);
console.log(`${counts.numPassedTests} passed, ${bad} failed, ${counts.numPendingTests} skipped`);
process.exit(failed || bad > 0 ? 1 : 0);

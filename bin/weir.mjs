#!/usr/bin/env node
// The command `weir`: builds what is out of date, then hands over to app/cli.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { install } from './install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await install();
const { build } = await import('./build.mjs');
try {
  build();
} catch (error) {
  console.error(`weir: ${error.message}`);
  process.exit(1);
}
const { main } = await import(pathToFileURL(join(root, 'dist', 'app', 'cli', 'main.js')).href);
process.exitCode = await main(process.argv.slice(2));

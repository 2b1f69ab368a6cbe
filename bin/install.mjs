// Installs the packages of package-lock.json when they are missing or older than the lock file, saying what and how large.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`weir: Node ${process.versions.node} is too old; Weir needs Node 20.19 or newer.`);
  process.exit(2);
}

/** Packages shared by a link belong to another work tree: npm would empty them for everybody. */
function shared() {
  return lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function installed() {
  const lock = join(root, 'package-lock.json');
  const marker = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(marker)) return false;
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const there = JSON.parse(readFileSync(marker, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => path === '' || there[path]?.version === entry.version || entry.optional === true);
}

/** Makes sure that node_modules holds what the lock file names. */
export async function install() {
  if (shared() || installed()) return false;
  const started = Date.now();
  const say = (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  say('weir: installing packages, once: about 200 MB to fetch, 850 MB on disk (546 MB of it is the ClickHouse library) …');
  const child = spawn('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const ticker = setInterval(
    () => {
      const size = folderExists() ? ` (${Math.round((Date.now() - started) / 1000)} s)` : '';
      say(`weir: installing packages, once: about 850 MB on disk${size} …`);
    },
    process.stderr.isTTY ? 1000 : 15_000,
  );
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      complaints += error.message;
      resolve(1);
    });
    child.once('exit', (status) => resolve(status ?? 1));
  });
  clearInterval(ticker);
  if (code !== 0) {
    say('');
    const said = complaints.trim().split('\n').slice(0, 12).join('\n');
    console.error(`weir: npm ci failed:\n${said}\nhint: is the package registry reachable, and is there 1 GB of free disk?`);
    process.exit(1);
  }
  say(`weir: packages installed in ${Math.round((Date.now() - started) / 1000)} s\n`);
  return true;
}

const folderExists = () => existsSync(join(root, 'node_modules')) && statSync(join(root, 'node_modules')).isDirectory();

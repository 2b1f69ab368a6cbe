/** The data directory: what lies where, which Weir runs on it, and the keys that stay with the operator. */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WeirError } from '../core/errors.ts';

export interface DataDirectory {
  readonly root: string;
  readonly clickhouse: string;
  readonly logs: string;
  readonly run: string;
}

/** Facts of the Weir that runs on a data directory, written when it is ready and removed when it stops. */
export interface RunningWeir {
  readonly pid: number;
  readonly tenant: string;
  readonly demo: boolean;
  readonly clickhouseUrl: string;
  readonly httpUrl: string;
  readonly startedAt: string;
}

/** The directory with its folders made; only the owner may look inside. */
export function openDataDirectory(path: string): DataDirectory {
  const root = resolve(path);
  const directory = { root, clickhouse: join(root, 'clickhouse'), logs: join(root, 'logs'), run: join(root, 'run') };
  try {
    for (const folder of [root, directory.logs, directory.run]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new WeirError('config_invalid', `${root}: ${(error as Error).message}`, {
      place: root,
      hint: 'Give a directory that you may write, with --data DIR.',
      cause: error,
    });
  }
  return directory;
}

/** Where fetched files of a source lie until they are stored. */
export const spoolOf = ({ root }: Pick<DataDirectory, 'root'>, source: string): string => join(root, 'spool', source);

/** The Weir that runs on the directory, or undefined. A file left behind by a killed process is not believed. */
export function runningWeir(path: string): RunningWeir | undefined {
  const file = join(resolve(path), 'run', 'weir.json');
  if (!existsSync(file)) return undefined;
  try {
    const facts = JSON.parse(readFileSync(file, 'utf8')) as RunningWeir;
    process.kill(facts.pid, 0);
    return facts;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? (JSON.parse(readFileSync(file, 'utf8')) as RunningWeir) : undefined;
  }
}

export function announceRunning(directory: DataDirectory, facts: RunningWeir): void {
  writeWhole(join(directory.run, 'weir.json'), `${JSON.stringify(facts, null, 2)}\n`, 0o600);
}

export function withdrawRunning(directory: DataDirectory): void {
  rmSync(join(directory.run, 'weir.json'), { force: true });
}

/**
 * The key of the pseudonyms. Made once, with mode 0600; without it nothing stored can be led back to a subscriber, and with another
 * key the same number gets another pseudonym: keep a copy.
 * @throws WeirError config_invalid when the file holds fewer than 32 bytes
 */
export function pseudonymKey(directory: DataDirectory, keyFile: string): Uint8Array {
  return ownKey('pseudonyms.keyFile', keyFile, join(directory.root, 'pseudonym.key'));
}

/**
 * The key from which the secrets of registered webhooks are made. With another key their receivers know Weir no longer.
 * @throws WeirError config_invalid when the file holds fewer than 32 bytes
 */
export function webhookKey(directory: DataDirectory, keyFile: string): Uint8Array {
  return ownKey('http.webhookKeyFile', keyFile, join(directory.root, 'webhook.key'));
}

/** The key in the file that a setting names, or in one of our own, which is made when it is missing. */
function ownKey(setting: string, keyFile: string, ownFile: string): Uint8Array {
  const file = keyFile || ownFile;
  if (!existsSync(file)) {
    if (keyFile)
      throw new WeirError('config_invalid', `${setting}: ${keyFile}: no such file`, {
        place: keyFile,
        hint: 'Make one with: openssl rand -hex 32',
      });
    writeOnce(file, `${randomBytes(32).toString('hex')}\n`, 0o600);
  }
  const text = readFileSync(file, 'utf8').trim();
  const key = /^[0-9a-fA-F]+$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length < 32)
    throw new WeirError('config_invalid', `${file}: the key has ${key.length} bytes`, {
      place: file,
      hint: 'It needs 32 or more, as hex or base64: openssl rand -hex 32',
    });
  return key;
}

/** Writes a small file so that a reader sees the old one or the new one, never a part, and it survives a crash. */
export function writeWhole(file: string, text: string, mode: number): void {
  renameSync(temporaryOf(file, text, mode), file);
}

/** The same for a file that two processes may want to make at once: the first one stays, whole. */
function writeOnce(file: string, text: string, mode: number): void {
  const temporary = temporaryOf(file, text, mode);
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function temporaryOf(file: string, text: string, mode: number): string {
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, 'w', mode);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return temporary;
}

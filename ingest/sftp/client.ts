/** One SFTP server: pinned host key, key or password, pipelined reads. The library is loaded when the first connection is made. */
import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { posix } from 'node:path';
import type { Client, ConnectConfig, FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { WeirError } from '../../core/errors.ts';
import type { PutAway, Remote, RemoteFile, RemoteListing } from '../fetch/remote.ts';
import { inOrder } from '../fetch/window.ts';

export interface SftpOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:…`, one of which the key of the server must have. */
  readonly hostKeys: readonly string[];
  readonly password?: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly directory: string;
  readonly timeoutMs: number;
}

/** Bytes of one read, as every server grants them. */
const readBytes = 32_768;
/** Bytes handed over at once, and how many of them are on their way: 2 MiB, the window of a channel. */
const pieceBytes = 262_144;
const piecesAtOnce = 8;
/** Bytes that are taken from the socket at once. */
const socketBytes = 1_048_576;

/**
 * Connects and logs in.
 * @throws WeirError source_unreachable, source_refused or host_key_other
 */
export async function openSftp(options: SftpOptions, signal?: AbortSignal): Promise<Remote> {
  const place = `sftp://${options.host}:${options.port}`;
  const { default: ssh2 } = await import('ssh2');
  const client = new ssh2.Client();
  let failure: Error | undefined;
  const line = lineOf(() => unreachable(place, failure?.message ?? 'the connection was closed'));
  client.on('error', (error: Error) => {
    failure = error;
    line.lose();
  });
  client.on('close', () => line.lose());
  const whenAborted = (): void => void client.end();
  signal?.addEventListener('abort', whenAborted, { once: true });
  let shown = '';
  const verify = (key: Buffer): boolean => {
    shown = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
    return options.hostKeys.some((pinned) => pinned.replace(/=+$/, '') === shown);
  };
  try {
    const { socket, reuse } = socketOf(options);
    await ready(client, { ...configOf(options, verify), sock: socket });
    reuse();
    const sftp = await sftpOf(client);
    return remoteOf(place, options, sftp, line, async () => {
      signal?.removeEventListener('abort', whenAborted);
      client.end();
      client.destroy();
    });
  } catch (error) {
    client.destroy();
    signal?.removeEventListener('abort', whenAborted);
    throw told(place, options, shown, error as Error & { level?: string });
  }
}

/**
 * A connection that reads into one buffer again and again. The library's own would take a new one for each 64 KiB, cut packets in two and
 * copy them: the garbage of that cost three times what the cipher does. Until the session is encrypted each piece is one of its own, since
 * the library keeps parts of what is not.
 */
function socketOf({ host, port }: SftpOptions): { socket: Socket; reuse: () => void } {
  let again = false;
  const socket = connect({
    host,
    port,
    // Requests are small, and none may wait for the answer to the one before.
    noDelay: true,
    onread: {
      buffer: Buffer.allocUnsafeSlow(socketBytes),
      callback(bytes, buffer) {
        const read = (buffer as Buffer).subarray(0, bytes);
        socket.emit('data', again ? read : Buffer.from(read));
        return true;
      },
    },
  });
  return {
    socket,
    reuse: () => {
      again = true;
    },
  };
}

function configOf(options: SftpOptions, hostVerifier: (key: Buffer) => boolean): ConnectConfig {
  return {
    username: options.user,
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.privateKey === undefined ? {} : { privateKey: options.privateKey }),
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    hostVerifier,
    readyTimeout: options.timeoutMs,
    keepaliveInterval: Math.ceil(options.timeoutMs / 3),
    keepaliveCountMax: 3,
    // The ciphers that cost least come first; the others are those that the library offers.
    algorithms: {
      cipher: {
        prepend: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'],
        append: [],
        remove: [],
      } as unknown as NonNullable<NonNullable<ConnectConfig['algorithms']>['cipher']>,
    },
  };
}

const ready = (client: Client, config: ConnectConfig): Promise<void> =>
  new Promise((resolve, reject) => {
    client.once('ready', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('the connection was closed')));
    try {
      client.connect(config);
    } catch (error) {
      reject(error as Error);
    }
  });

const sftpOf = (client: Client): Promise<SFTPWrapper> =>
  new Promise((resolve, reject) => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));

/** A connection that rejects what was asked when it is lost, which the library does not do for every request. */
interface Line {
  isLost(): boolean;
  lose(): void;
  ask<T>(told: (error: Error & { code?: number }) => WeirError, run: Request<T>): Promise<T>;
}

type Request<T> = (done: (error: Error | undefined | null, value?: T) => void) => void;

function lineOf(gone: () => WeirError): Line {
  const waiting = new Set<(error: WeirError) => void>();
  let lost = false;
  return {
    isLost: () => lost,
    lose() {
      lost = true;
      for (const reject of waiting) reject(gone());
      waiting.clear();
    },
    ask: (told, run) =>
      new Promise((resolve, reject) => {
        if (lost) return reject(gone());
        waiting.add(reject);
        run((error, value) => {
          waiting.delete(reject);
          if (error) reject(told(error));
          else resolve(value as never);
        });
      }),
  };
}

function remoteOf(place: string, options: SftpOptions, sftp: SFTPWrapper, line: Line, close: () => Promise<void>): Remote {
  const ask: Ask = (what, run) => line.ask((error) => refusal(place, what, error), run);
  const stat = (path: string): Promise<Stats> => ask(path, (done) => sftp.stat(path, done));
  const readPart = async (handle: Buffer, path: string, at: number, into: Buffer): Promise<void> => {
    for (let have = 0; have < into.length; ) {
      // A server may give less than was asked for without being at the end.
      const got = await ask<number>(path, (done) =>
        sftp.read(handle, into, have, into.length - have, at + have, (error, bytes) => done(error, bytes)),
      ).catch((error: unknown) => {
        if ((error as WeirError).cause && ((error as WeirError).cause as { code?: number }).code === 1) return 0;
        throw error;
      });
      if (got === 0) throw new WeirError('source_changed', `${place}${path}: became shorter while it was fetched`, { place });
      have += got;
    }
  };
  const readAll = async (handle: Buffer, path: string, at: number, into: Buffer): Promise<void> => {
    const parts: Promise<void>[] = [];
    for (let from = 0; from < into.length; from += readBytes)
      parts.push(readPart(handle, path, at + from, into.subarray(from, from + readBytes)));
    await Promise.all(parts);
  };
  return {
    place,
    async list(): Promise<RemoteListing> {
      const directory = await ask<string>(options.directory, (done) => sftp.realpath(options.directory, done));
      const entries = await ask<FileEntryWithStats[]>(directory, (done) => sftp.readdir(directory, done));
      const files: RemoteFile[] = [];
      for (const { filename, attrs } of entries) {
        if (!attrs.isFile() || filename.includes('/')) continue;
        const path = posix.join(directory, filename);
        files.push({ url: `${place}${path}`, path, name: filename, bytes: attrs.size, modifiedAt: attrs.mtime * 1000, version: '' });
      }
      return { files, aheadMs: undefined };
    },
    async *read(file, from) {
      const handle = await ask<Buffer>(file.path, (done) => sftp.open(file.path, 'r', done));
      try {
        yield* inOrder({ from, to: file.bytes, pieceBytes, depth: piecesAtOnce }, (at, into) => readAll(handle, file.path, at, into));
      } finally {
        if (!line.isLost()) await ask(file.path, (done) => sftp.close(handle, done)).catch(() => undefined);
      }
    },
    async unchanged(file) {
      const now = await stat(file.path).catch((error: unknown) => {
        if (error instanceof WeirError && error.code === 'source_changed') return undefined;
        throw error;
      });
      return now !== undefined && now.size === file.bytes && now.mtime * 1000 === file.modifiedAt;
    },
    putAway: (file, how) => putAway(sftp, ask, file, how),
    close,
  };
}

type Ask = <T>(what: string, run: Request<T>) => Promise<T>;

async function putAway(sftp: SFTPWrapper, ask: Ask, file: RemoteFile, { after, moveTo }: PutAway): Promise<void> {
  if (after === 'delete') {
    await ask(file.path, (done) => sftp.unlink(file.path, done));
    return;
  }
  const directory = moveTo ?? posix.join(posix.dirname(file.path), 'done');
  await ask(directory, (done) => sftp.mkdir(directory, done)).catch(() => undefined);
  const target = posix.join(directory, file.name);
  // Where that name is taken, the file that was moved there before keeps it.
  await ask(target, (done) => sftp.rename(file.path, target, done)).catch(() =>
    ask(target, (done) => sftp.rename(file.path, `${target}.${file.modifiedAt}`, done)),
  );
}

const unreachable = (place: string, why: string, cause?: Error): WeirError =>
  new WeirError('source_unreachable', `${place}: ${why}`, {
    place,
    hint: 'Is the server up, the port right, and does no firewall stand between?',
    cause,
  });

/** What a failed request means. Codes of SFTP version 3: 2 no such file, 3 permission denied. */
function refusal(place: string, what: string, error: Error & { code?: number }): WeirError {
  if (error.code === 2)
    return new WeirError('source_changed', `${place}: ${what}: no such file`, {
      place,
      hint: 'Check "directory"; a relative one begins at the home directory of the user.',
      cause: error,
    });
  if (error.code === 3)
    return new WeirError('source_refused', `${place}: ${what}: permission denied`, {
      place,
      hint: 'The user needs to read the directory, and to write it for after: move or delete.',
      cause: error,
    });
  return new WeirError('source_refused', `${place}: ${what}: ${error.message}`, { place, cause: error });
}

/** Why a connection was not made. */
function told(place: string, options: SftpOptions, shown: string, error: Error & { level?: string }): WeirError {
  if (error instanceof WeirError) return error;
  if (shown !== '' && !options.hostKeys.some((pinned) => pinned.replace(/=+$/, '') === shown))
    return new WeirError('host_key_other', `${place}: its host key is ${shown}, which is not pinned`, {
      place,
      hint: 'Ask the operator of the server whether that is its key. Only if it is, write it into hostKey.',
    });
  if (error.level === 'client-authentication')
    return new WeirError('source_refused', `${place}: user ${options.user} is not let in`, {
      place,
      hint: 'Is the user right, the public key known to the server, or the password that of the user?',
    });
  if (/privateKey|passphrase/i.test(error.message))
    return new WeirError('config_invalid', `${place}: the private key cannot be read`, {
      place,
      hint: 'It must be an OpenSSH or PEM key; one with a passphrase needs passphraseFile or passphraseEnv.',
    });
  return unreachable(place, error.message, error);
}

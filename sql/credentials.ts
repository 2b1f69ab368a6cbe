/** Passwords of the laptop's ClickHouse users, made once per data directory and kept in a file that only its owner can read. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '../core/errors.ts';
import type { Passwords } from './access.ts';

/** A new password: 192 random bits, in characters that need no escaping anywhere. */
function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * Reads `<directory>/credentials`, or makes it (mode 0600). Two processes that start at once get the same passwords: the file is
 * written under a name of its own and linked into place, which only one of them can do.
 */
export function credentialsOf(directory: string): Passwords {
  const path = join(directory, 'credentials');
  const existing = read(path);
  if (existing !== undefined) return existing;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify({ weir: newPassword(), analyst: newPassword() }, null, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const made = read(path);
  if (made === undefined) throw new WeirError('file_unreadable', 'The credentials vanished while they were written.', { place: path });
  return made;
}

function read(path: string): Passwords | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new WeirError('file_unreadable', `The credentials cannot be read: ${codeOf(error)}.`, { place: path, cause: error });
  }
  const parsed = parse(text);
  if (typeof parsed?.['weir'] === 'string' && typeof parsed['analyst'] === 'string')
    return { weir: parsed['weir'], analyst: parsed['analyst'] };
  throw new WeirError('file_unreadable', 'The credentials are not JSON with the passwords of weir and analyst.', {
    place: path,
    hint: 'Delete the file; new passwords are made at the next start.',
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

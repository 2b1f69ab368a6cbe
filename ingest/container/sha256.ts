/** The identity of a file: the SHA-256 of its bytes as they lie on disk, packed or not. */
import { createHash } from 'node:crypto';
import { readPlain } from './plain.ts';

/** Hex digest of a file's bytes. Constant memory. @throws WeirError `file_unreadable` */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readPlain(path)) hash.update(chunk);
  return hash.digest('hex');
}

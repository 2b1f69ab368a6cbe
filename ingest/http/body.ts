/** Reads the body of a posted batch into memory, unpacked, within limits. A body is stored as a whole or refused as a whole. */
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { WeirError } from '../../core/errors.ts';

export interface BodyLimits {
  /** Largest size after unpacking. */
  readonly maxBytes: number;
}

/**
 * The unpacked body. When it is refused, the rest of the stream is left unread, for the caller to drain or to cut.
 * @param encoding of the header Content-Encoding: gzip, deflate, identity or empty
 * @throws WeirError body_too_large, or body_unreadable when it is truncated or not what its encoding says
 */
export async function readBody(stream: Readable, encoding: string, { maxBytes }: BodyLimits): Promise<Buffer> {
  const unpacked = unpack(stream, encoding.trim().toLowerCase());
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The stream itself is left open: whoever was refused still has to read the answer on the same connection.
    for await (const chunk of unpacked.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) {
        throw new WeirError('body_too_large', `the body is larger than ${maxBytes} bytes after unpacking`, {
          hint: 'Send it in several posts, or put it into a file.',
        });
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (unpacked !== stream) {
      stream.unpipe();
      unpacked.destroy();
    }
    if (error instanceof WeirError) throw error;
    throw new WeirError('body_unreadable', `the body cannot be read: ${(error as Error).message}`, {
      hint: 'Is it complete, and what Content-Encoding says?',
      cause: error,
    });
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
}

function unpack(stream: Readable, encoding: string): Readable {
  if (encoding === '' || encoding === 'identity') return stream;
  if (encoding !== 'gzip' && encoding !== 'x-gzip' && encoding !== 'deflate') {
    throw new WeirError('body_unreadable', `Content-Encoding ${encoding} is not known`, { hint: 'Send gzip, deflate or nothing.' });
  }
  const unpacker = encoding === 'deflate' ? createInflate() : createGunzip();
  stream.on('error', (error) => unpacker.destroy(error));
  return stream.pipe(unpacker);
}

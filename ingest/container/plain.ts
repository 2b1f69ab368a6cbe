/** A file's bytes in chunks of one reused buffer: constant memory for any size. */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { WeirError } from '../../core/errors.ts';

const chunkBytes = 1 << 18;
/** The first chunk is shorter: most of many small files is no more than that. */
const firstBytes = 1 << 14;

/** Chunks of up to 256 KiB. Each is valid until the next is asked for. @throws WeirError `file_unreadable` */
export async function* readPlain(path: string, onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const file = await openFile(path);
  try {
    let buffer = Buffer.allocUnsafe(firstBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      onRead?.(bytesRead);
      yield buffer.subarray(0, bytesRead);
      if (buffer.length < chunkBytes) buffer = Buffer.allocUnsafe(chunkBytes);
    }
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await file.close();
  }
}

/** A small file as a whole. @throws WeirError `file_unreadable` */
export const readWhole = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });

/** The first bytes of a file, fewer when it is shorter. */
export async function readHead(path: string, length: number): Promise<Buffer> {
  const file = await openFile(path);
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

export function unreadable(path: string, error: unknown): Error {
  if (error instanceof WeirError) return error;
  return new WeirError('file_unreadable', `${path}: ${error instanceof Error ? error.message : String(error)}`, {
    place: path,
    cause: error,
  });
}

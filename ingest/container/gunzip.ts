/** Unpacks gzip as a stream: several members one after another, within limits, and everything readable of a truncated one. */
import { createGunzip } from 'node:zlib';
import { WeirError } from '../../core/errors.ts';
import { type UnpackLimits, unpackGuard } from './limits.ts';

/** Packed bytes handed over at once: at deflate's greatest ratio (1032) that is 17 MB of output, the most held in memory. */
const pieceBytes = 1 << 14;

/**
 * The unpacked bytes. What could be read before damage or a truncated end is delivered first.
 * @throws WeirError `file_truncated`, `file_bomb`, `file_unreadable`, naming `place`
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  place: string,
  limits: Partial<UnpackLimits> = {},
): AsyncGenerator<Uint8Array> {
  const guard = unpackGuard(place, limits);
  const engine = createGunzip({ chunkSize: 1 << 16 });
  const ready: Uint8Array[] = [];
  let failure: Error | undefined;
  let wake: () => void = () => {};
  engine.on('data', (chunk: Uint8Array) => ready.push(chunk));
  engine.on('error', (error) => {
    failure = error;
    wake();
  });
  let packed = 0;
  const flush = function* (): Generator<Uint8Array> {
    for (const chunk of ready.splice(0)) {
      guard(chunk.length, packed);
      yield chunk;
    }
  };
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes);
        packed += piece.length;
        await new Promise<void>((resolve) => {
          wake = resolve;
          engine.write(piece, () => resolve());
        });
        yield* flush();
        if (failure) throw damaged(place, failure);
      }
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
      engine.once('end', resolve);
      engine.end();
    });
    yield* flush();
    if (failure) throw damaged(place, failure);
  } finally {
    engine.destroy();
  }
}

function damaged(place: string, error: Error): WeirError {
  if ((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR')
    return new WeirError('file_truncated', `${place}: the compressed data ends too early`, {
      place,
      hint: 'What could be read was taken in. Fetch the whole file again: it counts as another file.',
      cause: error,
    });
  return new WeirError('file_unreadable', `${place}: the compressed data is damaged (${error.message})`, { place, cause: error });
}

/** Reads a long thing in pieces, several of them asked for at once, handed over in order: the way to be fast over a long line. */

export interface WindowOptions {
  readonly from: number;
  readonly to: number;
  readonly pieceBytes: number;
  /** Pieces asked for at once: with pieceBytes the memory that it holds. */
  readonly depth: number;
}

/**
 * The pieces in order. One that fails ends it, after those before it. A piece is whole until the next one is asked for: its memory is then
 * used again, for buffers by the thousand are what a garbage collector is slowest with.
 * @param read fills the buffer, or throws
 */
export async function* inOrder(
  { from, to, pieceBytes, depth }: WindowOptions,
  read: (at: number, into: Buffer) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const waiting: Promise<Uint8Array>[] = [];
  const buffers: Buffer[] = [];
  let next = from;
  let asked = 0;
  const ask = (): void => {
    const length = Math.min(pieceBytes, to - next);
    const slot = asked++ % depth;
    buffers[slot] ??= Buffer.allocUnsafe(Math.min(pieceBytes, to - from));
    const buffer = buffers[slot];
    const into = buffer.length === length ? buffer : buffer.subarray(0, length);
    const piece = read(next, into).then(() => into);
    // Whoever waits for it sees the failure; until then it must not count as unhandled.
    piece.catch(() => undefined);
    waiting.push(piece);
    next += pieceBytes;
  };
  while (next < to || waiting.length > 0) {
    while (next < to && waiting.length < depth) ask();
    yield await (waiting.shift() as Promise<Uint8Array>);
  }
}

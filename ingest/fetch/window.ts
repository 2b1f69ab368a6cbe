/** Reads a long thing in pieces, several of them asked for at once, handed over in order: the way to be fast over a long line. */

export interface WindowOptions {
  readonly from: number;
  readonly to: number;
  readonly pieceBytes: number;
  /** Pieces asked for at once: with pieceBytes the memory that it holds. */
  readonly depth: number;
}

/**
 * The pieces in order. One that fails ends it, after those before it.
 * @param read gives exactly the bytes asked for, or throws
 */
export async function* inOrder(
  { from, to, pieceBytes, depth }: WindowOptions,
  read: (at: number, length: number) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const waiting: Promise<Uint8Array>[] = [];
  let next = from;
  const ask = (): void => {
    const piece = read(next, Math.min(pieceBytes, to - next));
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

/** Brings files into the spool ahead of whoever stores them: several at once, in order, and never more bytes than the spool may hold. */
import { WeirError } from '../../core/errors.ts';
import type { Remote, RemoteFile } from '../../ingest/fetch/remote.ts';
import { fetchInto, type Spooled } from '../../ingest/fetch/spool.ts';

export interface AheadOptions {
  readonly remote: Remote;
  readonly directory: string;
  readonly parallel: number;
  /** Bytes that may lie in the spool; a larger file waits until it is alone. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** A file that changed or went away meanwhile: the next look decides. */
  readonly onLeft: (file: RemoteFile, error: WeirError) => void;
}

/** So many small files are asked for ahead: a group of them is there when the one before is stored. */
const smallAhead = 512;
const smallFile = 1_048_576;

/**
 * The fetched files in the order given; who takes one has stored it before asking for the next. A lost connection ends it with its error,
 * after the files before it.
 */
export async function* fetchAhead(files: readonly RemoteFile[], options: AheadOptions): AsyncGenerator<Spooled> {
  const { remote, directory, parallel, maxBytes, signal, onLeft } = options;
  const waiting: { file: RemoteFile; work: Promise<Spooled> }[] = [];
  let next = 0;
  let held = 0;
  let running = 0;
  const free: (() => void)[] = [];
  /** At most `parallel` transfers run; the others of the window wait for their turn. */
  const turn = async (file: RemoteFile): Promise<Spooled> => {
    while (running >= parallel) await new Promise<void>((resolve) => free.push(resolve));
    running++;
    try {
      signal.throwIfAborted();
      return await fetchInto(directory, remote, file, signal);
    } finally {
      running--;
      free.shift()?.();
    }
  };
  const begin = (): void => {
    while (next < files.length) {
      const file = files[next] as RemoteFile;
      const most = file.bytes <= smallFile ? Math.max(parallel, smallAhead) : parallel;
      if (waiting.length >= most || (waiting.length > 0 && held + file.bytes > maxBytes)) return;
      next++;
      held += file.bytes;
      const work = turn(file);
      // Whoever waits for it sees the failure; until then it must not count as unhandled.
      work.catch(() => undefined);
      waiting.push({ file, work });
    }
  };
  try {
    for (begin(); waiting.length > 0; begin()) {
      const { file, work } = waiting.shift() as (typeof waiting)[number];
      try {
        yield await work;
      } catch (error) {
        if (!(error instanceof WeirError) || error.code !== 'source_changed') throw error;
        onLeft(file, error);
      }
      held -= file.bytes;
    }
  } finally {
    // What is on its way ends before its connection is closed.
    await Promise.allSettled(waiting.map(({ work }) => work));
  }
}

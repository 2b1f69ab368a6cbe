/** Ingest processes of the Kafka benchmarks, of one consumer group, as `kafka.processes` starts them; each a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface ReadersOptions {
  readonly processes: number;
  readonly url: string;
  readonly password: string;
  readonly brokers: string;
  readonly topic: string;
  /** Records of a message. */
  readonly packed: number;
  /** Records of a batch; 0 = as by default. */
  readonly batch: number;
  /** 0 = as by default. */
  readonly batchSeconds: number;
}

/** What one process used from its beginning on. */
export interface ReaderUse {
  /** Processor time, us. */
  readonly cpu: number;
  /** Most memory that was resident, MB. */
  readonly megabytes: number;
}

export interface Readers {
  /** They are connected from here on. */
  begin(): void;
  /** Resolves when so many positions are stored or rejected, with the rejected ones. */
  until(positions: number): Promise<number>;
  end(): Promise<readonly ReaderUse[]>;
}

/** What a process tells. */
export type ReaderWord = 'ready' | { readonly read: number; readonly rejected: number } | ReaderUse;

/** Starts them; resolves when all are ready to begin. */
export async function startReaders(options: ReadersOptions): Promise<Readers> {
  const program = join(import.meta.dirname, 'kafka-ingest.ts');
  const children = Array.from({ length: options.processes }, () =>
    fork(program, [], { execArgv: ['--import', 'tsx', '--max-old-space-size=1024'] }),
  );
  for (const child of children) child.send(options);
  await Promise.all(children.map((child) => once(child, 'message')));
  let [read, rejected] = [0, 0];
  let heard: () => void = () => undefined;
  for (const child of children)
    child.on('message', (word: ReaderWord) => {
      if (word === 'ready' || !('read' in word)) return;
      read += word.read;
      rejected += word.rejected;
      heard();
    });
  return {
    begin: () => {
      for (const child of children) child.send('begin');
    },
    until: (positions) =>
      new Promise((resolve) => {
        heard = () => {
          if (read >= positions) resolve(rejected);
        };
        heard();
      }),
    end: () => Promise.all(children.map(useOf)),
  };
}

async function useOf(child: ChildProcess): Promise<ReaderUse> {
  const told = new Promise<ReaderUse>((resolve) => {
    child.on('message', (word: ReaderWord) => {
      if (word !== 'ready' && 'cpu' in word) resolve(word);
    });
  });
  const gone = once(child, 'exit');
  child.send('end');
  const use = await told;
  await gone;
  return use;
}

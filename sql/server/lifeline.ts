/**
 * A FIFO that the parent holds open for writing and the child for reading. A thread of the child waits for its end, which comes when
 * the parent closes it or dies, by whatever means: the child can never be left behind.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Lifeline {
  /** Descriptor to hand to the child; closed here once the child has it. */
  readonly readEnd: number;
  /** To be called when the child has been spawned. */
  handedOver(): void;
  /** Lets the child end. */
  cut(): void;
}

/**
 * Both ends are open before the child exists, so there is no moment at which a dying parent would leave it waiting for a writer.
 */
export function newLifeline(): Lifeline {
  const directory = mkdtempSync(join(tmpdir(), 'weir-alive-'));
  const path = join(directory, 'alive');
  try {
    execFileSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
    const writeEnd = openSync(path, 'r+');
    const readEnd = openSync(path, 'r');
    let handed = false;
    let isCut = false;
    const handedOver = (): void => {
      if (!handed) closeSync(readEnd);
      handed = true;
    };
    const cut = (): void => {
      handedOver();
      if (!isCut) closeSync(writeEnd);
      isCut = true;
    };
    return { readEnd, handedOver, cut };
  } finally {
    // The open descriptors keep the FIFO; its name is not needed any more.
    rmSync(directory, { recursive: true, force: true });
  }
}

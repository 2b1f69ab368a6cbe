import { describe, expect, it } from 'vitest';
import { startLooking } from './looking.ts';

/** A look whose items are let through one by one. */
function gated(items: number) {
  const gates: (() => void)[] = [];
  let started = 0;
  const looking = startLooking({
    due: async () => Array.from({ length: items }, (_, i) => i),
    work: () => {
      started++;
      return new Promise<void>((resolve) => gates.push(resolve));
    },
    failed: () => undefined,
    everyMs: 0,
  });
  return { looking, started: () => started, open: () => gates.shift()?.() };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('looking', () => {
  it('is one look at a time, and says how much it did', async () => {
    const { looking, started, open } = gated(2);
    const both = Promise.all([looking.look(), looking.look()]);
    for (let item = 0; item < 2; item++) {
      await turn();
      open();
    }
    expect(await both).toEqual([2, 2]);
    expect(started()).toBe(2);
  });

  it('ends after the item in work', async () => {
    const { looking, started, open } = gated(3);
    const look = looking.look();
    await turn();
    const stopped = looking.stop();
    open();
    await stopped;
    expect(await look).toBe(1);
    expect(started()).toBe(1);
  });

  it('tells a failure and looks again', async () => {
    const failures: unknown[] = [];
    let looks = 0;
    let looking: ReturnType<typeof startLooking> | undefined;
    await new Promise<void>((resolve) => {
      looking = startLooking({
        due: async () => {
          looks++;
          if (looks === 1) throw new Error('away');
          resolve();
          return [];
        },
        work: async () => undefined,
        failed: (error) => failures.push(error),
        everyMs: 1,
      });
    });
    await looking?.stop();
    expect(failures).toEqual([new Error('away')]);
  });
});

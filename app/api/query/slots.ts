/** Work that people wait for, a few at once: a board asks for all its panels at the same time and must not be told to come again. */
import { WeirError } from '../../../core/errors.ts';

/**
 * Runs at most `atOnce` at a time; up to `waiting` more wait for their turn, those behind are told to come again.
 * @example const run = slots(2, 10); await run(async () => 1) // 1
 */
export function slots(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new WeirError('busy', 'Too many questions are in work.', { hint: 'Ask again in some seconds.' });
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}

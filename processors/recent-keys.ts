/** Business keys seen lately: open addressing over typed arrays, two generations, so that memory is bounded and eviction is free. */
import type { RecentKeys } from '../core/context.ts';
import { split64, splitHigh, splitLow } from './lanes.ts';

/** Recent keys that know where a batch begins. */
export interface BatchedRecentKeys extends RecentKeys {
  /** A new batch begins: what was seen until now counts as seen before. */
  nextBatch(): void;
  /** Bytes held. */
  readonly bytes: number;
}

interface Generation {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** Batch in which the key was last seen; 0 = free slot. */
  readonly batch: Uint32Array;
  held: number;
}

/**
 * Remembers at least the last `capacity` different keys, at most twice as many; 48 bytes a key.
 * @example
 * const keys = createRecentKeys(1000);
 * keys.seen(7n); // 0
 * keys.seen(7n); // 1
 * keys.nextBatch();
 * keys.seen(7n); // 2
 */
export function createRecentKeys(capacity: number): BatchedRecentKeys {
  const limit = Math.max(1, Math.floor(capacity));
  const slots = 2 ** Math.ceil(Math.log2(limit * 2));
  const mask = slots - 1;
  let current = generation(slots);
  let previous = generation(slots);
  let batch = 1;

  const remember = (low: number, high: number): void => {
    if (current.held >= limit) {
      const oldest = previous;
      previous = current;
      current = oldest;
      current.batch.fill(0);
      current.held = 0;
    }
    const at = find(current, low, high, mask);
    current.low[at] = low;
    current.high[at] = high;
    current.batch[at] = batch;
    current.held += 1;
  };

  return {
    bytes: slots * 24,
    nextBatch() {
      batch = batch === 0xffffffff ? 1 : batch + 1;
    },
    seen(key) {
      split64(key);
      const low = splitLow();
      const high = splitHigh();
      const at = find(current, low, high, mask);
      const last = current.batch[at]!;
      if (last !== 0) {
        current.batch[at] = batch;
        return last === batch ? 1 : 2;
      }
      const before = previous.batch[find(previous, low, high, mask)]!;
      remember(low, high);
      if (before === 0) return 0;
      return before === batch ? 1 : 2;
    },
  };
}

function generation(slots: number): Generation {
  return { low: new Uint32Array(slots), high: new Uint32Array(slots), batch: new Uint32Array(slots), held: 0 };
}

/** Slot of the key, or the free one where it belongs. Never more than half full, so there is one. */
function find(table: Generation, low: number, high: number, mask: number): number {
  const { low: lows, high: highs, batch } = table;
  let at = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
  while (batch[at] !== 0 && (lows[at] !== low || highs[at] !== high)) at = (at + 1) & mask;
  return at;
}

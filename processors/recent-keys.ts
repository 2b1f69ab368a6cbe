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

/** Slots of four words, so that a look-up touches one line of memory: key low, key high, batch of the last sight (0 = free), unused. */
interface Generation {
  readonly slots: Uint32Array;
  held: number;
}

const wordsPerSlot = 4;
const batchWord = 2;

/**
 * Remembers at least the last `capacity` different keys, at most twice as many; 64 to 128 bytes a key.
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
      current.slots.fill(0);
      current.held = 0;
    }
    const at = find(current, low, high, mask);
    current.slots[at] = low;
    current.slots[at + 1] = high;
    current.slots[at + batchWord] = batch;
    current.held += 1;
  };

  return {
    bytes: slots * wordsPerSlot * 8,
    nextBatch() {
      batch = batch === 0xffffffff ? 1 : batch + 1;
    },
    seen(key) {
      split64(key);
      const low = splitLow();
      const high = splitHigh();
      const at = find(current, low, high, mask);
      const last = current.slots[at + batchWord]!;
      if (last !== 0) {
        current.slots[at + batchWord] = batch;
        return last === batch ? 1 : 2;
      }
      const before = previous.held === 0 ? 0 : previous.slots[find(previous, low, high, mask) + batchWord]!;
      remember(low, high);
      if (before === 0) return 0;
      return before === batch ? 1 : 2;
    },
  };
}

function generation(slots: number): Generation {
  return { slots: new Uint32Array(slots * wordsPerSlot), held: 0 };
}

/** First word of the key's slot, or of the free one where it belongs. Never more than half full, so there is one. */
function find({ slots }: Generation, low: number, high: number, mask: number): number {
  let slot = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
  for (;;) {
    const at = slot * wordsPerSlot;
    if (slots[at + batchWord] === 0 || (slots[at] === low && slots[at + 1] === high)) return at;
    slot = (slot + 1) & mask;
  }
}

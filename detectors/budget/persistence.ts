/** Persistence and re-arming: an alarm opens after m of the last n looks, and clears only after quiet ones. */

/** State of many series, struct of arrays: 6 bytes each. */
export interface PersistenceState {
  /** The last looks, newest in the lowest bit, 1 = admitted. */
  readonly looks: Uint32Array;
  /** Quiet looks in a row since it opened, 0 to 255 (saturating). */
  readonly quiet: Uint8Array;
  /** 1 while open. */
  readonly open: Uint8Array;
}

export interface PersistenceRule {
  /** Admitted looks needed to open. Default 2. */
  readonly needed?: number;
  /** Among this many last looks, 1 to 32. Default 3. */
  readonly among?: number;
  /** Quiet looks in a row that clear it and arm it again, 1 to 255. Default 3. */
  readonly rearm?: number;
}

/** `admitted`: passed the budget. `quiet`: back below the lower of the two limits (hysteresis). `between`: neither. `missing`: no data. */
export type Look = 'admitted' | 'between' | 'quiet' | 'missing';

export type PersistenceStep = 'none' | 'opened' | 'open' | 'cleared';

/** Empty state for so many series. @example newPersistence(2).open // Uint8Array [0, 0] */
export function newPersistence(series: number): PersistenceState {
  return { looks: new Uint32Array(series), quiet: new Uint8Array(series), open: new Uint8Array(series) };
}

/**
 * Books one look at one series and says what follows. A missing look changes nothing: no data is neither an alarm nor quiet. Once open,
 * further admitted looks never open it again; only `rearm` quiet looks in a row do so, and they also empty the memory of looks.
 * @example
 * const state = newPersistence(1);
 * persist(state, 0, 'admitted'); // 'none'
 * persist(state, 0, 'admitted'); // 'opened'
 */
export function persist(state: PersistenceState, series: number, look: Look, rule: PersistenceRule = {}): PersistenceStep {
  const { needed = 2, among = 3, rearm = 3 } = rule;
  const open = state.open[series] === 1;
  if (look === 'missing') return open ? 'open' : 'none';
  const mask = among >= 32 ? 0xffffffff : (1 << among) - 1;
  const looks = (((state.looks[series]! << 1) | (look === 'admitted' ? 1 : 0)) & mask) >>> 0;
  state.looks[series] = looks;
  state.quiet[series] = look === 'quiet' ? Math.min(255, state.quiet[series]! + 1) : 0;
  if (!open) {
    if (look !== 'admitted' || ones(looks) < needed) return 'none';
    state.open[series] = 1;
    return 'opened';
  }
  if (state.quiet[series]! < rearm) return 'open';
  state.open[series] = 0;
  state.looks[series] = 0;
  state.quiet[series] = 0;
  return 'cleared';
}

function ones(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left = (left & (left - 1)) >>> 0) count++;
  return count;
}

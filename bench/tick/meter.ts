/** Where the time of a look goes: the queries, the writes, and what is left, which is the detector itself. */
import type { SeriesStore } from '../../app/detect/series/port.ts';
import type { Store } from '../../sql/store.ts';

export type Phase = 'query' | 'write' | 'detector';

/** Milliseconds on the clock, and of this process's processors. */
export interface Spent {
  wall: number;
  cpu: number;
}

export interface Meter {
  /** The store, with its calls measured. */
  readonly store: SeriesStore;
  /** Begins anew. */
  reset(): void;
  /** What each phase has taken since. */
  spent(): Readonly<Record<Phase, Spent>>;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Store calls are made one at a time by the engine, so the time between two belongs to the detector. */
export function createMeter(store: Store): Meter {
  const nothing = (): Record<Phase, Spent> => ({
    query: { wall: 0, cpu: 0 },
    write: { wall: 0, cpu: 0 },
    detector: { wall: 0, cpu: 0 },
  });
  let spent = nothing();
  let phase: Phase = 'detector';
  let wall = performance.now();
  let cpu = cpuMs();
  const turn = (to: Phase): void => {
    const [wallNow, cpuNow] = [performance.now(), cpuMs()];
    spent[phase].wall += wallNow - wall;
    spent[phase].cpu += cpuNow - cpu;
    [phase, wall, cpu] = [to, wallNow, cpuNow];
  };
  const measured = async <T>(as: Phase, call: Promise<T>): Promise<T> => {
    turn(as);
    try {
      return await call;
    } finally {
      turn('detector');
    }
  };
  return {
    store: {
      rows: (query, params, options) => measured('query', store.rows(query, params, options)),
      columns: (query, params, options) => measured('query', store.columns(query, params, options)),
      insert: (table, rows, token) => measured('write', store.insert(table, rows, token)),
    },
    reset() {
      turn('detector');
      spent = nothing();
    },
    spent() {
      turn('detector');
      const { query, write, detector } = spent;
      return { query: { ...query }, write: { ...write }, detector: { ...detector } };
    },
  };
}

/** Block builders are megabytes of typed arrays: kept and used again, one pair for each unit in work. */
import type { Kind } from '../../core/column.ts';
import { reject } from '../../core/kinds/index.ts';
import { newBlockBuilder } from '../../sql/native/builder.ts';
import type { UnitBuilders } from './unit-writer.ts';

export interface BuilderPool {
  /** Waits until a unit may begin. */
  take(kind: Kind): Promise<UnitBuilders>;
  give(kind: Kind, builders: UnitBuilders): void;
}

/** Units in work at the same time; more wait. Bounds the memory of the process. */
const unitsAtOnce = 3;

export function builderPool(capacity: number): BuilderPool {
  const free = new Map<string, UnitBuilders[]>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async take(kind) {
      while (taken >= unitsAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      taken++;
      return free.get(kind.name)?.pop() ?? { records: newBlockBuilder(kind, capacity), rejects: newBlockBuilder(reject, capacity) };
    },
    give(kind, builders) {
      taken--;
      const kept = free.get(kind.name) ?? [];
      if (kept.length < unitsAtOnce) kept.push(builders);
      free.set(kind.name, kept);
      waiting.shift()?.();
    },
  };
}

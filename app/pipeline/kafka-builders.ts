/** Builders of the batches of a source of topics: megabytes of typed arrays, so few, and used again. */
import { reject } from '../../core/kinds/index.ts';
import { newBlockBuilder } from '../../sql/native/builder.ts';
import type { PipelineSource } from './pipeline.ts';
import type { UnitBuilders } from './unit-writer.ts';

export interface KafkaBuilders {
  /** Undefined = all are in use. */
  take(): UnitBuilders | undefined;
  give(one: UnitBuilders): void;
}

/** Batches that are filled at once: about 15 MB each for usage records. */
const mostBuilders = 8;

/** @param capacity rows of each */
export function kafkaBuilders({ kind }: PipelineSource, capacity: number): KafkaBuilders {
  const free: UnitBuilders[] = [];
  let made = 0;
  return {
    take: () => {
      const one = free.pop();
      if (one || made >= mostBuilders) return one;
      made++;
      return { records: newBlockBuilder(kind, capacity), rejects: newBlockBuilder(reject, capacity) };
    },
    give: (one) => {
      // A planned range may have had larger ones of its own.
      if (one.records.capacity === capacity) free.push(one);
    },
  };
}

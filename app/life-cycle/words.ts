/** Keeps the words of the settings in the table that the views read. */
import type { Clock } from '../../core/clock.ts';
import type { Settings } from '../../core/settings/index.ts';
import { type StepWord, wordsOf } from '../../detectors/service/life-cycle/index.ts';
import type { Store } from '../../sql/store.ts';

/**
 * Writes the words when those that are stored differ. Returns whether it wrote.
 * Two processes that do it at once write the same words under two versions: the later holds.
 */
export async function keepWords(store: Pick<Store, 'rows' | 'insert'>, clock: Clock, { tenant, lifeCycle }: Settings): Promise<boolean> {
  const wanted = wordsOf(lifeCycle);
  const stored = await store.rows<StepWord>('life-cycle-words', { tenant });
  const text = (words: readonly StepWord[]): string =>
    words
      .map(({ kind, stated, standard }) => `${kind}/${stated}=${standard}`)
      .sort()
      .join('\n');
  if (text(stored) === text(wanted)) return false;
  const version = clock.now();
  await store.insert(
    'lifecycle_words',
    wanted.map((word) => ({ tenant, ...word, version })),
    `words/${tenant}/${version}`,
  );
  return true;
}

/** One answer for all who ask at about the same time: a page that reloads must not become a load on ClickHouse. */
import type { Clock } from '../../core/clock.ts';
import type { Store } from '../../sql/store.ts';

/** Answers that are kept at once. */
const mostAnswers = 100;

interface Kept<T> {
  readonly value: Promise<T>;
  until: number;
}

/** Loads what has a key at most once per `forMs`, and never twice at once. A failure is not kept. */
function sharedByKey<T>(clock: Clock, forMs: number): (key: string, load: () => Promise<T>) => Promise<T> {
  const all = new Map<string, Kept<T>>();
  return (key, load) => {
    const known = all.get(key);
    if (known && clock.now() < known.until) return known.value;
    for (const [each, { until }] of all) if (all.size >= mostAnswers || clock.now() >= until) all.delete(each);
    const kept = { value: load(), until: Number.POSITIVE_INFINITY };
    all.set(key, kept);
    kept.value.then(
      () => {
        kept.until = clock.now() + forMs;
      },
      () => {
        if (all.get(key) === kept) all.delete(key);
      },
    );
    return kept.value;
  };
}

/**
 * `load`, at most once per `forMs` and never twice at once. A failure is not kept.
 * @example const twice = shared(clock, 1000, load); await twice(); await twice(); // load ran once
 */
export function shared<T>(clock: Clock, forMs: number, load: () => Promise<T>): () => Promise<T> {
  const one = sharedByKey<T>(clock, forMs);
  return () => one('', load);
}

/**
 * The store, with one answer for all who ask the same at about the same time: panels of a board differ in what they take out of one answer. Readers must leave
 * the rows as they are.
 * @param forMs how long an answer is kept, ms
 */
export function sharedRows(store: Pick<Store, 'rows'>, clock: Clock, forMs: number): Pick<Store, 'rows'> {
  const answers = sharedByKey<unknown[]>(clock, forMs);
  return {
    rows: <Row>(name: string, params: Readonly<Record<string, unknown>> = {}, options: Parameters<Store['rows']>[2] = {}) =>
      answers(JSON.stringify([name, params]), () => store.rows(name, params, options)) as Promise<Row[]>,
  };
}

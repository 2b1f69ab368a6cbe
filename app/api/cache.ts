/** One answer for all who ask at about the same time: a page that reloads must not become a load on ClickHouse. */
import type { Clock } from '../../core/clock.ts';
import type { Store } from '../../sql/store.ts';

/**
 * `load`, at most once per `forMs` and never twice at once. A failure is not kept.
 * @example const twice = shared(clock, 1000, load); await twice(); await twice(); // load ran once
 */
export function shared<T>(clock: Clock, forMs: number, load: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  let until = 0;
  return () => {
    if (value && clock.now() < until) return value;
    const loading = load();
    value = loading;
    until = Number.POSITIVE_INFINITY;
    loading.then(
      () => {
        until = clock.now() + forMs;
      },
      () => {
        if (value === loading) value = undefined;
      },
    );
    return loading;
  };
}

/** Answers that are kept at once. */
const mostAnswers = 100;

/**
 * The store, with one answer for all who ask the same at about the same time: panels of a board differ in what they take out of one answer. Readers must leave the rows
 * as they are. A failure is not kept.
 * @param forMs how long an answer is kept, ms
 */
export function sharedRows(store: Pick<Store, 'rows'>, clock: Clock, forMs: number): Pick<Store, 'rows'> {
  const answers = new Map<string, { readonly rows: Promise<readonly unknown[]>; until: number }>();
  return {
    rows: <Row>(name: string, params: Readonly<Record<string, unknown>> = {}, options: Parameters<Store['rows']>[2] = {}) => {
      const key = JSON.stringify([name, params]);
      const known = answers.get(key);
      if (known && clock.now() < known.until) return known.rows as Promise<Row[]>;
      for (const [each, { until }] of answers) if (answers.size >= mostAnswers || clock.now() >= until) answers.delete(each);
      const rows = store.rows<Row>(name, params, options);
      const answer = { rows, until: Number.POSITIVE_INFINITY };
      answers.set(key, answer);
      rows.then(
        () => {
          answer.until = clock.now() + forMs;
        },
        () => {
          if (answers.get(key) === answer) answers.delete(key);
        },
      );
      return rows;
    },
  };
}

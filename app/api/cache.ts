/** One answer for all who ask at about the same time: a page that reloads must not become a load on ClickHouse. */
import type { Clock } from '../../core/clock.ts';

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

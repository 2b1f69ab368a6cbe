/** Data of the API in a component: loaded, loaded anew, and never of an address that is not asked for any more. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, wordsOf } from './ask.ts';

export interface Data<T> {
  /** The latest answer; it stays while it is loaded anew. */
  readonly data: T | undefined;
  readonly error: string;
  readonly loading: boolean;
  readonly reload: () => Promise<void>;
}

/**
 * The answer to a path below /api/v1; an empty path asks nothing.
 * @param everyMs asked again so often while the page is looked at
 */
export function useData<T>(path: string, everyMs = 0): Data<T> {
  const [state, setState] = useState<{ path: string; data?: T; error: string; loading: boolean }>({
    path,
    error: '',
    loading: path !== '',
  });
  const current = useRef(path);
  current.current = path;

  const reload = useCallback(async () => {
    if (path === '') return;
    setState((before) => ({ ...before, loading: true }));
    try {
      const data = await ask<T>(path);
      if (current.current === path) setState({ path, data, error: '', loading: false });
    } catch (error) {
      if (current.current === path) setState((before) => ({ ...before, error: wordsOf(error), loading: false }));
    }
  }, [path]);

  useEffect(() => {
    setState((before) => (before.path === path ? before : { path, error: '', loading: path !== '' }));
    void reload();
    if (everyMs === 0) return;
    const timer = setInterval(() => {
      if (!document.hidden) void reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [path, everyMs, reload]);

  return { data: state.path === path ? state.data : undefined, error: state.error, loading: state.loading, reload };
}

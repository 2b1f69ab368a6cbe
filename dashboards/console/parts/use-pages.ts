/** A list that goes on page by page. */
import { useEffect, useState } from 'preact/hooks';
import { ask, wordsOf } from '../core/ask.ts';
import type { Page } from '../core/types.ts';

export interface Pages<Item> {
  readonly items: readonly Item[];
  readonly loading: boolean;
  readonly error: string;
  /** Loads the next page; undefined on the last one. */
  readonly more: (() => void) | undefined;
}

/** @param path below /api/v1, with its parameters but the cursor; empty asks nothing */
export function usePages<Item>(path: string): Pages<Item> {
  const [state, setState] = useState({ path, items: [] as readonly Item[], next: null as string | null, loading: path !== '', error: '' });
  const load = async (cursor: string | null, wanted: () => boolean): Promise<void> => {
    try {
      const page = await ask<Page<Item>>(cursor ? `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}` : path);
      if (!wanted()) return;
      setState((before) => ({
        path,
        items: cursor ? [...before.items, ...page.items] : page.items,
        next: page.next,
        loading: false,
        error: '',
      }));
    } catch (error) {
      if (wanted()) setState((before) => ({ ...before, loading: false, error: wordsOf(error) }));
    }
  };
  useEffect(() => {
    let wanted = true;
    setState({ path, items: [], next: null, loading: path !== '', error: '' });
    if (path !== '') void load(null, () => wanted);
    return () => {
      wanted = false;
    };
  }, [path]);
  const { next } = state;
  return {
    items: state.path === path ? state.items : [],
    loading: state.loading || state.path !== path,
    error: state.error,
    more: next === null ? undefined : () => void load(next, () => true),
  };
}

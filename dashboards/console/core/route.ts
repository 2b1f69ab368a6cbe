/** The address of the page: what is shown stands in it, so that a link shows the same to somebody else. */
import { useEffect, useState } from 'preact/hooks';

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

addEventListener('popstate', tell);

/** Goes to an address of the console without loading it anew. */
export function go(url: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (url === location.pathname + location.search + location.hash) return;
  const from = location.pathname;
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  tell();
  if (location.pathname !== from) scrollTo(0, 0);
}

/** The place as it is, again whenever it changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const update = (): void => setPlace(here());
    listeners.add(update);
    return () => {
      listeners.delete(update);
    };
  }, []);
  return place;
}

/** Changes parameters of the address in place; an empty value takes one out. */
export function setQuery(change: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  go(location.pathname + (text === '' ? '' : `?${text}`), { replace: true });
}

/** Pages that the server answers with this program; all else is left to the browser. */
const own = /^\/(controls|reconciliation|slos|series|sources|sql)?$|^\/incidents\/[^/]+$/;

/** Follows links to pages of the console without leaving it. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || !own.test(link.pathname)) return;
  if (link.pathname === location.pathname && link.hash) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}

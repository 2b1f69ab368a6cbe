/** Incidents of the chosen states: loaded page by page up to a limit, and kept by the news of them. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { announce } from '../core/announce.ts';
import { ask, pathOf, wordsOf } from '../core/ask.ts';
import { severityName } from '../core/format.ts';
import { listen, useLive } from '../core/live.ts';
import type { IncidentSummary, Page } from '../core/types.ts';
import { type Collection, createCollection } from './collection.ts';

export interface IncidentList {
  readonly items: readonly IncidentSummary[];
  /** All that there are, or the latest `mostIncidents`. */
  readonly complete: boolean;
  readonly capped: boolean;
  readonly error: string;
  /** Incidents whose news came while the page was looked at. */
  readonly fresh: ReadonlySet<string>;
}

/** Most incidents that are held at once. */
export const mostIncidents = 10_000;
/** The first page is small, so that it is there at once. */
const firstPage = 100;
const nextPages = 500;

/** The list that was shown last, kept by the news: who comes back from one incident sees it at once, while it is loaded anew. */
let kept: { readonly state: string; readonly collection: Collection } | undefined;
let hears = false;

function collectionOf(state: string): Collection {
  if (kept?.state !== state) kept = { state, collection: createCollection(state) };
  if (!hears) listen({ onIncident: (incident) => kept?.collection.news(incident), onReload: () => undefined });
  hears = true;
  return kept.collection;
}

/** @param state active, one of the states, or empty for all */
export function useIncidents(state: string): IncidentList {
  const collection = useMemo(() => collectionOf(state), [state]);
  const fresh = useRef(new Set<string>());
  const [version, draw] = useState(0);
  const [load, setLoad] = useState({ state, again: 0, complete: false, capped: false, error: '' });
  const changed = (): void => draw((times) => times + 1);

  useEffect(() => {
    let wanted = true;
    async function read(): Promise<void> {
      let cursor: string | null = null;
      collection.begin();
      do {
        const page: Page<IncidentSummary> = await ask(pathOf('/incidents', { state, cursor, limit: cursor ? nextPages : firstPage }));
        if (!wanted) return;
        cursor = page.next;
        collection.add(page.items);
        changed();
      } while (cursor && collection.size < mostIncidents);
      collection.end();
      changed();
      setLoad((now) => ({ ...now, state, complete: true, capped: cursor !== null, error: '' }));
    }
    setLoad((now) => ({ ...now, state, complete: false, error: '' }));
    read().catch((error: unknown) => {
      if (wanted) setLoad((now) => ({ ...now, complete: true, error: wordsOf(error) }));
    });
    return () => {
      wanted = false;
    };
  }, [state, collection, load.again]);

  const listener = useMemo(
    () => ({
      onIncident: (incident: IncidentSummary) => {
        const { incident_id, severity, title } = incident;
        // The collection has heard of it already: it listens for as long as the program runs.
        const { taken, isNew } = collection.told(incident);
        if (!taken) return;
        fresh.current.add(incident_id);
        if (isNew) announce(`New incident, ${severityName(severity)}: ${title}`);
        changed();
      },
      onReload: () => setLoad((now) => ({ ...now, again: now.again + 1 })),
    }),
    [collection],
  );
  useLive(listener);

  const items = useMemo(() => collection.items(), [collection, version]);
  const { complete, capped, error } = load.state === state ? load : { complete: false, capped: false, error: '' };
  return { items, complete, capped, error, fresh: fresh.current };
}

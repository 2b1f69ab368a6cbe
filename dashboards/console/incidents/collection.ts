/** Incidents of a list by identity, filled page by page while news of them come in: the latest word on each holds, in whatever order they come. */
import type { IncidentSummary } from '../core/types.ts';

export interface News {
  /** Something changed. */
  readonly taken: boolean;
  /** It was not in the list. */
  readonly isNew: boolean;
}

export interface Collection {
  readonly size: number;
  /** What is shown. */
  items(): readonly IncidentSummary[];
  /** It is about to be loaded anew; what is shown stays until then. */
  begin(): void;
  /** A page that was loaded. */
  add(page: readonly IncidentSummary[]): void;
  /** All pages are there: what they did not hold is gone. */
  end(): void;
  /** A transition. */
  news(incident: IncidentSummary): News;
  /** What the latest transition did, where it was this one. */
  told(incident: IncidentSummary): News;
}

const nothing: News = { taken: false, isNew: false };
const active = ['open', 'acknowledged', 'in_progress'];

/** @example belongs('acknowledged', 'active') // true */
export const belongs = (state: string, wanted: string): boolean =>
  wanted === '' || (wanted === 'active' ? active.includes(state) : wanted === state);

/** @param wanted active, one of the states, or empty for all */
export function createCollection(wanted: string, before: readonly IncidentSummary[] = []): Collection {
  const shown = new Map(before.map((incident) => [incident.incident_id, incident]));
  /** Transitions that were heard of: a page that was asked for before them does not undo them. */
  const heard = new Map<string, IncidentSummary>();
  /** Incidents of the pages since `begin`. */
  let seen = new Set<string>();
  let latest: { readonly incident: IncidentSummary; readonly did: News } | undefined;

  function put(incident: IncidentSummary): boolean {
    const { incident_id, sequence, state } = incident;
    const known = shown.get(incident_id);
    if (known && known.sequence >= sequence) return false;
    if (belongs(state, wanted)) shown.set(incident_id, incident);
    else return shown.delete(incident_id);
    return true;
  }

  return {
    get size() {
      return shown.size;
    },
    items: () => [...shown.values()],
    begin: () => {
      seen = new Set();
    },
    add: (page) => {
      for (const incident of page) {
        seen.add(incident.incident_id);
        const later = heard.get(incident.incident_id);
        put(later && later.sequence > incident.sequence ? later : incident);
      }
    },
    end: () => {
      for (const id of [...shown.keys()]) if (!seen.has(id) && !heard.has(id)) shown.delete(id);
    },
    news: (incident) => {
      const isNew = !shown.has(incident.incident_id);
      const known = heard.get(incident.incident_id);
      if (known && known.sequence >= incident.sequence) return { taken: false, isNew: false };
      heard.set(incident.incident_id, incident);
      latest = { incident, did: { taken: put(incident), isNew } };
      return latest.did;
    },
    told: (incident) => (latest?.incident === incident ? latest.did : nothing),
  };
}

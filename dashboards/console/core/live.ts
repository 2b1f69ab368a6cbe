/** Transitions of incidents as they are stored: one connection for the whole program. */
import { useEffect, useState } from 'preact/hooks';
import { ask } from './ask.ts';
import type { IncidentSummary } from './types.ts';

export type LiveState = 'connecting' | 'live' | 'lost';

interface Listener {
  readonly onIncident: (incident: IncidentSummary) => void;
  /** More was missed than is sent again: everything has to be loaded anew. */
  readonly onReload: () => void;
}

const listeners = new Set<Listener>();
const states = new Set<(state: LiveState) => void>();
let state: LiveState = 'connecting';
let events: EventSource | undefined;

function become(next: LiveState): void {
  state = next;
  for (const each of states) each(next);
}

const reload = (): void => {
  for (const { onReload } of listeners) onReload();
};

/** Begins to listen; the browser connects again by itself and says what it saw last. */
function open(): void {
  const source = new EventSource('/api/v1/incidents/events');
  events = source;
  source.addEventListener('open', () => {
    // Without the id of a last event nothing is sent again: load what was missed.
    if (state === 'lost') reload();
    become('live');
  });
  source.addEventListener('error', () => {
    become('lost');
    // Refused: the session may have ended, which asking tells.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => void ask('/session').then(open, open), 5_000);
  });
  source.addEventListener('incident', (event) => {
    const incident = JSON.parse((event as MessageEvent<string>).data) as IncidentSummary;
    for (const { onIncident } of listeners) onIncident(incident);
  });
  source.addEventListener('reload', reload);
}

/** Hears of incidents from now on. Answers how to stop it. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  if (!events) open();
  return () => {
    listeners.delete(listener);
  };
}

/** Hears of incidents while the component is there. */
export function useLive(listener: Listener): void {
  useEffect(() => listen(listener), [listener]);
}

/** Whether news come in. */
export function useLiveState(): LiveState {
  const [now, setNow] = useState(state);
  useEffect(() => {
    states.add(setNow);
    setNow(state);
    return () => {
      states.delete(setNow);
    };
  }, []);
  return now;
}

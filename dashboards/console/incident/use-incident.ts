/** One incident with what belongs to it, kept by the news of it. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import { announce } from '../core/announce.ts';
import { ask, wordsOf } from '../core/ask.ts';
import { wordOf } from '../core/format.ts';
import { useLive } from '../core/live.ts';
import type { Incident, IncidentDetail, IncidentSummary } from '../core/types.ts';
import { useData } from '../core/use-data.ts';

export interface OneIncident {
  readonly incident: Incident | undefined;
  readonly error: string;
  /** Something that was asked for is in work: buttons wait. */
  readonly busy: boolean;
  readonly reload: () => Promise<void>;
  /** Posts below the incident and loads it anew; true when it was taken. */
  readonly post: (path: string, body: object, done: string) => Promise<boolean>;
}

export function useIncident(id: string): OneIncident {
  const path = `/incidents/${encodeURIComponent(id)}`;
  const { data, error, reload } = useData<IncidentDetail>(path);
  const [failed, setFailed] = useState('');
  const [busy, setBusy] = useState(false);
  const sequence = data?.incident.sequence ?? 0;

  const listener = useMemo(
    () => ({
      onIncident: (news: IncidentSummary) => {
        if (news.incident_id !== id || news.sequence <= sequence) return;
        announce(`The incident is ${wordOf(news.state).toLowerCase()}.`);
        void reload();
      },
      onReload: () => void reload(),
    }),
    [id, sequence, reload],
  );
  useLive(listener);

  const post = useCallback(
    async (what: string, body: object, done: string): Promise<boolean> => {
      setBusy(true);
      try {
        await ask(`${path}/${what}`, { method: 'POST', body });
        setFailed('');
        await reload();
        announce(done);
        return true;
      } catch (problem) {
        setFailed(wordsOf(problem));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [path, reload],
  );

  return { incident: data?.incident, error: failed || error, busy, reload, post };
}

/** Whether it was right, in the words of people: limits learn from it. */
import { useMayAct } from '../core/session.ts';
import type { Incident, Page, Verdict } from '../core/types.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { Time } from '../parts/Time.tsx';
import type { OneIncident } from './use-incident.ts';

const words: Readonly<Record<string, string>> = { true: 'It was right', false: 'False alarm', useful: 'It helped' };

export function Judgement({ incident, one }: { readonly incident: Incident; readonly one: OneIncident }) {
  const mayAct = useMayAct();
  const { data, reload } = useData<Page<Verdict>>(`/verdicts?incident_id=${encodeURIComponent(incident.incident_id)}&limit=100`);
  const said = data?.items ?? [];
  // Of each person the latest.
  const latest = said.filter(({ actor }, at) => said.findIndex((other) => other.actor === actor) === at);
  if (!mayAct && latest.length === 0) return null;
  const judge = async (verdict: string): Promise<void> => {
    if (await one.post('verdict', { verdict }, `Your verdict: ${words[verdict]}.`)) await reload();
  };
  return (
    <Card title="Was it right?">
      {latest.length > 0 ? (
        <ul class="plain">
          {latest.map(({ verdict, note, actor, at }) => (
            <li key={actor} class="entry">
              <b>{words[verdict] ?? verdict}</b>
              {note ? ` · ${note}` : ''}
              <div class="muted small">
                {actor} · <Time at={at} />
              </div>
            </li>
          ))}
        </ul>
      ) : null}
      {mayAct ? (
        <>
          <div class="actions">
            {Object.entries(words).map(([verdict, text]) => (
              <button key={verdict} type="button" disabled={one.busy} onClick={() => void judge(verdict)}>
                {text}
              </button>
            ))}
          </div>
          <p class="muted small">Limits learn from it.</p>
        </>
      ) : null}
    </Card>
  );
}

/** What else belongs to it: the findings behind it, why it became an incident, and past ones that look like it. */

import { count, percent } from '../core/format.ts';
import type { Incident } from '../core/types.ts';
import { useData } from '../core/use-data.ts';
import { Card } from '../parts/Card.tsx';
import { Time } from '../parts/Time.tsx';

interface Similar {
  readonly score: number;
  readonly reason: string;
  readonly incident: { readonly incident_id: string; readonly title: string; readonly root_cause: string };
}

export function Around({ incident }: { readonly incident: Incident }) {
  const { symptoms = [], symptom_counts: counts, reasons = [], incident_id } = incident;
  const { data } = useData<{ items: readonly Similar[] }>(`/incidents/${encodeURIComponent(incident_id)}/similar`);
  const similar = data?.items ?? [];
  return (
    <>
      {symptoms.length > 0 ? (
        <Card
          title="Findings that belong to it"
          note={
            counts ? `${count(counts.symptoms)} ${counts.symptoms === 1 ? 'symptom' : 'symptoms'}, ${count(counts.children)} behind it` : ''
          }
        >
          <ul class="plain">
            {symptoms.map(({ finding_key, title, detector, reason, at }) => (
              <li key={finding_key} class="entry">
                {title}
                <div class="muted small">
                  {detector} · {reason} · <Time at={at} />
                </div>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
      {reasons.length > 0 ? (
        <Card title="Why it is an incident">
          <ol class="plain">
            {reasons.map(({ step, text }) => (
              <li key={step + text} class="entry">
                <span class="muted">{step}</span> · {text}
              </li>
            ))}
          </ol>
        </Card>
      ) : null}
      {similar.length > 0 ? (
        <Card title="Looks like">
          <ul class="plain">
            {similar.map(({ score, reason, incident: other }) => (
              <li key={other.incident_id} class="entry">
                <a href={`/incidents/${encodeURIComponent(other.incident_id)}`}>{other.title}</a>
                <div class="muted small">
                  {percent(score)} alike: {reason}
                  {other.root_cause ? ` · root cause: ${other.root_cause}` : ''}
                </div>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
    </>
  );
}

/** What happened to it, the latest first. */
import type { Incident } from '../core/types.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { Time } from '../parts/Time.tsx';

type Entry = Incident['timeline'][number];

const columns = (['at', 'type', 'actor', 'text'] as const).map((name) => ({ name, of: (entry: Entry) => entry[name] }));

export function Timeline({ incident }: { readonly incident: Incident }) {
  const entries = [...incident.timeline].reverse();
  return (
    <Card title="Timeline" tools={<CsvButton name={`timeline-${incident.incident_id}`} rows={entries} columns={columns} />}>
      <ol class="timeline">
        {entries.map(({ at, actor, text, type }, index) => (
          <li key={`${at}-${entries.length - index}`} class={`t-${type}`}>
            <p>{text}</p>
            <p class="muted small">
              {actor} · <Time at={at} />
            </p>
          </li>
        ))}
      </ol>
    </Card>
  );
}

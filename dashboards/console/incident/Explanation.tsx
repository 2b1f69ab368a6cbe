/** Which values explain it, as bars, and what was changed just before. */
import { duration, percent } from '../core/format.ts';
import type { Incident } from '../core/types.ts';
import { Card } from '../parts/Card.tsx';
import { CsvButton } from '../parts/CsvButton.tsx';
import { Tags } from '../parts/Tags.tsx';
import { Time } from '../parts/Time.tsx';

type Part = Incident['explanation'][number];
const columns = (['dimensions', 'share', 'remaining'] as const).map((name) => ({ name, of: (part: Part) => part[name] }));

const effects: Readonly<Record<string, string>> = { up: 'surge', down: 'drop' };

function before(changed: string, began: string): string {
  const seconds = (Date.parse(began) - Date.parse(changed)) / 1000;
  if (!Number.isFinite(seconds)) return '';
  if (Math.abs(seconds) < 60) return 'as it began';
  return seconds > 0 ? `${duration(seconds)} before it began` : `${duration(-seconds)} after it began`;
}

export function Explanation({ incident }: { readonly incident: Incident }) {
  const { explanation, change_suspects: suspects, finding } = incident;
  if (explanation.length === 0 && suspects.length === 0) return null;
  const left = explanation.at(-1)?.remaining ?? 0;
  return (
    <Card title="What explains it" tools={<CsvButton name={`explanation-${incident.incident_id}`} rows={explanation} columns={columns} />}>
      {explanation.length > 0 ? (
        <>
          <ul class="plain shares">
            {explanation.map(({ dimensions, share }) => (
              <li key={JSON.stringify(dimensions)} class="share">
                <div>
                  <Tags of={dimensions} none="everything in its scope" />
                </div>
                <progress max={1} value={share} aria-label={`share ${percent(share)}`} />
                <div class="number">{percent(share)}</div>
              </li>
            ))}
          </ul>
          <p class="muted small">
            Share of the {effects[finding.direction] ?? 'deviation'} that these values explain, the smallest set that does
            {left > 0.005 ? `; ${percent(left)} remain` : ''}.
          </p>
        </>
      ) : null}
      {suspects.length > 0 ? (
        <>
          <h3>Changed just before, the likeliest first</h3>
          <ul class="plain">
            {suspects.map(({ change_id, summary, event_time }) => (
              <li key={change_id + event_time} class="entry">
                {summary}
                <div class="muted small">
                  <Time at={event_time} />
                  {change_id ? ` · ${change_id}` : ''} · {before(event_time, finding.began_at)}
                </div>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Card>
  );
}

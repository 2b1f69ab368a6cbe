/** Holds back findings with the same labels for a while. */
import { useState } from 'preact/hooks';
import { announce } from '../core/announce.ts';
import { ask, wordsOf } from '../core/ask.ts';
import type { Incident } from '../core/types.ts';
import { Card } from '../parts/Card.tsx';
import { Problem } from '../parts/Status.tsx';
import { Time } from '../parts/Time.tsx';

const hours = [
  [1, '1 hour'],
  [4, '4 hours'],
  [24, '1 day'],
  [168, '1 week'],
] as const;

export function Silence({ incident }: { readonly incident: Incident }) {
  const labels = Object.entries(incident.finding.scope);
  const [chosen, setChosen] = useState<readonly string[]>(labels.map(([name]) => name));
  const [length, setLength] = useState(4);
  const [reason, setReason] = useState('');
  const [held, setHeld] = useState<{ readonly maintenance_id: string; readonly ends_at: string }>();
  const [error, setError] = useState('');
  if (labels.length === 0) return null;

  const silence = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      const matchers = Object.fromEntries(labels.filter(([name]) => chosen.includes(name)));
      const ends_at = new Date(Date.now() + length * 3_600_000).toISOString();
      const silenced = await ask<{ maintenance_id: string; ends_at: string }>('/maintenance', {
        method: 'POST',
        body: { kind: 'silence', matchers, ends_at, reason: reason.trim() },
      });
      setHeld(silenced);
      setError('');
      announce('Silenced.');
    } catch (problem) {
      setError(wordsOf(problem));
    }
  };
  const cancel = async (id: string): Promise<void> => {
    try {
      await ask(`/maintenance/${encodeURIComponent(id)}/cancel`, { method: 'POST', body: {} });
      setHeld(undefined);
      announce('The silence is over.');
    } catch (problem) {
      setError(wordsOf(problem));
    }
  };
  return (
    <Card title="Silence">
      {error ? <Problem text={error} /> : null}
      {held ? (
        <>
          <p>
            Findings like it are held back until <Time at={held.ends_at} />.
          </p>
          <button type="button" class="quiet" onClick={() => void cancel(held.maintenance_id)}>
            End it now
          </button>
        </>
      ) : (
        <form onSubmit={(event) => void silence(event)}>
          <fieldset class="checks">
            <legend>Hold back findings with all of</legend>
            {labels.map(([name, value]) => (
              <label key={name} class="check">
                <input
                  type="checkbox"
                  checked={chosen.includes(name)}
                  onChange={() => setChosen(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name])}
                />
                <span>
                  <span class="muted">{name}</span> {value || '(none)'}
                </span>
              </label>
            ))}
          </fieldset>
          <div class="row">
            <div>
              <label for="silence-for">For</label>
              <select id="silence-for" value={String(length)} onChange={(event) => setLength(Number(event.currentTarget.value))}>
                {hours.map(([value, text]) => (
                  <option key={value} value={String(value)}>
                    {text}
                  </option>
                ))}
              </select>
            </div>
            <div class="grow">
              <label for="silence-why">Because</label>
              <input id="silence-why" required maxLength={400} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
            </div>
          </div>
          <button type="submit" disabled={chosen.length === 0}>
            Silence
          </button>
        </form>
      )}
    </Card>
  );
}
